#include "derivation/head_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 4 as they stand on paper: every line is one step, made with exact numbers and
// with doubles.

using namespace derivation;

namespace {

/// Scores to weights; an index tells the steps of a second softmax apart.
Term softmax(Page& page, const Term& S, const std::string& index = "") {
  const Term A = write_softmax_in_brief(HeadSteps(page, index), S, "Weights");
  page.fact(A.name + " is what softmax_rows(), the code, makes of the scores",
            A == attention::softmax_rows(S.values()));
  return A;
}

/// Pronouns and the ending that each calls for, as a dictionary: 1 for -s, −1 for none.
struct Dictionary {
  Term K, V;
};

Dictionary dictionary(Page& page) {
  page.tokens({"he", "I", "you"});
  return {page.given("K", {{"0", "0", "1"}, {"1", "0", "0"}, {"0", "1", "0"}}),
          page.given("V", {{"1"}, {"-1"}, {"-1"}})};
}

/// A look-up that finds one entry or none.
void exact_look_up(Page& page) {
  page.example("exact", "An exact look-up");
  const Term Q = page.given("Q", {{"0", "0", "1"}});
  const auto [K, V] = dictionary(page);
  const Term S = page.step("S", "Matches", Q * transpose(K));
  const Term Y = page.step("Y", "What is found", S * V);
  page.fact("the result is the value of he", Y == V.values().topRows(1));
}

/// A look-up that finds every entry, more or less.
void soft_look_up(Page& page, const Entries& query) {
  const Term Q = page.given("Q", query);
  const auto [K, V] = dictionary(page);
  const Term S = page.step("S", Q * transpose(K));
  page.step("Y", "What is found", softmax(page, S) * V);
}

/// Features of each token: pronoun, third person, blank, place. The sentences are you work , he ___ and
/// chapter 1's he who helps you ___
const Entries you_work_he = {{"1", "0", "0", "0"},
                             {"0", "0", "0", "1"},
                             {"0", "0", "0", "2"},
                             {"1", "1", "0", "3"},
                             {"0", "0", "1", "4"}};
const Entries he_who_helps = {{"1", "1", "0", "0"},
                              {"0", "0", "0", "1"},
                              {"0", "0", "0", "2"},
                              {"1", "0", "0", "3"},
                              {"0", "0", "1", "4"}};

Term sentence_tokens(Page& page) {
  page.tokens({"you", "work", ",", "he", "___"});
  return page.given("X", you_work_he);
}

struct HeadWeights {
  Term W_Q, W_K, W_V;
};

/// A blank looks for a pronoun, and for a late one; a pronoun hands over the ending that it calls for.
HeadWeights agreement_weights(Page& page) {
  return {page.given("W_Q", {{"0", "0"}, {"0", "0"}, {"4", "1"}, {"0", "0"}}),
          page.given("W_K", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}}),
          page.given("W_V", {{"-1"}, {"2"}, {"0"}, {"0"}})};
}

/// A head, without the scale of the next chapter.
Attended look_up(Page& page, const Term& X, const HeadWeights& weights) {
  const Term Q = page.step("Q", X * weights.W_Q);
  const Term K = page.step("K", X * weights.W_K);
  const Term V = page.step("V", X * weights.W_V);
  const Term S = page.step("S", Q * transpose(K));
  const Term A = softmax(page, S);
  const Term Y = page.step("Y", A * V);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  return {A, Y};
}

