#include "attention/head_differences.hpp"

#include <doctest/doctest.h>

using namespace attention;

TEST_CASE("the largest and the mean difference of two heads") {
  Matrix<double> a(2, 2), b(2, 2);
  a << 1, 0, 0.5, 0.5;
  b << 0.25, 0.75, 0.5, 0.5;
  const auto found = head_differences(a, b);
  CHECK(found.largest == 0.75);
  CHECK(found.mean == 0.375);  // 1.5 over four entries
  CHECK(head_differences(a, a).largest == 0);
  CHECK(head_differences(b, a).largest == 0.75);  // the sign does not matter
}

TEST_CASE("over several heads: the largest of all pairs, and the mean over all pairs") {
  const Matrix<double> a = Matrix<double>::Constant(1, 2, 0.5);
  Matrix<double> b(1, 2), c(1, 2);
  b << 1, 0;
  c << 0, 1;
  const auto found = head_differences<double>({a, b, c});
  CHECK(found.largest == 1);
  CHECK(found.mean == (0.5 + 0.5 + 1) / 3);
}

TEST_CASE("heads of different shapes, and a head alone, are errors") {
  const Matrix<double> a = Matrix<double>::Zero(2, 2), b = Matrix<double>::Zero(2, 3);
  CHECK_THROWS_WITH_AS(head_differences(a, b), "head_differences: weights 2×2 and 2×3 must have one shape",
                       std::invalid_argument);
  CHECK_THROWS_AS(head_differences<double>({a}), std::invalid_argument);
}

TEST_CASE("a layer with one head is a single head times W_O") {
  std::mt19937_64 random(2);
  const auto X = draw_matrix<double>(random, 5, 8, 1);
  auto weights = draw_weights<double>(8, 3);
  CHECK(single_head_difference(X, weights) == 0);
  weights.W_O(0, 0) = std::nan("");  // what is no number is not called equal
  CHECK(!(single_head_difference(X, weights) == 0));
}
