#include "program/chapter.hpp"

// The derivations of chapter 5 as they stand on paper: every line is one step.
// main() runs them twice, with exact numbers and with doubles.

using namespace derivation;

namespace {

// ---- How far the scores spread. ----

/// All queries and all keys with two entries ±1: Q Kᵀ holds every pair once.
void pairs(Page& page) {
  page.example("pairs", "All queries and keys of two signs");
  const auto Q = page.given("Q", {{"1", "1"}, {"1", "-1"}, {"-1", "1"}, {"-1", "-1"}});
  const auto K = page.given("K", {{"1", "1"}, {"1", "-1"}, {"-1", "1"}, {"-1", "-1"}});
  const auto S = page.step("S", "Scores of all pairs", Q * transpose(K));
  const auto n = number(Exact(4));
  const auto s = page.step("s", "Sum of each row", row_sums(S));
  const auto mean = page.step("mean", "Mean of each row", s / n);
  const auto S_2 = page.step("S_2", "Squared scores", entrywise_product(S, S));
  const auto s_2 = page.step("s_2", "Sum of each row", row_sums(S_2));
  const auto v = page.step("v", "Variance of each row", s_2 / n);
  page.fact("the mean is 0 for every query", mean == Matrix<Scalar>::Constant(4, 1, Scalar(0)));
  page.fact("the variance is 2 for every query", v == Matrix<Scalar>::Constant(4, 1, Scalar(2)));
}

/// The vector of d signs that the lowest d bits of a number stand for: 1 for a 0, −1 for a 1.
std::vector<int> signs(unsigned bits, int d) {
  std::vector<int> vector;
  for (int i = 0; i < d; ++i) vector.push_back((bits >> i & 1U) == 0 ? 1 : -1);
  return vector;
}

int dot(const std::vector<int>& q, const std::vector<int>& k) {
  int sum = 0;
  for (std::size_t i = 0; i < q.size(); ++i) sum += q[i] * k[i];
  return sum;
}

/// The sums of q·k and of (q·k)² over all pairs of vectors of d signs.
struct Sums {
  int of_scores = 0, of_squares = 0;
};

Sums sums_over_all_pairs(int d) {
  std::vector<std::vector<int>> all;
  for (unsigned bits = 0; bits < 1U << d; ++bits) all.push_back(signs(bits, d));
  Sums sums;
  for (const auto& q : all)
    for (const auto& k : all) {
      const int score = dot(q, k);
      sums.of_scores += score;
      sums.of_squares += score * score;
    }
  return sums;
}

/// Mean and variance of q·k over all pairs of sign vectors of length 1 to 8: 4^d pairs each.
void lengths(Page& page) {
  page.example("lengths", "All queries and keys of d signs, d = 1 to 8");
  const auto d =
      page.given("d", "Length of query and key", {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}});
  Matrix<Scalar> of_scores(d.rows(), 1), of_squares(d.rows(), 1);
  for (Index i = 0; i < d.rows(); ++i) {
    const Sums sums = sums_over_all_pairs(static_cast<int>(i) + 1);
    of_scores(i, 0) = Scalar(sums.of_scores);
    of_squares(i, 0) = Scalar(sums.of_squares);
  }
  const auto n = page.step("n", "Number of pairs", power(number(4), d));
  const auto s = page.computed("s", "Sum of q·k over all pairs", "\\sum q \\cdot k", {"d"}, of_scores, {});
  const auto s_2 =
      page.computed("s_2", "Sum of (q·k)² over all pairs", "\\sum (q \\cdot k)^2", {"d"}, of_squares, {});
  const auto mean = page.step("mean", "Mean", s / n);
  const auto v = page.step("v", "Variance", s_2 / n);
  const auto sd = page.step("sd", "Standard deviation", sqrt(v));
  const auto scaled = page.step("scaled", "Variance after division by √d", v / d);
  const auto d_2 = page.step("d_2", "Squares of d", entrywise_product(d, d));
  const auto unit = page.step("unit", "Variance after division by d: unit vectors", v / d_2);
  page.fact("the mean is 0 for every d", mean == Matrix<Scalar>::Constant(8, 1, Scalar(0)));
  page.fact("the variance is d for every d", v == d);
  page.fact("the standard deviation, squared, is d", entrywise_product(sd, sd) == d);
  page.fact("after division by √d the variance is 1 for every d", scaled == ones(scaled));
  page.fact("for unit vectors the variance is 1/d", entrywise_product(unit, d) == ones(unit));
}

