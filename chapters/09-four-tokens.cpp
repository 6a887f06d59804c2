#include "attention/cost.hpp"
#include "derivation/head_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 9: four tokens under a causal mask, in full, and how much work it is.
// Each is computed with exact numbers and with doubles.

using namespace derivation;
using attention::HeadSizes;
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

/// The output of the mechanism, as the book's code computes it.
template <typename Scalar>
Matrix<Scalar> causal_attention(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V) {
  return attention::attention(Q, K, V, attention::causal_mask(Q.rows())).Y;
}

/// From scores to weights, under a causal mask.
Term causal_weights(Page& page, const Term& S, Index d_k) {
  const Term Z = page.step("Z", scaled(S, d_k));
  const Term mask =
      page.given("mask", "Mask: 1 may look", zeros_and_ones(attention::causal_mask(S.rows())).exact);
  return write_softmax(page, page.step("M", hide(Z, mask)));
}

/// From scores to output.
Term attend_causally(Page& page, const Term& Q, const Term& K, const Term& V, const Term& S) {
  const Term A = causal_weights(page, S, K.cols());
  const Term Y = page.step("Y", A * V);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("the first token keeps its own value: row 0 of Y is row 0 of V",
            all_equal(Y.values().row(0), V.values().row(0)));
  page.fact("attention(), the code, gives the same Y",
            Y == causal_attention(Q.values(), K.values(), V.values()));
  return Y;
}

/// The published worked example: W_Q and W_K half the identity, W_V the identity.
void walk_through(Page& page) {
  page.example("walk", "I will work .");
  page.tokens({"I", "will", "work", "."});
  const Term X = page.given("X", X_entries);
  const Term W_Q = page.given("W_Q", scaled_identity("1/2"));
  const Term W_K = page.given("W_K", scaled_identity("1/2"));
  const Term W_V = page.given("W_V", scaled_identity("1"));
  const Term Q = page.step("Q", X * W_Q);
  const Term K = page.step("K", X * W_K);
  const Term V = page.step("V", X * W_V);
  const Term G = page.step("G", "All dot products of two tokens", X * transpose(X));
  const Term S = page.step("S", Q * transpose(K));
  page.fact("the scores are a quarter of the tokens' dot products", S == G / number(4));
  attend_causally(page, Q, K, V, S);
}

/// The same tokens under weights that are not symmetric: a query is ten times the token, turned by one place.
void turned(Page& page) {
  page.example("turned", "The same tokens, with weights that are not symmetric");
  page.tokens({"I", "will", "work", "."});
  const Term X = page.given("X", X_entries);
  const Term W_Q = page.given(
      "W_Q", {{"0", "10", "0", "0"}, {"0", "0", "10", "0"}, {"0", "0", "0", "10"}, {"10", "0", "0", "0"}});
  const Term W_K = page.given("W_K", scaled_identity("1"));
  const Term W_V = page.given("W_V", scaled_identity("10"));
  const Term Q = page.step("Q", X * W_Q);
  const Term K = page.step("K", X * W_K);
  const Term V = page.step("V", X * W_V);
  const Term S = page.step("S", Q * transpose(K));
  const Term Y = attend_causally(page, Q, K, V, S);

  const Term swapped =
      page.computed("swapped", "Output with queries and keys swapped", "Y'",
                    compute([](const auto&... KQV) { return causal_attention(KQV...); }, K, Q, V));
  page.fact("swapping Q and K changes Y by more than 1/10",
            differ_by_more_than(Exact(1) / 10, swapped.values(), Y.values()));
}

// ---- How much work it is. ----

constexpr HeadSizes sizes{.T = 4, .d_model = 4, .d_k = 4, .d_v = 4};

Matrix<Counting> filled(long rows, long cols) { return Matrix<Counting>::Constant(rows, cols, Counting(1)); }

/// A part of the mechanism: what it does when it is run on numbers that count, and what its formula says.
struct Part {
  std::string name;
  Operations counted, by_formula;
};

