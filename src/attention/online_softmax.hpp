#pragma once
#include <algorithm>
#include <limits>

#include "attention/matrix.hpp"

/// Softmax, and the mean of values that it weighs, in pieces: a row of scores need never be there as a whole.
///
/// Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", arXiv:1805.02867;
/// Dao et al. 2022, "FlashAttention", arXiv:2205.14135, section 3.1.
namespace attention {

/// What is known of some queries after a part of their keys. A row is one query. What remains to be done is
/// a division: the part's weights have the sum l / l, and its output is O / l.
template <typename Scalar>
struct Partial {
  Vector<Scalar> m;  ///< the greatest score z seen so far; without meaning where l is 0
  Vector<Scalar> l;  ///< Σ exp(z − m) over the keys seen, at least 1; 0 in a row that has seen none
  Matrix<Scalar> O;  ///< Σ exp(z − m) v over the keys seen, T_q×d_v
};

/// What is known before the first key: merged with any other part, it changes nothing.
template <typename Scalar>
Partial<Scalar> nothing_seen(Index queries, Index d_v) {
  const Vector<Scalar> zero = Vector<Scalar>::Constant(queries, Scalar(0));
  return {zero, zero, Matrix<Scalar>::Constant(queries, d_v, Scalar(0))};
}

/// Attends to one block of keys. Key j is hidden from the first `hidden_from_first + j` queries: on the
/// diagonal of a causal mask that number is the block's first key less its first query; the least number
/// hides nothing, as does every one up to −n.
///
/// Z: T_q×n scaled scores, n from 1, which become exp(Z − m), and 0 where they are hidden; V: n×d_v. Throws
/// std::invalid_argument unless V has a row for each column of Z.
template <typename Scalar>
Partial<Scalar> attend_to_block(Matrix<Scalar>& Z, const Eigen::Ref<const Matrix<Scalar>>& V,
                                Index hidden_from_first = std::numeric_limits<Index>::min()) {
  require_shapes(Z.cols() == V.rows() && Z.cols() > 0,
                 "attend_to_block: scores " + shape(Z) + " and V " + shape(V) + " need the same keys");
  const auto seeing = [&](Index j) {
    return Z.rows() - std::clamp<Index>(hidden_from_first + j, 0, Z.rows());
  };
  Vector<Scalar> m = Z.col(0), l = Vector<Scalar>::Constant(Z.rows(), Scalar(0));
  for (Index j = 1; j < Z.cols(); ++j)
    m.tail(seeing(j)) = m.tail(seeing(j)).cwiseMax(Z.col(j).tail(seeing(j)));
  for (Index j = 0; j < Z.cols(); ++j) {
    Z.col(j).head(Z.rows() - seeing(j)).fill(Scalar(0));
    Z.col(j).tail(seeing(j)) = (Z.col(j) - m).tail(seeing(j)).array().exp();
    l += Z.col(j);
  }
  return {m, l, Z * V};
}

/// Which rows have seen no key.
template <typename Scalar>
Eigen::Array<bool, Eigen::Dynamic, 1> blind(const Partial<Scalar>& part) {
  return part.l.array() == Scalar(0);
}

/// How much a part counts where the greatest score is m: exp(part.m − m), and 0 where it has seen nothing.
template <typename Scalar>
Vector<Scalar> rescaling(const Partial<Scalar>& part, const Vector<Scalar>& m) {
  return blind(part).select(Scalar(0), (part.m - m).array().exp());
}

/// Two parts that have seen different keys, made into one that has seen both. The order of the parts, and
/// which are merged first, changes nothing (but in the last digits of a floating-point number).
template <typename Scalar>
Partial<Scalar> merge(const Partial<Scalar>& a, const Partial<Scalar>& b) {
  require_shapes(a.O.rows() == b.O.rows() && a.O.cols() == b.O.cols(),
                 "merge: parts with outputs " + shape(a.O) + " and " + shape(b.O) + " must have one shape");
  const Vector<Scalar> if_a_has_seen = blind(b).select(a.m, a.m.cwiseMax(b.m));
  const Vector<Scalar> m = blind(a).select(b.m, if_a_has_seen);
  const Vector<Scalar> alpha = rescaling(a, m), beta = rescaling(b, m);
  return {m, alpha.cwiseProduct(a.l) + beta.cwiseProduct(b.l),
          alpha.asDiagonal() * a.O + beta.asDiagonal() * b.O};
}

/// The output of all keys seen: O / l. A row that has seen nothing has an output of 0, as in softmax_rows.
template <typename Scalar>
Matrix<Scalar> output(const Partial<Scalar>& seen) {
  const Vector<Scalar> divisor = blind(seen).select(Scalar(1), seen.l);
  return seen.O.array().colwise() / divisor.array();
}

}  // namespace attention
