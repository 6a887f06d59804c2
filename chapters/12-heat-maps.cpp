#include "attention/head_differences.hpp"
#include "derivation/names.hpp"
#include "program/chapter.hpp"

// The weights of untrained heads as pictures, how much two heads differ, and what a seed decides.

using namespace derivation;
using attention::causal_mask;
using attention::MultiHeadAttention;
using attention::no_mask;
using attention::sqrt_of;

namespace {

using Words = std::vector<std::string>;

constexpr Index d_model = 64;
constexpr std::uint64_t layer_seed = 0, word_seed = 1;

const Words vocabulary = {"<bos>", "I",   "work", ",",  "you", "he", "___",
                          "The",   "cat", "sat",  "on", "the", "mat"};
const Words lab_words = {"<bos>", "I", "work", ",", "you", "work", ",", "he"};
const Words verb_words = {"I", "work", ",", "you", "work", ",", "he", "___"};
const Words cat_words = {"The", "cat", "sat", "on", "the", "mat"};

// ---- A seeded layer, and tokens for it. ----

/// Every word of the vocabulary has one row of d_model random entries; equal words have equal rows.
template <typename Scalar>
Matrix<Scalar> tokens(const Words& words) {
  std::mt19937_64 random(word_seed);
  const Matrix<Scalar> rows =
      attention::draw_matrix<Scalar>(random, static_cast<Index>(vocabulary.size()), d_model, 1);
  Matrix<Scalar> X(static_cast<Index>(words.size()), d_model);
  for (std::size_t i = 0; i < words.size(); ++i)
    X.row(static_cast<Index>(i)) =
        rows.row(std::find(vocabulary.begin(), vocabulary.end(), words[i]) - vocabulary.begin());
  return X;
}

/// Each head's scores, by the class and without rounding. An entry of X is a whole number over 4, at most 8
/// in size, and one of a weight matrix a whole number over 32, at most 1. So Q and K hold whole numbers over
/// 2^7, at most 2^9, and the scores whole numbers over 2^14, at most 2^24: fewer than the 53 bits of a
/// double, in every sum on the way. The tests hold them to the exact class.
std::vector<Matrix<double>> scores(const Words& words, Index H, std::uint64_t seed = layer_seed) {
  const Index T = static_cast<Index>(words.size());
  const auto output =
      MultiHeadAttention<double>(d_model, H, seed).forward_with_heads(tokens<double>(words), no_mask(T, T));
  std::vector<Matrix<double>> S;
  for (const auto& head : output.heads) S.push_back(head.S);
  return S;
}

// ---- Steps. ----

std::string index(std::size_t head) { return "_" + std::to_string(head + 1); }

/// Doubles that were computed without rounding, as the run's numbers.
template <typename Scalar>
Matrix<Scalar> exactly(const Matrix<double>& values) {
  return values.unaryExpr([](double value) -> Scalar { return as_scalar<Scalar>(numbers::exactly(value)); });
}

std::vector<Term> score_steps(Page& page, const Words& words, Index H) {
  std::vector<Term> steps;
  const auto S = scores(words, H);
  for (std::size_t h = 0; h < S.size(); ++h) {
    const std::string name = "S" + index(h);
    steps.push_back(page.computed(name, usual_title(name), "Q" + index(h) + " K" + index(h) + "^\\top", {},
                                  exactly<Scalar>(S[h]), {words, words}));
    page.mark_detail();
  }
  return steps;
}

std::vector<Term> weight_steps(Page& page, const std::vector<Term>& S, Index d_k,
                               const attention::Mask& mask) {
  std::vector<Term> steps;
  for (std::size_t h = 0; h < S.size(); ++h) {
    const std::string name = "A" + index(h),
                      formula = "\\operatorname{softmax}(S" + index(h) + " / \\sqrt{d_k})";
    const Matrix<Scalar> Z = S[h].values() / sqrt_of<Scalar>(d_k);
    steps.push_back(
        page.computed(name, usual_title(name), formula, {}, attention::softmax_rows(Z, mask), S[h].labels));
    page.mark_detail();
  }
  return steps;
}

std::vector<Matrix<Certified<Scalar>>> certified_weights(const std::vector<Term>& A) {
  std::vector<Matrix<Certified<Scalar>>> values;
  for (const auto& head : A) values.push_back(certified<Scalar>(head.values()));
  return values;
}

Term difference_step(Page& page, const std::vector<Term>& A) {
  const auto found = attention::head_differences(certified_weights(A));
  Matrix<Certified<Scalar>> row(1, 2);
  row << found.largest, found.mean;
  Words operands;
  for (const auto& head : A) operands.push_back(head.name.empty() ? head.formula : head.name);
  return page.certified("difference", "How much two heads' weights differ", "\\lvert A_g - A_h \\rvert",
                        operands, row, {{"any two heads"}, {"largest", "mean"}});
}

/// The same for each pair of heads.
void tabulate_pairs(Page& page, const std::vector<Term>& A) {
  const auto values = certified_weights(A);
  Matrix<Certified<Scalar>> table(static_cast<Index>(A.size() * (A.size() - 1) / 2), 2);
  Labels labels{{}, {"largest", "mean"}};
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) {
      const auto found = attention::head_differences(values[g], values[h]);
      table.row(static_cast<Index>(labels.rows.size())) << found.largest, found.mean;
      labels.rows.push_back("heads " + std::to_string(g + 1) + " and " + std::to_string(h + 1));
    }
  page.certified("pairs", "How much each two heads' weights differ", "\\lvert A_g - A_h \\rvert", {}, table,
                 labels);
}

