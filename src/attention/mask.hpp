#pragma once
#include "attention/matrix.hpp"

namespace attention {

/// Who may look at whom: entry (i, j) is true where query i may see key j. Shape T_q×T_k.
using Mask = Matrix<bool>;

/// Every query sees every key.
inline Mask no_mask(Index queries, Index keys) { return Mask::Constant(queries, keys, true); }

/// Token i sees the tokens 0 … i: itself and what stands before it.
inline Mask causal_mask(Index tokens) {
  Mask may_look(tokens, tokens);
  for (Index i = 0; i < tokens; ++i)
    for (Index j = 0; j < tokens; ++j) may_look(i, j) = j <= i;
  return may_look;
}

}  // namespace attention
