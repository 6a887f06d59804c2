#pragma once
#include <string>

#include "numbers/machine_format.hpp"
#include "paper/paper.hpp"

/// Answers that a program hands in: a matrix as plain text or CSV, so that a program in any language can be
/// graded.
namespace paper {

/// Reads a matrix, a row a line. Entries are separated by semicolons where there is one in the file, by
/// commas where there is one, and otherwise by blanks; empty lines, and what follows a #, do not count; a
/// file may begin with a byte order mark, and a line end with a separator. At most caps::entries entries.
///
/// An entry is a number as programs print it (-0.0, 1e-05, 1., inf, nan), -inf, ? or an expression as on
/// paper. What the numbers claim depends on how they were printed, and in which format they were held
/// (printed_number.hpp). nan and inf are wrong answers and no malformed ones. Throws FileError:
/// file:line:column.
WrittenMatrix read_csv(const std::string& name, const std::string& file, const std::string& text,
                       const numbers::MachineFormat& format = numbers::double_format);

}  // namespace paper
