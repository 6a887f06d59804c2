#include "program/chapter.hpp"

// The derivations of chapter 4 as they stand on paper: every line is one step.
// main() runs them twice, with exact numbers and with doubles.

using namespace derivation;
using attention::softmax_rows;

namespace {

/// Scores to weights, each step's name with an ending of its own ("" for the only softmax of an example).
Term softmax(Page& page, const Term& S, const std::string& ending) {
  const auto m = page.detail("m" + ending, "Row maxima", row_maxima(S));
  const auto D = page.detail("D" + ending, "Shifted scores", S - m);
  const auto E = page.detail("E" + ending, "Exponentials", exp(D));
  const auto l = page.detail("l" + ending, "Row sums", row_sums(E));
  const auto A = page.step("A" + ending, "Weights", E / l);
  page.fact("A" + ending + " is what softmax_rows(), the code, makes of the scores",
            A == softmax_rows(S.values()));
  return A;
}

/// Pronouns and the ending that each calls for, as a dictionary: 1 for -s, −1 for none.
struct Dictionary {
  Term K, V;
};

Dictionary<Scalar> dictionary(Page& page) {
  page.tokens({"he", "I", "you"});
  const auto K = page.given("K", {{"0", "0", "1"}, {"1", "0", "0"}, {"0", "1", "0"}});
  const auto V = page.given("V", {{"1"}, {"-1"}, {"-1"}});
  return {K, V};
}

/// A look-up that finds one entry or none.
void exact_look_up(Page& page) {
  page.example("exact", "An exact look-up");
  const auto Q = page.given("Q", {{"0", "0", "1"}});
  const auto [K, V] = dictionary(page);
  const auto S = page.step("S", "Matches", Q * transpose(K));
  const auto Y = page.step("Y", "What is found", S * V);
  page.fact("the result is the value of he", Y == Matrix<Scalar>(V.values().topRows(1)));
}

/// A look-up that finds every entry, more or less.
void soft_look_up(Page& page, const Entries& query) {
  const auto Q = page.given("Q", query);
  const auto [K, V] = dictionary(page);
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto A = softmax(page, S, "");
  page.step("Y", "What is found", A * V);
}

/// Features of each token: pronoun, third person, blank, place.
Term sentence_tokens(Page& page) {
  page.tokens({"you", "work", ",", "he", "___"});
  return page.given("X", {{"1", "0", "0", "0"},
                          {"0", "0", "0", "1"},
                          {"0", "0", "0", "2"},
                          {"1", "1", "0", "3"},
                          {"0", "0", "1", "4"}});
}

struct HeadWeights {
  Term W_Q, W_K, W_V;
};

/// A blank looks for a pronoun, and for a late one; a pronoun hands over the ending that it calls for.
HeadWeights<Scalar> agreement_weights(Page& page) {
  return {page.given("W_Q", {{"0", "0"}, {"0", "0"}, {"4", "1"}, {"0", "0"}}),
          page.given("W_K", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}}),
          page.given("W_V", {{"-1"}, {"2"}, {"0"}, {"0"}})};
}

/// The parts of a head, without the scale of the next chapter.
struct Head {
  Term S, A, Y;
};

Head<Scalar> look_up(Page& page, const Term& X, const HeadWeights<Scalar>& weights) {
  const auto Q = page.step("Q", "Queries", X * weights.W_Q);
  const auto K = page.step("K", "Keys", X * weights.W_K);
  const auto V = page.step("V", "Values", X * weights.W_V);
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto A = softmax(page, S, "");
  const auto Y = page.step("Y", "Output", A * V);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  return {S, A, Y};
}

