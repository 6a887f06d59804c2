#pragma once
#include <string>
#include <utility>
#include <vector>

#include "derivation/derivation.hpp"

namespace rendering {

/// The pictures of a derivation, as file names and their content: its figures (CHAPTER-FIGURE.svg), and for
/// each example that has weights its scores, weights, values and output side by side, the weights shaded by
/// their size (CHAPTER-EXAMPLE.svg; not where the steps are details). A picture depends on the derivation
/// alone.
std::vector<std::pair<std::string, std::string>> to_svg(const derivation::Derivation& derivation);

}  // namespace rendering
