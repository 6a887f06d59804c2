#pragma once
#include "attention/attention.hpp"

/// The gradients of attention, pass by pass, from the output back to the inputs.
///
/// L is one number that depends on the output. The gradient dM of a matrix M has its shape: dM[i,j] is how
/// much L changes per unit of M[i,j]. Every product P = B C is undone by the same rule: dB = dP Cᵀ and
/// dC = Bᵀ dP.
namespace attention {

/// softmax_rows went from Z to A, so now from dA to dZ: A ⊙ (dA − rowsum(A ⊙ dA)), the row sum taken off
/// every entry of its row. It is each row of dA times the Jacobian diag(a) − a aᵀ of its weights a.
///
/// A and dA: T_q×T_k. Each row of the result sums to 0 where the row of A sums to 1. Where a mask hides a
/// key, its weight is 0, and so the gradient of its score is exactly 0: no mask is needed here. Throws
/// std::invalid_argument for shapes that differ. Goodfellow, Bengio and Courville 2016, "Deep Learning",
/// sections 6.2.2.3 and 6.5.
template <typename Scalar>
Matrix<Scalar> softmax_backward(const Matrix<Scalar>& A, const Matrix<Scalar>& dA) {
  require_shapes(A.rows() == dA.rows() && A.cols() == dA.cols(),
                 "softmax_backward: A " + shape(A) + " and dA " + shape(dA) + " must have one shape");
  const Vector<Scalar> r = A.cwiseProduct(dA).rowwise().sum();
  return A.cwiseProduct(dA.colwise() - r);
}

/// The gradients of one head, in the order in which they are found.
template <typename Scalar>
struct AttentionGradients {
  Matrix<Scalar> dV;  ///< T_k×d_v
  Matrix<Scalar> dA;  ///< T_q×T_k
  Matrix<Scalar> dZ;  ///< T_q×T_k
  Matrix<Scalar> dS;  ///< T_q×T_k
  Matrix<Scalar> dQ;  ///< T_q×d_k
  Matrix<Scalar> dK;  ///< T_k×d_k
};

/// Throws std::invalid_argument unless A: T_q×T_k and dY: T_q×d_v.
template <typename Scalar>
void require_backward_shapes(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V,
                             const Matrix<Scalar>& A, const Matrix<Scalar>& dY) {
  require_head_shapes(Q, K, V);
  require_shapes(A.rows() == Q.rows() && A.cols() == K.rows(),
                 "attention_backward: A " + shape(A) + " needs a row for each of the queries " + shape(Q) +
                     " and a column for each of the keys " + shape(K));
  require_shapes(dY.rows() == A.rows() && dY.cols() == V.cols(), "attention_backward: dY " + shape(dY) +
                                                                     " must have the shape of A V, " +
                                                                     shape(A) + " times " + shape(V));
}

/// attention() went from Q, K, V over the weights A to Y, so now from dY to dQ, dK, dV.
///
/// Q: T_q×d_k, K: T_k×d_k, V: T_k×d_v, dY: T_q×d_v; A: T_q×T_k, as attention()
/// returned it, masked or not. Throws std::invalid_argument for shapes that do not fit.
template <typename Scalar>
AttentionGradients<Scalar> attention_backward(const Matrix<Scalar>& Q, const Matrix<Scalar>& K,
                                              const Matrix<Scalar>& V, const Matrix<Scalar>& A,
                                              const Matrix<Scalar>& dY) {
  require_backward_shapes(Q, K, V, A, dY);
  const Matrix<Scalar> dV = A.transpose() * dY, dA = dY * V.transpose();  // forward: Y = A V
  const Matrix<Scalar> dZ = softmax_backward(A, dA);                      // forward: A = softmax_rows(Z)
  const Matrix<Scalar> dS = dZ / sqrt_of<Scalar>(K.cols());               // forward: Z = S / √d_k
  const Matrix<Scalar> dQ = dS * K, dK = dS.transpose() * Q;              // forward: S = Q Kᵀ
  return {dV, dA, dZ, dS, dQ, dK};
}

/// The gradients of a projection's two factors.
template <typename Scalar>
struct ProjectionGradients {
  Matrix<Scalar> dX;  ///< the shape of X
  Matrix<Scalar> dW;  ///< the shape of W
};

/// Throws std::invalid_argument unless X: T×n, W: n×m and dP: T×m.
template <typename Scalar>
void require_projection_shapes(const Matrix<Scalar>& X, const Matrix<Scalar>& W, const Matrix<Scalar>& dP) {
  require_shapes(X.cols() == W.rows() && dP.rows() == X.rows() && dP.cols() == W.cols(),
                 "projection_backward: X " + shape(X) + ", W " + shape(W) + " and dP " + shape(dP) +
                     " do not fit P = X W");
}

/// A projection went from X to P = X W, so now from dP to dX and dW.
///
/// It serves Q = X W_Q, K = X W_K and V = X W_V, whose three dX add up, and Y = C W_O, whose
/// dX is dC. X: T×n, W: n×m, dP: T×m.
/// Throws std::invalid_argument for shapes that do not fit.
template <typename Scalar>
ProjectionGradients<Scalar> projection_backward(const Matrix<Scalar>& X, const Matrix<Scalar>& W,
                                                const Matrix<Scalar>& dP) {
  require_projection_shapes(X, W, dP);
  return {dP * W.transpose(), X.transpose() * dP};
}

}  // namespace attention
