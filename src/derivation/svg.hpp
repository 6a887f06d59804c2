#pragma once
#include <string>
#include <utility>
#include <vector>

#include "derivation/derivation.hpp"

namespace derivation {

/// Pictures of a derivation, as file names (CHAPTER-EXAMPLE.svg) and their content: for each example that has
/// weights, its scores, weights, values and output side by side, the weights shaded by their size. An example
/// whose steps are details has none. A picture depends on the derivation alone.
std::vector<std::pair<std::string, std::string>> to_svg(const Derivation& derivation);

}  // namespace derivation
