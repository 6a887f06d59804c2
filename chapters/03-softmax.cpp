#include <limits>

#include "derivation/head_steps.hpp"
#include "numbers/expression.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 3 as they stand on paper: every line is one step.
// Each is computed with exact numbers and with doubles.

using namespace derivation;
using attention::softmax_rows;

namespace {

// ---- The idea: from scores to shares. ----

/// Positive numbers in place of the scores, divided by their row sum: E, l and A, with an index, and with
/// words for what is special about them.
Term shares(Page& page, const Term& positive, const std::string& what = "Exponentials",
            const std::string& index = "", const std::string& how = "") {
  const Term E = page.step("E" + index, what + how, positive);
  const Term l = page.step("l" + index, "Row sums" + how, row_sums(E));
  return page.step("A" + index, "Weights" + how, E / l);
}

/// Scores divided by their sum, beside softmax of the same scores.
void plain(Page& page, const std::string& name, const std::string& title, const Entries& scores) {
  page.example(name, title);
  const Term Z = page.given("Z", "Scores", scores);
  const Term s = page.step("s", "Sum of the scores", row_sums(Z));
  const Term P = page.step("P", "Plain shares", Z / s);
  const Term A = shares(page, exp(Z));
  page.fact("the plain shares sum to 1", row_sums(P) == ones(P));
  page.fact("the weights sum to 1", row_sums(A) == ones(A));
  page.fact("some weight differs from the plain share by more than 1/20",
            differ_by_more_than(Exact(1) / 20, A.values(), P.values()));
}

/// Powers of 2 in place of exponentials: every weight is a fraction.
void base_two(Page& page) {
  page.example("two", "Softmax with base 2");
  const Term Z = page.given("Z", "Scores", {{"3", "1", "-1"}});
  const Term A = shares(page, power(number(2), Z), "Powers of 2");
  const Term m = page.step("m", "Greatest score", row_maxima(Z));
  const Term D = page.step("D", Z - m);
  const Term A_D = shares(page, power(number(2), D), "Powers of 2", "_D", " with the shift");
  page.fact("the weights sum to 1", row_sums(A) == ones(A));
  page.fact("shifted scores have the same weights", A_D == A);
}

// ---- The derivation on paper. ----

/// Softmax in five steps, as attention uses it: m, D, E, l and A.
Term softmax(Page& page, const Term& Z) {
  const Term A = write_softmax(page, Z);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("softmax_rows(), the code, gives the same A", A == softmax_rows(Z.values()));
  return A;
}

/// Two rows of scores; then the same without the shift, with another shift, and over the wrong axis.
void rows(Page& page) {
  page.example("rows", "Two rows of scores, base e");
  const Term Z = page.given("Z", "Scores", {{"2", "1", "1/2"}, {"-1", "1", "1"}});
  const Term A = softmax(page, Z);

  const Term A_0 = shares(page, exp(Z), "Exponentials", "_0", " without the shift");
  page.fact("without the shift the weights are the same", A_0 == A);

  const Term c = page.given("c", "Any number for each row", {{"5"}, {"-7/3"}});
  const Term Z_c = page.step("Z_c", "Scores with c added", Z + c);
  const Term A_c = shares(page, exp(Z_c), "Exponentials", "_c", " with c added");
  page.fact("with c added to the scores the weights are the same", A_c == A);

  const auto over_columns = [](auto scores) {
    scores.transposeInPlace();
    auto weights = softmax_rows(scores);
    weights.transposeInPlace();
    return weights;
  };
  const Term B = page.computed("B", "Softmax over the columns: the wrong axis",
                               "\\operatorname{softmax}(Z^\\top)^\\top", compute(over_columns, Z));
  page.step("b", "Its row sums", row_sums(B));
  page.fact("softmax over the columns changes some weight by more than 1/5",
            differ_by_more_than(Exact(1) / 5, B.values(), A.values()));
}

// ---- How softmax behaves. ----

void equal_scores(Page& page) {
  page.example("equal", "Equal scores");
  page.details();
  const Term A = softmax(page, page.given("Z", "Scores", {{"7", "7", "7", "7"}}));
  page.fact("each weight is 1/4", A == constant(1, 4, Exact(1) / 4));
}

/// The greatest score stands first: its weight is in no row less than in the row before.
void first_weight_never_falls(Page& page, const Term& A) {
  const Index n = A.rows() - 1;
  page.fact("from row to row the weight of the greatest score does not fall",
            all_at_most(A.values().col(0).head(n), A.values().col(0).tail(n)));
}

/// The same scores at falling temperatures, one a row.
void temperature(Page& page) {
  page.example("temperature", "The same scores at four temperatures");
  page.details();
  const Term S = page.given("S", "Scores, once for each temperature",
                            {{"2", "1", "1/2"}, {"2", "1", "1/2"}, {"2", "1", "1/2"}, {"2", "1", "1/2"}});
  const Term t = page.given("t", "Temperatures", {{"4"}, {"1"}, {"1/2"}, {"1/4"}});
  const Term Z = page.step("Z", "Scores divided by the temperature", S / t);
  first_weight_never_falls(page, softmax(page, Z));
}

/// Scores multiplied by growing factors.
Term weights_of_multiples(Page& page, const Entries& scores) {
  page.details();
  const Term f = page.given("f", "Factors", {{"1"}, {"2"}, {"4"}, {"8"}});
  const Term S = page.given("S", scores);
  return softmax(page, page.step("Z", "Multiples of the scores", f * S));
}

/// One clear greatest score, and two of the same size.
void large_scores(Page& page) {
  page.example("limit", "Scores times 1, 2, 4 and 8");
  first_weight_never_falls(page, weights_of_multiples(page, {{"2", "1", "0"}}));

  page.example("tie", "Two greatest scores, times 1, 2, 4 and 8");
  const Term A = weights_of_multiples(page, {{"1", "1", "0"}});
  page.fact("the two greatest scores have equal weights in every row",
            all_equal(A.values().col(0), A.values().col(1)));
}

/// 1 / (1 + e^(−x/t)) for every x: the weight of the first of two scores that differ by x.
Term weight_of_first(Page& page, const std::string& name, const std::string& temperature, const Term& x) {
  const Exact t = numbers::evaluate(temperature);
  const auto weights = [&t](const auto& differences) {
    using Scalar = typename std::decay_t<decltype(differences)>::Scalar;
    const Matrix<Scalar> others = (differences.array() / as_scalar<Scalar>(-t)).exp();
    return Matrix<Scalar>((others.array() + Scalar(1)).inverse());
  };
  return page.computed(name, "Weight of the first at temperature " + temperature, "1 / (1 + \\exp(-x / t))",
                       compute(weights, x));
}

/// The picture: two scores, the weight of the first against their difference.
void curve(Page& page) {
  page.example("curve", "Two scores: the weight of the first");
  page.details();
  const Matrix<Exact> differences = Matrix<Exact>::NullaryExpr(
      49, 1, [](Index i, Index) { return Exact(static_cast<int>(i)) / 4 - Exact(6); });
  const Term x = page.given("x", "Difference of the two scores", differences);
  weight_of_first(page, "sharp", "1/2", x);
  const Term middle = weight_of_first(page, "middle", "1", x);
  weight_of_first(page, "flat", "2", x);
  page.fact("the weights at x and at -x sum to 1",
            all_equal(middle.values() + middle.values().reverse(), ones(x)));
  page.figure(
      {"curve",
       Figure::Kind::lines,
       "The weight of the first of two scores against their difference, from −6 to 6. Three curves rise "
       "from 0 to 1 and meet at one half where the difference is 0. At temperature one half the curve "
       "rises steeply, at 1 less so, at 2 it is the flattest.",
       "first score minus second score",
       "weight of the first",
       {{"temperature 1/2", "x", "sharp"},
        {"temperature 1", "x", "middle"},
        {"temperature 2", "x", "flat"}}});
}

// ---- Where exp leaves the range of a machine number. ----

/// The greatest multiple of 1/10^12 whose exponential is at most `bound`, for a logarithm between ±1000.
Exact logarithm_from_below(const Exact& bound) {
  const Exact unit = Exact(1) / Exact(1'000'000'000'000LL);
  long long low = -1'000'000'000'000'000, high = 1'000'000'000'000'000;
  while (high - low > 1) {
    const long long middle = low + (high - low) / 2;
    (exp(Exact(middle) * unit) <= bound ? low : high) = middle;
  }
  return Exact(low) * unit;
}

/// The largest finite number of a format, and half its smallest positive one: one row for each format.
Matrix<Exact> limits_of_formats() {
  using Double = std::numeric_limits<double>;
  using Float = std::numeric_limits<float>;
  Matrix<double> limits(2, 2);
  limits << Double::max(), Double::denorm_min(), double{Float::max()}, double{Float::denorm_min()};
  Matrix<Exact> exact = limits.unaryExpr(&numbers::exactly);
  exact.col(1) /= Exact(2);
  return exact;
}

void range(Page& page) {
  page.example("range", "Where exp overflows and where it gives 0");
  page.details();
  const Labels labels{{"double", "float"}, {"overflow", "underflow"}};
  const Matrix<Exact> limits = limits_of_formats();
  const Term r = page.computed("r", "The largest finite number, and half the smallest positive one",
                               "\\text{limits of the format}", known(limits), labels);
  Computed logarithms = known(limits.unaryExpr(&logarithm_from_below));
  logarithms.operands = {"r"};
  const Term low = page.computed("low", "Their logarithms, rounded down to a multiple of u",
                                 "\\text{logarithm of } r", logarithms, labels);
  const Term u = page.given("u", "One in the twelfth decimal", {{"1/10^12"}});
  const Term high = page.step("high", "Their logarithms, rounded up", low + u);
  page.fact("exp(low) is at most r, entry by entry", exp(low) <= r);
  page.fact("r is at most exp(high), entry by entry", r <= exp(high));
}

/// Two rows whose greatest scores are 799 apart, shifted by the greatest score of all.
void far_apart(Page& page) {
  page.example("far", "Rows far apart, and one shift for both");
  const Term Z = page.given("Z", "Scores", {{"800", "799"}, {"0", "1"}});
  const Term A = softmax(page, Z);
  const Term g = page.given("g", "The greatest score of all", {{"800"}});
  const Term D_g = page.step("D_g", "Scores shifted by it", Z - g);
  const Term E_g = page.step("E_g", "Their exponentials", exp(D_g));
  const Term l_g = page.step("l_g", "Their row sums", row_sums(E_g));
  page.fact("with one shift for all rows the exact weights are the same", E_g / l_g == A);
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: base 2");
  page.details();
  const Term Z = page.given("Z", "Scores", {{"2", "0", "-1", "1"}});
  const Term two = shares(page, power(number(2), Z), "Powers of 2");
  page.fact("the weights sum to 1", row_sums(two) == ones(two));

  page.example("ex2", "Exercise 2: three rows");
  page.details();
  const Term A =
      softmax(page, page.given("Z", "Scores", {{"1", "0", "0"}, {"-4", "-5", "-5"}, {"2", "0", "0"}}));
  page.fact("rows 0 and 1 have equal weights", all_equal(A.values().row(0), A.values().row(1)));

  page.example("ex3", "Exercise 3: base 4");
  page.details();
  const Term Z_4 = page.given("Z", "Scores", {{"2", "1", "0"}});
  const Term four = shares(page, power(number(4), Z_4), "Powers of 4");
  Matrix<Exact> numerators(1, 3);
  numerators << 16, 4, 1;
  page.fact("the weights are 16/21, 4/21 and 1/21", all_equal(four.values(), numerators / Exact(21)));

  page.example("ex4", "Exercise 4: one score against many");
  page.details();
  const Term n = page.given("n", "How many other scores", {{"1"}, {"10"}, {"100"}});
  const Term x = page.given("x", "By how much each is lower", {{"5"}});
  const auto weights = [](auto others, const auto& lower) {
    using std::exp;
    const auto each = exp(-lower(0, 0));
    for (auto& n : others.reshaped()) n = 1 / (1 + n * each);
    return others;
  };
  page.computed("w", "Weight of the greatest score", "1 / (1 + n \\exp(-x))", compute(weights, n, x));
}

void derivations(Page& page) {
  plain(page, "plain", "Plain division and softmax", {{"2", "1", "1/2"}});
  plain(page, "negative", "Plain division with a negative score", {{"2", "-1", "1/2"}});
  base_two(page);
  rows(page);
  equal_scores(page);
  temperature(page);
  large_scores(page);
  curve(page);
  range(page);
  far_apart(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "03-softmax", derivations); }
