#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "numbers/literal.hpp"
#include "numbers/machine_format.hpp"
#include "paper/paper.hpp"

namespace paper {

/// A number as programs print it, taken apart: 12, -0.25, .5, 1., 1e-05.
struct PrintedNumber {
  numbers::Literal literal;
  bool has_mark = false;  ///< a point or an exponent
  int significant = 0;    ///< digits, from the first that is not 0
};

/// Nothing for an expression, and for a number that no paper takes: reading it as on paper says why.
std::optional<PrintedNumber> printed_number(const std::string& written);

/// What the numbers of a matrix claim, read off the whole matrix; entries that are no numbers stay as they
/// are.
/// - all with a point or an exponent, and as many digits behind the point (%.6f, %.17e): half a unit of each
///   one's own last digit;
/// - the longest of full length for the format (the shortest form that reads back): zeros were dropped, so
/// every
///   number has as many significant digits as the longest, and claims half a unit of the last of them;
/// - otherwise (%g, or rounded by hand): half a unit of each one's own last digit; one without a mark is
/// whole;
/// - all whole: equality, as on paper.
void measure_printed(const std::string& file, std::vector<std::vector<Entry>>& rows,
                     const numbers::MachineFormat& format);

/// Decimals that a person copied into a paper from a program: each claims half a unit of its own last digit.
void measure_written(const std::string& file, std::vector<std::vector<Entry>>& rows);

/// Widens what measured numbers claim by what rounding in a format may have done to them: no program owes
/// correctly rounded digits. It comes from the number itself and from the size of what it was computed from:
/// - `half_width`: 8 times the bound of derivation::rounding_bounds, which counts one rounding for each
///   operation of the derivation; other sound ways to the same step (no shift before exp, a factor 1/√d_k,
///   another order of sums) make a few more. In the narrow formats, whose programs mostly sum in single
///   precision, twice the bound. Where the number is larger than the right one, its bound grows with it, by
///   the step's largest bound as a part of the step's largest entry. A step without a bound is allowed 2^10
///   roundings of its largest entry, in the narrow formats 2^4.
/// - `half_width_if_wrong`: what a number may be off that was computed from others than the right ones, and
/// so
///   from any that occur in the step: the step's largest bound besides. Mistakes are recognised by it.
void allow_rounding(WrittenMatrix& matrix, const derivation::Example& truth,
                    const numbers::MachineFormat& format);

}  // namespace paper