/// One panel a head.
void draw(Page& page, const std::string& name, const std::string& description, std::size_t heads) {
  std::vector<Series> panels;
  for (std::size_t h = 0; h < heads; ++h)
    panels.push_back({"head " + std::to_string(h + 1), "A" + index(h), ""});
  page.figure({name, Figure::Kind::heatmap, description, "the key's token", "the query's token", panels});
}

// ---- What is decided about the weights. ----

/// All heads' weights, one below the other.
template <typename Scalar>
Matrix<Scalar> stacked(const std::vector<Term>& A) {
  const Index T = A[0].rows();
  Matrix<Scalar> all(T * static_cast<Index>(A.size()), A[0].cols());
  for (std::size_t h = 0; h < A.size(); ++h) all.middleRows(T * static_cast<Index>(h), T) = A[h].values();
  return all;
}

template <typename Scalar>
Matrix<Scalar> constant(Index rows, Index cols, const Exact& value) {
  return Matrix<Scalar>::Constant(rows, cols, as_scalar<Scalar>(value));
}

void prove_sums(Page& page, const std::vector<Term>& A) {
  const Matrix<Scalar> all = stacked(A), sums = all.rowwise().sum();
  page.fact("each row of each head's weights sums to 1", all_equal(sums, constant<Scalar>(all.rows(), 1, 1)));
  page.fact("no weight is negative", all_at_most(constant<Scalar>(all.rows(), all.cols(), 0), all));
}

Matrix<double> rounded(const Matrix<double>& values) { return values; }
Matrix<double> rounded(const Matrix<Exact>& values) {
  return values.unaryExpr([](const Exact& value) { return numbers::to_double(value); });
}

/// Each two heads differ by more than the bound, in one weight at least: where doubles say that it is most.
void prove_different(Page& page, const std::vector<Term>& A, const Exact& bound) {
  std::vector<Matrix<double>> doubles;
  for (const auto& head : A) doubles.push_back(rounded(head.values()));
  std::vector<Scalar> differences;
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) {
      using std::abs;
      Index i = 0, j = 0;
      (doubles[g] - doubles[h]).cwiseAbs().maxCoeff(&i, &j);
      differences.push_back(abs(Scalar(A[g].values()(i, j) - A[h].values()(i, j))));
    }
  const Index count = static_cast<Index>(differences.size());
  const Matrix<Scalar> found = Eigen::Map<const attention::Vector<Scalar>>(differences.data(), count);
  page.fact("each two heads differ by more than " + numbers::print(bound, numbers::Notation::unicode) +
                " in some weight",
            all_at_most(constant<Scalar>(count, 1, bound), found));
}

