#include <array>

#include "attention/row_maxima.hpp"
#include "derivation/head_steps.hpp"
#include "program/chapter.hpp"

// Attention with d_k = 64: rows of scores by hand, random tokens for one seed exactly, and counted over ten
// thousand seeds.

using namespace derivation;
using attention::count_row_maxima;
using attention::RowMaxima;

namespace {

constexpr Index d_k = attention::random_head_size;
constexpr int seeds = 10000;

// ---- Scores to weights, without the scale and with it. ----

/// The weights of both.
struct Weights {
  Term unscaled, scaled;
};

Weights write_both(Page& page, const Term& S) {
  const Term A_u = write_softmax_in_brief(HeadSteps(page, "_u"), S, "Weights without the scale");
  const Term Z = page.step("Z", scaled(S, d_k));
  return {A_u, write_softmax_in_brief(page, Z, "Weights with the scale")};
}

/// Rows of scores, each an example of its own.
void rows_of_scores(Page& page, const std::string& name, const std::string& title, const Entries& scores) {
  page.example(name, title);
  page.details();
  write_both(page, page.given("S", scores));
}

// ---- One seed, exactly. ----

Matrix<Exact> exact_scores(std::uint64_t seed, Index T) {
  return attention::draw_scores(seed, T).unaryExpr(
      [](std::int64_t score) { return Exact(static_cast<long>(score)) / Exact(1024); });
}

void one_seed(Page& page, std::uint64_t seed, Index T) {
  page.example("t" + std::to_string(T), std::to_string(T) + " tokens, seed " + std::to_string(seed));
  const Term S = page.computed("S", "Scores, 64 products each", "Q K^\\top", known(exact_scores(seed, T)));
  const auto [A_u, A] = write_both(page, S);
  const Term r_u = page.step("r_u", "Largest weight of each row, without the scale", row_maxima(A_u));
  const Term r = page.step("r", "Largest weight of each row, with the scale", row_maxima(A));
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("no row's largest weight is larger with the scale", r <= r_u);
}

// ---- Ten thousand seeds, counted. ----

using AllCounts = std::array<RowMaxima, 3>;

/// Counted once, however often the page is written.
const AllCounts& all_counts() {
  static const AllCounts counts = {count_row_maxima(seeds, 2), count_row_maxima(seeds, 4),
                                   count_row_maxima(seeds, 8)};
  return counts;
}

Exact share(int found, Index of) { return Exact(found) / Exact(static_cast<long>(of)); }

/// A row for each T; in its columns what `values` gives.
Matrix<Exact> by_length(const AllCounts& all,
                        const std::function<std::vector<Exact>(const RowMaxima&)>& values) {
  Matrix<Exact> table(3, static_cast<Index>(values(all[0]).size()));
  for (Index i = 0; i < 3; ++i) {
    const std::vector<Exact> row = values(all[static_cast<std::size_t>(i)]);
    for (Index j = 0; j < table.cols(); ++j) table(i, j) = row[static_cast<std::size_t>(j)];
  }
  return table;
}

const std::vector<std::string> lengths = {"T = 2", "T = 4", "T = 8"};

void tabulate_claims(Page& page, const AllCounts& all) {
  page.computed("above", "Shares of largest weights above 0.95, without the scale", "",
                known(by_length(all,
                                [](const RowMaxima& c) -> std::vector<Exact> {
                                  return {share(c.rows_above, seeds * c.T), share(c.seeds_all_above, seeds),
                                          share(c.seeds_any_above, seeds)};
                                })),
                {lengths, {"of all rows", "seeds: in every row", "seeds: in some row"}});
  page.computed("near", "Shares of rows whose largest weight is near 1/T, with the scale", "",
                known(by_length(all,
                                [](const RowMaxima& c) -> std::vector<Exact> {
                                  return {share(c.near, seeds * c.T), share(c.less_near, seeds * c.T)};
                                })),
                {lengths, {"within 0.05", "within 0.1"}});
}

/// Of each twentieth, a value.
void write_bins(Page& page, const std::string& name, const std::string& title,
                const std::function<Exact(std::size_t bin)>& value) {
  Matrix<Exact> column(static_cast<Index>(RowMaxima::bins), 1);
  for (std::size_t k = 0; k < RowMaxima::bins; ++k) column(static_cast<Index>(k), 0) = value(k);
  page.computed(name, title, "", known(column));
  page.mark_detail();
}

void tabulate_distribution(Page& page, const AllCounts& all) {
  write_bins(page, "w", "Middle of each twentieth",
             [](std::size_t k) { return Exact(2 * static_cast<int>(k) + 1) / Exact(40); });
  for (const RowMaxima& counts : all) {
    const std::string T = std::to_string(counts.T);
    write_bins(page, "u_" + T, "Share of rows by their largest weight, without the scale",
               [&](std::size_t k) { return share(counts.unscaled[k], seeds * counts.T); });
    write_bins(page, "s_" + T, "Share of rows by their largest weight, with the scale",
               [&](std::size_t k) { return share(counts.scaled[k], seeds * counts.T); });
  }
}

void draw_distribution(Page& page) {
  page.figure(
      {"row-maxima",
       Figure::Kind::bars,
       "Bars: how the largest weights of 40,000 rows are spread over twentieths of 0 to 1, for four tokens. "
       "Without the scale nearly two thirds of them lie in the last twentieth; with the scale they spread "
       "around "
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
}

/// That the doubles, by which all this was counted, decide; and the theorem, in every row.
void hold_counts(Page& page, const AllCounts& all) {
  const Term larger = page.computed(
      "larger", "Rows whose largest weight is larger with the scale", "",
      known(by_length(all, [](const RowMaxima& c) -> std::vector<Exact> { return {c.larger_with_scale}; })),
      {lengths, {"rows"}});
  page.fact("in none of the 140,000 rows is the largest weight larger with the scale",
            larger == constant(3, 1, 0));
  const Matrix<Exact> closest =
      by_length(all, [](const RowMaxima& c) -> std::vector<Exact> { return {numbers::exactly(c.closest)}; });
  page.fact(
      "no counted weight is closer than 1e-10 to the bound that it is held against, so the doubles decide",
      all_at_most(constant(3, 1, numbers::pow(10, -10)), closest));
}

void many_seeds(Page& page) {
  page.example("many", "Ten thousand seeds");
  const AllCounts& all = all_counts();
  tabulate_claims(page, all);
  tabulate_distribution(page, all);
  draw_distribution(page);
  hold_counts(page, all);
}

void derivations(Page& page) {
  one_seed(page, 1, 2);
  one_seed(page, 1, 4);
  one_seed(page, 1, 8);
  many_seeds(page);
  rows_of_scores(page, "alone", "One large score against others at 0", {{"8", "0", "0", "0"}});
  rows_of_scores(page, "ex1", "Exercise 1", {{"0", "8"}, {"16", "0"}});
  rows_of_scores(page, "ex2", "Exercise 2", {{"2", "0"}, {"3", "0"}});
  rows_of_scores(page, "ex3", "Exercise 3", {{"16", "8", "8"}});
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "07-saturation", derivations); }