/// C(d, c) / 2^d for c = 0 to d, each from the one before it.
template <typename Scalar>
Matrix<Scalar> binomial_probabilities(int d) {
  Matrix<Scalar> P(d + 1, 1);
  P(0, 0) = as_scalar<Scalar>(Exact(1) / pow(Exact(2), d));
  for (int c = 1; c <= d; ++c) P(c, 0) = P(c - 1, 0) * Scalar(d - c + 1) / Scalar(c);
  return P;
}

/// The rows of a column that belong to scores of at most three standard deviations: 9 d or less when squared.
template <typename Scalar>
Matrix<Scalar> near_the_mean(const Matrix<Scalar>& column, int d) {
  int left_out = 0;
  while ((d - 2 * left_out) * (d - 2 * left_out) > 9 * d) ++left_out;
  return column.middleRows(left_out, column.rows() - 2 * left_out);
}

/// How often a score is at least one standard deviation away from 0: (2c − d)² ≥ d.
template <typename Scalar>
Matrix<Scalar> share_of_large_scores(const Matrix<Scalar>& P, int d) {
  Scalar share(0);
  for (int c = 0; c <= d; ++c)
    if ((2 * c - d) * (2 * c - d) >= d) share = share + P(c, 0);
  return Matrix<Scalar>::Constant(1, 1, share);
}

/// The scores from −d to d with their probabilities, and the mean and variance that follow.
std::pair<Term, Term> distribution(Page& page, int d) {
  Matrix<Exact> scores(d + 1, 1);
  for (int c = 0; c <= d; ++c) scores(c, 0) = Exact(2 * c - d);
  const std::string index = "_" + std::to_string(d), at = "d = " + std::to_string(d) + ": ";
  const auto x = page.given("x" + index, "Scores at d = " + std::to_string(d), scores);
  const auto P = page.computed("P" + index, "Their probabilities", "\\mathrm{C}(d, c) / 2^d", {x.name},
                               binomial_probabilities<Scalar>(d), {});
  const auto sq = page.step("sq" + index, "Squared scores", entrywise_product(x, x));
  const auto mean = page.step("mean" + index, "Mean", transpose(P) * x);
  const auto v = page.step("v" + index, "Variance", transpose(P) * sq);
  page.step("sd" + index, "Standard deviation", sqrt(v));
  page.fact(at + "the probabilities sum to 1", all_equal<Scalar>(P.values().colwise().sum(), ones(v)));
  page.fact(at + "the mean is 0", mean == Matrix<Scalar>::Constant(1, 1, Scalar(0)));
  page.fact(at + "the variance is d", v == Matrix<Scalar>::Constant(1, 1, Scalar(d)));
  return {x, P};
}

/// The points of the curves, before and after the division by √d. Neighbouring scores are 2 apart before it
/// and 2/√d after it: a probability divided by this distance is a height that can be compared.
void curves(Page& page, int d) {
  const auto [x, P] = distribution(page, d);
  const std::string index = "_" + std::to_string(d);
  page.computed("large" + index, "Share of the scores with (q·k)² ≥ d", "P(x^2 \\geq d)", {x.name, P.name},
                share_of_large_scores<Scalar>(P.values(), d), {});
  const auto root = sqrt(number("d", d));
  const auto y = page.computed("y" + index, "Scores of at most 3√d", x.name, {x.name},
                               near_the_mean<Scalar>(x.values(), d), {});
  const auto p = page.computed("p" + index, "Their probabilities", P.name, {P.name},
                               near_the_mean<Scalar>(P.values(), d), {});
  const auto f = page.step("f" + index, "Probability per unit of score", p / number(Exact(2)));
  page.step("z" + index, "Scaled scores", y / root);
  page.step("g" + index, "Probability per unit of scaled score", f * root);
}

