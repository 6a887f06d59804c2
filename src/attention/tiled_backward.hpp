#pragma once
#include "attention/backward.hpp"
#include "attention/tiled.hpp"

namespace attention {

template <typename Scalar>
struct TiledGradients {
  Matrix<Scalar> dQ;  ///< T_q×d_k
  Matrix<Scalar> dK;  ///< T_k×d_k
  Matrix<Scalar> dV;  ///< T_k×d_v
};

/// A tile of scores becomes a tile of weights, exp(Z − m) / l, with the row maxima and row sums of the
/// forward pass; 0 where a key is hidden (see attend_to_block).
template <typename Scalar>
void weights_of_tile(Matrix<Scalar>& Z, const Vector<Scalar>& m, const Vector<Scalar>& l,
                     Index hidden_from_first) {
  for (Index j = 0; j < Z.cols(); ++j) {
    const Index hidden = std::clamp<Index>(hidden_from_first + j, 0, Z.rows()), seeing = Z.rows() - hidden;
    Z.col(j).head(hidden).fill(Scalar(0));
    Z.col(j).tail(seeing) = (Z.col(j) - m).tail(seeing).array().exp() / l.tail(seeing).array();
  }
}

/// The gradients of tiled_attention(), given its result and the gradient of its output.
///
/// A tile of weights is computed once more where it is needed, and never stored. The row sum that
/// softmax_backward takes off, of A ⊙ dA, is that of Y ⊙ dY: Σ_j A[i,j] (dY Vᵀ)[i,j] = Σ_k dY[i,k] (A
/// V)[i,k]. So it needs no row of A as a whole. Each thread adds up a dK and a dV of its own. dY: T_q×d_v.
/// Throws std::invalid_argument for shapes that do not fit, or a tiling that is none. Dao et al. 2022,
/// "FlashAttention", arXiv:2205.14135, algorithm 4.
template <typename Scalar>
TiledGradients<Scalar> tiled_attention_backward(const Matrix<Scalar>& Q, const Matrix<Scalar>& K,
                                                const Matrix<Scalar>& V,
                                                const TiledAttention<Scalar>& forward,
                                                const Matrix<Scalar>& dY, const Tiling& tiling = {}) {
  require_tiling(Q, K, V, tiling);
  require_shapes(forward.Y.rows() == Q.rows() && forward.Y.cols() == V.cols() &&
                     forward.m.size() == Q.rows() && forward.l.size() == Q.rows(),
                 "tiled_attention_backward: the forward pass was one of other matrices than these");
  require_shapes(
      dY.rows() == forward.Y.rows() && dY.cols() == forward.Y.cols(),
      "tiled_attention_backward: dY " + shape(dY) + " and Y " + shape(forward.Y) + " must have one shape");
  const auto zero = [](const Matrix<Scalar>& like) -> Matrix<Scalar> {
    return Matrix<Scalar>::Constant(like.rows(), like.cols(), Scalar(0));
  };
  Matrix<Scalar> dQ = zero(Q);
  std::vector<TiledGradients<Scalar>> sums(tiling.threads, {{}, zero(K), zero(V)});
  for_each_block_of_rows(Q.rows(), tiling, [&](Index i, Index queries, unsigned thread) {
    const Scalar root = sqrt_of<Scalar>(K.cols());
    const Matrix<Scalar> scaled = Q.middleRows(i, queries) / root, dY_i = dY.middleRows(i, queries);
    const Vector<Scalar> r = forward.Y.middleRows(i, queries).cwiseProduct(dY_i).rowwise().sum();
    const Vector<Scalar> m = forward.m.segment(i, queries), l = forward.l.segment(i, queries);
    Matrix<Scalar> A, dZ;
    for_each_block_of_keys(K.rows(), i, queries, tiling, [&](Index j, Index keys, Index hidden_from_first) {
      A.noalias() = scaled * K.middleRows(j, keys).transpose();
      weights_of_tile(A, m, l, hidden_from_first);
      dZ.noalias() = dY_i * V.middleRows(j, keys).transpose();
      dZ = A.cwiseProduct(dZ.colwise() - r);
      sums[thread].dV.middleRows(j, keys).noalias() += A.transpose() * dY_i;
      sums[thread].dK.middleRows(j, keys).noalias() += dZ.transpose() * scaled;
      dQ.middleRows(i, queries).noalias() += dZ * K.middleRows(j, keys);
    });
    dQ.middleRows(i, queries) /= root;
  });
  for (unsigned thread = 1; thread < tiling.threads; ++thread) {
    sums[0].dK += sums[thread].dK;
    sums[0].dV += sums[thread].dV;
  }
  return {dQ, sums[0].dK, sums[0].dV};
}

}  // namespace attention
