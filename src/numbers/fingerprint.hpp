#pragma once
#include <cstdint>
#include <optional>

#include "numbers/surd.hpp"

namespace numbers {

/// An element a + b·i of the field with p² elements, where i² = -1 and p is the prime 2147483579.
struct Residue {
  std::uint64_t a = 0, b = 0;
};

inline bool operator==(const Residue& x, const Residue& y) { return x.a == y.a && x.b == y.b; }
inline bool operator!=(const Residue& x, const Residue& y) { return !(x == y); }

/// What two maps from the values into a finite field make of a value.
///
/// Both maps keep sums, products and quotients, and send each √n to the same root of n. They differ in what
/// they send e and e^√n to. So they prove, in no time, that two values differ (their images do), or that a
/// value is not algebraic (its two images differ). They never prove the opposite: equal images ask for a real
/// proof. The idea is that of testing polynomial identities: Schwartz 1980, "Fast probabilistic algorithms
/// for verification of polynomial identities".
class Fingerprint {
 public:
  Fingerprint() = default;  ///< of a value that has no image, since a denominator's image is 0
  explicit Fingerprint(const Surd& value);
  static Fingerprint of_exponential(const Surd& exponent);

  bool proves_not_zero() const;
  bool proves_not_algebraic() const;

  friend Fingerprint operator+(const Fingerprint& a, const Fingerprint& b);
  friend Fingerprint operator-(const Fingerprint& a, const Fingerprint& b);
  friend Fingerprint operator*(const Fingerprint& a, const Fingerprint& b);
  friend Fingerprint operator/(const Fingerprint& a, const Fingerprint& b);

 private:
  struct Images {
    Residue first, second;
  };
  using Operation = Residue (*)(const Residue&, const Residue&);
  static Fingerprint combined(const Fingerprint& a, const Fingerprint& b, Operation operation);

  std::optional<Images> images_;
};

}  // namespace numbers
