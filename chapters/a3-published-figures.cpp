#include <algorithm>
#include <cmath>
#include <limits>

#include "numbers/expression.hpp"
#include "program/chapter.hpp"

// Published documents on attention, recomputed: every figure beside its exact value.

using namespace derivation;

namespace {

/// Figures as they were published: one text an entry, "" where there is none.
struct Published {
  Term step;
  Entries figures;
};

/// Half a unit of the last digit that was printed; nothing for a whole number, which claims to be exact.
Exact half_unit(const std::string& figure) {
  const auto literal = numbers::decimal_literal(figure);
  return literal ? literal->half_unit : Exact(0);
}

/// What rounding may add to a difference of numbers of this size: nothing, unless they are doubles. Then a
/// difference of just half a unit (0.098 for 0.0975) may come out a little larger, and a handful of
/// operations on numbers of at most this size add at most 8 units in the last place.
template <typename Scalar>
Scalar rounding_allowance(const Scalar&) {
  return Scalar(0);
}
template <>
double rounding_allowance(const double& size) {
  return 8 * std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(size));
}

/// The row of the table for one figure: published, whether its digits are right, the difference, and the
/// exact value, which is the longest.
template <typename Scalar>
std::vector<Scalar> compared(const std::string& figure, const Scalar& value) {
  const Scalar published = as_scalar<Scalar>(numbers::evaluate(figure));
  const Scalar difference = value - published;
  using std::abs;
  const Scalar allowed = as_scalar<Scalar>(half_unit(figure)) + rounding_allowance(published);
  const bool is_right = !(allowed < Scalar(abs(difference)));
  return {published, Scalar(is_right ? 1 : 0), difference, value};
}

std::string entry_name(const std::string& step, std::size_t i, std::size_t j) {
  return step + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
}

/// The step `compared`: every published figure beside the exact value. Returns how many have right digits.
void compare(Page& page, const std::vector<Published<Scalar>>& all, int right) {
  Labels labels{{}, {"published", "digits right: 1", "exact less published", "exact"}};
  std::vector<std::vector<Scalar>> rows;
  std::vector<std::string> operands;
  for (const Published<Scalar>& published : all) {
    operands.push_back(published.step.name);
    for (std::size_t i = 0; i < published.figures.size(); ++i)
      for (std::size_t j = 0; j < published.figures[i].size(); ++j) {
        if (published.figures[i][j].empty()) continue;
        labels.rows.push_back(entry_name(published.step.name, i, j));
        rows.push_back(compared(published.figures[i][j],
                                published.step.values()(static_cast<Index>(i), static_cast<Index>(j))));
      }
  }
  Matrix<Scalar> table(static_cast<Index>(rows.size()), 4);
  for (std::size_t k = 0; k < rows.size(); ++k)
    for (std::size_t c = 0; c < 4; ++c) table(static_cast<Index>(k), static_cast<Index>(c)) = rows[k][c];
  page.computed("compared", "Every published figure beside its exact value", "", operands, table, labels);
  const Matrix<Scalar> total = Matrix<Scalar>::Constant(1, 1, Scalar(table.col(1).sum()));
  page.fact(std::to_string(right) + " of " + std::to_string(rows.size()) + " figures have right digits",
            all_equal<Scalar>(total, Matrix<Scalar>::Constant(1, 1, Scalar(right))));
}

Term softmax(Page& page, const Term& scores) {
  const auto m = page.detail("m", "Row maxima", row_maxima(scores));
  const auto D = page.detail("D", "Shifted scores", scores - m);
  const auto E = page.detail("E", "Exponentials", exp(D));
  const auto l = page.detail("l", "Row sums", row_sums(E));
  return page.detail("A", "Weights", weights(E, l));
}

