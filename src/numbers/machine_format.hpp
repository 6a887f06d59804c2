#pragma once
#include <array>
#include <cmath>
#include <string_view>

namespace numbers {

/// A binary floating-point format of a machine (IEEE 754, sections 3.3 and 3.6; bfloat16 is the upper half of
/// a single).
struct MachineFormat {
  std::string_view name;
  int significand_bits;       ///< the leading bit, which is not stored, among them
  int least_exponent;         ///< the smallest number is 2 to this
  int greatest_exponent;      ///< all numbers are below 2 to this
  int digits_of_full_length;  ///< whoever prints as many significant digits does not mean to shorten

  /// A number between the smallest and the greatest is rounded by at most this part of it.
  double unit_of_rounding() const { return std::ldexp(1.0, -significand_bits); }
  double smallest() const { return std::ldexp(1.0, least_exponent); }
  bool is_narrow() const { return significand_bits < 24; }
};

/// The digits of full length: one more than those of which any decimal survives being stored, ⌊(p−1) log₁₀
/// 2⌋.
inline constexpr MachineFormat double_format{"double", 53, -1074, 1024, 16};
inline constexpr MachineFormat single_format{"single", 24, -149, 128, 7};
inline constexpr MachineFormat half_format{"half", 11, -24, 16, 4};
inline constexpr MachineFormat bfloat16_format{"bfloat16", 8, -133, 128, 3};

inline constexpr std::array machine_formats{double_format, single_format, half_format, bfloat16_format};

}  // namespace numbers