/// Tokens a and b are the same word: the same row and the same column in every head.
void prove_twins(Page& page, const std::vector<Term>& A, const std::string& word, Index a, Index b) {
  Matrix<Scalar> rows_a(A.size(), A[0].cols()), rows_b = rows_a, cols_a(A.size(), A[0].rows()),
                                                cols_b = cols_a;
  for (std::size_t h = 0; h < A.size(); ++h) {
    const Index k = static_cast<Index>(h);
    rows_a.row(k) = A[h].values().row(a);
    rows_b.row(k) = A[h].values().row(b);
    cols_a.row(k) = A[h].values().col(a).transpose();
    cols_b.row(k) = A[h].values().col(b).transpose();
  }
  page.fact("in every head the two rows of `" + word + "` are equal", all_equal(rows_a, rows_b));
  page.fact("in every head the two columns of `" + word + "` are equal", all_equal(cols_a, cols_b));
}

/// The causal weights against those without a mask.
void prove_causal(Page& page, const std::vector<Term>& masked, const std::vector<Term>& all) {
  const Index T = masked[0].rows();
  std::vector<Scalar> above, share, expected;
  for (std::size_t h = 0; h < masked.size(); ++h)
    for (Index i = 0; i < T; ++i) {
      const Scalar seen = all[h].values().row(i).head(i + 1).sum();
      for (Index j = i + 1; j < T; ++j) above.push_back(masked[h].values()(i, j));
      for (Index j = 0; j <= i; ++j) share.push_back(masked[h].values()(i, j) * seen);
      for (Index j = 0; j <= i; ++j) expected.push_back(all[h].values()(i, j));
    }
  const auto column = [](const std::vector<Scalar>& values) -> Matrix<Scalar> {
    return Eigen::Map<const attention::Vector<Scalar>>(values.data(), static_cast<Index>(values.size()));
  };
  page.fact("every head is lower triangular: the weights above the diagonal are 0",
            all_equal(column(above), constant<Scalar>(static_cast<Index>(above.size()), 1, 0)));
  page.fact("the others are those without a mask, divided by what was left of their row",
            all_equal(column(share), column(expected)));
}

// ---- The examples. ----

/// Softmax step by step, from the scaled scores on. `mark` is _1, _2, or nothing where there is one head.
Term softmax(Page& page, const Term& Z, const std::string& mark) {
  const auto m = page.detail("m" + mark, usual_title("m" + mark), row_maxima(Z));
  const auto D = page.detail("D" + mark, usual_title("D" + mark), Z - m);
  const auto E = page.step("E" + mark, usual_title("E" + mark), exp(D));
  const auto l = page.step("l" + mark, usual_title("l" + mark), row_sums(E));
  return page.step("A" + mark, usual_title("A" + mark), E / l);
}

/// Two heads of one column each: Z is S.
std::vector<Term> two_heads(Page& page, const Words& words, const Entries& queries, const Entries& keys) {
  page.tokens(words);
  const auto Q = page.given("Q", queries);
  const auto K = page.given("K", keys);
  std::vector<Term> A;
  for (int h = 1; h <= 2; ++h) {
    const std::string mark = "_" + std::to_string(h);
    const auto Q_h = page.detail("Q" + mark, usual_title("Q" + mark), head(Q, h, 2));
    const auto K_h = page.detail("K" + mark, usual_title("K" + mark), head(K, h, 2));
    const auto S = page.step("S" + mark, usual_title("S" + mark), Q_h * transpose(K_h));
    A.push_back(softmax(page, S, mark));
  }
  page.step("R", "Head 1 minus head 2", A[0] - A[1]);
  difference_step(page, A);
  return A;
}

void small(Page& page) {
  page.example("small", "Three tokens, two heads");
  const auto A = two_heads(page, {"you", "work", "here"}, {{"1", "0"}, {"2", "1"}, {"0", "2"}},
                           {{"0", "1"}, {"1", "0"}, {"2", "1"}});
  draw(page, "small",
       "Two panels of three rows and columns. In head 1 the rows of you and work are brightest in the column "
       "of "
       "here, and the row of here has three equal colours. In head 2 the row of you has three equal colours, "
       "and "
       "the others are darkest in the column of work.",
       2);
  prove_sums(page, A);
}

