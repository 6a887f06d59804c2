#pragma once
#include <string>

#include "derivation/derivation.hpp"
#include "paper/paper.hpp"

/// Answers that a program hands in: a matrix as plain text or CSV, so that a program in any language can be
/// graded.
namespace paper {

/// The precision that the program computed in.
enum class Precision { single_precision, double_precision };

/// Reads a matrix, a row a line. Entries are separated by semicolons where there is one in the file, by
/// commas where there is one, and otherwise by blanks; empty lines, and what follows a #, do not count; a
/// file may begin with a byte order mark, and a line end with a separator. At most caps::entries entries.
///
/// An entry is a number as programs print it (-0.0, 1e-05, 1., inf, nan), -inf, ? or an expression as on
/// paper. What the numbers claim is read off the whole matrix:
/// - all with a point or an exponent, and as many digits behind the point (%.6f, %.17e): half a unit of
///   each one's own last digit;
/// - of different lengths (the shortest form of a double, %g): zeros were dropped, so every number has as
/// many
///   significant digits as the longest, and claims half a unit of the last of them;
/// - all whole: equality, as on paper.
/// nan and inf are wrong answers and no malformed ones. Throws FileError: file:line:column.
WrittenMatrix read_csv(const std::string& name, const std::string& file, const std::string& text);

/// Widens what a program's numbers claim by what rounding may have done to them: no program owes correctly
/// rounded digits. That is 8 times the bound of derivation::rounding_bounds, which counts one rounding for
/// each operation of the derivation: other sound ways to the same step (no shift before exp, a factor
/// 1/√d_k, another order of sums) make a few more. A step without a bound is allowed 2^10 roundings of its
/// largest entry.
void allow_rounding(WrittenMatrix& matrix, const derivation::Example& truth, Precision precision);

}  // namespace paper
