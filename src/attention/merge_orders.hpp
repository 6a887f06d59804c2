#pragma once
#include <algorithm>
#include <numeric>
#include <vector>

#include "attention/online_softmax.hpp"

/// In which order the parts of a row are made and merged. By the law of merge() it changes nothing (but in
/// the last digits of a floating-point number).
namespace attention {

/// Attends to blocks of keys, one after the other; the last may be smaller. Z: T_q×n scaled scores, V: n×d_v,
/// n and block from 1.
template <typename Scalar>
Partial<Scalar> attend_in_a_row(const Matrix<Scalar>& Z, const Matrix<Scalar>& V, Index block) {
  Partial<Scalar> seen = nothing_seen<Scalar>(Z.rows(), V.cols());
  for (Index j = 0; j < Z.cols(); j += block) {
    const Index keys = std::min(block, Z.cols() - j);
    Matrix<Scalar> scores = Z.middleCols(j, keys);
    seen = merge(seen, attend_to_block<Scalar>(scores, V.middleRows(j, keys)));
  }
  return seen;
}

/// Attends to each key alone, and merges two halves of the keys, of which each was merged so before.
template <typename Scalar>
Partial<Scalar> attend_in_a_tree(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  if (Z.cols() == 1) return attend_in_a_row(Z, V, 1);
  const Index half = Z.cols() / 2, rest = Z.cols() - half;
  return merge(attend_in_a_tree<Scalar>(Z.leftCols(half), V.topRows(half)),
               attend_in_a_tree<Scalar>(Z.rightCols(rest), V.bottomRows(rest)));
}

/// What the parts become when neighbours are merged until one is left: a result for each binary tree over
/// them, in the order in which they stand. Of one part or more.
template <typename Part, typename Merge>
std::vector<Part> merged_in_every_tree(const std::vector<Part>& parts, Merge merge) {
  if (parts.size() == 1) return parts;
  std::vector<Part> results;
  for (auto cut = parts.begin() + 1; cut != parts.end(); ++cut)
    for (const Part& a : merged_in_every_tree(std::vector<Part>(parts.begin(), cut), merge))
      for (const Part& b : merged_in_every_tree(std::vector<Part>(cut, parts.end()), merge))
        results.push_back(merge(a, b));
  return results;
}

/// The same for every order of the parts.
template <typename Part, typename Merge>
std::vector<Part> merged_in_every_way(const std::vector<Part>& parts, Merge merge) {
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Part> results;
  do {
    std::vector<Part> ordered;
    for (const std::size_t k : order) ordered.push_back(parts[k]);
    for (const Part& result : merged_in_every_tree(ordered, merge)) results.push_back(result);
  } while (std::next_permutation(order.begin(), order.end()));
  return results;
}

}  // namespace attention
