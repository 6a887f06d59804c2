#include "program/chapter.hpp"

// The derivations of chapter 1 as they stand on paper: every line is one step.
// Each is computed with exact numbers and with doubles.

using namespace derivation;

namespace {

/// A recurrent summary: h_t = keep · h_{t−1} + take · x_t, starting from 0. Row t is the state after token t.
template <typename Scalar>
Matrix<Scalar> states(const Matrix<Scalar>& X, const Scalar& keep, const Scalar& take) {
  Matrix<Scalar> H(X.rows(), X.cols());
  Matrix<Scalar> h = Matrix<Scalar>::Constant(1, X.cols(), Scalar(0));
  for (Index t = 0; t < X.rows(); ++t) {
    h = h * keep + X.row(t) * take;
    H.row(t) = h;
  }
  return H;
}

/// How much of each token each state holds. The rows of the identity are the tokens that differ from each
/// other entirely: column s of their states is what is left of token s.
template <typename Scalar>
Matrix<Scalar> routes(Index T, const Scalar& keep, const Scalar& take) {
  Matrix<Scalar> identity = Matrix<Scalar>::Constant(T, T, Scalar(0));
  for (Index t = 0; t < T; ++t) identity(t, t) = Scalar(1);
  return states(identity, keep, take);
}

/// The matrix R of what reaches which state, and the states R X.
struct Summary {
  Term R, H;
};

Summary summarise(Page& page, const Term& X, const Exact& keep, const Exact& take) {
  const Term R = page.computed("R", "What each state holds of each token", "\\operatorname{routes}(T)",
                               compute_from_numbers([&](auto one) {
                                 using Scalar = decltype(one);
                                 return routes(X.rows(), as_scalar<Scalar>(keep), as_scalar<Scalar>(take));
                               }),
                               {{}, X.labels.rows});
  const Term H = page.step("H", "States", R * X);
  page.fact("the recurrence, state after state, gives the same H", H == states(X.values(), keep, take));
  return {R, H};
}

/// The last row of a matrix, taken out by a product.
Term last_row(Page& page, const std::string& name, const std::string& title, const Term& matrix) {
  Matrix<Exact> pick = Matrix<Exact>::Constant(1, matrix.rows(), Exact(0));
  pick(0, matrix.rows() - 1) = Exact(1);
  const auto last = page.given("last", "Picks the last row", pick);
  return page.step(name, title, last * matrix);
}

const std::vector<std::string> sentence_words = {"I", "work", ",", "you", "work", ",", "he", "___"};

/// Columns: first person, second person, third person.
Term sentence_tokens(Page& page) {
  page.tokens(sentence_words);
  return page.given("X", {{"1", "0", "0"},
                          {"0", "0", "0"},
                          {"0", "0", "0"},
                          {"0", "1", "0"},
                          {"0", "0", "0"},
                          {"0", "0", "0"},
                          {"0", "0", "1"},
                          {"0", "0", "0"}});
}

/// The eight tokens, passed on from state to state; against a row of weights that looks at one.
void sentence(Page& page) {
  page.example("sentence", "From state to state, and directly");
  const auto X = sentence_tokens(page);
  const auto [R, H] = summarise(page, X, Exact(1) / 2, Exact(1) / 2);
  const auto c = last_row(page, "c", "Contributions to the last state", R);
  page.fact("in the last state he counts 64 times as much as I",
            all_equal(c.values().col(6), c.values().col(0) * Exact(64)));

  const auto a = page.given("a", "The ideal row of weights", {{"0", "0", "0", "0", "0", "0", "1", "0"}});
  const auto direct = page.step("direct", "What the blank receives from the ideal row", a * X);
  page.fact("the ideal row hands over the row of he, unchanged", direct == Matrix<Exact>(X.values().row(6)));
  const auto b = page.given("b", "Weights near the ideal row",
                            {{"1/70", "1/70", "1/70", "1/70", "1/70", "1/70", "9/10", "1/70"}});
  page.step("near", "What the blank receives from them", b * X);
  page.fact("the weights of b sum to 1", row_sums(b) == ones(b));

  page.step("turned", "The routes read the wrong way round", transpose(R) * X);
  page.details();
  page.given("place", "Places", {{"0", "1", "2", "3", "4", "5", "6", "7"}});
  page.figure(
      {"routes",
       Figure::Kind::bars,
       "What reaches the blank: from the summary a half of itself, a quarter of he and less and less of "
       "what stands before; from the ideal row all of he and nothing else",
       "token",
       "contribution",
       {{"recurrent summary", "place", "c"}, {"ideal row of weights", "place", "a"}}});
}

/// A pronoun nearer to the blank than the right one.
void distance(Page& page) {
  page.example("far", "The nearest pronoun is the wrong one");
  page.tokens({"he", "who", "helps", "you", "___"});
  const auto X =
      page.given("X", {{"0", "0", "1"}, {"0", "0", "0"}, {"0", "0", "0"}, {"0", "1", "0"}, {"0", "0", "0"}});
  const auto [R, H] = summarise(page, X, Exact(1) / 2, Exact(1) / 2);
  page.fact("in the last state the second person counts 8 times as much as the third",
            all_equal(H.values().row(4).segment(1, 1), H.values().row(4).segment(2, 1) * Exact(8)));
  const auto a = page.given("a", "The ideal row of weights", {{"1", "0", "0", "0", "0"}});
  page.step("direct", "What the blank receives from it", a * X);
}

/// Three inputs of three tokens, one a column, and one and the same last state.
void bottleneck(Page& page) {
  page.example("narrow", "Different inputs, the same state");
  const auto c = page.given("c", "Contributions to the last state", {{"1/8", "1/4", "1/2"}});
  const auto inputs =
      page.given("N", "Three inputs, one a column", {{"4", "0", "0"}, {"0", "2", "4/3"}, {"0", "0", "1/3"}});
  const auto h = page.step("h", "Their last states", c * inputs);
  page.fact("all three states are 1/2", h == constant(1, 3, Exact(1) / 2));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: a shorter memory");
  page.details();
  page.tokens({"you", "work", ",", "he", "___"});
  const auto X = page.given("X", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}, {"0", "0"}});
  const auto R = summarise(page, X, Exact(1) / 3, Exact(2) / 3).R;
  const auto c = last_row(page, "c", "Contributions to the last state", R);
  page.step("h", "The last state", c * X);

  page.example("ex2", "Exercise 2: nothing fades");
  page.details();
  const auto tokens = sentence_tokens(page);
  const auto summed = summarise(page, tokens, 1, 1);
  last_row(page, "h", "The last state", summed.H);

  page.example("ex3", "Exercise 3: a memory that grows");
  page.details();
  const auto again = sentence_tokens(page);
  const auto grown = summarise(page, again, 2, 1);
  const auto g = last_row(page, "c", "Contributions to the last state", grown.R);
  page.fact("in the last state I counts 64 times as much as he",
            all_equal(g.values().col(0), g.values().col(6) * Exact(64)));
  page.computed("f", "Contributions to the last state of he who helps you ___", "\\text{last row}",
                known(routes(5, Exact(2), Exact(1)).row(4)));
}

void derivations(Page& page) {
  sentence(page);
  distance(page);
  bottleneck(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "01-why-attention", derivations);
}
