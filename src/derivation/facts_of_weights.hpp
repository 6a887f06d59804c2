#pragma once
#include <string>
#include <vector>

#include "derivation/page.hpp"

/// Facts about the weights of several heads, T×T each, of which every head is held to.
namespace derivation {

/// Two facts: each row of each head sums to 1, and no weight is negative.
void prove_distributions(Page& page, const std::vector<Term>& A);

/// One fact: each two heads differ by more than the bound in some weight. Where to look is taken from the
/// doubles, and what is found there is exact.
void prove_different(Page& page, const std::vector<Term>& A, const Exact& bound);

/// Two facts: in every head the rows of the tokens a and b, which are the same word, are equal, and so are
/// their columns.
void prove_twins(Page& page, const std::vector<Term>& A, const std::string& word, Index a, Index b);

/// Two facts about weights under a causal mask, and those of the same heads without a mask: above the
/// diagonal they are 0, and the others are divided by what was left of their row.
void prove_triangular(Page& page, const std::vector<Term>& masked, const std::vector<Term>& all);

}  // namespace derivation
