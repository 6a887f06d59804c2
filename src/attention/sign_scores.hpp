#pragma once
#include "attention/matrix.hpp"

/// How the scores q·k of queries and keys spread whose d entries are signs, each 1 or −1 with probability
/// 1/2: with c pairs of equal signs a score is 2c − d, whatever the query.
namespace attention {

/// All vectors of d signs, one a row: 2^d×d.
inline Matrix<int> sign_vectors(int d) {
  return Matrix<int>::NullaryExpr(Index(1) << d, d,
                                  [](Index row, Index k) { return (row >> k & 1) == 0 ? 1 : -1; });
}

/// The probabilities of the scores −d, −d + 2, … d, one below the other: C(d, c) / 2^d for c = 0 to d, each
/// from the one before it.
template <typename Scalar>
Matrix<Scalar> sign_score_probabilities(int d) {
  Matrix<Scalar> P = Matrix<Scalar>::Constant(d + 1, 1, Scalar(1));
  for (int k = 0; k < d; ++k) P(0, 0) = P(0, 0) / Scalar(2);
  for (int c = 1; c <= d; ++c) P(c, 0) = P(c - 1, 0) * Scalar(d - c + 1) / Scalar(c);
  return P;
}

/// The probability, 1×1, of a score that is at least one standard deviation away from 0: x² ≥ d. `scores`:
/// the d + 1 scores, P: their probabilities.
template <typename Scalar>
Matrix<Scalar> share_of_large_scores(const Matrix<Scalar>& scores, const Matrix<Scalar>& P) {
  const Scalar d(static_cast<int>(scores.rows()) - 1);
  Scalar share(0);
  for (Index c = 0; c < scores.rows(); ++c)
    if (scores(c, 0) * scores(c, 0) >= d) share += P(c, 0);
  return Matrix<Scalar>::Constant(1, 1, share);
}

/// Of a column with a row for each of the d + 1 scores, the rows of those that are at most three standard
/// deviations away from 0: x² ≤ 9 d.
template <typename Scalar>
Matrix<Scalar> near_the_mean(const Matrix<Scalar>& column) {
  const Index d = column.rows() - 1;
  Index left_out = 0;
  while ((d - 2 * left_out) * (d - 2 * left_out) > 9 * d) ++left_out;
  return column.middleRows(left_out, column.rows() - 2 * left_out);
}

}  // namespace attention
