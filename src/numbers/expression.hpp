#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"
#include "numbers/exact.hpp"

namespace numbers {

/// What is wrong with an expression, and at which character (counted from 1).
struct ExpressionError : Error {
  ExpressionError(std::size_t place, const std::string& message) : Error(message), column(place) {}
  std::size_t column;
};

/// A name with what stands in its brackets: lab.A[0,1] is {"lab.A", 0, 1}; d_k is {"d_k"}.
struct Name {
  std::string text;
  std::optional<int> row, col;
};

/// Gives a name its value, or throws an Error that says which names there are.
using Lookup = std::function<Exact(const Name&)>;

/// The value of an expression: + - * / ^ ( ) sqrt exp abs, integers and decimals (0.1 is 1/10).
/// ^ takes an integer exponent, binds tighter than unary minus and to the right: -2^2 is -4.
/// Names are errors unless a lookup is given. Throws ExpressionError: where, what, and what to do.
Exact evaluate(std::string_view text, const Lookup& lookup = {});

/// A number with a point, as a person writes it: it claims a value to within half a unit of its last digit.
struct DecimalLiteral {
  Exact value;
  Exact half_unit;
  int significant_digits;  ///< from the first digit that is not 0; 0 where there is none
};

/// The literal, where the whole text is one (sign, digits with a point, perhaps an exponent); otherwise
/// nothing. Throws where the literal is longer than the cap.
std::optional<DecimalLiteral> decimal_literal(std::string_view text);

}  // namespace numbers
