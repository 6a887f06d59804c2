#include "attention/sign_scores.hpp"

#include <doctest/doctest.h>

#include <set>

#include "numbers/eigen.hpp"

using attention::Index;
using attention::Matrix;
using attention::sign_score_probabilities;
using attention::sign_vectors;
using numbers::Exact;

namespace {

/// How often each score 2c − d occurs among all pairs, c = 0 to d, by going through them.
std::vector<long> counted_scores(int d) {
  std::vector<long> counts(static_cast<std::size_t>(d) + 1, 0);
  const Matrix<int> vectors = sign_vectors(d);
  for (Index q = 0; q < vectors.rows(); ++q)
    for (Index k = 0; k < vectors.rows(); ++k)
      ++counts[static_cast<std::size_t>((vectors.row(q).dot(vectors.row(k)) + d) / 2)];
  return counts;
}

/// The scores −d, −d + 2, … d.
Matrix<Exact> scores(int d) {
  return Matrix<Exact>::NullaryExpr(d + 1, 1,
                                    [d](Index c, Index) { return Exact(2 * static_cast<int>(c) - d); });
}

}  // namespace

TEST_CASE("the sign vectors are all of them, each once") {
  for (int d = 1; d <= 8; ++d) {
    const Matrix<int> vectors = sign_vectors(d);
    std::set<std::vector<int>> all;
    for (Index i = 0; i < vectors.rows(); ++i) {
      all.insert({vectors.row(i).begin(), vectors.row(i).end()});
      CHECK(vectors.row(i).squaredNorm() == d);
      CHECK(vectors.row(i).cwiseAbs().maxCoeff() == 1);
    }
    CHECK(all.size() == 1U << d);
  }
}

TEST_CASE("the probabilities are the counts of all pairs") {
  for (int d = 1; d <= 6; ++d) {
    const Matrix<Exact> P = sign_score_probabilities<Exact>(d);
    const std::vector<long> counts = counted_scores(d);
    const Exact pairs = numbers::pow(Exact(4), d);
    for (int c = 0; c <= d; ++c) CHECK(P(c, 0) * pairs == Exact(counts[static_cast<std::size_t>(c)]));
  }
}

TEST_CASE("for every single query the mean is 0 and the variance d over all keys") {
  for (int d = 1; d <= 8; ++d) {
    const Matrix<int> vectors = sign_vectors(d), S = vectors * vectors.transpose();
    for (Index q = 0; q < S.rows(); ++q) {
      REQUIRE(S.row(q).sum() == 0);
      REQUIRE(S.row(q).squaredNorm() == d << d);
    }
  }
}

TEST_CASE("the share of large scores is that of all pairs") {
  const std::vector<long> counts = counted_scores(4);  // scores −4, −2, 0, 2, 4: all but 0 have x² ≥ 4
  CHECK(attention::share_of_large_scores(scores(4), sign_score_probabilities<Exact>(4))(0, 0) ==
        Exact(256 - counts[2]) / Exact(256));
}

TEST_CASE("near the mean are the scores of at most three standard deviations") {
  CHECK(attention::near_the_mean(scores(4))(0, 0) == -4);  // −6 is no score
  CHECK(attention::near_the_mean(scores(16))(0, 0) == -12);
  CHECK(attention::near_the_mean(scores(64))(0, 0) == -24);
  CHECK(attention::near_the_mean(scores(64)) == Matrix<Exact>(scores(64).middleRows(20, 25)));
}
