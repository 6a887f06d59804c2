#pragma once
#include <string>

#include "numbers/enclosure.hpp"
#include "numbers/exact.hpp"

namespace numbers {

/// The value correctly rounded (half to even) to so many significant digits; fewer where the value has fewer.
/// Scientific (1.5e-8) below 1e-7 and from 1e21 on. digits: 1 to 10000.
std::string decimal(const Exact& value, int digits = 20);

/// As many of those digits as the interval decides: every value in it rounds to what is printed.
/// "?" where it does not decide a single one.
std::string decimal(const Enclosure& value, int digits = 20);

/// The value correctly rounded (half to even) to exactly so many places after the point: 0.500000, -0.250000.
std::string fixed(const Exact& value, int places);

/// As one reads it: six places after the point, or three digits where that would leave less than two of them:
/// 0.669762, 8.00e-8 (in TeX 8.00 \cdot 10^{-8}).
std::string six_places(const Exact& value, Notation notation);

/// The value correctly rounded to as few digits as read back to the same double: 0.1, 1e-09, -inf. (At some
/// powers of two one digit less, rounded the other way, would read back too.)
std::string shortest(double value);

}  // namespace numbers
