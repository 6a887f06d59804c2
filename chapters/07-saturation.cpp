#include <array>
#include <cmath>
#include <cstdint>
#include <random>

#include "attention/random.hpp"
#include "program/chapter.hpp"

// Attention with d_k = 64 on random tokens: for one seed exactly, and counted over ten thousand seeds.

using namespace derivation;
using attention::draw_entry;

namespace {

constexpr std::size_t d_k = 64;
constexpr int seeds = 10000;

// ---- Random heads, portable to the bit. ----
//
// std::mt19937_64 is specified by the C++ standard, the standard library's distributions are not: these are
// our own. All numbers are kept as integers: 4 X, 8 W and 1024 S; attention::draw_entry draws the entries of
// 4 X.

using Row = std::array<std::int64_t, d_k>;

/// A random orthogonal matrix: a Hadamard matrix over 8, with rows and columns permuted and their signs
/// flipped.
struct Orthogonal {
  std::array<std::size_t, d_k> rows{}, cols{};
  std::uint64_t row_signs = 0, col_signs = 0;
};

std::array<std::size_t, d_k> draw_permutation(std::mt19937_64& random) {
  std::array<std::size_t, d_k> order{};
  for (std::size_t k = 0; k < d_k; ++k) order[k] = k;
  for (std::size_t k = d_k - 1; k > 0; --k) std::swap(order[k], order[random() % (k + 1)]);
  return order;
}

Orthogonal draw_orthogonal(std::mt19937_64& random) {
  Orthogonal W;
  W.rows = draw_permutation(random);
  W.cols = draw_permutation(random);
  W.row_signs = random();
  W.col_signs = random();
  return W;
}

std::int64_t with_sign(std::int64_t value, std::uint64_t signs, std::size_t k) {
  return (signs >> k) & 1 ? -value : value;
}

/// x H for the 64×64 Hadamard matrix H of Sylvester, by the fast transform: sums and differences, six times
/// over.
Row times_hadamard(Row x) {
  for (std::size_t half = 1; half < d_k; half *= 2)
    for (std::size_t start = 0; start < d_k; start += 2 * half)
      for (std::size_t k = start; k < start + half; ++k) {
        const std::int64_t a = x[k], b = x[k + half];
        x[k] = a + b;
        x[k + half] = a - b;
      }
  return x;
}

/// x times 8 W.
Row times(const Row& x, const Orthogonal& W) {
  Row mixed{};
  for (std::size_t k = 0; k < d_k; ++k) mixed[k] = with_sign(x[W.rows[k]], W.row_signs, k);
  const Row transformed = times_hadamard(mixed);
  Row result{};
  for (std::size_t k = 0; k < d_k; ++k) result[k] = with_sign(transformed[W.cols[k]], W.col_signs, k);
  return result;
}

using Scores = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

/// 1024 S for T random tokens and random orthogonal W_Q and W_K.
Scores draw_scores(std::uint64_t seed, Index T) {
  std::mt19937_64 random(seed);
  std::vector<Row> X(static_cast<std::size_t>(T));
  for (Row& row : X)
    for (std::int64_t& entry : row) entry = draw_entry(random);
  const Orthogonal W_Q = draw_orthogonal(random), W_K = draw_orthogonal(random);
  std::vector<Row> Q, K;
  for (const Row& row : X) {
    Q.push_back(times(row, W_Q));
    K.push_back(times(row, W_K));
  }
  Scores scores(T, T);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < T; ++j) {
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < d_k; ++k)
        sum += Q[static_cast<std::size_t>(i)][k] * K[static_cast<std::size_t>(j)][k];
      scores(i, j) = sum;
    }
  return scores;
}

// ---- One seed, exactly. ----

template <typename Scalar>
Matrix<Scalar> scores_of(std::uint64_t seed, Index T) {
  return draw_scores(seed, T).unaryExpr([](std::int64_t score) -> Scalar {
    return as_scalar<Scalar>(Exact(static_cast<long>(score)) / Exact(1024));
  });
}

/// Softmax step by step; `mark` tells the two runs of a page apart.
Term softmax(Page& page, const Term& scores, const std::string& mark, const std::string& title) {
  const auto m = page.detail("m" + mark, "Row maxima", row_maxima(scores));
  const auto D = page.detail("D" + mark, "Shifted scores", scores - m);
  const auto E = page.detail("E" + mark, "Exponentials", exp(D));
  const auto l = page.detail("l" + mark, "Row sums", row_sums(E));
  return page.step("A" + mark, title, E / l);
}