/// 05 — Full attention computation: length-4 sequence with numerical values.
void four_tokens(Page& page) {
  page.example("four", "Four tokens: I will work .");
  page.details();
  const auto X = page.given("X", {{"0.50", "0.30", "-0.20", "0.10"},
                                  {"-0.10", "0.40", "0.20", "-0.30"},
                                  {"0.20", "-0.10", "0.50", "0.10"},
                                  {"0", "0", "0", "0.20"}});
  const auto G = page.step("G", "All dot products of two tokens", X * transpose(X));
  const auto S = page.step("S", "Scores", G / number(Exact(4)));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  const auto mask =
      page.given("mask", "Mask: 1 may look",
                 {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  const auto A = softmax(page, page.step("M", "Masked scores", hide(Z, mask)));
  const auto Y = page.step("Y", "Output", A * X);
  compare<Scalar>(page,
                  {{G,
                    {{"0.39", "-0.04", "-0.01", "0.02"},
                     {"-0.04", "0.30", "0.04", "-0.06"},
                     {"-0.01", "0.04", "0.31", "0.02"},
                     {"0.02", "-0.06", "0.02", "0.04"}}},
                   {S,
                    {{"0.098", "-0.010", "-0.003", "0.005"},
                     {"-0.010", "0.075", "0.010", "-0.015"},
                     {"-0.003", "0.010", "0.078", "0.005"},
                     {"0.005", "-0.015", "0.005", "0.010"}}},
                   {Z,
                    {{"0.049", "-0.005", "-0.002", "0.003"},
                     {"-0.005", "0.038", "0.005", "-0.008"},
                     {"-0.002", "0.005", "0.039", "0.003"},
                     {"0.003", "-0.008", "0.003", "0.005"}}},
                   {A,
                    {{"", "", "", ""},
                     {"0.489", "0.511", "", ""},
                     {"0.328", "0.330", "0.342", ""},
                     {"0.250", "0.248", "0.250", "0.251"}}},
                   {Y,
                    {{"0.50", "0.30", "-0.20", "0.10"},
                     {"0.194", "0.351", "0.004", "-0.104"},
                     {"0.199", "0.197", "0.171", "-0.032"}}}},
                  49);
}

/// Project 1: Build Attention from Scratch: the softmax rows of its introduction.
void softmax_row(Page& page) {
  page.example("row", "Softmax of three scores");
  page.details();
  const auto scores = page.given("S", {{"2", "1", "0.5"}});
  compare<Scalar>(page, {{softmax(page, scores), {{"0.63", "0.23", "0.14"}}}}, 3);
}

void saturated_row(Page& page) {
  page.example("large", "Three large scores, without the scale");
  page.details();
  const auto scores = page.given("S", {{"-12.3", "45.2", "31.1"}});
  compare<Scalar>(page, {{softmax(page, scores), {{"0.00", "0.99", "0.01"}}}}, 1);

  page.example("scaled", "The same scores, divided by 8");
  page.details();
  const auto S = page.given("S", {{"-12.3", "45.2", "31.1"}});
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 64)));
  const auto A = softmax(page, Z);
  compare<Scalar>(page, {{Z, {{"-1.5", "5.6", "3.9"}}}, {A, {{"0.02", "0.72", "0.26"}}}}, 3);
}

/// Project 1: its manual verification.
void manual_trace(Page& page) {
  page.example("manual", "Two tokens, traced by hand");
  page.details();
  const auto Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const auto K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const auto V = page.given("V", {{"10", "20", "30", "40"}, {"5", "15", "25", "35"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto A = softmax(page, page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4))));
  const auto Y = page.step("Y", "Output", A * V);
  compare<Scalar>(page,
                  {{A, {{"0.73", "0.27"}, {"0.27", "0.73"}}}, {Y, {{"8.65", "18.65", "28.65", "38.65"}}}}, 4);
}

/// Project 1: the demo's weights, against the softmax of the demo's own scores.
void demo(Page& page) {
  page.example("demo", "The cat sat on the mat");
  page.details();
  const auto S = page.given("S", {{"45.2", "12.3", "8.1", "3.2", "44.8", "9.1"},
                                  {"12.1", "67.3", "34.2", "5.1", "11.9", "28.3"},
                                  {"8.3", "33.9", "52.1", "18.2", "8.7", "41.2"},
                                  {"3.1", "5.2", "17.8", "29.4", "3.3", "38.9"},
                                  {"44.9", "12.1", "8.4", "3.4", "45.1", "9.3"},
                                  {"9.2", "28.1", "40.8", "38.7", "9.4", "71.2"}});
  const auto A = softmax(page, page.step("Z", "Scaled scores", S / sqrt(number("d_k", 64))));
  compare<Scalar>(page,
                  {{A,
                    {{"0.42", "0.08", "0.05", "0.01", "0.41", "0.03"},
                     {"0.03", "0.35", "0.18", "0.01", "0.03", "0.40"},
                     {"0.01", "0.15", "0.24", "0.03", "0.01", "0.56"},
                     {"0.01", "0.01", "0.04", "0.17", "0.01", "0.76"},
                     {"0.42", "0.08", "0.05", "0.01", "0.41", "0.03"},
                     {"0.01", "0.08", "0.19", "0.19", "0.01", "0.52"}}}},
                  3);
}

