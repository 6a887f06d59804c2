#pragma once
#include <string>
#include <vector>

#include "derivation/page.hpp"

/// The weights of several heads, A_1, A_2, …, on a page: how much they differ, and how they look.
namespace derivation {

/// Writes the step `difference`: the largest and the mean difference of two heads' weights, over all pairs.
/// Certified, since a mean of so many weights has no closed form that fits on a page. Source:
/// attention/head_differences.hpp.
Term write_difference(Page& page, const std::vector<Term>& A);

/// Writes the step `pairs`: the same for each two heads, a row for each pair.
Term write_differences_of_pairs(Page& page, const std::vector<Term>& A);

/// A heat map of so many heads, one panel a head.
void draw_heads(Page& page, const std::string& name, const std::string& description, int heads);

}  // namespace derivation
