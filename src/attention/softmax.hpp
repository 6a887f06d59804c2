#pragma once
#include <vector>

#include "attention/mask.hpp"
#include "attention/matrix.hpp"

namespace attention {

/// Turns each row of scores into weights: positive, with sum 1, larger for a larger score.
///
/// Z: T_q×T_k, at least one column. The result has the same shape: A[i,j] = exp(Z[i,j]) / Σ_k exp(Z[i,k]).
/// Each row is shifted by its maximum first. That changes no weight, and no exponential can overflow.
/// Vaswani et al. 2017, "Attention Is All You Need", section 3.2.1.
template <typename Scalar>
Matrix<Scalar> softmax_rows(const Matrix<Scalar>& Z) {
  const Vector<Scalar> m = Z.rowwise().maxCoeff();
  const Matrix<Scalar> E = (Z.colwise() - m).array().exp();
  const Vector<Scalar> l = E.rowwise().sum();
  return E.array().colwise() / l.array();
}

/// The same among the visible scores of each row; a hidden one weighs 0.
///
/// may_look: the shape of Z, true where the query may see the key. A row that may see nothing has no
/// distribution to give: all its weights are 0. That is decided from the mask, not from the scores: a row of
/// scores that are all very low is a row like any other, and its weights sum to 1. A hidden score is never
/// read, so that it may be anything, NaN included.
template <typename Scalar>
Matrix<Scalar> softmax_rows(const Matrix<Scalar>& Z, const Mask& may_look) {
  require_shapes(
      Z.rows() == may_look.rows() && Z.cols() == may_look.cols(),
      "softmax_rows: scores " + shape(Z) + " and mask " + shape(may_look) + " must have one shape");
  Matrix<Scalar> A = Matrix<Scalar>::Constant(Z.rows(), Z.cols(), Scalar(0));
  for (Index i = 0; i < Z.rows(); ++i) {
    std::vector<Index> visible;
    for (Index j = 0; j < Z.cols(); ++j)
      if (may_look(i, j)) visible.push_back(j);
    if (!visible.empty()) A.row(i)(visible) = softmax_rows<Scalar>(Z.row(i)(visible));
  }
  return A;
}

}  // namespace attention