/// The published formula gives 2^(-8k/12) as its k-th slope, the cube root of 4^-k: no number of our field,
/// but its cube is. So the figures are right to their digits if 4^-k lies between the cubes of their bounds.
void check_formula(Page& page, const std::vector<std::string>& figures, int first) {
  const Index count = static_cast<Index>(figures.size());
  Matrix<Scalar> low(1, count), cube(1, count), high(1, count);
  for (Index j = 0; j < count; ++j) {
    const auto literal = numbers::decimal_literal(figures[static_cast<std::size_t>(j)]);
    low(0, j) = as_scalar<Scalar>(numbers::pow(literal->value - literal->half_unit, 3));
    cube(0, j) = as_scalar<Scalar>(numbers::pow(Exact(4), -(first + static_cast<int>(j))));
    high(0, j) = as_scalar<Scalar>(numbers::pow(literal->value + literal->half_unit, 3));
  }
  const std::string slopes =
      "slopes " + std::to_string(first) + " to " + std::to_string(first + static_cast<int>(count) - 1);
  page.fact("the formula's " + slopes + " are at least these figures less half a unit of their last digit",
            all_at_most(low, cube));
  page.fact("the formula's " + slopes + " are at most these figures and half a unit of their last digit",
            all_at_most(cube, high));
}

/// Project 1: slopes of ALiBi for a number of heads that is no power of two, against its authors' own rule:
/// the slopes for the next lower power of two, then every other slope for twice that.
void slopes(Page& page) {
  page.example("slopes", "Slopes of ALiBi for 12 heads");
  page.details();
  const auto whole =
      page.given("n", "Exponents for 8 heads", {{"-1", "-2", "-3", "-4", "-5", "-6", "-7", "-8"}});
  const auto half =
      page.given("k", "Exponents of the square, for every other of 16 heads", {{"-1", "-3", "-5", "-7"}});
  const auto first = page.step("s", "Slopes 1 to 8", power(number(Exact(2)), whole));
  const auto square = page.step("q", "Squares of the slopes 9 to 12", power(number(Exact(2)), half));
  const auto last = page.step("r", "Slopes 9 to 12", sqrt(square));
  const Entries formula_first = {
      {"0.62996", "0.39685", "0.25000", "0.15749", "0.09921", "0.06250", "0.03937", "0.02480"}};
  const Entries formula_last = {{"0.01563", "0.00984", "0.00620", "0.00391"}};
  compare<Scalar>(page, {{first, formula_first}, {last, formula_last}}, 0);
  check_formula(page, formula_first[0], 1);
  check_formula(page, formula_last[0], 9);
}

/// Project 1: linear_attention has no normaliser. With values of 1, weights that sum to 1 would give 1.
void linear(Page& page) {
  page.example("linear", "Linear attention without a normaliser");
  const auto Q = page.given("Q", {{"1", "0"}, {"0", "2"}, {"1", "1"}});
  const auto K = page.given("K", {{"1", "0"}, {"2", "1"}, {"0", "0"}});
  const auto m = page.detail("m", "Row maxima of Q", row_maxima(Q));
  const auto n = page.detail("n", "Row maxima of K", row_maxima(K));
  const auto D = page.detail("D", "Shifted queries", Q - m);
  const auto F = page.detail("F", "Shifted keys", K - n);
  const auto P = page.step("P", "Features of the queries", exp(D));
  const auto R = page.step("R", "Features of the keys", exp(F));
  const auto W = page.step("W", "Its weights", P * transpose(R));
  const auto w = page.step("w", "What each row of weights sums to", row_sums(W));
  page.fact("every row sums to more than 11/10",
            all_at_most<Scalar>(Matrix<Scalar>::Constant(3, 1, as_scalar<Scalar>(Exact(11) / Exact(10))),
                                w.values()));
}

const auto derivations = [](Page& page) {
  four_tokens(page);
  softmax_row(page);
  saturated_row(page);
  manual_trace(page);
  demo(page);
  slopes(page);
  linear(page);
};

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "a3-published-figures", derivations);
}
