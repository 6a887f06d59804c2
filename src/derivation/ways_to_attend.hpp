#pragma once
#include <string>

#include "derivation/page.hpp"

/// Attention in pieces, with powers of e, held against attention in three passes. Sources:
/// attention/online_softmax.hpp, attention/merge_orders.hpp.
namespace derivation {

/// What three passes find for scaled scores: the row maxima, the row sums, and the output.
struct ThreePasses {
  Term m, l, Y;
};

/// Attends to the left half of the keys and to the right half, and merges: the step `parts` has m and l of
/// the left, of the right and of both. Three facts: both have the m, the l and the output of the whole.
/// Z: T_q×n, n from 2; V: n×d_v.
void prove_two_blocks(Page& page, const std::string& title, const Term& Z, const Term& V,
                      const ThreePasses& whole);

/// Attends in three passes, one key after the other, in blocks of four keys, and in a tree of merges: the
/// steps `three`, `single`, `blocks` and `tree`, and a fact for each of the last three, that it gives the
/// same as the first. The step `bound` says what rounding explains of their distance to the exact output
/// (derivation/rounding_of_parts.hpp). Z: T_q×n, V: n×d_v.
void write_ways_to_attend(Page& page, const Term& Z, const Term& V);

}  // namespace derivation