struct Heads {
  std::vector<Term> S, A;
};

Heads<Scalar> lab(Page& page) {
  page.example("lab", "Eight tokens, four untrained heads");
  Heads<Scalar> heads;
  heads.S = score_steps(page, lab_words, 4);
  heads.A = weight_steps(page, heads.S, 16, no_mask(8, 8));
  draw(page, "lab",
       "Four panels of eight rows and eight columns, one a head. Colours and numbers show no order, and no "
       "two "
       "panels are alike. Within a panel the two rows of work are equal, and so are the two rows of the "
       "comma.",
       4);
  difference_step(page, heads.A);
  tabulate_pairs(page, heads.A);
  prove_sums(page, heads.A);
  prove_twins(page, heads.A, "work", 2, 5);
  prove_twins(page, heads.A, ",", 3, 6);
  prove_different(page, heads.A, Exact(1) / Exact(4));
  return heads;
}

/// One row of the lab's first head, written out.
void row_of_he(Page& page, const Term& S_1) {
  page.example("row", "The query `he` in head 1");
  const auto S =
      page.computed("S", "Scores", "", {}, Matrix<Scalar>(S_1.values().row(7)), {{"he"}, lab_words});
  const auto Z = page.step("Z", usual_title("Z"), S / sqrt(number("d_k", 16)));
  const auto A = softmax(page, Z, "");
  page.fact("the row of A sums to 1", row_sums(A) == ones(A));
}

/// The second of two equal words sees more than the first: their rows are no longer equal.
void prove_told_apart(Page& page, const Term& A_1, const std::string& word, Index a, Index b) {
  page.fact("in head 1 the two rows of `" + word + "` differ by more than 1/10",
            differ_by_more_than(Exact(1) / Exact(10), Matrix<Scalar>(A_1.values().row(a)),
                                Matrix<Scalar>(A_1.values().row(b))));
}

std::vector<Term> causal(Page& page, const std::string& name, const std::string& title,
                         const std::string& picture, const Heads<Scalar>& all) {
  page.example(name, title);
  const auto A = weight_steps(page, all.S, 16, causal_mask(8));
  draw(
      page, picture,
      "Four panels of eight rows and eight columns, one a head. Above the diagonal no cell has a colour. The "
      "first "
      "row is a single 1; the rows below have one coloured cell more each.",
      4);
  difference_step(page, A);
  prove_sums(page, A);
  prove_causal(page, A, all.A);
  return A;
}

/// Where both sentences have a query and two keys in common, the weights of the keys have the same ratio.
void prove_ratios(Page& page, const std::vector<Term>& of_verb, const std::vector<Term>& of_lab) {
  constexpr Index shared = 7;  // I work , you work , he: from 0 in one sentence, from 1 in the other
  Matrix<Scalar> left(shared * 4, shared), right(shared * 4, shared);
  for (std::size_t h = 0; h < 4; ++h)
    for (Index i = 0; i < shared; ++i)
      for (Index j = 0; j < shared; ++j) {
        const Matrix<Scalar>&a = of_verb[h].values(), &b = of_lab[h].values();
        left(shared * static_cast<Index>(h) + i, j) = a(i, j) * b(i + 1, 1);
        right(shared * static_cast<Index>(h) + i, j) = a(i, 0) * b(i + 1, j + 1);
      }
  page.fact("two keys' weights have the ratio that they have in the lab's sentence", all_equal(left, right));
}

Heads<Scalar> verb(Page& page, const Heads<Scalar>& of_lab) {
  page.example("verb", "The sentence with a blank, four untrained heads");
  Heads<Scalar> heads;
  heads.S = score_steps(page, verb_words, 4);
  heads.A = weight_steps(page, heads.S, 16, no_mask(8, 8));
  draw(page, "verb",
       "Four panels of eight rows and eight columns, one a head, for the sentence that ends in a blank. The "
       "pattern of "
       "the seven shared words is that of the first picture, a little lighter or darker.",
       4);
  difference_step(page, heads.A);
  prove_sums(page, heads.A);
  prove_ratios(page, heads.A, of_lab.A);
  return heads;
}

