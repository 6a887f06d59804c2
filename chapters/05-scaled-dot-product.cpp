#include "attention/sign_scores.hpp"
#include "derivation/head_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 5 as they stand on paper: every line is one step, made with exact numbers and
// with doubles.

using namespace derivation;

namespace {

// ---- How far the scores spread. ----

/// All queries and all keys with two entries ±1: Q Kᵀ holds every pair once.
void pairs(Page& page) {
  page.example("pairs", "All queries and keys of two signs");
  const Term Q = page.given("Q", {{"1", "1"}, {"1", "-1"}, {"-1", "1"}, {"-1", "-1"}});
  const Term K = page.given("K", {{"1", "1"}, {"1", "-1"}, {"-1", "1"}, {"-1", "-1"}});
  const Term S = page.step("S", "Scores of all pairs", Q * transpose(K));
  const Number n = number(4);
  const Term s = page.step("s", "Sum of each row", row_sums(S));
  const Term mean = page.step("mean", "Mean of each row", s / n);
  const Term S_2 = page.step("S_2", "Squared scores", entrywise_product(S, S));
  const Term s_2 = page.step("s_2", "Sum of each row", row_sums(S_2));
  const Term v = page.step("v", "Variance of each row", s_2 / n);
  page.fact("the mean is 0 for every query", mean == constant(4, 1, 0));
  page.fact("the variance is 2 for every query", v == constant(4, 1, 2));
}

/// Mean and variance of q·k over all pairs of sign vectors of length 1 to 8: 4^d pairs each.
void lengths(Page& page) {
  page.example("lengths", "All queries and keys of d signs, d = 1 to 8");
  const Term d =
      page.given("d", "Length of query and key", {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}});
  Matrix<int> of_scores(d.rows(), 1), of_squares(d.rows(), 1);
  for (int i = 0; i < d.rows(); ++i) {
    const Matrix<int> Q = attention::sign_vectors(i + 1), S = Q * Q.transpose();
    of_scores(i, 0) = S.sum();
    of_squares(i, 0) = S.squaredNorm();
  }
  const Term n = page.step("n", "Number of pairs", power(number(4), d));
  const Term s = page.computed("s", "Sum of q·k over all pairs", "\\sum q \\cdot k",
                               made_of({"d"}, known_integers(of_scores)));
  const Term s_2 = page.computed("s_2", "Sum of (q·k)² over all pairs", "\\sum (q \\cdot k)^2",
                                 made_of({"d"}, known_integers(of_squares)));
  const Term mean = page.step("mean", "Mean", s / n);
  const Term v = page.step("v", "Variance", s_2 / n);
  const Term sd = page.step("sd", "Standard deviation", sqrt(v));
  const Term scaled = page.step("scaled", "Variance after division by √d", v / d);
  const Term d_2 = page.step("d_2", "Squares of d", entrywise_product(d, d));
  const Term unit = page.step("unit", "Variance after division by d: unit vectors", v / d_2);
  page.fact("the mean is 0 for every d", mean == constant(8, 1, 0));
  page.fact("the variance is d for every d", v == d);
  page.fact("the standard deviation, squared, is d", entrywise_product(sd, sd) == d);
  page.fact("after division by √d the variance is 1 for every d", scaled == ones(scaled));
  page.fact("for unit vectors the variance is 1/d", entrywise_product(unit, d) == ones(unit));
}

/// The scores from −d to d with their probabilities.
struct Distribution {
  Term x, P;
};

/// Writes them, and the mean and variance that follow.
Distribution distribution(Page& page, int d) {
  Matrix<Exact> scores(d + 1, 1);
  for (int c = 0; c <= d; ++c) scores(c, 0) = 2 * c - d;
  const std::string index = "_" + std::to_string(d), at = "d = " + std::to_string(d) + ": ";
  const Term x = page.given("x" + index, "Scores at d = " + std::to_string(d), scores);
  const auto probabilities = [d](auto one) { return attention::sign_score_probabilities<decltype(one)>(d); };
  const Term P = page.computed("P" + index, "Their probabilities", "\\mathrm{C}(d, c) / 2^d",
                               made_of({x.name}, compute_from_numbers(probabilities)));
  const Term sq = page.step("sq" + index, "Squared scores", entrywise_product(x, x));
  const Term mean = page.step("mean" + index, "Mean", transpose(P) * x);
  const Term v = page.step("v" + index, "Variance", transpose(P) * sq);
  page.step("sd" + index, "Standard deviation", sqrt(v));
  page.fact(at + "the probabilities sum to 1", all_equal(P.values().colwise().sum(), ones(v)));
  page.fact(at + "the mean is 0", mean == constant(1, 1, 0));
  page.fact(at + "the variance is d", v == constant(1, 1, d));
  return {x, P};
}

