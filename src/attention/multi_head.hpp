#pragma once
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "attention/attention.hpp"
#include "attention/batch.hpp"
#include "attention/random.hpp"

namespace attention {

/// One big matrix per role, each d_model×d_model.
template <typename Scalar>
struct MultiHeadWeights {
  Matrix<Scalar> W_Q, W_K, W_V, W_O;
};

/// Independent entries with mean 0 and variance 1/d_model, the same for a seed on every machine.
template <typename Scalar>
MultiHeadWeights<Scalar> draw_weights(Index d_model, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto draw = [&] { return draw_matrix<Scalar>(random, d_model, d_model, d_model); };
  return {draw(), draw(), draw(), draw()};  // in this order: braces keep it
}

/// Throws std::invalid_argument unless all weights are d_model×d_model and heads divides d_model.
template <typename Scalar>
void require_multi_head_shapes(Index d_model, Index heads, const MultiHeadWeights<Scalar>& weights) {
  require_shapes(heads >= 1 && d_model >= 1 && d_model % heads == 0,
                 "MultiHeadAttention: the number of heads must divide d_model, and " + std::to_string(heads) +
                     " does not divide " + std::to_string(d_model));
  for (const auto* W : {&weights.W_Q, &weights.W_K, &weights.W_V, &weights.W_O})
    require_shapes(W->rows() == d_model && W->cols() == d_model,
                   "MultiHeadAttention: weights " + shape(*W) + " must be d_model×d_model, and d_model is " +
                       std::to_string(d_model));
}

/// What multi-head attention gives for one sequence.
template <typename Scalar>
struct MultiHeadOutput {
  std::vector<Attention<Scalar>> heads;  ///< each head's scores, weights A (T×T) and output (T×d_k)
  Matrix<Scalar> C;                      ///< the heads' outputs side by side, T×d_model
  Matrix<Scalar> Y;                      ///< C W_O, T×d_model
};

/// Attention with H heads, each on d_k = d_model / H columns of its own.
///
/// Head h takes the h-th block of the columns of W_Q, W_K and W_V, and so of X W_Q, X W_K and X W_V; W_O
/// mixes the heads' outputs. There are no biases: the definition has none, and a bias of the keys would
/// change no weight, since it adds the same number to all scores of a row. X: T×d_model; may_look: T×T.
/// Throws std::invalid_argument for shapes that do not fit. Vaswani et al. 2017, "Attention Is All You Need",
/// section 3.2.2.
template <typename Scalar>
class MultiHeadAttention {
 public:
  MultiHeadAttention(Index d_model, Index heads, MultiHeadWeights<Scalar> weights)
      : heads_(heads), weights_(std::move(weights)) {
    require_multi_head_shapes(d_model, heads, weights_);
  }
  MultiHeadAttention(Index d_model, Index heads, std::uint64_t seed)
      : MultiHeadAttention(d_model, heads, draw_weights<Scalar>(d_model, seed)) {}
  const MultiHeadWeights<Scalar>& weights() const { return weights_; }

  MultiHeadOutput<Scalar> forward_with_heads(const Matrix<Scalar>& X, const Mask& may_look) const {
    require_shapes(X.cols() == weights_.W_Q.rows(),
                   "MultiHeadAttention: X " + shape(X) + " needs d_model columns");
    const Matrix<Scalar> Q = X * weights_.W_Q, K = X * weights_.W_K, V = X * weights_.W_V;
    const Index d_k = Q.cols() / heads_;
    MultiHeadOutput<Scalar> output{{}, V, {}};
    for (Index first = 0; first < Q.cols(); first += d_k) {
      const auto block = [&](const Matrix<Scalar>& M) -> Matrix<Scalar> { return M.middleCols(first, d_k); };
      output.heads.push_back(attention(block(Q), block(K), block(V), may_look));
      output.C.middleCols(first, d_k) = output.heads.back().Y;
    }
    output.Y = output.C * weights_.W_O;
    return output;
  }
  Matrix<Scalar> forward(const Matrix<Scalar>& X, const Mask& may_look) const {
    return forward_with_heads(X, may_look).Y;
  }

 private:
  Index heads_;
  MultiHeadWeights<Scalar> weights_;
};

/// Each sequence of a batch among its own tokens, with a mask for each.
/// Throws std::invalid_argument unless there is a mask for each sequence, or where shapes do not fit.
template <typename Scalar>
Batch<Scalar> forward(const MultiHeadAttention<Scalar>& layer, const Batch<Scalar>& X,
                      const std::vector<Mask>& may_look) {
  require_shapes(X.size() == may_look.size(), "forward: " + std::to_string(X.size()) + " sequences and " +
                                                  std::to_string(may_look.size()) + " masks");
  Batch<Scalar> Y;
  for (std::size_t b = 0; b < X.size(); ++b) Y.push_back(layer.forward(X[b], may_look[b]));
  return Y;
}

}  // namespace attention
