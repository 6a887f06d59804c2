#pragma once
#include <cstddef>
#include <vector>

#include "numbers/surd.hpp"

namespace numbers {

/// c·e^a, with c not 0.
struct Term {
  Surd exponent;
  Surd coefficient;
};

bool operator==(const Term& a, const Term& b);
bool operator<(const Term& a, const Term& b);

/// A finite sum of terms with different exponents, sorted by the exponents' operator<; zero has none.
///
/// For distinct algebraic exponents the e^a are linearly independent over the algebraic numbers
/// (Lindemann–Weierstrass), so two sums are equal exactly when their terms are.
using Sum = std::vector<Term>;

Sum constant(const Surd& value);
Sum add(const Sum& a, const Sum& b);
Sum subtract(const Sum& a, const Sum& b);
Sum multiply(const Sum& a, const Sum& b);  ///< throws where the product passes the caps
Sum power(const Sum& a, int exponent);
Sum scale(const Sum& a, const Surd& factor, const Surd& shift = {});  ///< a · factor · e^shift

/// The exact quotient, where there is one and it is not too long to be found.
struct Division {
  enum Outcome { divides, does_not_divide, too_long };
  Outcome outcome;
  Sum quotient;
};

Division divide(const Sum& dividend, const Sum& divisor);

/// The term with the greatest exponent, as a real number.
const Term& dominant(const Sum& a);

/// The positive rational c for which all rational parts of a/c are integers without a common divisor.
Rational content(const Sum& a);

/// A sum as coefficient · e^shift · monic, where the dominant term of monic is a positive integer (exponent
/// 0), and all its rational parts are integers without a common divisor: equal up to a unit means equal
/// monics.
struct Canonical {
  Surd coefficient;
  Surd shift;
  Sum monic;
};

Canonical canonical(const Sum& a);

std::size_t bits(const Sum& a);

}  // namespace numbers
