#pragma once
#include "numbers/quotient.hpp"

namespace numbers {

/// Throws an Error where a number within the value passes caps::bits, or an exponential e^±1000000.
void check_limits(const Rational& a);
void check_limits(const Quotient& a);

}  // namespace numbers
