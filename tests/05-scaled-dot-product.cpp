#include <random>

#include "attention/softmax.hpp"
#include "support/every_chapter.hpp"

namespace {

/// Scores that come closer from row to row or from scale to scale instead of moving apart, divisors in
/// another order, and a Jacobian by scores that were divided by 8, taken for the one by the undivided scores.
std::vector<Mistake> wrong_steps() {
  const auto upside_down = [](Table<Exact>& table) {
    table.values = table.values.colwise().reverse().eval();
  };
  const auto equal_scores = [](Table<Exact>& table) { table.values.setZero(); };
  const auto too_large = [](Table<Exact>& table) { table.values *= Exact(8); };
  std::vector<Mistake> mistakes = {{"two", "c", upside_down},
                                   {"times2", "S", equal_scores},
                                   {"times4", "S", equal_scores},
                                   {"times8", "S", equal_scores},
                                   {"divisors", "b", upside_down}};
  for (const std::string example : {"times1", "times2", "times4", "times8", "ex3", "ex4", "ex4b"})
    mistakes.push_back({example, "J", too_large});
  return mistakes;
}

/// diag(a) − a aᵀ for the weights of one row of scores.
Matrix<double> jacobian_of(const Matrix<double>& Z) {
  const Matrix<double> a = attention::softmax_rows<double>(Z).transpose();
  return Matrix<double>(a.col(0).asDiagonal()) - a * a.transpose();
}

/// The largest difference between the Jacobian of the scores 2, 1, 0 times `factor` and central differences.
double largest_gap_to_differences(double factor, double step) {
  Matrix<double> Z(1, 3);
  Z << 2 * factor, factor, 0;
  Matrix<double> differences(3, 3);
  for (Index j = 0; j < 3; ++j) {
    Matrix<double> above = Z, below = Z;
    above(0, j) += step;
    below(0, j) -= step;
    differences.col(j) =
        (attention::softmax_rows<double>(above) - attention::softmax_rows<double>(below)).transpose() /
        (2 * step);
  }
  return (differences - jacobian_of(Z)).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  std::vector<Mistake> mistakes = one_entry_off(committed(stem));
  for (Mistake& mistake : wrong_steps()) mistakes.push_back(std::move(mistake));
  CHECK(lines(facts_that_cannot_fail(mistakes)) == "");
}

TEST_CASE("the curves are drawn out to three standard deviations") {
  const Derivation derivation = derived();
  CHECK(step(derivation, "spread", "y_4").exact.values(0, 0) == -4);  // −6 is no score
  CHECK(step(derivation, "spread", "y_16").exact.values(0, 0) == -12);
  CHECK(step(derivation, "spread", "y_64").exact.values(0, 0) == -24);
  for (const std::string d : {"4", "16", "64"}) {
    const auto& x = step(derivation, "spread", "x_" + d).exact.values;
    const auto& y = step(derivation, "spread", "y_" + d).exact.values;
    const Index left_out = (x.rows() - y.rows()) / 2;
    CHECK(y == Matrix<Exact>(x.middleRows(left_out, y.rows())));
    CHECK(step(derivation, "spread", "p_" + d).exact.values ==
          Matrix<Exact>(step(derivation, "spread", "P_" + d).exact.values.middleRows(left_out, y.rows())));
  }
}

TEST_CASE("the Jacobian is the derivative: central differences agree") {
  // Truncation: step² / 6 times the third derivative. For a weight by its own score that is
  // a (1 − a) (1 − 6a + 6a²), at most 1/8 in size; the others share its negative. Rounding, divided by 2
  // step: two weights, each off by at most six times 2^-53, and two scores below 17, each off by 2^-49 and
  // felt with a factor of at most 1/4.
  const double step = 1e-4;
  const double bound = step * step / 48 + (2 * 6 * 0x1p-53 + 2 * 0x1p-49 / 4) / (2 * step);
  for (const double factor : {1.0, 2.0, 4.0, 8.0})
    CHECK_MESSAGE(largest_gap_to_differences(factor, step) < bound, factor);
  CHECK(largest_gap_to_differences(1, 0.1) > bound);  // the bound is that of the small step
}

TEST_CASE("no entry of a Jacobian is larger than 1 minus the largest weight, nor its trace than 1 - 1/T") {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 1000; ++trial) {
    const Index T = 2 + trial % 7;
    Matrix<double> Z(1, T);
    for (Index j = 0; j < T; ++j) Z(0, j) = static_cast<double>(random() % 4001) / 200.0 - 10;
    const Matrix<double> J = jacobian_of(Z);
    const double largest = attention::softmax_rows<double>(Z).maxCoeff();
    // Weights are off by a few 2^-53 each: T of them, and products below 1.
    const double rounding = 16 * static_cast<double>(T) * 0x1p-53;
    INFO("trial ", trial, ": ", Z);
    REQUIRE(J.cwiseAbs().maxCoeff() <= 1 - largest + rounding);
    REQUIRE(J.trace() <= 1 - 1 / static_cast<double>(T) + rounding);
  }
}
