#include "attention/head_differences.hpp"
#include "derivation/names.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 11: heads side by side, what W_O does, and the mistakes that one head cannot
// show.

using namespace derivation;
using attention::MultiHeadAttention;
using attention::no_mask;
using attention::softmax_rows;
using attention::sqrt_of;

namespace {

/// One head: queries, keys and values to its output. `index` is _1, _2, or nothing where there is one head.
Term attend(Page& page, const std::string& index, const std::string& output, const Term& Q, const Term& K,
            const Term& V) {
  const auto S = page.step("S" + index, usual_title("S" + index), Q * transpose(K));
  const auto Z = page.step("Z" + index, usual_title("Z" + index), S / sqrt(number("d_k", K.cols())));
  const auto m = page.detail("m" + index, usual_title("m" + index), row_maxima(Z));
  const auto D = page.detail("D" + index, usual_title("D" + index), Z - m);
  const auto E = page.step("E" + index, usual_title("E" + index), exp(D));
  const auto l = page.step("l" + index, usual_title("l" + index), row_sums(E));
  const auto A = page.step("A" + index, usual_title("A" + index), E / l);
  page.fact("each row of A" + index + " sums to 1", row_sums(A) == ones(A));
  page.fact(
      "no weight of A" + index + " is negative, so each row of its output is a mean of rows of V" + index,
      all_at_most(Matrix<Scalar>(Matrix<Scalar>::Constant(A.rows(), A.cols(), Scalar(0))), A.values()));
  return page.step(output, usual_title(output), A * V);
}

/// Two heads: each attends on its own half of the columns.
std::vector<Term> attend_with_two(Page& page, const Term& Q, const Term& K, const Term& V) {
  std::vector<Term> outputs;
  for (int h = 1; h <= 2; ++h) {
    const std::string index = "_" + std::to_string(h);
    const auto Q_h = page.step("Q" + index, usual_title("Q" + index), head(Q, h, 2));
    const auto K_h = page.step("K" + index, usual_title("K" + index), head(K, h, 2));
    const auto V_h = page.step("V" + index, usual_title("V" + index), head(V, h, 2));
    outputs.push_back(attend(page, index, "Y" + index, Q_h, K_h, V_h));
  }
  return outputs;
}

// ---- Why several heads. ----

void why(Page& page) {
  page.example("one", "One head has to split its weight");
  auto Q = page.given("Q", {{"2", "2"}});
  auto K = page.given("K", {{"1", "0"}, {"0", "1"}});
  auto V = page.given("V", {{"1", "0"}, {"0", "1"}});
  const auto Y = attend(page, "", "Y", Q, K, V);
  page.fact("the entries of Y add up to 1", row_sums(Y) == ones(Y));

  page.example("two", "Two heads need not");
  Q = page.given("Q", {{"2", "2"}});
  K = page.given("K", {{"1", "0"}, {"0", "1"}});
  V = page.given("V", {{"1", "0"}, {"0", "1"}});
  const auto C = page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  page.fact(
      "the entries of Y add up to more than 3/2",
      all_at_most(Matrix<Scalar>(Matrix<Scalar>::Constant(1, 1, as_scalar<Scalar>(Exact(3) / Exact(2)))),
                  row_sums(C).values()));
}

// ---- Right and wrong programs. ----

template <typename Scalar>
struct Layer {
  Matrix<Scalar> X;
  attention::MultiHeadWeights<Scalar> weights;
};

template <typename Scalar>
Matrix<Scalar> by_class(const Layer<Scalar>& layer, Index H) {
  return MultiHeadAttention<Scalar>(layer.X.cols(), H, layer.weights)
      .forward(layer.X, no_mask(layer.X.rows(), layer.X.rows()));
}

template <typename Scalar>
Matrix<Scalar> columns(const Matrix<Scalar>& W, Index first, Index step, Index count) {
  return W(Eigen::all, Eigen::seqN(first, count, step));
}

/// The explicit loop: every head has three small weight matrices of its own. Each column of head h stands
/// `step` columns after the one before it; the scores are divided by the root of `scaled_by`.
template <typename Scalar>
std::vector<Matrix<Scalar>> loop(const Layer<Scalar>& layer, Index H, Index step, Index scaled_by) {
  const Index d_k = layer.X.cols() / H;
  std::vector<Matrix<Scalar>> outputs;
  for (Index h = 0; h < H; ++h) {
    const Index first = step == 1 ? h * d_k : h;
    const Matrix<Scalar> Q = layer.X * columns(layer.weights.W_Q, first, step, d_k);
    const Matrix<Scalar> K = layer.X * columns(layer.weights.W_K, first, step, d_k);
    const Matrix<Scalar> V = layer.X * columns(layer.weights.W_V, first, step, d_k);
    const Matrix<Scalar> Z = Q * K.transpose() / sqrt_of<Scalar>(scaled_by);
    outputs.push_back(softmax_rows(Z) * V);
  }
  return outputs;
}

template <typename Scalar>
Matrix<Scalar> side_by_side(const std::vector<Matrix<Scalar>>& parts) {
  Matrix<Scalar> all(parts[0].rows(), parts[0].cols() * static_cast<Index>(parts.size()));
  for (std::size_t h = 0; h < parts.size(); ++h)
    all.middleCols(static_cast<Index>(h) * parts[h].cols(), parts[h].cols()) = parts[h];
  return all;
}

/// All heads' rows one after the other, read off in rows of d_model entries: the transpose was forgotten.
template <typename Scalar>
Matrix<Scalar> read_off_in_order(const std::vector<Matrix<Scalar>>& parts) {
  Matrix<Scalar> all(parts[0].rows(), parts[0].cols() * static_cast<Index>(parts.size()));
  Index next = 0;
  for (const Matrix<Scalar>& part : parts)
    for (Index i = 0; i < part.rows(); ++i)
      for (Index j = 0; j < part.cols(); ++j, ++next) all(next / all.cols(), next % all.cols()) = part(i, j);
  return all;
}

template <typename Scalar>
std::vector<Matrix<Scalar>> averaged(const std::vector<Matrix<Scalar>>& parts) {
  Matrix<Scalar> mean = parts[0];
  for (std::size_t h = 1; h < parts.size(); ++h) mean += parts[h];
  mean /= Scalar(static_cast<int>(parts.size()));
  return std::vector<Matrix<Scalar>>(parts.size(), mean);
}

template <typename Scalar>
struct WrongLayer {
  std::string mistake;
  Matrix<Scalar> output;
};

/// Six wrong programs with H heads, run on one layer.
template <typename Scalar>
std::vector<WrongLayer<Scalar>> wrong_layers(const Layer<Scalar>& layer, Index H) {
  const Index d_model = layer.X.cols(), d_k = d_model / H;
  const Matrix<Scalar>& W_O = layer.weights.W_O;
  const auto heads = loop(layer, H, 1, d_k);
  return {{"columns dealt in turn", side_by_side(loop(layer, H, H, d_k)) * W_O},
          {"transpose forgotten", read_off_in_order(heads) * W_O},
          {"W_O forgotten", side_by_side(heads)},
          {"W_O transposed", side_by_side(heads) * W_O.transpose()},
          {"heads averaged", side_by_side(averaged(heads)) * W_O},
          {"scaled by √d_model", side_by_side(loop(layer, H, 1, d_model)) * W_O}};
}

void tabulate_changes(Page& page, const std::vector<WrongLayer<Scalar>>& wrong, const Term& Y) {
  Matrix<Scalar> change(static_cast<Index>(wrong.size()), 1);
  Labels labels;
  for (std::size_t k = 0; k < wrong.size(); ++k) {
    change(static_cast<Index>(k), 0) = largest_difference(wrong[k].output, Y.values());
    labels.rows.push_back(wrong[k].mistake);
  }
  page.computed("change", "Largest change of Y, by each wrong program",
                "\\max_{i,j} \\lvert Y'_{i,j} - Y_{i,j} \\rvert", {"X", "W_Q", "W_K", "W_V", "W_O", "Y"},
                change, labels);
}

// ---- The layer: three tokens, d_model = 4. ----

template <typename Scalar>
struct Terms {
  Term X, W_Q, W_K, W_V, W_O, Q, K, V;
  Layer<Scalar> layer() const {
    return {X.values(), {W_Q.values(), W_K.values(), W_V.values(), W_O.values()}};
  }
};

Terms<Scalar> project(Page& page) {
  Terms<Scalar> t;
  t.X = page.given("X", {{"1", "0", "1", "0"}, {"0", "1", "0", "2"}, {"1", "1", "0", "0"}});
  t.W_Q = page.given(
      "W_Q", {{"1", "0", "0", "1"}, {"0", "1", "2", "0"}, {"1", "0", "0", "0"}, {"0", "0", "0", "1"}});
  t.W_K = page.given(
      "W_K", {{"0", "1", "1", "0"}, {"1", "0", "0", "0"}, {"0", "0", "0", "1"}, {"0", "1", "0", "0"}});
  t.W_V = page.given(
      "W_V", {{"2", "0", "0", "1"}, {"0", "1", "3", "0"}, {"0", "0", "1", "0"}, {"0", "0", "0", "1"}});
  t.W_O = page.given(
      "W_O", {{"1", "0", "0", "1"}, {"0", "1", "0", "0"}, {"0", "2", "1", "0"}, {"1", "0", "0", "-1"}});
  t.Q = page.step("Q", "Queries", t.X * t.W_Q);
  t.K = page.step("K", "Keys", t.X * t.W_K);
  t.V = page.step("V", "Values", t.X * t.W_V);
  return t;
}

/// The two heads swapped: their columns of W_Q, W_K and W_V, and, if asked for, their rows of W_O.
template <typename Scalar>
Layer<Scalar> swapped(Layer<Scalar> layer, bool with_W_O) {
  for (auto* W : {&layer.weights.W_Q, &layer.weights.W_K, &layer.weights.W_V}) {
    const Matrix<Scalar> old = *W;
    *W << old.rightCols(2), old.leftCols(2);
  }
  if (with_W_O) {
    const Matrix<Scalar> old = layer.weights.W_O;
    layer.weights.W_O << old.bottomRows(2), old.topRows(2);
  }
  return layer;
}

void layer_of_two(Page& page) {
  page.example("layer", "Three tokens, two heads");
  const auto terms = project(page);
  const auto heads = attend_with_two(page, terms.Q, terms.K, terms.V);
  const auto C = page.step("C", "The heads side by side", concatenate(heads));
  const auto Y = page.step("Y", "Output", C * terms.W_O);

  const Layer<Scalar> layer = terms.layer();
  const Matrix<Scalar> W_O = layer.weights.W_O;
  page.fact("the class MultiHeadAttention gives the same Y", Y == by_class(layer, 2));
  page.fact("so does an explicit loop over two heads with small weights",
            Y == Matrix<Scalar>(side_by_side(loop(layer, 2, 1, 2)) * W_O));
  page.fact("Y is head 1 times the first two rows of W_O, plus head 2 times the last two",
            Y == Matrix<Scalar>(heads[0].values() * W_O.topRows(2) + heads[1].values() * W_O.bottomRows(2)));
  page.fact("swapping the heads together with the rows of W_O changes nothing",
            Y == by_class(swapped(layer, true), 2));
  page.fact("swapping the heads alone changes Y by more than 1/10",
            differ_by_more_than(Exact(1) / Exact(10), by_class(swapped(layer, false), 2), Y.values()));
  const auto wrong = wrong_layers(layer, 2);
  tabulate_changes(page, wrong, Y);
  for (const auto& program : wrong)
    page.fact("changes Y by more than 1/10: " + program.mistake,
              differ_by_more_than(Exact(1) / Exact(10), program.output, Y.values()));
}

/// The same tokens and weights with one head, and with four.
void other_numbers_of_heads(Page& page) {
  page.example("single", "The same weights, one head");
  const auto terms = project(page);
  const auto C = attend(page, "", "C", terms.Q, terms.K, terms.V);
  const auto Y = page.step("Y", "Output", C * terms.W_O);
  const Layer<Scalar> layer = terms.layer();
  page.fact("one head: the class gives the single head's output times W_O", Y == by_class(layer, 1));
  const auto wrong = wrong_layers(layer, 1);
  tabulate_changes(page, wrong, Y);
  for (const auto& program : wrong)
    if (program.mistake.find("W_O") == std::string::npos)
      page.fact("undetected: " + program.mistake, Y == program.output);

  page.example("four", "The same weights, four heads");
  const auto four = project(page);
  const Matrix<Scalar> by_loop = side_by_side(loop(four.layer(), 4, 1, 1)) * four.W_O.values();
  const auto Y_four = page.computed("Y", "Output of four heads, by an explicit loop",
                                    "\\operatorname{concat}(Y_1, Y_2, Y_3, Y_4) W_O",
                                    {"X", "W_Q", "W_K", "W_V", "W_O"}, by_loop, {});
  page.fact("four heads: the class gives the loop's output", Y_four == by_class(four.layer(), 4));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: output weights");
  page.details();
  auto Q = page.given("Q", {{"2", "2"}});
  auto K = page.given("K", {{"1", "0"}, {"0", "1"}});
  auto V = page.given("V", {{"1", "0"}, {"0", "1"}});
  const auto W_O = page.given("W_O", {{"1", "1"}, {"1", "-1"}});
  const auto C = page.step("C", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  page.step("Y", "Output", C * W_O);

  page.example("ex2", "Exercise 2: two heads of size one");
  page.details();
  Q = page.given("Q", {{"1", "0"}, {"0", "2"}});
  K = page.given("K", {{"1", "1"}, {"0", "2"}});
  V = page.given("V", {{"4", "0"}, {"0", "6"}});
  page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));

  page.example("ex3", "Exercise 3: two equal heads");
  page.details();
  Q = page.given("Q", {{"1", "1"}, {"2", "2"}});
  K = page.given("K", {{"1", "1"}, {"0", "0"}});
  V = page.given("V", {{"1", "2"}, {"3", "4"}});
  const auto two = page.step("Y", "The heads side by side", concatenate(attend_with_two(page, Q, K, V)));
  const auto Q_s = page.step("Q_s", "Queries of the single head", Q / sqrt(number(2)));
  const auto S_s = page.step("S_s", "Scores of the single head", Q_s * transpose(K));
  page.step("Z_s", "Scaled scores of the single head", S_s / sqrt(number("d_k", K.cols())));
  page.fact("a single head with Q divided by √2 gives the same",
            two == attention::attention<Scalar>(Q_s.values(), K.values(), V.values()).Y);
  page.fact(
      "a single head with the same Q does not",
      differ_by_more_than(Exact(1) / Exact(100),
                          attention::attention<Scalar>(Q.values(), K.values(), V.values()).Y, two.values()));
}

const auto derivations = [](Page& page) {
  why(page);
  layer_of_two(page);
  other_numbers_of_heads(page);
  exercises(page);
};

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
