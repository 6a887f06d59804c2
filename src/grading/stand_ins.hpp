#pragma once
#include <optional>
#include <string>
#include <vector>

#include "grading/claim.hpp"
#include "grading/grade.hpp"

namespace grading {

/// The claims of a step in which a hidden score stands otherwise than here as −∞.
struct StandIns {
  Claims claims;                   ///< as they would stand here
  std::vector<EntryPlace> places;  ///< where something else was written
  std::string way;                 ///< which way that is, by its name in the catalogue
};

/// Reads a number as −∞ where a score is hidden and the number is so low that no double can tell its weight
/// from 0 (−1e9, the lowest float). Where a score is hidden by a later step only, −∞ or such a number says
/// that the reader masked before scaling: nothing is claimed of the score then.
StandIns hidden_in_other_words(const Claims& claims, const derivation::Step& step,
                               const derivation::Example& truth);

/// What the catalogue says of a way that is right.
Explanation praise_of(const std::string& non_mistake, const std::string& step);

}  // namespace grading