/// The picture: how scores spread at d = 4, 16 and 64, with and without the scale.
void spread(Page& page) {
  page.example("spread", "The distribution of q·k at d = 4, 16 and 64");
  page.details();
  for (const int d : {4, 16, 64}) curves(page, d);
  page.figure(
      {"unscaled",
       Figure::Kind::lines,
       "How often each score occurs, without the scale. All three curves have their top at 0. For d = 4 the "
       "curve is a high, narrow hill between −4 and 4. For d = 16 it is about half as high and twice as "
       "wide, and for d = 64 about half as high and twice as wide again.",
       "score q·k",
       "probability per unit of score",
       {{"d = 4", "y_4", "f_4"}, {"d = 16", "y_16", "f_16"}, {"d = 64", "y_64", "f_64"}}});
  page.figure(
      {"scaled",
       Figure::Kind::lines,
       "The same after each score is divided by the square root of d. The three curves lie nearly on each "
       "other: a hill around 0, most of it between −2 and 2.",
       "scaled score q·k/√d",
       "probability per unit of scaled score",
       {{"d = 4", "z_4", "g_4"}, {"d = 16", "z_16", "g_16"}, {"d = 64", "z_64", "g_64"}}});
}

// ---- What large scores do to softmax and to its gradient. ----

/// Softmax of each row.
Term softmax(Page& page, const Term& Z) {
  const auto m = page.step("m", "Row maxima", row_maxima(Z));
  const auto D = page.step("D", "Shifted scores", Z - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  return A;
}

/// The sum of the diagonal.
template <typename Scalar>
Matrix<Scalar> trace(const Matrix<Scalar>& J) {
  return Matrix<Scalar>::Constant(1, 1, J.trace());
}

/// The derivatives of the weights of one row: entry (i, j) is that of weight i by score j.
Term jacobian(Page& page, const Term& A) {
  const auto a = page.step("a", "Weights as a column", transpose(A));
  const auto G = page.step("G", "Weights on a diagonal", diagonal(a));
  const auto B = page.step("B", "Products of two weights", a * transpose(a));
  const auto J = page.step("J", "Jacobian of softmax", G - B);
  const auto r = page.step("r", "Row sums of the Jacobian", row_sums(J));
  const auto tr =
      page.computed("tr", "Trace of the Jacobian", "\\operatorname{tr} J", {"J"}, trace(J.values()), {});
  const Scalar largest = A.values().maxCoeff();
  const Scalar squares = (A.values().array() * A.values().array()).sum();
  page.fact("each row of J sums to 0", r == Matrix<Scalar>::Constant(J.rows(), 1, Scalar(0)));
  page.fact("J is its own transpose", J == transpose(J));
  page.fact("no entry of J is larger in size than 1 minus the largest weight",
            all_at_most<Scalar>(J.values().cwiseAbs(),
                                Matrix<Scalar>::Constant(J.rows(), J.cols(), Scalar(1) - largest)));
  page.fact("the trace is 1 minus the sum of the squared weights",
            tr == Matrix<Scalar>::Constant(1, 1, Scalar(1) - squares));
  return J;
}

/// Two scores that differ by √d: one standard deviation at d = 1, 4, 16 and 64.
void two_scores(Page& page) {
  page.example("two", "Two scores that differ by √d, d = 1, 4, 16, 64");
  const auto d = page.given("d", "Lengths", {{"1"}, {"4"}, {"16"}, {"64"}});
  const auto c = page.step("c", "Their square roots", sqrt(d));
  const auto S = page.given("S", "Two scores", {{"1", "0"}});
  const auto Z = page.step("Z", "The scores times √d", c * S);
  const auto A = softmax(page, Z);
  const Matrix<Scalar> products = A.values().col(0).array() * A.values().col(1).array();
  const auto g =
      page.computed("g", "Derivative of a weight by its own score", "a_0 a_1", {"A"}, products, {});
  page.fact("from row to row the derivative does not grow",
            all_at_most<Scalar>(g.values().bottomRows(3), g.values().topRows(3)));
}

/// One row of three scores, times 1, 2, 4 and 8.
void three_scores(Page& page) {
  Matrix<Scalar> before;
  for (const int c : {1, 2, 4, 8}) {
    const std::string times = std::to_string(c);
    page.example("times" + times, "Three scores times " + times);
    if (c > 1) page.details();
    const auto S = page.given("S", "Scores", {{"2", "1", "0"}});
    const auto Z = page.step("Z", "Scores times " + times, S * number(Exact(c)));
    const Matrix<Scalar> J = jacobian(page, softmax(page, Z)).values();
    if (c > 1)
      page.fact("no entry of J is larger in size than at half the scale",
                all_at_most<Scalar>(J.cwiseAbs(), before.cwiseAbs()));
    before = J;
  }
}

/// A published row of scores at d_k = 64, without the scale and with it.
void published(Page& page) {
  page.example("raw", "A published row of scores, not scaled");
  softmax(page, page.given("Z", "Scores", {{"-12.3", "45.2", "31.1"}}));

  page.example("scaled", "The same row, scaled with d_k = 64");
  const auto S = page.given("S", "Scores", {{"-12.3", "45.2", "31.1"}});
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 64)));
  softmax(page, Z);
}

