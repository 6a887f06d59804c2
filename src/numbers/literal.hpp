#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "numbers/exact.hpp"

namespace numbers {

/// A number as it is written: 12, 0.25, .5, 1.5e-7.
struct Literal {
  std::string digits;  ///< without the point
  int places = 0;      ///< how many of them stand after the point
  int exponent = 0;    ///< of ten
  bool has_point = false;
  std::size_t length = 0;  ///< bytes read
};

/// Reads the literal that begins at a place of text (a digit, or a point before a digit).
/// Throws ExpressionError where it is malformed or longer than the caps.
Literal read_literal(std::string_view text, std::size_t place);

/// 10^exponent
Exact ten_to(int exponent);

Exact value_of(const Literal& literal);

}  // namespace numbers
