#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "numbers/error.hpp"
#include "numbers/exact.hpp"

namespace numbers {

/// What is wrong with an expression, and at which character (counted from 1).
struct ExpressionError : Error {
  ExpressionError(std::size_t place, const std::string& message) : Error(message), column(place) {}
  std::size_t column;
};

/// The caps of the language: what is larger is an error that says so, so that no input can run without end.
namespace caps {
constexpr std::size_t expression_length = 10000;  ///< characters
constexpr std::size_t literal_length = 1000;      ///< characters of one number
constexpr int nesting = 100;                      ///< parentheses, signs and powers in each other
constexpr int exponent = 1000;                    ///< of ^, and of ten in 1.5e-7
constexpr long exp_argument = 100000;             ///< |a| in exp(a)
constexpr std::size_t bits = 1000000;             ///< of one rational number within a value
constexpr std::size_t terms = 20000;              ///< of one sum within a value
}  // namespace caps

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
