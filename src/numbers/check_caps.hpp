#pragma once
#include "numbers/fractions.hpp"

namespace numbers {

/// Throws an Error where a number within the value passes caps::bits, or an exponential e^±1000000.
void check_caps(const Rational& a);
void check_caps(const Fractions& a);

}  // namespace numbers
