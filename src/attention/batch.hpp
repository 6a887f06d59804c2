#pragma once
#include <vector>

#include "attention/attention.hpp"

namespace attention {

/// Several sequences, each a matrix of its own. They need not have the same length.
template <typename Scalar>
using Batch = std::vector<Matrix<Scalar>>;

/// Attention of each sequence among its own tokens, with a mask for each: no sequence sees another one.
/// Throws std::invalid_argument unless there are as many Q, K, V and masks, or where their shapes do not fit.
template <typename Scalar>
std::vector<Attention<Scalar>> attention(const Batch<Scalar>& Q, const Batch<Scalar>& K,
                                         const Batch<Scalar>& V, const std::vector<Mask>& may_look) {
  require_shapes(Q.size() == K.size() && Q.size() == V.size() && Q.size() == may_look.size(),
                 "attention: a batch needs a Q, a K, a V and a mask for each sequence, not " +
                     std::to_string(Q.size()) + ", " + std::to_string(K.size()) + ", " +
                     std::to_string(V.size()) + " and " + std::to_string(may_look.size()));
  std::vector<Attention<Scalar>> results;
  for (std::size_t b = 0; b < Q.size(); ++b) results.push_back(attention(Q[b], K[b], V[b], may_look[b]));
  return results;
}

}  // namespace attention
