#include "attention/mask.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "attention/batch.hpp"
#include "numbers/eigen.hpp"

using attention::Batch;
using attention::Index;
using attention::Mask;
using attention::Matrix;
using attention::RealTokens;
using attention::softmax_rows;
using numbers::Exact;

namespace {

Mask mask(std::initializer_list<std::initializer_list<int>> rows) {
  const auto count = static_cast<Index>(rows.size());
  Mask result(count, static_cast<Index>(rows.begin()->size()));
  Index i = 0;
  for (const auto& row : rows) {
    Index j = 0;
    for (const int entry : row) result(i, j++) = entry == 1;
    ++i;
  }
  return result;
}

/// A whole number from `low` to `high`, the same on every machine.
int draw(std::mt19937_64& random, int low, int high) {
  return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
}

template <typename Scalar>
Matrix<Scalar> draw_matrix(std::mt19937_64& random, Index rows, Index cols) {
  Matrix<Scalar> result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result(i, j) = Scalar(draw(random, -3, 3));
  return result;
}

Mask draw_mask(std::mt19937_64& random, Index rows, Index cols) {
  Mask result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result(i, j) = draw(random, 0, 1) == 1;
  return result;
}

/// Whether the weights are what a mask asks for: 0 where it hides, not 0 where it does not, and rows that sum
/// to 1, or to 0 where nothing is seen.
bool obey(const Matrix<Exact>& A, const Mask& may_look) {
  for (Index i = 0; i < A.rows(); ++i) {
    for (Index j = 0; j < A.cols(); ++j)
      if ((A(i, j) != 0) != may_look(i, j)) return false;
    if (A.row(i).sum() != Exact(may_look.row(i).any() ? 1 : 0)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a causal mask has ones on and below its diagonal") {
  CHECK(attention::causal_mask(1) == mask({{1}}));
  CHECK(attention::causal_mask(3) == mask({{1, 0, 0}, {1, 1, 0}, {1, 1, 1}}));
}

TEST_CASE("padding at the end and at the start, repeated for every query") {
  const RealTokens right = attention::padded_right(2, 3), left = attention::padded_left(2, 3);
  CHECK(attention::padding_mask(right, 2) == mask({{1, 1, 0}, {1, 1, 0}}));
  CHECK(attention::padding_mask(left, 3) == mask({{0, 1, 1}, {0, 1, 1}, {0, 1, 1}}));
  CHECK(attention::padding_mask(attention::padded_right(3, 3), 3) == attention::no_mask(3, 3));
  CHECK(attention::padding_mask(attention::padded_right(0, 2), 1) == mask({{0, 0}}));
  CHECK_THROWS_WITH_AS(attention::padded_right(4, 3), "padded_right: 4 tokens in 3 places",
                       std::invalid_argument);
  CHECK_THROWS_AS(attention::padded_left(-1, 3), std::invalid_argument);
}

TEST_CASE("both masks allow, or the key is hidden") {
  const Mask causal = attention::causal_mask(3);
  const Mask left = attention::padding_mask(attention::padded_left(2, 3), 3);
  CHECK(attention::both(causal, left) == mask({{0, 0, 0}, {0, 1, 0}, {0, 1, 1}}));
  CHECK(attention::both(causal, attention::no_mask(3, 3)) == causal);
  CHECK_THROWS_WITH_AS(attention::both(causal, attention::no_mask(2, 3)),
                       "both: masks 3×3 and 2×3 must have one shape", std::invalid_argument);
}

TEST_CASE("a padding row is no mask for several queries: the shapes do not fit") {
  const Mask row = attention::padded_right(2, 3);
  const Matrix<double> scores = Matrix<double>::Zero(3, 3);
  CHECK_THROWS_WITH_AS(softmax_rows(scores, row), "softmax_rows: scores 3×3 and mask 1×3 must have one shape",
                       std::invalid_argument);
}

TEST_CASE("a thousand masks are obeyed, by exact weights") {
  std::mt19937_64 random(8);
  for (int k = 0; k < 1000; ++k) {
    const Index queries = draw(random, 2, 5), keys = draw(random, 2, 5);
    const Mask may_look = draw_mask(random, queries, keys);
    const Matrix<Exact> Z = draw_matrix<Exact>(random, queries, keys);
    INFO("case ", k);
    REQUIRE(obey(softmax_rows(Z, may_look), may_look));
  }
}

TEST_CASE("weights that do not obey are noticed") {
  const Matrix<Exact> Z = Matrix<Exact>::Constant(3, 3, Exact(1));
  const Mask causal = attention::causal_mask(3), left = mask({{0, 0, 0}, {0, 1, 0}, {0, 1, 1}});
  CHECK(obey(softmax_rows(Z, causal), causal));
  CHECK_FALSE(obey(softmax_rows(Z), causal));
  CHECK_FALSE(obey(softmax_rows(Z, causal), left));
  CHECK_FALSE(obey(softmax_rows(Z, left), causal));
  const Matrix<Exact> zeroed =
      softmax_rows(Z).cwiseProduct(causal.unaryExpr([](bool visible) -> Exact { return visible ? 1 : 0; }));
  CHECK_FALSE(obey(zeroed, causal));
}

TEST_CASE("a hidden score is never read: it may be infinite, or no number") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Mask may_look = mask({{1, 1, 0}, {0, 0, 0}});
  Matrix<double> Z(2, 3);
  Z << 1, 2, nan, infinity, -infinity, nan;
  const Matrix<double> A = softmax_rows(Z, may_look);
  Z << 1, 2, 0, 0, 0, 0;
  CHECK(A == softmax_rows(Z, may_look));
  CHECK(Matrix<double>(A.row(1)) == Matrix<double>(Matrix<double>::Zero(1, 3)));
}

TEST_CASE("very low scores that may be seen are a row like any other") {
  const Matrix<float> Z = Matrix<float>::Constant(2, 4, -1e9F);
  CHECK(softmax_rows(Z, attention::no_mask(2, 4)) == Matrix<float>::Constant(2, 4, 0.25F));
}

TEST_CASE("a batch is its sequences one by one, of any lengths") {
  std::mt19937_64 random(4);
  Batch<Exact> Q, K, V;
  std::vector<Mask> masks;
  for (const Index T : {3, 2, 4}) {
    Q.push_back(draw_matrix<Exact>(random, T, 4));
    K.push_back(draw_matrix<Exact>(random, T, 4));
    V.push_back(draw_matrix<Exact>(random, T, 2));
    masks.push_back(attention::causal_mask(T));
  }
  const auto results = attention::attention(Q, K, V, masks);
  REQUIRE(results.size() == 3);
  for (std::size_t b = 0; b < 3; ++b)
    CHECK(results[b].Y == attention::attention(Q[b], K[b], V[b], masks[b]).Y);
  masks.pop_back();
  CHECK_THROWS_WITH_AS(
      attention::attention(Q, K, V, masks),
      "attention: a batch needs a Q, a K, a V and a mask for each sequence, not 3, 3, 3 and 2",
      std::invalid_argument);
}