void cat(Page& page) {
  page.example("cat", "Six tokens, eight untrained heads");
  const auto S = score_steps(page, cat_words, 8);
  const auto A = weight_steps(page, S, 8, no_mask(6, 6));
  draw(page, "cat",
       "Eight panels of six rows and columns, one a head. No panel has a pattern that could be named, and no "
       "two are "
       "alike.",
       8);
  difference_step(page, A);
  prove_sums(page, A);
  prove_different(page, A, Exact(1) / Exact(10));
}

/// The weight that the query `sat` gives the key `cat` in head 4, with one layer a row.
void other_layers(Page& page) {
  page.example("layers", "One weight in eight layers");
  constexpr Index layers = 8, sat = 2, cat_key = 1;
  Matrix<Scalar> weight(layers, 1);
  Labels labels{{}, {"sat → cat, head 4"}};
  for (Index seed = 0; seed < layers; ++seed) {
    const Matrix<double> S = scores(cat_words, 8, static_cast<std::uint64_t>(seed))[3].row(sat);
    const Matrix<Scalar> Z = exactly<Scalar>(S) / sqrt_of<Scalar>(8);
    weight(seed, 0) = attention::softmax_rows(Z)(0, cat_key);
    labels.rows.push_back("seed " + std::to_string(seed));
  }
  const auto w =
      page.computed("w", "The weight of `cat` for the query `sat` in head 4", "", {}, weight, labels);
  page.fact("it is above 1/2 with seed 0",
            all_at_most(constant<Scalar>(1, 1, Exact(1) / Exact(2)), Matrix<Scalar>(w.values().topRows(1))));
  page.fact("it is below 1/4 with each of the other seeds",
            all_at_most(Matrix<Scalar>(w.values().bottomRows(layers - 1)),
                        constant<Scalar>(layers - 1, 1, Exact(1) / Exact(4))));
}

/// Two weights that hardly differ.
void flat(Page& page) {
  page.example("flat", "Two weights that are nearly equal");
  const auto Z = page.given("Z", usual_title("Z"), Entries{{"1/10", "0"}, {"0", "1/10"}});
  softmax(page, Z, "");
}

// ---- Many seeds, counted. ----

constexpr int seeds = 200;  ///< 0 to 199

/// The four heads' weights for one seed of the layer, in double.
std::vector<Matrix<double>> weights_for(std::uint64_t seed) {
  const Matrix<double> X = tokens<double>(lab_words);
  const auto output = MultiHeadAttention<double>(d_model, 4, seed).forward_with_heads(X, no_mask(8, 8));
  std::vector<Matrix<double>> A;
  for (const auto& head : output.heads) A.push_back(head.A);
  return A;
}

struct Strongest {
  Index head = 0, from = 0, to = 0;  ///< the head counts from 1, tokens from 0
  double ahead = 0;                  ///< how much larger than the largest weight of any other head
};

/// The largest weight of all heads.
Strongest strongest(const std::vector<Matrix<double>>& A) {
  Strongest found;
  double largest = 0;
  for (std::size_t h = 0; h < A.size(); ++h) {
    Index i = 0, j = 0;
    const double weight = A[h].maxCoeff(&i, &j);
    if (weight > largest)
      found = {static_cast<Index>(h) + 1, i, j, weight - largest};
    else
      found.ahead = std::min(found.ahead, largest - weight);
    largest = std::max(largest, weight);
  }
  return found;
}

struct Counts {
  std::array<int, 4> strongest_in{};  ///< seeds whose largest weight is in head 1, 2, 3, 4
  int alike = 0;                      ///< pairs of heads that nowhere differ by more than 1/5
  double closest = 1;  ///< the least distance to a decision that fell the other way: far more than rounding
};

void count_seed(std::uint64_t seed, Counts& counts) {
  const auto A = weights_for(seed);
  const Strongest found = strongest(A);
  ++counts.strongest_in[static_cast<std::size_t>(found.head - 1)];
  counts.closest = std::min(counts.closest, found.ahead);
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) {
      const double largest = attention::head_differences(A[g], A[h]).largest;
      counts.alike += largest > 0.2 ? 0 : 1;
      counts.closest = std::min(counts.closest, std::abs(largest - 0.2));
    }
}