/// The points of the curves, before and after the division by √d. Neighbouring scores are 2 apart before it
/// and 2/√d after it: a probability divided by this distance is a height that can be compared.
void curves(Page& page, int d) {
  const auto [x, P] = distribution(page, d);
  const std::string index = "_" + std::to_string(d);
  const auto share = [](const auto&... columns) { return attention::share_of_large_scores(columns...); };
  const auto near_the_mean = [](const auto& column) { return attention::near_the_mean(column); };
  page.computed("large" + index, "Share of the scores with (q·k)² ≥ d", "P(x^2 \\geq d)",
                compute(share, x, P));
  const Number root = sqrt(number("d", d));
  const Term y = page.computed("y" + index, "Scores of at most 3√d", x.name, compute(near_the_mean, x));
  const Term p = page.computed("p" + index, "Their probabilities", P.name, compute(near_the_mean, P));
  const Term f = page.step("f" + index, "Probability per unit of score", p / number(2));
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
  const Term A = write_softmax(page, Z);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  return A;
}

/// The sum of the diagonal.
const auto trace = [](const auto& square) { return square.diagonal().colwise().sum().eval(); };

/// The derivatives of the weights of one row: entry (i, j) is that of weight i by score j.
Term jacobian(Page& page, const Term& A) {
  const Term a = page.step("a", "Weights as a column", transpose(A));
  const Term G = page.step("G", "Weights on a diagonal", diagonal(a));
  const Term B = page.step("B", "Products of two weights", a * transpose(a));
  const Term J = page.step("J", "Jacobian of softmax", G - B);
  const Term r = page.step("r", "Row sums of the Jacobian", row_sums(J));
  const Term tr = page.computed("tr", "Trace of the Jacobian", "\\operatorname{tr} J", compute(trace, J));
  page.fact("each row of J sums to 0", r == constant(J.rows(), 1, 0));
  page.fact("J is its own transpose", J == transpose(J));
  page.fact("no entry of J is larger in size than 1 minus the largest weight",
            all_at_most(J.values().cwiseAbs(), constant(J.rows(), J.cols(), 1 - A.values().maxCoeff())));
  page.fact("the trace is 1 minus the sum of the squared weights",
            tr == constant(1, 1, 1 - A.values().squaredNorm()));
  return J;
}

/// Two scores that differ by √d: one standard deviation at d = 1, 4, 16 and 64.
void two_scores(Page& page) {
  page.example("two", "Two scores that differ by √d, d = 1, 4, 16, 64");
  const Term d = page.given("d", "Lengths", {{"1"}, {"4"}, {"16"}, {"64"}});
  const Term c = page.step("c", "Their square roots", sqrt(d));
  const Term S = page.given("S", "Two scores", {{"1", "0"}});
  const Term A = softmax(page, page.step("Z", "The scores times √d", c * S));
  const auto product = [](const auto& weights) { return weights.rowwise().prod().eval(); };
  const Term g =
      page.computed("g", "Derivative of a weight by its own score", "a_0 a_1", compute(product, A));
  page.fact("from row to row the derivative does not grow",
            all_at_most(g.values().bottomRows(3), g.values().topRows(3)));
}

