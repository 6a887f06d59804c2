#pragma once
#include <vector>

#include "grading/explanation.hpp"

namespace grading {

/// Slips in single entries: a reason for each wrong entry of the step; none at all where one of them has
/// none.
std::vector<Reason> slips_in_entries(const derivation::Step& step, const std::vector<EntryPlace>& wrong,
                                     const Evidence& evidence);

}  // namespace grading
