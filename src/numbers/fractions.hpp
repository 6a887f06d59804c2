#pragma once
#include <cstdint>
#include <optional>

#include "numbers/fraction.hpp"

namespace numbers {

/// A value as a sum of fractions that are not brought over one denominator: Σ_i n_i/l_i² has one short
/// fraction for each row sum l_i, where their common denominator would make the numerators as long as the
/// product of all l_i².
///
/// Fractions whose denominators have the same factors are one. They are sorted by these factors, so that one
/// without a denominator stands first. Zero has none; but some may add up to zero or to an algebraic number,
/// which is_zero() and is_algebraic() decide. All surds in it share one radicand.
using Fractions = std::vector<Fraction>;

Fractions add(Fractions a, const Fractions& b);
Fractions multiply(const Fractions& a, const Fractions& b);
Fractions divide(const Fractions& a, const Fractions& b);  ///< b is not zero
Fractions scale(const Fractions& a, const Surd& factor);   ///< the factor is not zero

/// Over one denominator.
Fraction together(const Fractions& a);

/// Proved, over one denominator.
bool is_zero(const Fractions& a);

/// The value, where it is proved to be algebraic.
std::optional<Surd> algebraic(const Fractions& a);

/// The n of its √n; 1 where there is none.
std::int64_t radicand(const Fractions& a);

/// Throws where two values have different radicands.
void check_radicands(std::int64_t a, std::int64_t b);

}  // namespace numbers