/// Products of the parts are plain sums (lazyProduct), as the formulas have them. Eigen's usual product,
/// which attention() takes twice, multiplies by a factor of 1 once more.
std::vector<Part> parts() {
  const auto X = filled(sizes.T, sizes.d_model), W = filled(sizes.d_model, 2 * sizes.d_k + sizes.d_v);
  const auto Q = filled(sizes.T, sizes.d_k), K = filled(sizes.T, sizes.d_k), V = filled(sizes.T, sizes.d_v);
  const auto S = filled(sizes.T, sizes.T);
  const Mask causal = attention::causal_mask(sizes.T);
  const auto count = [](auto part) { return Counting::count([&] { Matrix<Counting> result = part(); }); };

  const Operations products = attention::product_cost("", sizes.T, sizes.d_k, sizes.T).operations;
  const Operations scale{.divisions = sizes.T * sizes.T, .square_roots = 1};
  const Operations masked = causal_softmax_operations(sizes), output = mixing_cost(sizes).operations;
  return {
      {"projections Q, K, V", count([&] { return X.lazyProduct(W); }), projections_cost(sizes).operations},
      {"scores Q Kᵀ", count([&] { return Q.lazyProduct(K.transpose()); }), products},
      {"scale by √d_k", count([&] { return S / attention::sqrt_of<Counting>(sizes.d_k); }), scale},
      {"softmax", count([&] { return attention::softmax_rows(S); }), softmax_cost(sizes).operations},
      {"softmax, causal", count([&] { return attention::softmax_rows(S, causal); }), masked},
      {"output A V", count([&] { return S.lazyProduct(V); }), output},
      {"attention()", count([&] { return causal_attention(Q, K, V); }),
       products + scale + masked + output + Operations{.multiplications = 2}},
  };
}

const std::vector<std::string> kinds = {"mult.", "add.", "div.", "exp", "roots", "comp."};

/// A row for each part, a column for each kind of operation.
Matrix<Exact> table_of(const std::vector<Part>& all, Operations Part::*which) {
  Matrix<Exact> table(static_cast<Index>(all.size()), static_cast<Index>(kinds.size()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Operations& done = all[i].*which;
    table.row(static_cast<Index>(i)) << done.multiplications, done.additions, done.divisions,
        done.exponentials, done.square_roots, done.comparisons;
  }
  return table;
}

void count_operations(Page& page) {
  page.example("work", "How much work: T = 4, all sizes 4");
  const std::vector<Part> all = parts();
  std::vector<std::string> names;
  for (const Part& part : all) names.push_back(part.name);
  const Term count =
      page.computed("count", "Operations, counted by running the mechanism on numbers that count", "",
                    known(table_of(all, &Part::counted)), {names, kinds});
  page.fact("every count is what its formula says", count == table_of(all, &Part::by_formula));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three tokens");
  page.details();
  page.tokens({"I", "will", "work"});
  const Term Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"1", "1", "1", "1"}});
  const Term K = page.given("K", {{"1", "0", "0", "0"}, {"0", "1", "0", "0"}, {"0", "0", "2", "0"}});
  const Term V = page.given("V", {{"6", "0"}, {"0", "6"}, {"3", "3"}});
  const Term S = page.step("S", Q * transpose(K));
  page.step("Y", causal_weights(page, S, K.cols()) * V);

  page.example("ex2", "Exercise 2: the published second row");
  page.details();
  const Term row = page.given("M", "Masked scores of the second token, as published", {{"-0.005", "0.038"}});
  write_softmax(page, row);

  page.example("ex3", "Exercise 3: where the two costs meet");
  page.details();
  const Term d = page.given("d", "Length of a token, a query, a key and a value", {{"4"}});
  const Term tokens = page.given("T", "Tokens", {{"6"}});
  const Term projection = page.step("p", "Multiplications of one projection, by d", tokens * d);
  const Term one = page.step("q", "Multiplications of one projection", projection * d);
  const Term P = page.step("P", "Multiplications of the three projections", one * number(3));
  const Term pairs = page.step("r", "Pairs of tokens", tokens * tokens);
  const Term scores = page.step("s", "Multiplications of the scores", pairs * d);
  const Term B = page.step("B", "Multiplications of scores and output", scores * number(2));
  page.fact("at T = 3 d / 2 both cost the same", P == B);
}

void derivations(Page& page) {
  walk_through(page);
  turned(page);
  count_operations(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "09-four-tokens", derivations); }
