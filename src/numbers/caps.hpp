#pragma once
#include <cstddef>

namespace numbers {

/// The caps of the language: what is larger is an error that says so, so that no input can run without end.
namespace caps {
constexpr std::size_t expression_length = 10000;  ///< characters
constexpr std::size_t literal_length = 1000;      ///< characters of one number
constexpr int nesting = 100;                      ///< parentheses, signs and powers in each other
constexpr int exponent = 1000;                    ///< of ^, and of ten in 1.5e-7
constexpr long exp_argument = 100000;             ///< |a| in exp(a)
constexpr std::size_t bits = 1000000;             ///< of one rational number within a value
constexpr std::size_t terms = 20000;              ///< of a sum within a value, and of a value
}  // namespace caps

}  // namespace numbers
