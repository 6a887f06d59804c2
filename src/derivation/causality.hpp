#pragma once
#include <functional>

#include "attention/head.hpp"
#include "derivation/page.hpp"

/// Which tokens reach which row of a head's output, found out in three ways. Under a causal mask the future
/// must not reach the past.
namespace derivation {

using attention::Head;

/// Row i of the result: the output of the last of the tokens 0 … i, when there are no others, and no mask.
/// For Exact and double.
template <typename Scalar>
Matrix<Scalar> from_prefixes(const Head<Scalar>& head);

/// The tokens with token t replaced by another one: (5, −3, 7) in three dimensions.
Matrix<Exact> replaced(const Matrix<Exact>& X, Index t);

/// Entry (i, t) is true where row i of the output is another one as soon as token t is. T×T.
Mask changed_rows(const Head<Exact>& head, const std::function<Matrix<Exact>(const Head<Exact>&)>& output);

/// Entry (i, t) is true where row i of the output has a derivative by some entry of token t that is not 0:
/// attention() runs on exact numbers that carry an exact derivative, by one entry of one token at a time.
/// T×T.
Mask dependent_rows(const Head<Exact>& head, const Mask& may_look);

/// What a head is derived from, as it stands on a page.
struct HeadGivens {
  Term X, W_Q, W_K, W_V;

  Head<Exact> exact() const { return {X.values(), W_Q.values(), W_K.values(), W_V.values()}; }
  Head<double> machine() const { return {X.doubles(), W_Q.doubles(), W_K.doubles(), W_V.doubles()}; }
};

/// Writes the three proofs that Y, the output under this causal mask, knows nothing of later tokens: the
/// steps P, changed and depends, and a fact about each.
void prove_causal(Page& page, const HeadGivens& givens, const Term& mask, const Term& Y);

}  // namespace derivation
