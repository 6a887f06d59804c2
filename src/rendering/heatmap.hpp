#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace rendering {

/// Weights as colours: one panel a series (its x names the matrix), two panels side by side, rows "from" and
/// columns "to" labelled with the tokens, the number in each cell where it fits, and a colour bar from 0
/// to 1. A weight of exactly 0 (a mask's) has no colour.
///
/// The colours are viridis (Smith and van der Walt 2015): its lightness rises steadily, so that it also reads
/// in grey, in print, and for colour-blind readers. Throws Error for entries that are no weights (below 0,
/// above 1 or hidden).
std::string heatmap(const derivation::Example& example, const derivation::Figure& figure);

/// The picture of all heads' weights of an example: the steps A, or A_1, A_2, …. Throws Error where there are
/// none.
derivation::Figure weights_figure(const derivation::Example& example, const std::string& name);

}  // namespace rendering
