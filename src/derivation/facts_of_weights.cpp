#include "derivation/facts_of_weights.hpp"

namespace derivation {
namespace {

/// How far the two matrices differ where their doubles say that it is most.
Exact difference_where_largest(const Term& a, const Term& b) {
  Index i = 0, j = 0;
  (a.doubles() - b.doubles()).cwiseAbs().maxCoeff(&i, &j);
  return abs(a.values()(i, j) - b.values()(i, j));
}

}  // namespace

void prove_distributions(Page& page, const std::vector<Term>& A) {
  const Matrix<Exact> all = stacked(A).exact;
  page.fact("each row of each head's weights sums to 1",
            all_equal(all.rowwise().sum(), constant(all.rows(), 1, 1)));
  page.fact("no weight is negative", all_at_most(constant(all.rows(), all.cols(), 0), all));
}

void prove_different(Page& page, const std::vector<Term>& A, const Exact& bound) {
  std::vector<Exact> found;
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) found.push_back(difference_where_largest(A[g], A[h]));
  const Index pairs = static_cast<Index>(found.size());
  page.fact(
      "each two heads differ by more than " + print(bound, numbers::Notation::unicode) + " in some weight",
      all_at_most(constant(pairs, 1, bound), Eigen::Map<const Matrix<Exact>>(found.data(), pairs, 1)));
}

void prove_twins(Page& page, const std::vector<Term>& A, const std::string& word, Index a, Index b) {
  const Matrix<Exact> below = stacked(A).exact, beside = concatenate(A).values();
  page.fact("in every head the two rows of `" + word + "` are equal",
            all_equal(beside.row(a), beside.row(b)));
  page.fact("in every head the two columns of `" + word + "` are equal",
            all_equal(below.col(a), below.col(b)));
}

void prove_triangular(Page& page, const std::vector<Term>& masked, const std::vector<Term>& all) {
  const Matrix<Exact> weights = stacked(masked).exact, without = stacked(all).exact;
  const Matrix<Exact> visible = zeros_and_ones(attention::causal_mask(masked[0].rows()))
                                    .exact.replicate(static_cast<Index>(masked.size()), 1);
  const Matrix<Exact> seen = without.cwiseProduct(visible), left = seen.rowwise().sum();
  const Matrix<Exact> shares = weights.cwiseProduct(visible).cwiseProduct(left.replicate(1, weights.cols()));
  page.fact("every head is lower triangular: the weights above the diagonal are 0",
            all_equal(weights, weights.cwiseProduct(visible)));
  page.fact("the others are those without a mask, divided by what was left of their row",
            all_equal(shares, seen));
}

}  // namespace derivation
