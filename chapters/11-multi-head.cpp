#include "attention/head_differences.hpp"
#include "derivation/head_steps.hpp"
#include "mistakes/wrong_layers.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 11: heads side by side, what W_O does, and the mistakes that one head cannot
// show.

using namespace derivation;
using attention::MultiHeadWeights;

namespace {

// ---- The layer: three tokens, d_model = 4, two heads. ----

/// One head: queries, keys and values to its output. The shift of the softmax is a detail here.
Term attend(const HeadSteps& step, Page& page, const std::string& output, const Term& Q, const Term& K,
            const Term& V) {
  const Term A = write_weights(step.in_brief({"m", "D"}), Q, K);
  page.fact("each row of " + A.name + " sums to 1", row_sums(A) == ones(A));
  page.fact(
      "no weight of " + A.name + " is negative, so each row of its output is a mean of rows of " + V.name,
      all_at_most(constant(A.rows(), A.cols(), 0), A.values()));
  return step(output, A * V);
}

/// Two heads: each attends on its own half of the columns.
std::vector<Term> attend_with_two(Page& page, const Term& Q, const Term& K, const Term& V) {
  std::vector<Term> outputs;
  for (int h = 1; h <= 2; ++h) {
    const HeadSteps step(page, "_" + std::to_string(h));
    const Term Q_h = step("Q", head(Q, h, 2));
    const Term K_h = step("K", head(K, h, 2));
    const Term V_h = step("V", head(V, h, 2));
    outputs.push_back(attend(step, page, "Y", Q_h, K_h, V_h));
  }
  return outputs;
}

struct Layer {
  Term X, W_Q, W_K, W_V, W_O;
  MultiHeadWeights<Exact> weights() const { return {W_Q.values(), W_K.values(), W_V.values(), W_O.values()}; }
};

Layer three_tokens(Page& page) {
  return {
      page.given("X", {{"1", "0", "1", "0"}, {"0", "1", "0", "2"}, {"1", "1", "0", "0"}}),
      page.given("W_Q",
                 {{"1", "0", "0", "1"}, {"0", "1", "2", "0"}, {"1", "0", "0", "0"}, {"0", "0", "0", "1"}}),
      page.given("W_K",
                 {{"0", "1", "1", "0"}, {"1", "0", "0", "0"}, {"0", "0", "0", "1"}, {"0", "1", "0", "0"}}),
      page.given("W_V",
                 {{"2", "0", "0", "1"}, {"0", "1", "3", "0"}, {"0", "0", "1", "0"}, {"0", "0", "0", "1"}}),
      page.given("W_O",
                 {{"1", "0", "0", "1"}, {"0", "1", "0", "0"}, {"0", "2", "1", "0"}, {"1", "0", "0", "-1"}})};
}

struct Projected {
  Term Q, K, V;
};

Projected project(Page& page, const Layer& layer) {
  return {page.step("Q", layer.X * layer.W_Q), page.step("K", layer.X * layer.W_K),
          page.step("V", layer.X * layer.W_V)};
}

// Facts about the layer, which stand below.
void hold_against_programs(Page& page, const Layer& layer, const std::vector<Term>& heads, const Term& Y);
void hold_against_wrong_programs(Page& page, const Layer& layer, const Term& Y);

void layer_of_two(Page& page) {
  page.example("layer", "Three tokens, two heads");
  const Layer layer = three_tokens(page);
  const auto [Q, K, V] = project(page, layer);
  const std::vector<Term> heads = attend_with_two(page, Q, K, V);
  const Term C = page.step("C", "The heads side by side", concatenate(heads));
  const Term Y = page.step("Y", C * layer.W_O);
  hold_against_programs(page, layer, heads, Y);
  hold_against_wrong_programs(page, layer, Y);
}

// ---- Why several heads. ----

/// A query that finds two keys, equally.
Projected one_query(Page& page) {
  return {page.given("Q", {{"2", "2"}}), page.given("K", {{"1", "0"}, {"0", "1"}}),
          page.given("V", {{"1", "0"}, {"0", "1"}})};
}

void why(Page& page) {
  page.example("one", "One head has to split its weight");
  const Projected one = one_query(page);
  const Term Y = attend(page, page, "Y", one.Q, one.K, one.V);
  page.fact("the entries of Y add up to 1", row_sums(Y) == ones(Y));

  page.example("two", "Two heads need not");
  const auto [Q, K, V] = one_query(page);
  const Term C = page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  page.fact("the entries of Y add up to more than 3/2",
            all_at_most(constant(1, 1, Exact(3) / 2), row_sums(C).values()));
}

// ---- Right and wrong programs. ----

Matrix<Exact> by_class(const Matrix<Exact>& X, const MultiHeadWeights<Exact>& weights, Index H) {
  return attention::MultiHeadAttention<Exact>(X.cols(), H, weights)
      .forward(X, attention::no_mask(X.rows(), X.rows()));
}

/// The explicit loop: every head has three small weight matrices of its own.
template <typename Scalar>
Matrix<Scalar> by_loop(const Matrix<Scalar>& X, const MultiHeadWeights<Scalar>& weights, Index H) {
  const Index d_k = X.cols() / H;
  Matrix<Scalar> C(X.rows(), X.cols());
  for (Index first = 0; first < X.cols(); first += d_k) {
    const auto project = [&](const Matrix<Scalar>& W) -> Matrix<Scalar> {
      return X * W.middleCols(first, d_k);
    };
    C.middleCols(first, d_k) =
        attention::attention(project(weights.W_Q), project(weights.W_K), project(weights.W_V)).Y;
  }
  return C * weights.W_O;
}

/// Swaps the columns of the two heads, from the right; from the left their rows.
Matrix<Exact> swap_of_halves() {
  Matrix<Exact> swap = constant(4, 4, 0);
  swap.topRightCorner(2, 2).setIdentity();
  swap.bottomLeftCorner(2, 2).setIdentity();
  return swap;
}

void hold_against_programs(Page& page, const Layer& layer, const std::vector<Term>& heads, const Term& Y) {
  const Matrix<Exact> X = layer.X.values(), W_O = layer.W_O.values();
  const MultiHeadWeights<Exact> weights = layer.weights();
  page.fact("the class MultiHeadAttention gives the same Y", Y == by_class(X, weights, 2));
  page.fact("so does an explicit loop over two heads with small weights", Y == by_loop(X, weights, 2));
  page.fact("Y is head 1 times the first two rows of W_O, plus head 2 times the last two",
            Y == Matrix<Exact>(heads[0].values() * W_O.topRows(2) + heads[1].values() * W_O.bottomRows(2)));

  const Matrix<Exact> swap = swap_of_halves();
  MultiHeadWeights<Exact> swapped = {weights.W_Q * swap, weights.W_K * swap, weights.W_V * swap, swap * W_O};
  page.fact("swapping the heads together with the rows of W_O changes nothing", Y == by_class(X, swapped, 2));
  swapped.W_O = W_O;
  page.fact("swapping the heads alone changes Y by more than 1/10",
            differ_by_more_than(Exact(1) / 10, by_class(X, swapped, 2), Y.values()));
}

/// Runs the wrong programs with H heads, and writes how far each moves Y.
std::vector<mistakes::WrongLayer<Exact>> write_changes(Page& page, const Layer& layer, const Term& Y,
                                                       Index H) {
  const auto changes = [H](const auto& X, const auto& W_Q, const auto& W_K, const auto& W_V, const auto& W_O,
                           const auto& right) {
    return mistakes::changes(mistakes::wrong_layers(X, {W_Q, W_K, W_V, W_O}, H), right);
  };
  const auto wrong = mistakes::wrong_layers(layer.X.values(), layer.weights(), H);
  Labels labels;
  for (const auto& program : wrong) labels.rows.push_back(program.mistake);
  page.computed("change", "Largest change of Y, by each wrong program",
                "\\max_{i,j} \\lvert Y'_{i,j} - Y_{i,j} \\rvert",
                compute(changes, layer.X, layer.W_Q, layer.W_K, layer.W_V, layer.W_O, Y), labels);
  return wrong;
}

void hold_against_wrong_programs(Page& page, const Layer& layer, const Term& Y) {
  for (const auto& program : write_changes(page, layer, Y, 2))
    page.fact("changes Y by more than 1/10: " + program.mistake,
              differ_by_more_than(Exact(1) / 10, program.output, Y.values()));
}

/// The same tokens and weights with one head, and with four.
void other_numbers_of_heads(Page& page) {
  page.example("single", "The same weights, one head");
  const Layer layer = three_tokens(page);
  const auto [Q, K, V] = project(page, layer);
  const Term C = attend(page, page, "C", Q, K, V);
  const Term Y = page.step("Y", C * layer.W_O);
  page.fact("one head: the class gives the single head's output times W_O",
            Y == by_class(layer.X.values(), layer.weights(), 1));
  for (const auto& program : write_changes(page, layer, Y, 1))
    if (program.mistake.find("W_O") == std::string::npos)
      page.fact("undetected: " + program.mistake, Y == program.output);

  page.example("four", "The same weights, four heads");
  const Layer four = three_tokens(page);
  project(page, four);
  const auto loop_over_four = [](const auto& X, const auto& W_Q, const auto& W_K, const auto& W_V,
                                 const auto& W_O) {
    return by_loop(X, {W_Q, W_K, W_V, W_O}, 4);
  };
  const Term Y_four = page.computed("Y", "Output of four heads, by an explicit loop",
                                    "\\operatorname{concat}(Y_1, Y_2, Y_3, Y_4) W_O",
                                    compute(loop_over_four, four.X, four.W_Q, four.W_K, four.W_V, four.W_O));
  page.fact("four heads: the class gives the loop's output",
            Y_four == by_class(four.X.values(), four.weights(), 4));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: output weights");
  page.details();
  const auto [Q, K, V] = one_query(page);
  const Term W_O = page.given("W_O", {{"1", "1"}, {"1", "-1"}});
  const Term C = page.step("C", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  page.step("Y", C * W_O);

  page.example("ex2", "Exercise 2: two heads of size one");
  page.details();
  const Term Q_2 = page.given("Q", {{"1", "0"}, {"0", "2"}});
  const Term K_2 = page.given("K", {{"1", "1"}, {"0", "2"}});
  const Term V_2 = page.given("V", {{"4", "0"}, {"0", "6"}});
  page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q_2, K_2, V_2)));
}