void one_seed(Page& page, std::uint64_t seed, Index T) {
  page.example("t" + std::to_string(T), std::to_string(T) + " tokens, seed " + std::to_string(seed));
  const auto S =
      page.computed("S", "Scores, 64 products each", "Q K^\\top", {}, scores_of<Scalar>(seed, T), {});
  const auto A_u = softmax(page, S, "_u", "Weights without the scale");
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", d_k)));
  const auto A = softmax(page, Z, "", "Weights with the scale");
  const auto r_u = page.step("r_u", "Largest weight of each row, without the scale", row_maxima(A_u));
  const auto r = page.step("r", "Largest weight of each row, with the scale", row_maxima(A));
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("no row's largest weight is larger with the scale", r <= r_u);
}

// ---- Ten thousand seeds, counted. ----

/// A row's largest weight, in double: 1 / Σ exp(z − max).
double largest_weight(const Scores& scores, Index row, double divisor) {
  const std::int64_t maximum = scores.row(row).maxCoeff();
  double sum = 0;
  for (Index j = 0; j < scores.cols(); ++j)
    sum += std::exp(static_cast<double>(scores(row, j) - maximum) / divisor);
  return 1 / sum;
}

constexpr std::size_t bins = 20;

/// What is counted for one T.
struct Counts {
  Index T = 0;
  int rows_above = 0, seeds_all_above = 0, seeds_any_above = 0;  ///< unscaled row maxima above 0.95
  int near = 0, less_near = 0;                 ///< scaled row maxima within 0.05, 0.1 of 1/T
  int larger_with_scale = 0;                   ///< rows that contradict the theorem
  std::array<int, bins> unscaled{}, scaled{};  ///< row maxima by twentieths
  double closest =
      1;  ///< the least distance of a row maximum to a threshold: it must be far more than rounding
};

/// Whether the weight is above the threshold; how close it came is remembered.
bool above(double weight, double threshold, Counts& counts) {
  counts.closest = std::min(counts.closest, std::abs(weight - threshold));
  return weight > threshold;
}

std::size_t bin_of(double weight) {
  return std::min(static_cast<std::size_t>(weight * static_cast<double>(bins)), bins - 1);
}

void count_row(const Scores& scores, Index row, Counts& counts, int& above_in_seed) {
  const double uniform = 1.0 / static_cast<double>(counts.T);
  const double unscaled = largest_weight(scores, row, 1024), scaled = largest_weight(scores, row, 1024 * 8);
  above_in_seed += above(unscaled, 0.95, counts) ? 1 : 0;
  counts.near += above(scaled, uniform + 0.05, counts) ? 0 : 1;
  counts.less_near += above(scaled, uniform + 0.1, counts) ? 0 : 1;
  counts.larger_with_scale += scaled > unscaled ? 1 : 0;
  ++counts.unscaled[bin_of(unscaled)];
  ++counts.scaled[bin_of(scaled)];
}

Counts count(Index T) {
  Counts counts;
  counts.T = T;
  for (int seed = 0; seed < seeds; ++seed) {
    const Scores scores = draw_scores(static_cast<std::uint64_t>(seed), T);
    int above_in_seed = 0;
    for (Index row = 0; row < T; ++row) count_row(scores, row, counts, above_in_seed);
    counts.rows_above += above_in_seed;
    counts.seeds_all_above += above_in_seed == T ? 1 : 0;
    counts.seeds_any_above += above_in_seed > 0 ? 1 : 0;
  }
  return counts;
}

/// Counted once, for both runs of the page.
const std::array<Counts, 3>& all_counts() {
  static const std::array<Counts, 3> counts = {count(2), count(4), count(8)};
  return counts;
}

template <typename Scalar>
Scalar share(int found, std::int64_t of) {
  return as_scalar<Scalar>(Exact(found) / Exact(static_cast<long>(of)));
}

/// A row for each T, a column for each value that `values` gives.
template <typename Scalar, typename Values>
Matrix<Scalar> by_length(Index columns, Values values) {
  Matrix<Scalar> table(3, columns);
  for (Index i = 0; i < 3; ++i) {
    const std::vector<Scalar> row = values(all_counts()[static_cast<std::size_t>(i)]);
    for (Index j = 0; j < columns; ++j) table(i, j) = row[static_cast<std::size_t>(j)];
  }
  return table;
}

const std::vector<std::string> lengths = {"T = 2", "T = 4", "T = 8"};

