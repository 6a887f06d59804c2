#include "numbers/counting.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 9: four tokens under a causal mask, in full, and how much work it is.

using namespace derivation;
using numbers::Counting;
using numbers::Operations;

namespace {

const Entries X_entries = {{"0.50", "0.30", "-0.20", "0.10"},
                           {"-0.10", "0.40", "0.20", "-0.30"},
                           {"0.20", "-0.10", "0.50", "0.10"},
                           {"0", "0", "0", "0.20"}};

/// A square matrix with `entry` on its diagonal and 0 elsewhere.
Entries scaled_identity(const std::string& entry) {
  Entries entries(4, std::vector<std::string>(4, "0"));
  for (std::size_t k = 0; k < 4; ++k) entries[k][k] = entry;
  return entries;
}

/// Scores to output under a causal mask, one step at a time.
Term attend_causally(Page& page, const Term& Q, const Term& K, const Term& V, const Term& S) {
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", K.cols())));
  const auto mask =
      page.given("mask", "Mask: 1 may look",
                 {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  const auto M = page.step("M", "Masked scores", hide(Z, mask));
  const auto m = page.step("m", "Row maxima", row_maxima(M));
  const auto D = page.step("D", "Shifted scores", M - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", weights(E, l));
  const auto Y = page.step("Y", "Output", A * V);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("the first token keeps its own value: row 0 of Y is row 0 of V",
            all_equal<Scalar>(Y.values().row(0), V.values().row(0)));
  page.fact(
      "attention(), the code, gives the same Y",
      Y == attention::attention(Q.values(), K.values(), V.values(), attention::causal_mask(Q.rows())).Y);
  return Y;
}

/// The published worked example: W_Q and W_K half the identity, W_V the identity.
void walk_through(Page& page) {
  page.example("walk", "I will work .");
  page.tokens({"I", "will", "work", "."});
  const auto X = page.given("X", X_entries);
  const auto W_Q = page.given("W_Q", scaled_identity("1/2"));
  const auto W_K = page.given("W_K", scaled_identity("1/2"));
  const auto W_V = page.given("W_V", scaled_identity("1"));
  const auto Q = page.step("Q", "Queries", X * W_Q);
  const auto K = page.step("K", "Keys", X * W_K);
  const auto V = page.step("V", "Values", X * W_V);
  const auto G = page.step("G", "All dot products of two tokens", X * transpose(X));
  const auto S = page.step("S", "Scores", Q * transpose(K));
  page.fact("the scores are a quarter of the tokens' dot products", S == G / number(Exact(4)));
  attend_causally(page, Q, K, V, S);
}

/// The same tokens under weights that are not symmetric: a query is ten times the token, turned by one place.
void turned(Page& page) {
  page.example("turned", "The same tokens, with weights that are not symmetric");
  page.tokens({"I", "will", "work", "."});
  const auto X = page.given("X", X_entries);
  const auto W_Q = page.given(
      "W_Q", {{"0", "10", "0", "0"}, {"0", "0", "10", "0"}, {"0", "0", "0", "10"}, {"10", "0", "0", "0"}});
  const auto W_K = page.given("W_K", scaled_identity("1"));
  const auto W_V = page.given("W_V", scaled_identity("10"));
  const auto Q = page.step("Q", "Queries", X * W_Q);
  const auto K = page.step("K", "Keys", X * W_K);
  const auto V = page.step("V", "Values", X * W_V);
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Y = attend_causally(page, Q, K, V, S);

  const auto swapped =
      attention::attention(K.values(), Q.values(), V.values(), attention::causal_mask(Q.rows())).Y;
  page.computed("swapped", "Output with queries and keys swapped", "Y'", {"K", "Q", "V"}, swapped, {});
  page.fact("swapping Q and K changes Y by more than 1/10",
            differ_by_more_than(Exact(1) / Exact(10), swapped, Y.values()));
}

// ---- How much work it is. ----

constexpr Index T = 4, d_model = 4, d_k = 4, d_v = 4;

Matrix<Counting> counting(Index rows, Index cols) {
  return Matrix<Counting>::Constant(rows, cols, Counting(1));
}

/// Each part of the mechanism, run on numbers that count. Products of the parts are plain sums (lazyProduct);
/// Eigen's usual product, which attention() takes, multiplies by a factor of 1 once more.
struct Part {
  std::string name;
  Operations done;
};

std::vector<Part> parts() {
  const Matrix<Counting> X = counting(T, d_model), W = counting(d_model, d_k), W_V = counting(d_model, d_v);
  const Matrix<Counting> Q = counting(T, d_k), K = counting(T, d_k), V = counting(T, d_v), S = counting(T, T);
  Matrix<Counting> result;
  return {
      {"projections Q, K, V", Counting::count([&] {
         result = X.lazyProduct(W);
         result = X.lazyProduct(W);
         result = X.lazyProduct(W_V);
       })},
      {"scores Q Kᵀ", Counting::count([&] { result = Q.lazyProduct(K.transpose()); })},
      {"scale by √d_k", Counting::count([&] { result = S / attention::sqrt_of<Counting>(d_k); })},
      {"softmax", Counting::count([&] { result = attention::softmax_rows(S); })},
      {"softmax, causal",
       Counting::count([&] { result = attention::softmax_rows(S, attention::causal_mask(T)); })},
      {"output A V", Counting::count([&] { result = S.lazyProduct(V); })},
      {"attention()", Counting::count([&] { attention::attention(Q, K, V, attention::causal_mask(T)); })},
  };
}

/// What the formulas say, in the order of parts(): with 1 + 2 + … + T visible scores under the causal mask.
std::vector<Operations> formulas() {
  constexpr long t = T, m = d_model, k = d_k, v = d_v, seen = t * (t + 1) / 2;
  const Operations scores{.additions = t * t * (k - 1), .multiplications = t * t * k};
  const Operations output{.additions = t * v * (t - 1), .multiplications = t * t * v};
  const Operations masked{
      .additions = 2 * seen - t, .divisions = seen, .exponentials = seen, .comparisons = seen - t};
  return {
      {.additions = t * (2 * k + v) * (m - 1), .multiplications = t * (2 * k + v) * m},
      scores,
      {.divisions = t * t, .square_roots = 1},
      {.additions = t * t + t * (t - 1),
       .divisions = t * t,
       .exponentials = t * t,
       .comparisons = t * (t - 1)},
      masked,
      output,
      {.additions = scores.additions + masked.additions + output.additions,
       .multiplications = scores.multiplications + output.multiplications + 2,  // Eigen's factors of 1
       .divisions = t * t + masked.divisions,
       .exponentials = masked.exponentials,
       .square_roots = 1,
       .comparisons = masked.comparisons},
  };
}

template <typename Scalar>
void fill_row(Matrix<Scalar>& table, Index row, const Operations& done) {
  const long columns[] = {done.multiplications, done.additions,    done.divisions,
                          done.exponentials,    done.square_roots, done.comparisons};
  for (Index j = 0; j < table.cols(); ++j) table(row, j) = as_scalar<Scalar>(Exact(columns[j]));
}

void count_operations(Page& page) {
  page.example("work", "How much work: T = 4, all sizes 4");
  const std::vector<Part> counted = parts();
  const std::vector<Operations> expected = formulas();
  const Index rows = static_cast<Index>(counted.size());
  Matrix<Scalar> table(rows, 6), by_formula(rows, 6);
  Labels labels{{}, {"mult.", "add.", "div.", "exp", "roots", "comp."}};
  for (Index i = 0; i < rows; ++i) {
    labels.rows.push_back(counted[static_cast<std::size_t>(i)].name);
    fill_row(table, i, counted[static_cast<std::size_t>(i)].done);
    fill_row(by_formula, i, expected[static_cast<std::size_t>(i)]);
  }
  const auto n = page.computed("count", "Operations, counted by running the mechanism on numbers that count",
                               "", {}, table, labels);
  page.fact("every count is what its formula says", n == by_formula);
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three tokens");
  page.details();
  page.tokens({"I", "will", "work"});
  const auto Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"1", "1", "1", "1"}});
  const auto K = page.given("K", {{"1", "0", "0", "0"}, {"0", "1", "0", "0"}, {"0", "0", "2", "0"}});
  const auto V = page.given("V", {{"6", "0"}, {"0", "6"}, {"3", "3"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  const auto mask =
      page.given("mask", "Mask: 1 may look", {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  const auto M = page.step("M", "Masked scores", hide(Z, mask));
  const auto m = page.step("m", "Row maxima", row_maxima(M));
  const auto D = page.step("D", "Shifted scores", M - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", weights(E, l));
  page.step("Y", "Output", A * V);

  page.example("ex2", "Exercise 2: the published second row");
  page.details();
  const auto row = page.given("M", "Masked scores of the second token, as published", {{"-0.005", "0.038"}});
  const auto max = page.step("m", "Row maximum", row_maxima(row));
  const auto shifted = page.step("D", "Shifted scores", row - max);
  const auto exponentials = page.step("E", "Exponentials", exp(shifted));
  const auto sum = page.step("l", "Row sum", row_sums(exponentials));
  page.step("A", "Weights", exponentials / sum);

  page.example("ex3", "Exercise 3: where the two costs meet");
  page.details();
  const auto d = page.given("d", "Length of a token, a query, a key and a value", {{"4"}});
  const auto tokens = page.given("T", "Tokens", {{"6"}});
  const auto projection = page.step("p", "Multiplications of one projection, by d", tokens * d);
  const auto one = page.step("q", "Multiplications of one projection", projection * d);
  const auto P = page.step("P", "Multiplications of the three projections", one * number(Exact(3)));
  const auto pairs = page.step("r", "Pairs of tokens", tokens * tokens);
  const auto scores = page.step("s", "Multiplications of the scores", pairs * d);
  const auto B = page.step("B", "Multiplications of scores and output", scores * number(Exact(2)));
  page.fact("at T = 3 d / 2 both cost the same", P == B);
}

const auto derivations = [](Page& page) {
  walk_through(page);
  turned(page);
  count_operations(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "09-four-tokens", derivations); }
