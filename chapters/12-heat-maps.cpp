#include "attention/head_differences.hpp"
#include "attention/strongest_weight.hpp"
#include "derivation/facts_of_weights.hpp"
#include "derivation/head_steps.hpp"
#include "derivation/heads_compared.hpp"
#include "derivation/untrained_heads.hpp"
#include "program/chapter.hpp"

// The weights of untrained heads as pictures, how much two heads differ, and what a seed decides.

using namespace derivation;

namespace {

using Words = std::vector<std::string>;

// ---- Two heads of three tokens. ----

/// Two heads of one column each, where Z is S, and how much they differ.
std::vector<Term> two_heads(Page& page, const Words& words, const Entries& queries, const Entries& keys) {
  page.tokens(words);
  const Term Q = page.given("Q", queries);
  const Term K = page.given("K", keys);
  std::vector<Term> A;
  for (int h = 1; h <= 2; ++h) {
    const HeadSteps step = HeadSteps(page, "_" + std::to_string(h)).in_brief({"Q", "K", "m", "D"});
    const Term Q_h = step("Q", head(Q, h, 2));
    const Term K_h = step("K", head(K, h, 2));
    A.push_back(write_softmax(step, step("S", Q_h * transpose(K_h))));
  }
  page.step("R", "Head 1 minus head 2", A[0] - A[1]);
  write_difference(page, A);
  return A;
}

void small(Page& page) {
  page.example("small", "Three tokens, two heads");
  const auto A = two_heads(page, {"you", "work", "here"}, {{"1", "0"}, {"2", "1"}, {"0", "2"}},
                           {{"0", "1"}, {"1", "0"}, {"2", "1"}});
  draw_heads(
      page, "small",
      "Two panels of three rows and columns. In head 1 the rows of you and work are brightest in the "
      "column of here, and the row of here has three equal colours. In head 2 the row of you has three "
      "equal colours, and the others are darkest in the column of work.",
      2);
  prove_distributions(page, A);
}

// ---- A seeded layer, and tokens for it. ----

constexpr Index d_model = 64;
constexpr std::uint64_t layer_seed = 0, word_seed = 1;

const attention::Vocabulary vocabulary = {
    {"<bos>", "I", "work", ",", "you", "he", "___", "The", "cat", "sat", "on", "the", "mat"},
    d_model,
    word_seed};
const Words lab_words = {"<bos>", "I", "work", ",", "you", "work", ",", "he"};
const Words verb_words = {"I", "work", ",", "you", "work", ",", "he", "___"};
const Words cat_words = {"The", "cat", "sat", "on", "the", "mat"};

UntrainedLayer layer(Index heads, std::uint64_t seed = layer_seed) { return {vocabulary, heads, seed}; }

/// What all sentences have: a picture, how much two heads differ, and what every head is held to.
Heads untrained(Page& page, const Words& words, int heads, const std::string& picture,
                const std::string& description) {
  const Heads written = write_untrained_heads(page, layer(heads), words);
  draw_heads(page, picture, description, heads);
  write_difference(page, written.A);
  prove_distributions(page, written.A);
  return written;
}

// ---- Eight tokens, four heads. ----

Heads lab(Page& page) {
  page.example("lab", "Eight tokens, four untrained heads");
  const Heads heads = untrained(
      page, lab_words, 4, "lab",
      "Four panels of eight rows and eight columns, one a head. Colours and numbers show no order, and no "
      "two panels are alike. Within a panel the two rows of work are equal, and so are the two rows of the "
      "comma.");
  write_differences_of_pairs(page, heads.A);
  prove_twins(page, heads.A, "work", 2, 5);
  prove_twins(page, heads.A, ",", 3, 6);
  prove_different(page, heads.A, Exact(1) / 4);
  return heads;
}

/// One row of the lab's first head, written out.
void row_of_he(Page& page, const Term& S_1) {
  page.example("row", "The query `he` in head 1");
  const Term S = page.computed("S", "Scores", "", known(S_1.values().row(7)), {{"he"}, lab_words});
  const Term A = write_softmax(HeadSteps(page).in_brief({"m", "D"}), page.step("Z", scaled(S, 16)));
  page.fact("the row of A sums to 1", row_sums(A) == ones(A));
}

/// The same scores as `all`, and a causal mask.
std::vector<Term> causal(Page& page, const std::string& name, const std::string& title,
                         const std::string& picture, const Heads& all) {
  page.example(name, title);
  const auto A = write_masked_weights(page, all, attention::causal_mask(8));
  draw_heads(page, picture,
             "Four panels of eight rows and eight columns, one a head. Above the diagonal no cell has a "
             "colour. The first row is a single 1; the rows below have one coloured cell more each.",
             4);
  write_difference(page, A);
  prove_distributions(page, A);
  prove_triangular(page, A, all.A);
  return A;
}

// ---- The sentence with a blank. ----

/// Where both sentences have a query and two keys in common, the weights of the keys have the same ratio.
void prove_ratios(Page& page, const std::vector<Term>& of_verb, const std::vector<Term>& of_lab) {
  constexpr Index shared = 7;  // I work , you work , he: from 0 in one sentence, from 1 in the other
  Matrix<Exact> left(shared * 4, shared), right(shared * 4, shared);
  for (Index h = 0; h < 4; ++h) {
    const Matrix<Exact> a = of_verb[static_cast<std::size_t>(h)].values().topLeftCorner(shared, shared),
                        b = of_lab[static_cast<std::size_t>(h)].values().block(1, 1, shared, shared);
    left.middleRows(shared * h, shared) = a.cwiseProduct(b.col(0).replicate(1, shared));
    right.middleRows(shared * h, shared) = b.cwiseProduct(a.col(0).replicate(1, shared));
  }
  page.fact("two keys' weights have the ratio that they have in the lab's sentence", all_equal(left, right));
}

Heads verb(Page& page, const Heads& of_lab) {
  page.example("verb", "The sentence with a blank, four untrained heads");
  const Heads heads = untrained(
      page, verb_words, 4, "verb",
      "Four panels of eight rows and eight columns, one a head, for the sentence that ends in a blank. The "
      "pattern of the seven shared words is that of the first picture, a little lighter or darker.");
  prove_ratios(page, heads.A, of_lab.A);
  return heads;
}

// ---- A name for a pattern that is none. ----

void cat(Page& page) {
  page.example("cat", "Six tokens, eight untrained heads");
  const Heads heads = untrained(
      page, cat_words, 8, "cat",
      "Eight panels of six rows and columns, one a head. No panel has a pattern that could be named, and no "
      "two are alike.");
  prove_different(page, heads.A, Exact(1) / 10);
}

/// The weight that the query `sat` gives the key `cat` in head 4, with one layer a row.
void other_layers(Page& page) {
  page.example("layers", "One weight in eight layers");
  constexpr Index layers = 8, sat = 2, cat_key = 1;
  Matrix<Exact> S(layers, static_cast<Index>(cat_words.size()));
  Labels labels{{}, {"sat → cat, head 4"}};
  for (Index seed = 0; seed < layers; ++seed) {
    S.row(seed) = exact_scores(layer(8, static_cast<std::uint64_t>(seed)), cat_words)[3].row(sat);
    labels.rows.push_back("seed " + std::to_string(seed));
  }
  const Computed weights = compute_from_numbers([&](auto one) -> Matrix<decltype(one)> {
    using Scalar = decltype(one);
    const Matrix<Scalar> Z = as_scalars<Scalar>(S) / attention::sqrt_of<Scalar>(8);
    return attention::softmax_rows(Z).col(cat_key);
  });
  const Term w = page.computed("w", "The weight of `cat` for the query `sat` in head 4", "", weights, labels);
  page.fact("it is above 1/2 with seed 0", all_at_most(constant(1, 1, Exact(1) / 2), w.values().topRows(1)));
  page.fact("it is below 1/4 with each of the other seeds",
            all_at_most(w.values().bottomRows(layers - 1), constant(layers - 1, 1, Exact(1) / 4)));
}

// ---- Many seeds, counted. ----

constexpr int seeds = 200;  ///< 0 to 199

/// The lab's four heads' weights for one seed of the layer, in double.
std::vector<Matrix<double>> weights_for(std::uint64_t seed) {
  std::vector<Matrix<double>> A;
  for (const auto& head : heads_of(layer(4, seed), lab_words)) A.push_back(head.A);
  return A;
}

struct Counts {
  Matrix<int> strongest_in = Matrix<int>::Zero(1, 4);  ///< seeds whose largest weight is in head 1, 2, 3, 4
  int alike = 0;       ///< pairs of heads that nowhere differ by more than 1/5
  double closest = 1;  ///< the least distance to a decision that fell the other way: far more than rounding
};

void count_seed(std::uint64_t seed, Counts& counts) {
  const auto A = weights_for(seed);
  const auto found = attention::strongest_weight(A);
  ++counts.strongest_in(0, found.head - 1);
  counts.closest = std::min(counts.closest, found.ahead);
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) {
      const double largest = attention::head_differences(A[g], A[h]).largest;
      counts.alike += largest > 0.2 ? 0 : 1;
      counts.closest = std::min(counts.closest, std::abs(largest - 0.2));
    }
}

