#include "attention/random_head.hpp"

#include <doctest/doctest.h>

#include "numbers/eigen.hpp"

using namespace attention;
using numbers::Exact;

namespace {

constexpr Index d_k = random_head_size;

/// W itself, as a matrix of rationals: row k is what W makes of the k-th unit row.
Matrix<Exact> as_matrix(const RandomOrthogonal& W) {
  Matrix<Exact> matrix(d_k, d_k);
  for (std::size_t i = 0; i < random_head_size; ++i) {
    RandomRow unit{};
    unit[i] = 1;
    const RandomRow row = times_orthogonal(unit, W);
    for (std::size_t j = 0; j < random_head_size; ++j)
      matrix(static_cast<Index>(i), static_cast<Index>(j)) = Exact(static_cast<long>(row[j])) / Exact(8);
  }
  return matrix;
}

}  // namespace

TEST_CASE("the random matrices are orthogonal, exactly, and differ") {
  std::mt19937_64 random(1);
  const Matrix<Exact> W = as_matrix(draw_orthogonal(random)), other = as_matrix(draw_orthogonal(random));
  const Matrix<Exact> identity = Matrix<Exact>::Identity(d_k, d_k);
  CHECK(Matrix<Exact>(W * W.transpose()) == identity);
  CHECK(W != other);
  Matrix<Exact> damaged = W;
  damaged(3, 5) = -damaged(3, 5);
  CHECK(Matrix<Exact>(damaged * damaged.transpose()) != identity);
}

TEST_CASE("an entry of X has mean 0 and variance 1 over all outcomes of its 64 coins") {
  // heads h among 64 coins, C(64, h) of 2^64 outcomes each: moments of (h - 32) / 4, by exact sums
  Exact outcomes = 1, mean = 0, variance = 0, total = 0;
  for (int heads = 0; heads <= 64; ++heads) {
    const Exact entry = Exact(heads - 32) / Exact(4);
    total += outcomes;
    mean += outcomes * entry;
    variance += outcomes * entry * entry;
    outcomes = outcomes * Exact(64 - heads) / Exact(heads + 1);
  }
  CHECK(total == numbers::pow(Exact(2), 64));
  CHECK(mean == 0);
  CHECK(variance == total);
}

TEST_CASE("scores are what the matrices give, entry by entry") {
  // The same draws in the same order, multiplied out without the fast transform.
  constexpr Index T = 2;
  std::mt19937_64 random(5);
  Matrix<Exact> X(T, d_k);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < d_k; ++j) X(i, j) = Exact(static_cast<long>(draw_entry(random))) / Exact(4);
  const Matrix<Exact> W_Q = as_matrix(draw_orthogonal(random)), W_K = as_matrix(draw_orthogonal(random));
  const Matrix<Exact> Q = X * W_Q, K = X * W_K;
  const Matrix<Exact> scores = draw_scores(5, T).unaryExpr(
      [](std::int64_t score) { return Exact(static_cast<long>(score)) / Exact(1024); });
  CHECK(Matrix<Exact>(Q * K.transpose()) == scores);
  CHECK(Matrix<Exact>(K * Q.transpose()) != scores);
}

TEST_CASE("the generator is the one that the standard specifies") {
  // [rand.predef]: the 10000th value of a default-seeded std::mt19937_64
  std::mt19937_64 random;
  random.discard(9999);
  CHECK(random() == 9981545732273789042ULL);
}
