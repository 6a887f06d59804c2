#pragma once
#include "numbers/exact.hpp"

/// What rounding can do to the output of a softmax in pieces, in units of u, the relative error of one
/// rounding, and to first order in it. Each exponential is taken to be right to 4u: two units in the last
/// place, as a vectorised one is.
namespace derivation {

/// What the bounds depend on.
struct RowSize {
  numbers::Exact R;  ///< the spread of the scores: the largest less the smallest
  numbers::Exact v;  ///< the largest value, without its sign
};

/// One key's share of l, and so of O, goes through `merges` merges after a block of `keys` keys. On its way
/// the differences of maxima add up to at most R, and each is rounded; there is an exponential in the block
/// and one a merge; a product and a sum in each merge; the sum of its own block, and the product with v. The
/// quotient O / l has both errors, and that of a division.
inline numbers::Exact bound_of_merged(int merges, int keys, const RowSize& row) {
  const numbers::Exact share = row.R + numbers::Exact(4 * (merges + 1) + 2 * merges + keys + 1);
  return (numbers::Exact(2) * share + numbers::Exact(1)) * row.v;
}

/// Three passes over n keys: a difference, an exponential, a sum of n terms and a division for the weights,
/// and n products for the output.
inline numbers::Exact bound_of_three_passes(int n, const RowSize& row) {
  return (numbers::Exact(2) * (row.R + numbers::Exact(4)) + numbers::Exact((n - 1) + 1 + n)) * row.v;
}

}  // namespace derivation
