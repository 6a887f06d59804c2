#pragma once
#include "numbers/enclosure.hpp"
#include "numbers/exact_value.hpp"
#include "numbers/interval.hpp"

namespace numbers {

/// What an Enclosure holds.
struct Enclosure::Value {
  Interval interval;
};

/// As many as certified values have, unless more or fewer are asked for.
constexpr long usual_bits = 256;

/// No value here needs more bits to be told from another one.
constexpr long most_bits = 1L << 22;

/// An interval around the value whose width is less than 2^-bits of it, and that does not contain 0 unless
/// the value is 0.
Interval enclose(const Exact& value, long bits);

}  // namespace numbers
