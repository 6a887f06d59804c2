#pragma once
#include <vector>

#include "grading/attempt.hpp"

namespace grading {

/// The ways to the right scaled scores that scale before the product (the scores, the queries, the keys, or
/// both by the root of the scale), or mask before they scale; none where the example has no such steps.
std::vector<Way> score_ways(const derivation::Example& truth);

}  // namespace grading