Counts count_seeds() {
  Counts counts;
  for (std::uint64_t seed = 0; seed < std::uint64_t{seeds}; ++seed) count_seed(seed, counts);
  return counts;
}

void many_seeds(Page& page) {
  page.example("seeds", "Two hundred seeds");
  Matrix<int> first(4, 3);
  for (int seed = 0; seed < 4; ++seed) {
    const auto found = attention::strongest_weight(weights_for(static_cast<std::uint64_t>(seed)));
    first.row(seed) << static_cast<int>(found.head), static_cast<int>(found.from), static_cast<int>(found.to);
  }
  page.computed("strongest", "Where the largest of all weights stands", "", known_integers(first),
                {{"seed 0", "seed 1", "seed 2", "seed 3"}, {"head", "from token", "to token"}});
  static const Counts counts = count_seeds();  // once, however often the page is written
  const Term where = page.computed("where", "Seeds whose largest weight is in this head", "",
                                   known_integers(counts.strongest_in),
                                   {{"seeds of 200"}, {"head 1", "head 2", "head 3", "head 4"}});
  page.fact("the counts add up to 200", row_sums(where) == constant(1, 1, seeds));
  page.computed("alike", "Pairs of heads, of 1200, that nowhere differ by more than 1/5", "",
                known(constant(1, 1, counts.alike)), {{"all seeds"}, {"pairs"}});
  page.fact("no count hangs on a difference below 1e-9, so the doubles decide",
            all_at_most(constant(1, 1, Exact(1) / pow(Exact(10), 9)),
                        constant(1, 1, numbers::exactly(counts.closest))));
}

