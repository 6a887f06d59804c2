#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "numbers/sum.hpp"

namespace numbers {

/// A power of a canonical sum of at least two terms (see Canonical). The sum is shared: it stands in many
/// values.
struct Factor {
  std::shared_ptr<const Sum> sum;
  int power;
};

/// A numerator over a denominator that is kept factored, so that it stays as small as a reader would leave
/// it.
///
/// Factors are different and sorted; none of them divides the numerator (as far as that is found out, see
/// divide). All surds in it share one radicand.
struct Quotient {
  Sum numerator;
  std::vector<Factor> denominator;
};

Quotient operator+(const Quotient& a, const Quotient& b);
Quotient operator*(const Quotient& a, const Quotient& b);
Quotient operator-(const Quotient& a);
Quotient scale(const Quotient& a, const Rational& factor);
Quotient divide(const Quotient& a, const Quotient& b);  ///< b is not zero

/// By cross-multiplication.
bool equal(const Quotient& a, const Quotient& b);

inline bool is_zero(const Quotient& a) { return a.numerator.empty(); }

/// The numerator and the product of the factors have a constant ratio: the value is that surd.
bool is_algebraic(const Quotient& a);

/// The value of an algebraic quotient.
Surd algebraic(const Quotient& a);

/// The n of its √n; 1 where there is none.
std::int64_t radicand(const Quotient& a);

/// Throws where two values have different radicands.
void check_radicands(std::int64_t a, std::int64_t b);

}  // namespace numbers
