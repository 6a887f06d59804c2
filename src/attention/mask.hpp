#pragma once
#include "attention/matrix.hpp"

namespace attention {

/// Who may look at whom: entry (i, j) is true where query i may see key j. Shape T_q×T_k.
using Mask = Matrix<bool>;

/// Which places of one padded sequence hold tokens: true for a token, false for padding. Shape 1×T.
using RealTokens = Eigen::Matrix<bool, 1, Eigen::Dynamic>;

/// Every query sees every key.
inline Mask no_mask(Index queries, Index keys) { return Mask::Constant(queries, keys, true); }

/// Token i sees the tokens 0 … i: itself and what stands before it.
inline Mask causal_mask(Index tokens) {
  Mask may_look(tokens, tokens);
  for (Index i = 0; i < tokens; ++i)
    for (Index j = 0; j < tokens; ++j) may_look(i, j) = j <= i;
  return may_look;
}

/// A sequence of `length` tokens in `places` places, padded at its end.
inline RealTokens padded_right(Index length, Index places) {
  require_shapes(0 <= length && length <= places, "padded_right: " + std::to_string(length) + " tokens in " +
                                                      std::to_string(places) + " places");
  RealTokens real = RealTokens::Constant(places, false);
  real.head(length).fill(true);
  return real;
}

/// The same, padded at its start.
inline RealTokens padded_left(Index length, Index places) { return padded_right(length, places).reverse(); }

/// Every query sees the keys that are tokens, and no padding.
/// Shape queries×T: one row, repeated. A padding query gets it too; nobody
/// reads its output.
inline Mask padding_mask(const RealTokens& real, Index queries) { return real.replicate(queries, 1); }

/// A query sees a key where both masks allow it. The shapes must be the same.
inline Mask both(const Mask& a, const Mask& b) {
  require_shapes(a.rows() == b.rows() && a.cols() == b.cols(),
                 "both: masks " + shape(a) + " and " + shape(b) + " must have one shape");
  return a.array() && b.array();
}

}  // namespace attention
