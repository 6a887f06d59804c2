#pragma once
#include "attention/mask.hpp"
#include "attention/matrix.hpp"
#include "attention/softmax.hpp"

/// The mechanism and its variations, once, for every kind of number. Nothing here knows that it is printed.
namespace attention {

/// One head's output, and every matrix on the way to it.
template <typename Scalar>
struct Attention {
  Matrix<Scalar> S;  ///< scores Q Kᵀ, T_q×T_k
  Matrix<Scalar> Z;  ///< scaled scores S / √d_k
  Matrix<Scalar> A;  ///< weights: each row sums to 1
  Matrix<Scalar> Y;  ///< output A V, T_q×d_v
};

/// Throws std::invalid_argument unless Q: T_q×d_k, K: T_k×d_k and V: T_k×d_v.
template <typename Scalar>
void require_head_shapes(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V) {
  require_shapes(Q.cols() == K.cols(),
                 "attention: Q " + shape(Q) + " and K " + shape(K) + " need the same d_k");
  require_shapes(K.rows() == V.rows(),
                 "attention: K " + shape(K) + " and V " + shape(V) + " need the same tokens");
}

/// Scaled dot-product attention of a single head: softmax_rows(Q Kᵀ / √d_k) V.
///
/// Q: T_q×d_k, K: T_k×d_k, V: T_k×d_v; may_look: T_q×T_k, true where the query may see the key.
/// Throws std::invalid_argument for shapes that do not fit.
/// Vaswani et al. 2017, "Attention Is All You Need", section 3.2.1, equation 1.
template <typename Scalar>
Attention<Scalar> attention(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V,
                            const Mask& may_look) {
  require_head_shapes(Q, K, V);
  const Matrix<Scalar> S = Q * K.transpose();
  const Matrix<Scalar> Z = S / sqrt_of<Scalar>(K.cols());
  const Matrix<Scalar> A = softmax_rows(Z, may_look);
  return {S, Z, A, A * V};
}

/// The same without a mask: every query sees every key.
template <typename Scalar>
Attention<Scalar> attention(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V) {
  return attention(Q, K, V, no_mask(Q.rows(), K.rows()));
}

}  // namespace attention