/// One row of three scores, times 1, 2, 4 and 8.
void three_scores(Page& page) {
  Matrix<Exact> before;
  for (const int c : {1, 2, 4, 8}) {
    const std::string times = std::to_string(c);
    page.example("times" + times, "Three scores times " + times);
    if (c > 1) page.details();
    const Term S = page.given("S", {{"2", "1", "0"}});
    const Term Z = page.step("Z", "Scores times " + times, S * number(c));
    const Matrix<Exact> J = jacobian(page, softmax(page, Z)).values();
    if (c > 1)
      page.fact("no entry of J is larger in size than at half the scale",
                all_at_most(J.cwiseAbs(), before.cwiseAbs()));
    before = J;
  }
}

/// A published row of scores at d_k = 64, without the scale and with it.
void published(Page& page) {
  page.example("raw", "A published row of scores, not scaled");
  softmax(page, page.given("Z", "Scores", {{"-12.3", "45.2", "31.1"}}));

  page.example("scaled", "The same row, scaled with d_k = 64");
  const Term S = page.given("S", {{"-12.3", "45.2", "31.1"}});
  softmax(page, page.step("Z", S / sqrt(number("d_k", 64))));
}

// ---- What goes wrong: the other divisors. ----

/// Scores 8, 0 and −8, as they are to be expected at d_k = 64, divided by what programs divide by.
void divisors(Page& page) {
  page.example("divisors", "Five divisors, for d_k = 64, T = 4 and d_model = 512");
  const Term S = page.given(
      "S", {{"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}, {"8", "0", "-8"}});
  const Term b = page.given("b", "Divisors: √d_k, 1, d_k, √T, √d_model",
                            {{"sqrt(64)"}, {"1"}, {"64"}, {"sqrt(4)"}, {"sqrt(512)"}});
  const Term v =
      page.given("v", "Variance of a score, for each divisor", {{"64"}, {"64"}, {"64"}, {"64"}, {"64"}});
  const Term b_2 = page.step("b_2", "Squared divisors", entrywise_product(b, b));
  const Term v_b = page.step("v_b", "Variance after the division", v / b_2);
  page.step("sd_b", "Standard deviation after the division", sqrt(v_b));
  softmax(page, page.step("Z", "Scores after the division", S / b));
  page.fact("√d_k makes the variance 1", all_equal(v_b.values().row(0), constant(1, 1, 1)));
  page.fact(
      "every other divisor leaves a variance that is off by more than 4/5",
      all_at_most(constant(4, 1, Exact(4) / 5), (v_b.values().bottomRows(4) - constant(4, 1, 1)).cwiseAbs()));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three signs");
  page.details();
  distribution(page, 3);

  page.example("ex2", "Exercise 2: entries −1, 0 and 1");
  page.details();
  const Term x = page.given("x", "Values of an entry", {{"-1", "0", "1"}});
  const Term d = page.given("d", "Length", {{"9"}});
  const Term x_2 = page.step("x_2", "Their squares", entrywise_product(x, x));
  const Term s = page.step("s", "Sum of the squares", row_sums(x_2));
  const Term u = page.step("u", "Variance of an entry", s / number(3));
  const Term u_2 = page.step("u_2", "Variance of the product of two", entrywise_product(u, u));
  const Term v = page.step("v", "Variance of q·k", u_2 * d);
  page.step("sd", "Standard deviation", sqrt(v));

  page.example("ex3", "Exercise 3: weights that are fractions");
  page.details();
  jacobian(page, page.given("A", {{"1/2", "1/4", "1/4"}}));

  page.example("ex4", "Exercise 4: four equal weights");
  page.details();
  const Term even = jacobian(page, page.given("A", {{"1/4", "1/4", "1/4", "1/4"}}));

  page.example("ex4b", "Exercise 4: one weight three times as large as the others");
  page.details();
  const Term uneven = jacobian(page, page.given("A", {{"1/2", "1/6", "1/6", "1/6"}}));
  page.fact("entry (0, 0) is not smaller than that of equal weights",
            all_at_most(even.values().topLeftCorner(1, 1), uneven.values().topLeftCorner(1, 1)));
  page.fact("the trace is not larger than that of equal weights",
            all_at_most(trace(uneven.values()), trace(even.values())));
}

void derivations(Page& page) {
  pairs(page);
  lengths(page);
  spread(page);
  two_scores(page);
  three_scores(page);
  published(page);
  divisors(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "05-scaled-dot-product", derivations);
}
