#pragma once
#include "derivation/page.hpp"

/// Tiled attention against the plain code, for every way to cut a head into tiles.
namespace derivation {

/// A head with as many queries as keys, its weights and its output, and the gradient of that output.
struct TiledHead {
  Term Q, K, V, A, Y, dY;
  bool causal = false;  ///< whether A and Y are those under a causal mask
};

/// Writes two facts: for every tile size from 1×1 to T×T, tiled_attention gives Y, and
/// tiled_attention_backward the gradients that attention_backward finds with A. Where it is causal, the
/// claims say so. Sources: attention/tiled.hpp, attention/tiled_backward.hpp.
void prove_every_tile(Page& page, const TiledHead& head);

}  // namespace derivation
