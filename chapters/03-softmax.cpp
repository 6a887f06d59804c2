#include "program/chapter.hpp"

// The derivations of chapter 3 as they stand on paper: every line is one step.
// main() runs them twice, with exact numbers and with doubles.

using namespace derivation;
using attention::softmax_rows;

namespace {

// ---- The idea: from scores to shares. ----

/// Scores divided by their sum, beside softmax of the same scores.
void plain(Page& page) {
  page.example("plain", "Plain division and softmax");
  const auto Z = page.given("Z", "Scores", {{"2", "1", "1/2"}});
  const auto s = page.step("s", "Sum of the scores", row_sums(Z));
  const auto P = page.step("P", "Plain shares", Z / s);
  const auto E = page.step("E", "Exponentials", exp(Z));
  const auto l = page.step("l", "Sum of the exponentials", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  page.fact("the plain shares sum to 1", row_sums(P) == ones(P));
  page.fact("the weights sum to 1", row_sums(A) == ones(A));
  page.fact("some weight differs from the plain share by more than 1/20",
            differ_by_more_than(Exact(1) / Exact(20), A.values(), P.values()));
}

/// A negative score, and plain division.
void negative(Page& page) {
  page.example("negative", "Plain division with a negative score");
  const auto Z = page.given("Z", "Scores", {{"2", "-1", "1/2"}});
  const auto s = page.step("s", "Sum of the scores", row_sums(Z));
  page.step("P", "Plain shares", Z / s);
  const auto E = page.step("E", "Exponentials", exp(Z));
  const auto l = page.step("l", "Sum of the exponentials", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  page.fact("the weights sum to 1", row_sums(A) == ones(A));
}

/// Powers of 2 in place of exponentials: every weight is a fraction.
void base_two(Page& page) {
  page.example("two", "Softmax with base 2");
  const auto Z = page.given("Z", "Scores", {{"3", "1", "-1"}});
  const auto E = page.step("E", "Powers of 2", power(number(2), Z));
  const auto l = page.step("l", "Row sum", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  const auto m = page.step("m", "Greatest score", row_maxima(Z));
  const auto D = page.step("D", "Shifted scores", Z - m);
  const auto E_D = page.step("E_D", "Powers of 2 of the shifted scores", power(number(2), D));
  const auto l_D = page.step("l_D", "Row sum", row_sums(E_D));
  const auto A_D = page.step("A_D", "Weights", E_D / l_D);
  page.fact("the weights sum to 1", row_sums(A) == ones(A));
  page.fact("shifted scores have the same weights", A_D == A);
}

// ---- The derivation on paper. ----

/// Softmax in five steps, as attention uses it.
Term softmax(Page& page, const Term& Z) {
  const auto m = page.step("m", "Row maxima", row_maxima(Z));
  const auto D = page.step("D", "Shifted scores", Z - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("softmax_rows(), the code, gives the same A", A == softmax_rows(Z.values()));
  return A;
}

/// Two rows of scores; then the same without the shift, with another shift, and over the wrong axis.
void rows(Page& page) {
  page.example("rows", "Two rows of scores, base e");
  const auto Z = page.given("Z", "Scores", {{"2", "1", "1/2"}, {"-1", "1", "1"}});
  const auto A = softmax(page, Z);

  const auto E_0 = page.step("E_0", "Exponentials without the shift", exp(Z));
  const auto l_0 = page.step("l_0", "Their row sums", row_sums(E_0));
  const auto A_0 = page.step("A_0", "Weights without the shift", E_0 / l_0);
  page.fact("without the shift the weights are the same", A_0 == A);

  const auto c = page.given("c", "Any number for each row", {{"5"}, {"-7/3"}});
  const auto Z_c = page.step("Z_c", "Scores with c added", Z + c);
  const auto E_c = page.step("E_c", "Their exponentials", exp(Z_c));
  const auto l_c = page.step("l_c", "Their row sums", row_sums(E_c));
  const auto A_c = page.step("A_c", "Their weights", E_c / l_c);
  page.fact("with c added to the scores the weights are the same", A_c == A);

  const Matrix<Scalar> columns = softmax_rows<Scalar>(Z.values().transpose()).transpose();
  const auto B = page.computed("B", "Softmax over the columns: the wrong axis",
                               "\\operatorname{softmax}(Z^\\top)^\\top", {"Z"}, columns, {});
  page.step("b", "Its row sums", row_sums(B));
  page.fact("softmax over the columns changes some weight by more than 1/5",
            differ_by_more_than(Exact(1) / Exact(5), B.values(), A.values()));
}

// ---- How softmax behaves. ----

void equal_scores(Page& page) {
  page.example("equal", "Equal scores");
  page.details();
  const auto Z = page.given("Z", "Scores", {{"7", "7", "7", "7"}});
  const auto A = softmax(page, Z);
  page.fact("each weight is 1/4", A == Matrix<Scalar>::Constant(1, 4, Scalar(1) / Scalar(4)));
}

/// No entry of a column is less than the one above it.
Condition never_falls(const Term& A, Index column) {
  const Index n = A.rows() - 1;
  const Matrix<Scalar> earlier = A.values().col(column).head(n), later = A.values().col(column).tail(n);
  return all_at_most(earlier, later);
}

/// The same scores at falling temperatures, one a row.
void temperature(Page& page) {
  page.example("temperature", "The same scores at four temperatures");
  page.details();
  const auto S = page.given("S", "Scores, once for each temperature",
                            {{"2", "1", "1/2"}, {"2", "1", "1/2"}, {"2", "1", "1/2"}, {"2", "1", "1/2"}});
  const auto t = page.given("t", "Temperatures", {{"4"}, {"1"}, {"1/2"}, {"1/4"}});
  const auto Z = page.step("Z", "Scores divided by the temperature", S / t);
  const auto A = softmax(page, Z);
  page.fact("from row to row the weight of the greatest score does not fall", never_falls(A, 0));
}

/// Scores multiplied by growing factors: one clear greatest score.
void limit(Page& page) {
  page.example("limit", "Scores times 1, 2, 4 and 8");
  page.details();
  const auto f = page.given("f", "Factors", {{"1"}, {"2"}, {"4"}, {"8"}});
  const auto S = page.given("S", "Scores", {{"2", "1", "0"}});
  const auto Z = page.step("Z", "Multiples of the scores", f * S);
  const auto A = softmax(page, Z);
  page.fact("from row to row the weight of the greatest score does not fall", never_falls(A, 0));
}

/// The same with two greatest scores.
void tie(Page& page) {
  page.example("tie", "Two greatest scores, times 1, 2, 4 and 8");
  page.details();
  const auto f = page.given("f", "Factors", {{"1"}, {"2"}, {"4"}, {"8"}});
  const auto S = page.given("S", "Scores", {{"1", "1", "0"}});
  const auto Z = page.step("Z", "Multiples of the scores", f * S);
  const auto A = softmax(page, Z);
  page.fact("the two greatest scores have equal weights in every row",
            all_equal<Scalar>(A.values().col(0), A.values().col(1)));
}

/// 1 / (1 + e^(−x/t)) for every x: the weight of the first of two scores that differ by x.
template <typename Scalar>
Matrix<Scalar> weight_of_first(const Matrix<Scalar>& differences, const Scalar& t) {
  return differences.unaryExpr([&](const Scalar& x) -> Scalar {
    using std::exp;
    return Scalar(1) / (Scalar(1) + exp(Scalar(-x / t)));
  });
}

/// The picture: two scores, the weight of the first against their difference.
void curve(Page& page) {
  page.example("curve", "Two scores: the weight of the first");
  page.details();
  constexpr int from = -6, to = 6, per_unit = 4;
  Matrix<Exact> differences((to - from) * per_unit + 1, 1);
  for (int i = 0; i < differences.rows(); ++i) differences(i, 0) = Exact(from) + Exact(i) / Exact(per_unit);
  const auto x = page.given("x", "Difference of the two scores", differences);

  const Scalar one(1), two(2);
  const std::string formula = "1 / (1 + \\exp(-x / t))";
  page.computed("sharp", "Weight of the first at temperature 1/2", formula, {"x"},
                weight_of_first<Scalar>(x.values(), one / two), {});
  const auto middle = page.computed("middle", "Weight of the first at temperature 1", formula, {"x"},
                                    weight_of_first<Scalar>(x.values(), one), {});
  page.computed("flat", "Weight of the first at temperature 2", formula, {"x"},
                weight_of_first<Scalar>(x.values(), two), {});
  const Matrix<Scalar> both = middle.values() + middle.values().reverse();
  page.fact("the weights at x and at -x sum to 1", all_equal<Scalar>(both, ones(x)));
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

/// The largest finite number of a binary format, and half its smallest positive one.
Matrix<Exact> limits_of_formats() {
  const Exact two(2), one(1);
  const auto largest = [&](int digits, int exponent) {  // (2 − 2^(1−digits)) · 2^exponent
    return (two - one / pow(two, digits - 1)) * pow(two, exponent / 2) * pow(two, exponent - exponent / 2);
  };
  const auto half_smallest = [&](int exponent) {
    return one / pow(two, exponent / 2) / pow(two, exponent - exponent / 2);
  };
  Matrix<Exact> limits(2, 2);
  limits << largest(53, 1023), half_smallest(1075), largest(24, 127), half_smallest(150);
  return limits;
}

void range(Page& page) {
  page.example("range", "Where exp overflows and where it gives 0");
  page.details();
  const Labels labels{{"double", "float"}, {"overflow", "underflow"}};
  const Matrix<Exact> limits = limits_of_formats();
  const auto r = page.computed("r", "The largest finite number, and half the smallest positive one",
                               "\\text{limits of the format}", {}, as_scalars<Scalar>(limits), labels);
  const auto low =
      page.computed("low", "Their logarithms, rounded down to a multiple of u", "\\text{logarithm of } r",
                    {"r"}, as_scalars<Scalar>(limits.unaryExpr(&logarithm_from_below)), labels);
  const auto u = page.given("u", "One in the twelfth decimal", {{"1/10^12"}});
  const auto high = page.step("high", "Their logarithms, rounded up", low + u);
  page.fact("exp(low) is at most r, entry by entry", exp(low) <= r);
  page.fact("r is at most exp(high), entry by entry", r <= exp(high));
}

/// Two rows whose greatest scores are 799 apart, shifted by the greatest score of all.
void far_apart(Page& page) {
  page.example("far", "Rows far apart, and one shift for both");
  const auto Z = page.given("Z", "Scores", {{"800", "799"}, {"0", "1"}});
  const auto A = softmax(page, Z);
  const auto g = page.given("g", "The greatest score of all", {{"800"}});
  const auto D_g = page.step("D_g", "Scores shifted by it", Z - g);
  const auto E_g = page.step("E_g", "Their exponentials", exp(D_g));
  const auto l_g = page.step("l_g", "Their row sums", row_sums(E_g));
  page.fact("with one shift for all rows the exact weights are the same", E_g / l_g == A);
}

// ---- The exercises. ----

/// Softmax with a whole number as base.
Term softmax_to_base(Page& page, int base, const Term& Z) {
  const auto E = page.step("E", "Powers of " + std::to_string(base), power(number(base), Z));
  const auto l = page.step("l", "Row sums", row_sums(E));
  return page.step("A", "Weights", E / l);
}

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: base 2");
  page.details();
  const auto two = softmax_to_base(page, 2, page.given("Z", "Scores", {{"2", "0", "-1", "1"}}));
  page.fact("the weights sum to 1", row_sums(two) == ones(two));

  page.example("ex2", "Exercise 2: three rows");
  page.details();
  const auto A =
      softmax(page, page.given("Z", "Scores", {{"1", "0", "0"}, {"-4", "-5", "-5"}, {"2", "0", "0"}}));
  page.fact("rows 0 and 1 have equal weights", all_equal<Scalar>(A.values().row(0), A.values().row(1)));

  page.example("ex3", "Exercise 3: base 4");
  page.details();
  const auto four = softmax_to_base(page, 4, page.given("Z", "Scores", {{"2", "1", "0"}}));
  Matrix<Scalar> wanted(1, 3);
  wanted << Scalar(16) / Scalar(21), Scalar(4) / Scalar(21), Scalar(1) / Scalar(21);
  page.fact("the weights are 16/21, 4/21 and 1/21", four == wanted);

  page.example("ex4", "Exercise 4: one score against many");
  page.details();
  const auto n = page.given("n", "How many other scores", {{"1"}, {"10"}, {"100"}});
  const auto x = page.given("x", "By how much each is lower", {{"5"}});
  const Matrix<Scalar> weight = n.values().unaryExpr([&](const Scalar& others) -> Scalar {
    using std::exp;
    return Scalar(1) / (Scalar(1) + others * exp(Scalar(-x.values()(0, 0))));
  });
  page.computed("w", "Weight of the greatest score", "1 / (1 + n \\exp(-x))", {"n", "x"}, weight, {});
}

const auto derivations = [](Page& page) {
  plain(page);
  negative(page);
  base_two(page);
  rows(page);
  equal_scores(page);
  temperature(page);
  limit(page);
  tie(page);
  curve(page);
  range(page);
  far_apart(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "03-softmax", derivations); }
