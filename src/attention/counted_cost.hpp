#pragma once
#include <string>
#include <vector>

#include "attention/cost.hpp"
#include "attention/softmax.hpp"

/// What one head costs, part by part, counted: each part is run on numbers that count what is done with them.
/// What the formulas of cost.hpp are held against.
namespace attention {

/// A part that makes a result of some operands: what it does, and the numbers that stand in them and in it.
template <typename Body>
PartCost counted_cost(const std::string& name, const std::vector<Matrix<numbers::Counting>>& operands,
                      Body body) {
  Matrix<numbers::Counting> result;
  PartCost cost{name, numbers::Counting::count([&] { result = body(); }), 0, 0};
  for (const Matrix<numbers::Counting>& operand : operands) cost.read += operand.size();
  cost.written = result.size();
  return cost;
}

/// The parts of a head in the order in which they are done, as head_costs has them. Products are plain sums
/// (lazyProduct), as in the formulas.
inline std::vector<PartCost> counted_head_costs(const HeadSizes& s) {
  using M = Matrix<numbers::Counting>;
  const auto some = [](long rows, long cols) -> M { return M::Constant(rows, cols, numbers::Counting(1)); };
  const M X = some(s.T, s.d_model), W = some(s.d_model, 2 * s.d_k + s.d_v);
  const M Q = some(s.T, s.d_k), K = some(s.T, s.d_k), V = some(s.T, s.d_v);
  const M S = some(s.T, s.T), W_O = some(s.d_v, s.d_model);
  const auto scores = [&]() -> M {
    const M dot_products = Q.lazyProduct(K.transpose());
    return dot_products / sqrt_of<numbers::Counting>(s.d_k);
  };
  return {
      counted_cost("projections", {X, W}, [&]() -> M { return X.lazyProduct(W); }),
      counted_cost("scores", {Q, K}, scores),
      counted_cost("softmax", {S}, [&] { return softmax_rows(S); }),
      counted_cost("A V", {S, V}, [&]() -> M { return S.lazyProduct(V); }),
      counted_cost("output projection", {V, W_O}, [&]() -> M { return V.lazyProduct(W_O); }),
  };
}

}  // namespace attention
