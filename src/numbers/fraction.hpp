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

/// A product: its factors are different, and sorted by their sums.
using Factors = std::vector<Factor>;

/// The same factors, whatever their powers.
bool have_same_factors(const Factors& a, const Factors& b);

/// An order of products by their factors, whatever their powers.
bool stands_before(const Factors& a, const Factors& b);

/// A numerator over a denominator that is kept factored, so that it stays as small as a reader would leave
/// it. None of the factors divides the numerator (as far as that is found out, see divide).
struct Fraction {
  Sum numerator;
  Factors denominator;
};

Fraction add(const Fraction& a, const Fraction& b);  ///< over the least common denominator
Fraction multiply(const Fraction& a, const Fraction& b);
Fraction divide(const Fraction& a, const Fraction& b);  ///< b is not zero

/// The numerator and the product of the factors have a constant ratio: the value is that surd.
bool is_algebraic(const Fraction& a);

/// The value of an algebraic fraction.
Surd algebraic(const Fraction& a);

/// The n of its √n; 1 where there is none.
std::int64_t radicand(const Fraction& a);

}  // namespace numbers
