#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/page.hpp"
#include "mistakes/catalogue.hpp"

namespace mistakes {

/// The right program with one mistake of the catalogue in it.
struct WrongProgram {
  std::string title;                    ///< as a table calls it: W_V in place of W_K
  std::string mistake;                  ///< its name in the catalogue: other-weights
  std::vector<std::string> steps = {};  ///< K: it is made in all of these at once; empty: where it is usual
  std::string way = {};                 ///< which one, where it can be made in several: with W_V
};

/// What a step of the example comes to in a wrong program; nothing where the shapes do not allow the mistake,
/// a value leaves the numbers, or the mistake is not made on the way to the step. Throws derivation::Error
/// for a mistake that the catalogue does not have or not at these steps, for a step that the example does not
/// have, and where several ways are left to choose from.
template <typename Scalar>
std::optional<Table<Scalar>> output_of(const WrongProgram& program, const derivation::Example& example,
                                       const std::string& step = "Y");

/// Writes the step `change` below the current example: for each of the programs that runs in it, the largest
/// |wrong − right| over the entries of Y. `operands` names what the programs start from, and Y.
void write_changes(derivation::Page& page, const std::vector<WrongProgram>& programs,
                   const std::vector<std::string>& operands);

}  // namespace mistakes
