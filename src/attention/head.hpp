#pragma once
#include "attention/attention.hpp"

namespace attention {

/// A head that looks at its own tokens, with its weights. Whatever becomes of a token goes through it: as
/// query, as key and as value. X: T×d_model; W_Q, W_K: d_model×d_k; W_V: d_model×d_v.
template <typename Scalar>
struct Head {
  Matrix<Scalar> X, W_Q, W_K, W_V;

  Matrix<Scalar> Q() const { return X * W_Q; }
  Matrix<Scalar> K() const { return X * W_K; }
  Matrix<Scalar> V() const { return X * W_V; }
};

/// Attention of the head's queries, keys and values. Throws std::invalid_argument for shapes that do not fit.
template <typename Scalar>
Attention<Scalar> attention(const Head<Scalar>& head, const Mask& may_look) {
  return attention(head.Q(), head.K(), head.V(), may_look);
}

}  // namespace attention
