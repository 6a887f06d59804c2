#pragma once
#include <array>
#include <cmath>
#include <vector>

#include "derivation/table.hpp"

/// A softmax in pieces with powers of 2 in place of e, for a pencil: every number is a fraction. Source:
/// attention/online_softmax.hpp, which has powers of e, and many rows at a time.
namespace derivation {

/// Some keys of one row, seen: the greatest score, the sum of 2^(z − m), and that of 2^(z − m) v.
template <typename Scalar>
struct BaseTwoPart {
  Scalar m, l, O;
};

inline double two_to(double exponent) { return std::exp2(exponent); }
Exact two_to(const Exact& exponent);  ///< throws Error unless the exponent is a whole number

/// How much each of two parts counts in both together.
template <typename Scalar>
std::array<Scalar, 2> factors(const BaseTwoPart<Scalar>& a, const BaseTwoPart<Scalar>& b) {
  const Scalar m = a.m < b.m ? b.m : a.m;
  return {two_to(Scalar(a.m - m)), two_to(Scalar(b.m - m))};
}

/// Two parts that have seen different keys, made into one that has seen both.
template <typename Scalar>
BaseTwoPart<Scalar> merge(const BaseTwoPart<Scalar>& a, const BaseTwoPart<Scalar>& b) {
  const auto [alpha, beta] = factors(a, b);
  return {a.m < b.m ? b.m : a.m, alpha * a.l + beta * b.l, alpha * a.O + beta * b.O};
}

/// The keys of a row, each a part of its own. Z: 1×n; V: n×1.
template <typename Scalar>
std::vector<BaseTwoPart<Scalar>> keys_of(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  std::vector<BaseTwoPart<Scalar>> keys;
  for (Index j = 0; j < Z.cols(); ++j) keys.push_back({Z(0, j), Scalar(1), V(j, 0)});
  return keys;
}

/// m, l and O of each part, a row for each.
template <typename Scalar>
Matrix<Scalar> table_of(const std::vector<BaseTwoPart<Scalar>>& parts) {
  Matrix<Scalar> table(static_cast<Index>(parts.size()), 3);
  for (std::size_t i = 0; i < parts.size(); ++i)
    table.row(static_cast<Index>(i)) << parts[i].m, parts[i].l, parts[i].O;
  return table;
}

/// The part that a row m, l, O stands for.
template <typename Scalar>
BaseTwoPart<Scalar> part_of(const Matrix<Scalar>& row) {
  return {row(0, 0), row(0, 1), row(0, 2)};
}

}  // namespace derivation
