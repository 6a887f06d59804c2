#pragma once
#include <cmath>
#include <vector>

#include "attention/multi_head.hpp"

namespace attention {

/// How much the weights of heads differ, entry by entry.
template <typename Scalar>
struct HeadDifferences {
  Scalar largest, mean;  ///< of |A_g[i,j] − A_h[i,j]|
};

/// The larger of two, and no number where one of them is none: a failed computation must not look equal.
template <typename Scalar>
Scalar larger(const Scalar& a, const Scalar& b) {
  return max(a, b);
}
inline double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

/// The differences of two heads' weights. Throws std::invalid_argument unless they have one shape.
template <typename Scalar>
HeadDifferences<Scalar> head_differences(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  require_shapes(a.rows() == b.rows() && a.cols() == b.cols(),
                 "head_differences: weights " + shape(a) + " and " + shape(b) + " must have one shape");
  using std::abs;
  HeadDifferences<Scalar> result{Scalar(0), Scalar(0)};
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      const Scalar difference = abs(Scalar(a(i, j) - b(i, j)));
      result.largest = larger(difference, result.largest);
      result.mean += difference;
    }
  result.mean /= Scalar(static_cast<int>(a.size()));
  return result;
}

/// The largest and the mean difference over all pairs of at least two heads.
template <typename Scalar>
HeadDifferences<Scalar> head_differences(const std::vector<Matrix<Scalar>>& heads) {
  require_shapes(heads.size() >= 2, "head_differences: two heads are needed to differ");
  HeadDifferences<Scalar> result{Scalar(0), Scalar(0)};
  int pairs = 0;
  for (std::size_t g = 0; g < heads.size(); ++g)
    for (std::size_t h = g + 1; h < heads.size(); ++h, ++pairs) {
      const HeadDifferences<Scalar> pair = head_differences(heads[g], heads[h]);
      result.largest = larger(pair.largest, result.largest);
      result.mean += pair.mean;
    }
  result.mean /= Scalar(pairs);
  return result;
}

/// The largest difference between a layer with one head and what it must equal: a single head's output times
/// W_O. X: T×d_model.
template <typename Scalar>
Scalar single_head_difference(const Matrix<Scalar>& X, const MultiHeadWeights<Scalar>& weights) {
  const Matrix<Scalar> by_class =
      MultiHeadAttention<Scalar>(X.cols(), 1, weights).forward(X, no_mask(X.rows(), X.rows()));
  const Matrix<Scalar> Q = X * weights.W_Q, K = X * weights.W_K, V = X * weights.W_V;
  const Matrix<Scalar> alone = attention(Q, K, V).Y * weights.W_O;
  return head_differences(by_class, alone).largest;
}

}  // namespace attention