void two_equal_heads(Page& page) {
  page.example("ex3", "Exercise 3: two equal heads");
  page.details();
  const Term Q = page.given("Q", {{"1", "1"}, {"2", "2"}});
  const Term K = page.given("K", {{"1", "1"}, {"0", "0"}});
  const Term V = page.given("V", {{"1", "2"}, {"3", "4"}});
  const Term two = page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  const Term Q_s = page.step("Q_s", "Queries of the single head", Q / sqrt(number(2)));
  const Term S_s = page.step("S_s", "Scores of the single head", Q_s * transpose(K));
  page.step("Z_s", "Scaled scores of the single head", scaled(S_s, K.cols()));
  page.fact("a single head with Q divided by √2 gives the same",
            two == attention::attention(Q_s.values(), K.values(), V.values()).Y);
  page.fact("a single head with the same Q does not",
            differ_by_more_than(Exact(1) / 100, attention::attention(Q.values(), K.values(), V.values()).Y,
                                two.values()));
}

void derivations(Page& page) {
  why(page);
  layer_of_two(page);
  other_numbers_of_heads(page);
  exercises(page);
  two_equal_heads(page);
}

/// What the manifest says: the heads of the layer, and a lab's check that one head is a single head, on the
/// layer that the lab seeds with 42.
program::Experiment about(const Derivation& derivation) {
  constexpr Index d_model = 4, T = 3;
  constexpr std::uint64_t seed = 42;
  const Example& layer = *find_example(derivation, "layer");
  const auto differences = attention::head_differences(find_step(layer, "A_1")->machine.values,
                                                       find_step(layer, "A_2")->machine.values);
  std::mt19937_64 random(seed + 1);
  const auto X = attention::draw_matrix<double>(random, T, d_model, 1);
  const auto weights = attention::draw_weights<double>(d_model, seed);
  return {seed,
          {{"d_model", d_model},
           {"n_heads", 2},
           {"T", T},
           {"input_snippet", "the tokens X of the example layer"}},
          {{"single_head_equivalence_max_diff", attention::single_head_difference(X, weights)},
           {"head_weights_max_abs_diff", differences.largest},
           {"head_weights_mean_abs_diff", differences.mean}}};
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "11-multi-head", derivations, about);
}
