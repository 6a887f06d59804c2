#include "mistakes/causal_rules.hpp"

#include "attention/softmax.hpp"
#include "derivation/causality.hpp"
#include "derivation/mechanism.hpp"

namespace mistakes {
namespace {

using attention::causal_mask;
using attention::Index;
using attention::Mask;
using attention::softmax_rows;
using numbers::Exact;
using Matrix = attention::Matrix<Exact>;
using Head = attention::Head<Exact>;

/// Softmax under the mask that shows a key where may_look(i, j) says so.
CausalRule hiding(const std::string& name, const std::function<bool(Index i, Index j)>& may_look) {
  return {name, [may_look](const Matrix& Z) {
            return softmax_rows(Z, Mask::NullaryExpr(Z.rows(), Z.cols(), may_look));
          }};
}

/// Softmax after a number was added to the scores of the future.
CausalRule adding(const std::string& name, int value) {
  return {name, [value](const Matrix& Z) {
            const Matrix M = Z.array() + Exact(value);
            return softmax_rows<Exact>(causal_mask(Z.rows()).select(Z, M));
          }};
}

/// The entries on and below the diagonal; 0 above.
Matrix lower(const Matrix& a) {
  return causal_mask(a.rows()).select(a, Matrix::Constant(a.rows(), a.cols(), Exact(0)));
}

Matrix divided_by_row_sums(const Matrix& B) {
  const attention::Vector<Exact> sums = B.rowwise().sum();
  return B.array().colwise() / sums.array();
}

Matrix last_column_masked(const Matrix& Z) {
  const Index T = Z.rows();
  Mask may_look = attention::no_mask(T, T);
  may_look.col(T - 1) = causal_mask(T).col(T - 1);
  return softmax_rows(Z, may_look);
}

Matrix softmax_over_columns(const Matrix& Z) {
  return softmax_rows<Exact>(Z.transpose(), causal_mask(Z.rows()).transpose()).transpose();
}

/// Whether an entry is 0, or is not, wherever `where` holds.
bool all_zero(const Matrix& A, bool zero, const std::function<bool(Index i, Index j)>& where) {
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < A.cols(); ++j)
      if (where(i, j) && (A(i, j) == 0) != zero) return false;
  return true;
}

Matrix weights(const CausalRule& rule, const Head& head) {
  return rule.weights(head.Q() * head.K().transpose() / attention::sqrt_of<Exact>(head.W_K.cols()));
}

Matrix output(const CausalRule& rule, const Head& head) { return weights(rule, head) * head.V(); }

const std::vector<std::string> checks = {"future weights are 0", "last token replaced",
                                         "every token replaced", "rows sum to 1",
                                         "the past is seen",     "Y[0] = V[0]"};

/// What the checks say of one rule, in this order.
std::vector<bool> noticed(const CausalRule& rule, const Head& head) {
  const Matrix A = weights(rule, head), V = head.V(), Y = A * V;
  const Index T = A.rows();
  const Mask changed = derivation::changed_rows(head, [&](const Head& other) { return output(rule, other); });
  const auto reaches_the_past = [&](Index t) { return changed.col(t).head(t).any(); };
  bool any_reaches_the_past = false;
  for (Index t = 0; t < T; ++t) any_reaches_the_past = any_reaches_the_past || reaches_the_past(t);
  return {!all_zero(A, true, [](Index i, Index j) { return j > i; }),
          reaches_the_past(T - 1),
          any_reaches_the_past,
          Matrix(A.rowwise().sum()) != Matrix::Constant(T, 1, Exact(1)),
          !all_zero(A, false, [](Index i, Index j) { return j <= i; }),
          Y.row(0) != V.row(0)};
}

}  // namespace

std::vector<CausalRule> right_causal_rules() {
  return {
      hiding("right: −∞ above the diagonal", [](Index i, Index j) { return j <= i; }),
      {"right as well: weights times 0, divided by their sum",
       [](const Matrix& Z) { return divided_by_row_sums(lower(softmax_rows(Z))); }},
  };
}

std::vector<CausalRule> wrong_causal_rules() {
  return {
      hiding("no mask", [](Index, Index) { return true; }),
      hiding("off by one: sees the next token too", [](Index i, Index j) { return j <= i + 1; }),
      hiding("off by one: does not see itself", [](Index i, Index j) { return j < i; }),
      hiding("transposed: sees what comes after", [](Index i, Index j) { return j >= i; }),
      adding("wrong sign: +10000 on the future", 10000),
      adding("too weak: −5 on the future", -5),
      hiding("only the first two rows masked", [](Index i, Index j) { return j <= i || i >= 2; }),
      {"only the last column masked", last_column_masked},
      {"scores times 0", [](const Matrix& Z) { return softmax_rows(lower(Z)); }},
      {"weights times 0", [](const Matrix& Z) { return lower(softmax_rows(Z)); }},
      {"softmax over columns", softmax_over_columns},
      hiding("a window of two", [](Index i, Index j) { return j <= i && j + 1 >= i; }),
  };
}

Answers noticed(const std::vector<CausalRule>& rules, const Head& head) {
  Answers answers(checks);
  for (const CausalRule& rule : rules) answers.add(rule.name, noticed(rule, head));
  return answers;
}

}  // namespace mistakes