void tabulate_claims(Page& page) {
  page.computed("above", "Shares of largest weights above 0.95, without the scale", "", {},
                by_length<Scalar>(3,
                                  [](const Counts& c) -> std::vector<Scalar> {
                                    return {share<Scalar>(c.rows_above, seeds * c.T),
                                            share<Scalar>(c.seeds_all_above, seeds),
                                            share<Scalar>(c.seeds_any_above, seeds)};
                                  }),
                {lengths, {"of all rows", "seeds: in every row", "seeds: in some row"}});
  page.computed("near", "Shares of rows whose largest weight is near 1/T, with the scale", "", {},
                by_length<Scalar>(
                    2,
                    [](const Counts& c) -> std::vector<Scalar> {
                      return {share<Scalar>(c.near, seeds * c.T), share<Scalar>(c.less_near, seeds * c.T)};
                    }),
                {lengths, {"within 0.05", "within 0.1"}});
}

template <typename Scalar, typename Value>
Term column(Page& page, const std::string& name, const std::string& title, Value value) {
  Matrix<Scalar> values(static_cast<Index>(bins), 1);
  for (std::size_t k = 0; k < bins; ++k) values(static_cast<Index>(k), 0) = value(k);
  const auto term = page.computed(name, title, "", {}, values, {});
  page.mark_detail();
  return term;
}

void tabulate_distribution(Page& page) {
  column(page, "w", "Middle of each twentieth", [](std::size_t k) -> Scalar {
    return as_scalar<Scalar>(Exact(2 * static_cast<int>(k) + 1) / Exact(40));
  });
  for (const Counts& counts : all_counts()) {
    const std::string T = std::to_string(counts.T);
    const auto shares = [&](const std::array<int, bins>& found) {
      return [&](std::size_t k) -> Scalar { return share<Scalar>(found[k], seeds * counts.T); };
    };
    column(page, "u_" + T, "Share of rows by their largest weight, without the scale",
           shares(counts.unscaled));
    column(page, "s_" + T, "Share of rows by their largest weight, with the scale", shares(counts.scaled));
  }
}

void many_seeds(Page& page) {
  page.example("many", "Ten thousand seeds");
  tabulate_claims(page);
  tabulate_distribution(page);
  page.figure(
      {"row-maxima",
       Figure::Kind::bars,
       "Bars: how the largest weights of 40,000 rows are spread over twentieths of 0 to 1, for four tokens. "
       "Without the scale three fifths of them lie in the last twentieth; with the scale they spread around "
       "one half, and few lie near one quarter.",
       "largest weight of a row (T = 4)",
       "share of rows",
       {{"without the scale", "w", "u_4"}, {"with the scale", "w", "s_4"}}});
  page.figure(
      {"scaled-row-maxima",
       Figure::Kind::lines,
       "Three curves: how the largest weights of rows are spread with the scale, for two, four and eight "
       "tokens. Each rises well above 1/T before it falls.",
       "largest weight of a row, with the scale",
       "share of rows",
       {{"T = 2", "w", "s_2"}, {"T = 4", "w", "s_4"}, {"T = 8", "w", "s_8"}}});

  Matrix<Scalar> contradicting(3, 1), closest(3, 1);
  for (Index i = 0; i < 3; ++i) {
    contradicting(i, 0) = Scalar(all_counts()[static_cast<std::size_t>(i)].larger_with_scale);
    closest(i, 0) = as_scalar<Scalar>(numbers::exactly(all_counts()[static_cast<std::size_t>(i)].closest));
  }
  const auto c = page.computed("larger", "Rows whose largest weight is larger with the scale", "", {},
                               contradicting, {lengths, {"rows"}});
  page.fact("in none of the 140,000 rows is the largest weight larger with the scale",
            c == Matrix<Scalar>(Matrix<Scalar>::Constant(3, 1, Scalar(0))));
  page.fact(
      "no counted weight is closer than 1e-10 to the bound that it is held against, so the doubles decide",
      all_at_most(
          Matrix<Scalar>(Matrix<Scalar>::Constant(3, 1, as_scalar<Scalar>(Exact(1) / numbers::pow(10, 10)))),
          closest));
}

// ---- The exercises. ----

/// Rows of scores to weights, each row an example of its own.
void exercise(Page& page, const std::string& name, const std::string& title, const Entries& scores) {
  page.example(name, title);
  page.details();
  const auto S = page.given("S", scores);
  softmax(page, S, "_u", "Weights without the scale");
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", d_k)));
  softmax(page, Z, "", "Weights with the scale");
}

const auto derivations = [](Page& page) {
  one_seed(page, 1, 2);
  one_seed(page, 1, 4);
  one_seed(page, 1, 8);
  many_seeds(page);
  exercise(page, "alone", "One large score against others at 0", {{"8", "0", "0", "0"}});
  exercise(page, "ex1", "Exercise 1", {{"0", "8"}, {"16", "0"}});
  exercise(page, "ex2", "Exercise 2", {{"2", "0"}, {"3", "0"}});
  exercise(page, "ex3", "Exercise 3", {{"16", "8", "8"}});
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "07-saturation", derivations); }