/// Counted once, for both runs of the page.
const Counts& all_counts() {
  static const Counts counted = [] {
    Counts counts;
    for (std::uint64_t seed = 0; seed < std::uint64_t{seeds}; ++seed) count_seed(seed, counts);
    return counts;
  }();
  return counted;
}

void many_seeds(Page& page) {
  page.example("seeds", "Two hundred seeds");
  Matrix<Scalar> first(4, 3), in_head(1, 4), alike(1, 1);
  for (int seed = 0; seed < 4; ++seed) {
    const Strongest found = strongest(weights_for(static_cast<std::uint64_t>(seed)));
    first.row(seed) << Scalar(static_cast<int>(found.head)), Scalar(static_cast<int>(found.from)),
        Scalar(static_cast<int>(found.to));
  }
  page.computed("strongest", "Where the largest of all weights stands", "", {}, first,
                {{"seed 0", "seed 1", "seed 2", "seed 3"}, {"head", "from token", "to token"}});
  for (Index h = 0; h < 4; ++h)
    in_head(0, h) = Scalar(all_counts().strongest_in[static_cast<std::size_t>(h)]);
  const auto where = page.computed("where", "Seeds whose largest weight is in this head", "", {}, in_head,
                                   {{"seeds of 200"}, {"head 1", "head 2", "head 3", "head 4"}});
  page.fact("the counts add up to 200",
            all_equal(Matrix<Scalar>(where.values().rowwise().sum()), constant<Scalar>(1, 1, Exact(seeds))));
  alike(0, 0) = Scalar(all_counts().alike);
  page.computed("alike", "Pairs of heads, of 1200, that nowhere differ by more than 1/5", "", {}, alike,
                {{"all seeds"}, {"pairs"}});
  page.fact("no count hangs on a difference below 1e-9, so the doubles decide",
            all_at_most(constant<Scalar>(1, 1, Exact(1) / numbers::pow(10, 9)),
                        constant<Scalar>(1, 1, numbers::exactly(all_counts().closest))));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: a causal map");
  page.details();
  page.tokens({"you", "work", "here"});
  const auto Z =
      page.given("Z", usual_title("Z"), Entries{{"0", "1", "2"}, {"0", "2", "4"}, {"0", "0", "0"}});
  const auto mask =
      page.given("mask", usual_title("mask"), Entries{{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  softmax(page, page.step("M", usual_title("M"), hide(Z, mask)), "");

  page.example("ex2", "Exercise 2: how much two heads differ");
  page.details();
  two_heads(page, {"I", "work"}, {{"1", "1"}, {"0", "2"}}, {{"0", "2"}, {"2", "1"}});

  page.example("ex3", "Exercise 3: a word that comes twice");
  page.details();
  page.tokens({"he", ",", "he"});
  const auto Q = page.given("Q", {{"1"}, {"2"}, {"1"}});
  const auto K = page.given("K", {{"1"}, {"0"}, {"1"}});
  const auto S = page.step("S", usual_title("S"), Q * transpose(K));
  softmax(page, S, "");
  const auto may_look =
      page.given("mask", usual_title("mask"), Entries{{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  softmax(page, page.step("M", usual_title("M"), hide(S, may_look)), "_c");
}

const auto derivations = [](Page& page) {
  small(page);
  const auto of_lab = lab(page);
  row_of_he(page, of_lab.S[0]);
  const auto masked = causal(page, "causal", "The same with a causal mask", "causal", of_lab);
  prove_told_apart(page, masked[0], "work", 2, 5);
  const auto of_verb = verb(page, of_lab);
  causal(page, "verb_causal", "The sentence with a blank, and a causal mask", "verb-causal", of_verb);
  cat(page);
  other_layers(page);
  flat(page);
  many_seeds(page);
  exercises(page);
};

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
       attention::single_head_difference(tokens<double>(lab_words),
                                         attention::draw_weights<double>(d_model, layer_seed))},
      {"head_weights_max_abs_diff", differences.largest},
      {"head_weights_mean_abs_diff", differences.mean}};
  return experiment;
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "12-heat-maps", derivations, about);
}
