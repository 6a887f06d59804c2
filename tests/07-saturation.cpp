#include "support/every_chapter.hpp"

namespace {

/// W itself, as a matrix of rationals: row k is what W makes of the k-th unit row.
Matrix<Exact> as_matrix(const Orthogonal& W) {
  Matrix<Exact> matrix(d_k, d_k);
  for (std::size_t i = 0; i < d_k; ++i) {
    Row unit{};
    unit[i] = 1;
    const Row row = times(unit, W);
    for (std::size_t j = 0; j < d_k; ++j)
      matrix(static_cast<Index>(i), static_cast<Index>(j)) = Exact(static_cast<long>(row[j])) / Exact(8);
  }
  return matrix;
}

/// Mistakes that one entry off does not stand for: the scaled weights left unscaled, a count where there is
/// none, a weight on a bound.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all;
  for (const Mistake& mistake : one_entry_off(committed(stem)))
    if (mistake.example != "many" || mistake.step == "larger") all.push_back(mistake);
  for (const std::string example : {"t2", "t4", "t8"})
    all.push_back({example, "Z", [](Table<Exact>& table) { table.values *= Exact(64); }});
  return all;
}

/// Decided by a number that the page does not record; the test below changes it.
bool speaks_of_doubles(const std::string& fact) {
  return fact.find("so the doubles decide") != std::string::npos;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  Problems cannot_fail = facts_that_cannot_fail(mistakes());
  std::erase_if(cannot_fail, speaks_of_doubles);
  CHECK(lines(cannot_fail) == "");
}

TEST_CASE("a weight on its bound is remembered as not decided") {
  Counts counts;
  CHECK_FALSE(above(0.94, 0.95, counts));
  CHECK(counts.closest > 1e-10);
  CHECK(above(std::nextafter(0.95, 1.0), 0.95, counts));
  CHECK(counts.closest < 1e-10);
}

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
    for (Index j = 0; j < static_cast<Index>(d_k); ++j)
      X(i, j) = Exact(static_cast<long>(draw_entry(random))) / Exact(4);
  const Matrix<Exact> W_Q = as_matrix(draw_orthogonal(random)), W_K = as_matrix(draw_orthogonal(random));
  const Matrix<Exact> Q = X * W_Q, K = X * W_K;
  CHECK(Matrix<Exact>(Q * K.transpose()) == scores_of<Exact>(5, T));
  CHECK(Matrix<Exact>(K * Q.transpose()) != scores_of<Exact>(5, T));
}

TEST_CASE("the generator is the one that the standard specifies") {
  // [rand.predef]: the 10000th value of a default-seeded std::mt19937_64
  std::mt19937_64 random;
  random.discard(9999);
  CHECK(random() == 9981545732273789042ULL);
}

TEST_CASE("without the scale the two runs of a page are the same, and the theorem's bound is met") {
  const auto check = [](double divisor) {
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
      const Scores scores = draw_scores(seed, 3);
      for (Index row = 0; row < 3; ++row)
        if (largest_weight(scores, row, 1024 * divisor) > largest_weight(scores, row, 1024)) return false;
    }
    return true;
  };
  CHECK(check(8));
  CHECK(check(1));
  CHECK_FALSE(check(0.5));  // a "scale" that multiplies sharpens rows
}
