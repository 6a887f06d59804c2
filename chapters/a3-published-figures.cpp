#include "derivation/head_steps.hpp"
#include "derivation/published_figures.hpp"
#include "numbers/expression.hpp"
#include "program/chapter.hpp"

// Published documents on attention, recomputed: every figure beside its exact value.

using namespace derivation;

namespace {

/// 05 — Full attention computation: length-4 sequence with numerical values.
void four_tokens(Page& page) {
  page.example("four", "Four tokens: I will work .");
  page.details();
  const Term X = page.given("X", {{"0.50", "0.30", "-0.20", "0.10"},
                                  {"-0.10", "0.40", "0.20", "-0.30"},
                                  {"0.20", "-0.10", "0.50", "0.10"},
                                  {"0", "0", "0", "0.20"}});
  const Term G = page.step("G", "All dot products of two tokens", X * transpose(X));
  const Term S = page.step("S", G / number(4));
  const Term Z = page.step("Z", S / sqrt(number("d_k", 4)));
  const Term mask = page.given("mask", "Mask: 1 may look", zeros_and_ones(attention::causal_mask(4)).exact);
  const Term A = write_softmax(page, page.step("M", hide(Z, mask)));
  const Term Y = page.step("Y", A * X);
  compare_with_published(page,
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
  const Term scores = page.given("S", {{"2", "1", "0.5"}});
  compare_with_published(page, {{write_softmax(page, scores), {{"0.63", "0.23", "0.14"}}}}, 3);
}

void saturated_row(Page& page) {
  page.example("large", "Three large scores, without the scale");
  page.details();
  const Term scores = page.given("S", {{"-12.3", "45.2", "31.1"}});
  compare_with_published(page, {{write_softmax(page, scores), {{"0.00", "0.99", "0.01"}}}}, 1);

  page.example("scaled", "The same scores, divided by 8");
  page.details();
  const Term S = page.given("S", {{"-12.3", "45.2", "31.1"}});
  const Term Z = page.step("Z", S / sqrt(number("d_k", 64)));
  const Term A = write_softmax(page, Z);
  compare_with_published(page, {{Z, {{"-1.5", "5.6", "3.9"}}}, {A, {{"0.02", "0.72", "0.26"}}}}, 3);
}

/// Project 1: its manual verification.
void manual_trace(Page& page) {
  page.example("manual", "Two tokens, traced by hand");
  page.details();
  const Term Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const Term K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const Term V = page.given("V", {{"10", "20", "30", "40"}, {"5", "15", "25", "35"}});
  const auto [A, Y] = write_attention(page, Q, K, V);
  compare_with_published(
      page, {{A, {{"0.73", "0.27"}, {"0.27", "0.73"}}}, {Y, {{"8.65", "18.65", "28.65", "38.65"}}}}, 4);
}

/// Project 1: the demo's weights, against the softmax of the demo's own scores.
void demo(Page& page) {
  page.example("demo", "The cat sat on the mat");
  page.details();
  const Term S = page.given("S", {{"45.2", "12.3", "8.1", "3.2", "44.8", "9.1"},
                                  {"12.1", "67.3", "34.2", "5.1", "11.9", "28.3"},
                                  {"8.3", "33.9", "52.1", "18.2", "8.7", "41.2"},
                                  {"3.1", "5.2", "17.8", "29.4", "3.3", "38.9"},
                                  {"44.9", "12.1", "8.4", "3.4", "45.1", "9.3"},
                                  {"9.2", "28.1", "40.8", "38.7", "9.4", "71.2"}});
  const Term A = write_softmax(page, page.step("Z", S / sqrt(number("d_k", 64))));
  compare_with_published(page,
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
  Matrix<Exact> low(1, count), cube(1, count), high(1, count);
  int k = first;
  for (Index j = 0; j < count; ++j, ++k) {
    const auto figure = numbers::decimal_literal(figures[static_cast<std::size_t>(j)]);
    low(0, j) = pow(figure->value - figure->half_unit, 3);
    cube(0, j) = pow(Exact(4), -k);
    high(0, j) = pow(figure->value + figure->half_unit, 3);
  }
  const std::string slopes = "slopes " + std::to_string(first) + " to " + std::to_string(k - 1);
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
  const Term whole =
      page.given("n", "Exponents for 8 heads", {{"-1", "-2", "-3", "-4", "-5", "-6", "-7", "-8"}});
  const Term half =
      page.given("k", "Exponents of the square, for every other of 16 heads", {{"-1", "-3", "-5", "-7"}});
  const Term first = page.step("s", "Slopes 1 to 8", power(number(2), whole));
  const Term square = page.step("q", "Squares of the slopes 9 to 12", power(number(2), half));
  const Term last = page.step("r", "Slopes 9 to 12", sqrt(square));
  const Entries formula_first = {
      {"0.62996", "0.39685", "0.25000", "0.15749", "0.09921", "0.06250", "0.03937", "0.02480"}};
  const Entries formula_last = {{"0.01563", "0.00984", "0.00620", "0.00391"}};
  compare_with_published(page, {{first, formula_first}, {last, formula_last}}, 0);
  check_formula(page, formula_first[0], 1);
  check_formula(page, formula_last[0], 9);
}

/// Project 1: linear_attention has no normaliser. With values of 1, weights that sum to 1 would give 1.
void linear(Page& page) {
  page.example("linear", "Linear attention without a normaliser");
  const Term Q = page.given("Q", {{"1", "0"}, {"0", "2"}, {"1", "1"}});
  const Term K = page.given("K", {{"1", "0"}, {"2", "1"}, {"0", "0"}});
  const Term m = page.detail("m", "Row maxima of Q", row_maxima(Q));
  const Term n = page.detail("n", "Row maxima of K", row_maxima(K));
  const Term D = page.detail("D", "Shifted queries", Q - m);
  const Term F = page.detail("F", "Shifted keys", K - n);
  const Term P = page.step("P", "Features of the queries", exp(D));
  const Term R = page.step("R", "Features of the keys", exp(F));
  const Term W = page.step("W", "Its weights", P * transpose(R));
  const Term w = page.step("w", "What each row of weights sums to", row_sums(W));
  page.fact("every row sums to more than 11/10", all_at_most(constant(3, 1, Exact(11) / 10), w.values()));
}

void derivations(Page& page) {
  four_tokens(page);
  softmax_row(page);
  saturated_row(page);
  manual_trace(page);
  demo(page);
  slopes(page);
  linear(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "a3-published-figures", derivations);
}