// ---- What goes wrong: the other divisors. ----

/// Scores 8, 0 and −8, as they are to be expected at d_k = 64, divided by what programs divide by.
void divisors(Page& page) {
  page.example("divisors", "Five divisors, for d_k = 64, T = 4 and d_model = 512");
  const auto S =
      page.given("S", "Scores",
                 {{"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}});
  const auto b = page.given("b", "Divisors: √d_k, 1, d_k, √T, √d_model",
                            {{"sqrt(64)"}, {"1"}, {"64"}, {"sqrt(4)"}, {"sqrt(512)"}});
  const auto v =
      page.given("v", "Variance of a score, for each divisor", {{"64"}, {"64"}, {"64"}, {"64"}, {"64"}});
  const auto b_2 = page.step("b_2", "Squared divisors", entrywise_product(b, b));
  const auto v_b = page.step("v_b", "Variance after the division", v / b_2);
  page.step("sd_b", "Standard deviation after the division", sqrt(v_b));
  const auto Z = page.step("Z", "Scores after the division", S / b);
  softmax(page, Z);
  page.fact("√d_k makes the variance 1", all_equal<Scalar>(v_b.values().row(0), Matrix<Scalar>::Ones(1, 1)));
  page.fact("every other divisor leaves a variance that is off by more than 4/5",
            all_at_most<Scalar>(Matrix<Scalar>::Constant(4, 1, Scalar(4) / Scalar(5)),
                                (v_b.values().bottomRows(4).array() - Scalar(1)).abs().matrix()));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three signs");
  page.details();
  distribution(page, 3);

  page.example("ex2", "Exercise 2: entries −1, 0 and 1");
  page.details();
  const auto x = page.given("x", "Values of an entry", {{"-1", "0", "1"}});
  const auto d = page.given("d", "Length", {{"9"}});
  const auto x_2 = page.step("x_2", "Their squares", entrywise_product(x, x));
  const auto s = page.step("s", "Sum of the squares", row_sums(x_2));
  const auto u = page.step("u", "Variance of an entry", s / number(Exact(3)));
  const auto u_2 = page.step("u_2", "Variance of the product of two", entrywise_product(u, u));
  const auto v = page.step("v", "Variance of q·k", u_2 * d);
  page.step("sd", "Standard deviation", sqrt(v));

  page.example("ex3", "Exercise 3: weights that are fractions");
  page.details();
  jacobian(page, page.given("A", "Weights", {{"1/2", "1/4", "1/4"}}));

  page.example("ex4", "Exercise 4: four equal weights");
  page.details();
  const auto even = jacobian(page, page.given("A", "Weights", {{"1/4", "1/4", "1/4", "1/4"}}));

  page.example("ex4b", "Exercise 4: one weight three times as large as the others");
  page.details();
  const auto uneven = jacobian(page, page.given("A", "Weights", {{"1/2", "1/6", "1/6", "1/6"}}));
  page.fact("entry (0, 0) is not smaller than that of equal weights",
            all_at_most<Scalar>(even.values().topLeftCorner(1, 1), uneven.values().topLeftCorner(1, 1)));
  page.fact("the trace is not larger than that of equal weights",
            all_at_most<Scalar>(trace(uneven.values()), trace(even.values())));
}

const auto derivations = [](Page& page) {
  pairs(page);
  lengths(page);
  spread(page);
  two_scores(page);
  three_scores(page);
  published(page);
  divisors(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "05-scaled-dot-product", derivations);
}