/// Three matrices; then what is left with two, and with none.
void sentence(Page& page) {
  page.example("sentence", "The blank looks for its pronoun");
  const auto X = sentence_tokens(page);
  const auto weights = agreement_weights(page);
  const auto [S, A, Y] = look_up(page, X, weights);
  page.fact("a token whose query is 0 weighs all five alike",
            all_equal<Scalar>(A.values().topRows(4), Matrix<Scalar>::Constant(4, 5, Scalar(1) / Scalar(5))));

  const auto mixed = page.step("mixed", "Without W_V: the tokens themselves, mixed", A * X);
  const auto later = page.step("later", "W_V applied after mixing", mixed * weights.W_V);
  page.fact("mixing first and applying W_V later gives the same output", later == Y);

  const auto S_X = page.step("S_X", "Without any matrix: tokens against tokens", X * transpose(X));
  const auto A_X = softmax(page, S_X, "_X");
  page.fact("tokens against tokens is symmetric", S_X == transpose(S_X));
  page.fact("the longest token gives no other a higher score than itself",
            all_at_most<Scalar>(S_X.values().row(4), Matrix<Scalar>::Constant(1, 5, S_X.values()(4, 4))));

  page.details();
  const auto last = page.given("last", "Picks the blank's row", {{"0", "0", "0", "0", "1"}});
  page.given("place", "Places", {{"0", "1", "2", "3", "4"}});
  page.step("three", "The blank's weights, with three matrices", last * A);
  page.step("none", "The blank's weights, without any", last * A_X);
  page.figure(
      {"blank",
       Figure::Kind::bars,
       "The blank's weights: with three matrices nearly all on he, without any nearly all on the blank "
       "itself",
       "token",
       "weight",
       {{"with three matrices", "place", "three"}, {"with none: tokens against tokens", "place", "none"}}});
}

/// The diagonal entry of each row, once for every column.
template <typename Scalar>
Matrix<Scalar> diagonals(const Matrix<Scalar>& square) {
  return square.diagonal().replicate(1, square.cols());
}

/// Tokens of one length against themselves.
void equal_lengths(Page& page) {
  page.example("equal", "Tokens of one length, against each other");
  const auto X = page.given("X", {{"1", "2", "2"}, {"2", "1", "2"}, {"2", "-1", "2"}});
  const auto S = page.step("S", "Scores", X * transpose(X));
  const auto A = softmax(page, S, "");
  page.fact("no score of a row is higher than that on the diagonal",
            all_at_most<Scalar>(S.values(), diagonals(S.values())));
  page.fact(
      "every token takes more than 6/10 of its new row from itself",
      all_at_most<Scalar>(Matrix<Scalar>::Constant(3, 3, Scalar(6) / Scalar(10)), diagonals(A.values())));
}

/// The same weight matrices, another input.
void another_sentence(Page& page) {
  page.example("other", "The same matrices, another sentence");
  page.tokens({"he", "always", "___"});
  const auto X = page.given("X", {{"1", "1", "0", "0"}, {"0", "0", "0", "1"}, {"0", "0", "1", "2"}});
  look_up(page, X, agreement_weights(page));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: another query");
  page.details();
  soft_look_up(page, {{"2", "0", "1"}});

  page.example("ex2", "Exercise 2: one matrix for queries and keys");
  page.details();
  const auto tokens = sentence_tokens(page);
  const auto one = page.given("W", "The one matrix", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}});
  const auto K = page.step("K", "Queries and keys in one", tokens * one);
  const auto scores = page.step("S", "Scores", K * transpose(K));
  page.fact("the scores are symmetric", scores == transpose(scores));

  page.example("ex3", "Exercise 3: two matrices seen as one");
  page.details();
  const auto X = sentence_tokens(page);
  const auto [W_Q, W_K, W_V] = agreement_weights(page);
  const auto W =
      page.step("W", "What a feature of the query finds in a feature of the key", W_Q * transpose(W_K));
  const auto left = page.step("P", "Tokens times W", X * W);
  const auto S = page.step("S", "Scores", left * transpose(X));
  const Matrix<Scalar> Q = X.values() * W_Q.values(), keys = X.values() * W_K.values();
  page.fact("the scores are those of queries and keys", S == Matrix<Scalar>(Q * keys.transpose()));
}

const auto derivations = [](Page& page) {
  exact_look_up(page);
  page.example("soft", "A soft look-up");
  soft_look_up(page, {{"0", "1", "2"}});
  sentence(page);
  equal_lengths(page);
  another_sentence(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "04-query-key-value", derivations);
}