/// Three matrices; then what is left with two, and with none.
void sentence(Page& page) {
  page.example("sentence", "The blank looks for its pronoun");
  const Term X = sentence_tokens(page);
  const HeadWeights weights = agreement_weights(page);
  const auto [A, Y] = look_up(page, X, weights);
  page.fact("a token whose query is 0 weighs all five alike",
            all_equal(A.values().topRows(4), constant(4, 5, Exact(1) / 5)));

  const Term mixed = page.step("mixed", "Without W_V: the tokens themselves, mixed", A * X);
  const Term later = page.step("later", "W_V applied after mixing", mixed * weights.W_V);
  page.fact("mixing first and applying W_V later gives the same output", later == Y);

  const Term S_X = page.step("S_X", "Without any matrix: tokens against tokens", X * transpose(X));
  const Term A_X = softmax(page, S_X, "_X");
  page.fact("tokens against tokens is symmetric", S_X == transpose(S_X));
  page.fact("the longest token gives no other a higher score than itself",
            all_at_most(S_X.values().row(4), constant(1, 5, S_X.values()(4, 4))));

  page.details();
  const Term last = page.given("last", "Picks the blank's row", {{"0", "0", "0", "0", "1"}});
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
Matrix<Exact> diagonals(const Matrix<Exact>& square) { return square.diagonal().replicate(1, square.cols()); }

/// Tokens of one length against themselves.
void equal_lengths(Page& page) {
  page.example("equal", "Tokens of one length, against each other");
  const Term X = page.given("X", {{"1", "2", "2"}, {"2", "1", "2"}, {"2", "-1", "2"}});
  const Term S = page.step("S", X * transpose(X));
  const Term A = softmax(page, S);
  page.fact("no score of a row is higher than that on the diagonal",
            all_at_most(S.values(), diagonals(S.values())));
  page.fact("every token takes more than 6/10 of its new row from itself",
            all_at_most(constant(3, 3, Exact(6) / 10), diagonals(A.values())));
}

/// The same weight matrices, another sentence.
Attended the_same_head(Page& page, const std::string& name, const std::string& title,
                       const std::vector<std::string>& words, const Entries& tokens) {
  page.example(name, title);
  page.tokens(words);
  const Term X = page.given("X", tokens);
  return look_up(page, X, agreement_weights(page));
}

/// A short sentence; chapter 1's, in which the head finds the wrong pronoun; and one that is longer.
void other_sentences(Page& page) {
  the_same_head(page, "other", "The same matrices, another sentence", {"he", "always", "___"},
                {{"1", "1", "0", "0"}, {"0", "0", "0", "1"}, {"0", "0", "1", "2"}});
  const auto [A, Y] = the_same_head(page, "clause", "The nearest pronoun is the wrong one",
                                    {"he", "who", "helps", "you", "___"}, he_who_helps);
  page.fact("the blank's output is below −8/10: no ending",
            all_at_most(Y.values().row(4), constant(1, 1, Exact(-8) / 10)));
  Entries tokens = {{"1", "1", "0", "0"}};
  for (const char* place : {"1", "2", "3", "4", "5", "6"}) tokens.push_back({"0", "0", "0", place});
  tokens.push_back({"0", "0", "1", "7"});
  the_same_head(page, "long", "A sentence with its pronoun far away",
                {"he", "very", "often", "and", "with", "great", "care", "___"}, tokens);
  page.mark_all_details();
}

// ---- The exercises. ----

Entries with_feature(Entries tokens, const std::vector<std::string>& feature) {
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i].push_back(feature[i]);
  return tokens;
}

/// The head with a fifth feature: whether a token stands inside a clause that *who* opens.
void repaired(Page& page, const Entries& tokens) {
  const Term X = page.given("X", tokens);
  const auto Y = look_up(page, X,
                         {page.given("W_Q", {{"0", "0"}, {"0", "0"}, {"8", "1"}, {"0", "0"}, {"0", "0"}}),
                          page.given("W_K", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}, {"-1", "0"}}),
                          page.given("W_V", {{"-1"}, {"2"}, {"0"}, {"0"}, {"0"}})})
                     .Y;
  page.fact("the blank's output is above 9/10: the ending -s",
            all_at_most(constant(1, 1, Exact(9) / 10), Y.values().row(4)));
}

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: another query");
  page.details();
  soft_look_up(page, {{"2", "0", "1"}});

  page.example("ex2", "Exercise 2: one matrix for queries and keys");
  page.details();
  const Term tokens = sentence_tokens(page);
  const Term one = page.given("W", "The one matrix", {{"1", "0"}, {"0", "0"}, {"0", "0"}, {"0", "1"}});
  const Term K = page.step("K", "Queries and keys in one", tokens * one);
  const Term scores = page.step("S", K * transpose(K));
  page.fact("the scores are symmetric", scores == transpose(scores));

  page.example("ex3", "Exercise 3: two matrices seen as one");
  page.details();
  const Term X = sentence_tokens(page);
  const auto [W_Q, W_K, W_V] = agreement_weights(page);
  const Term W =
      page.step("W", "What a feature of the query finds in a feature of the key", W_Q * transpose(W_K));
  const Term P = page.step("P", "Tokens times W", X * W);
  const Term S = page.step("S", P * transpose(X));
  page.fact("the scores are those of queries and keys", S == (X * W_Q) * transpose(X * W_K));

  page.example("ex4", "Exercise 4: the head, repaired");
  page.details();
  repaired(page, with_feature(he_who_helps, {"0", "1", "1", "1", "0"}));
  page.example("ex4-first", "Exercise 4: the repaired head and the first sentence");
  page.details();
  repaired(page, with_feature(you_work_he, {"0", "0", "0", "0", "0"}));
}

void derivations(Page& page) {
  exact_look_up(page);
  page.example("soft", "A soft look-up");
  soft_look_up(page, {{"0", "1", "2"}});
  sentence(page);
  equal_lengths(page);
  other_sentences(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "04-query-key-value", derivations);
}