// ---- Two weights that hardly differ, and the exercises. ----

void flat(Page& page) {
  page.example("flat", "Two weights that are nearly equal");
  const Term Z = page.given("Z", {{"1/10", "0"}, {"0", "1/10"}});
  write_softmax(HeadSteps(page).in_brief({"m", "D"}), Z);
}

/// Weights of these scores under a causal mask.
void write_causal(Page& page, const Term& scores, const std::string& mark) {
  const Term mask = page.given("mask", {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  write_softmax(HeadSteps(page, mark), page.step("M", hide(scores, mask)));
}

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: a causal map");
  page.details();
  page.tokens({"you", "work", "here"});
  write_causal(page, page.given("Z", {{"0", "1", "2"}, {"0", "2", "4"}, {"0", "0", "0"}}), "");

  page.example("ex2", "Exercise 2: how much two heads differ");
  page.details();
  two_heads(page, {"I", "work"}, {{"1", "1"}, {"0", "2"}}, {{"0", "2"}, {"2", "1"}});

  page.example("ex3", "Exercise 3: a word that comes twice");
  page.details();
  page.tokens({"he", ",", "he"});
  const Term Q = page.given("Q", {{"1"}, {"2"}, {"1"}});
  const Term K = page.given("K", {{"1"}, {"0"}, {"1"}});
  const Term S = page.step("S", Q * transpose(K));
  write_softmax(page, S);
  write_causal(page, S, "_c");
}

void derivations(Page& page) {
  small(page);
  const Heads of_lab = lab(page);
  row_of_he(page, of_lab.S[0]);
  const auto masked = causal(page, "causal", "The same with a causal mask", "causal", of_lab);
  page.fact("in head 1 the two rows of `work` differ by more than 1/10",
            differ_by_more_than(Exact(1) / 10, masked[0].values().row(2), masked[0].values().row(5)));
  const Heads of_verb = verb(page, of_lab);
  causal(page, "verb_causal", "The sentence with a blank, and a causal mask", "verb-causal", of_verb);
  cat(page);
  other_layers(page);
  flat(page);
  many_seeds(page);
  exercises(page);
}

/// What the manifest says, of the lab's sentence.
program::Experiment about(const Derivation&) {
  const auto differences = attention::head_differences(weights_for(layer_seed));
  program::Experiment experiment;
  experiment.seed = layer_seed;
  experiment.config = {{"d_model", d_model},
                       {"n_heads", 4},
                       {"T", 8},
                       {"input_snippet", "<bos> I work , you work , he"},
                       {"seed_of_words", static_cast<std::int64_t>(word_seed)}};
  experiment.results = {
      {"single_head_equivalence_max_diff",
       attention::single_head_difference(attention::draw_tokens<double>(vocabulary, lab_words),
                                         attention::draw_weights<double>(d_model, layer_seed))},
      {"head_weights_max_abs_diff", differences.largest},
      {"head_weights_mean_abs_diff", differences.mean}};
  return experiment;
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "12-heat-maps", derivations, about);
}
