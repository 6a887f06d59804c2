#include "attention/counted_cost.hpp"
#include "derivation/cost_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 13: what each part of a head costs in operations and bytes, by formula and
// counted, and where T² d overtakes T d².

using namespace derivation;
using attention::HeadSizes;
using attention::PartCost;

namespace {

// ---- Three tokens: each formula, and a run that counts. ----

const std::vector<std::string> columns = {"mult.", "add.",  "div.", "exp",
                                          "comp.", "roots", "read", "written"};

Matrix<Exact> table_of(const std::vector<PartCost>& parts) {
  Matrix<Exact> table(static_cast<Index>(parts.size()), 8);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const numbers::Operations& done = parts[i].operations;
    table.row(static_cast<Index>(i)) << done.multiplications, done.additions, done.divisions,
        done.exponentials, done.comparisons, done.square_roots, parts[i].read, parts[i].written;
  }
  return table;
}

std::vector<std::string> names(const std::vector<PartCost>& costs) {
  std::vector<std::string> all;
  for (const PartCost& cost : costs) all.push_back(cost.name);
  return all;
}

/// Runs each part, and writes down what it counted.
Term run(Page& page, const std::string& name, const std::string& title, const HeadSizes& sizes) {
  const auto costs = counted_head_costs(sizes);
  return page.computed(name, title, "", known(table_of(costs)), {names(costs), columns});
}

void three_tokens(Page& page) {
  page.example("count", "Three tokens: T = 3, d_model = 5, d_k = 2, d_v = 4");
  const HeadSizes sizes{3, 5, 2, 4};
  const Term counted =
      run(page, "run", "Operations, and numbers read and written, counted by running each part", sizes);
  page.fact("every count is what its formula says", counted == table_of(head_costs(sizes)));
}

/// Sizes that all differ, so that no formula can be right by a mix-up; small and larger ones.
void other_sizes(Page& page) {
  for (const HeadSizes& sizes : {HeadSizes{1, 2, 3, 4}, {2, 3, 4, 5}, {7, 3, 5, 2}, {12, 10, 4, 6}}) {
    const std::string T = std::to_string(sizes.T);
    const Term counted = run(page, "run_" + T, "The same for other sizes, T = " + T, sizes);
    page.mark_detail();
    page.fact("the formulas also count T = " + T + ", d_model = " + std::to_string(sizes.d_model) +
                  ", d_k = " + std::to_string(sizes.d_k) + ", d_v = " + std::to_string(sizes.d_v),
              counted == table_of(head_costs(sizes)));
  }
}

// ---- A head of 64: T² d against T d². ----

constexpr long d = 64;

/// Multiplications of the four projections and of the two products with T×T weights, for several T.
void crossing(Page& page) {
  page.example("cross", "Where T²d overtakes Td²: d = 64");
  const Term T =
      page.given("T", "Tokens", {{"32"}, {"64"}, {"96"}, {"128"}, {"160"}, {"192"}, {"224"}, {"256"}});
  const auto [P, B] = write_multiplications(page, T, d);
  page.fact("at T = 128, which is 2 d, both cost the same", all_equal(P.values().row(3), B.values().row(3)));
  page.fact("for fewer tokens the projections cost more",
            all_at_most(B.values().topRows(3) + constant(3, 1, 1), P.values().topRows(3)));
  page.fact("for more tokens the products cost more",
            all_at_most(P.values().bottomRows(4) + constant(4, 1, 1), B.values().bottomRows(4)));
  page.detail("P_millions", "The same in millions", P / number(Exact(1000000)));
  page.detail("B_millions", "The same in millions", B / number(Exact(1000000)));
  page.figure(
      {"lines",
       Figure::Kind::lines,
       "Multiplications against T: the projections on a straight line, the two products on a parabola; they "
       "meet at T = 128",
       "T",
       "millions of multiplications",
       {{"four projections, 4 T d²", "T", "P_millions"}, {"Q Kᵀ and A V, 2 T² d", "T", "B_millions"}}});
}

/// T² of a column of T.
Term pairs_of(Page& page, const Term& T) {
  const auto squares = [](const auto& tokens) { return tokens.cwiseProduct(tokens).eval(); };
  return page.computed("pairs", "Pairs of tokens", "T^2", compute(squares, T));
}

/// The T×T weights in MiB, four bytes a number.
void memory(Page& page) {
  page.example("memory", "The weights of one head, four bytes a number");
  const Term T = page.given("T", "Tokens", {{"32"}, {"2048"}, {"131072"}});
  const Term bytes = page.step("bytes", "Bytes of the weights", pairs_of(page, T) * number(Exact(4)));
  const Term MiB = page.step("MiB", "The same in MiB", bytes / number(Exact(1 << 20)));
  const Term rows = page.step("QKVY", "Q, K, V and Y in MiB, d = 64", T / number(Exact(1024)));
  page.step("ratio", "The weights against Q, K, V and Y", MiB / rows);
}

/// Operations, bytes and their ratio for each part of a head, at T tokens, in float.
Term parts_at(Page& page, const std::string& name, long T) {
  const auto costs = attention::head_costs({T, d, d, d});
  Matrix<Exact> table(static_cast<Index>(costs.size()), 3);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const Exact done = operations(costs[i]), bytes = 4 * (costs[i].read + costs[i].written);
    table.row(static_cast<Index>(i)) << done, bytes, done / bytes;
  }
  return page.computed(name, "d = 64, T = " + std::to_string(T) + ": operations, bytes, operations per byte",
                       "", known(table), {names(costs), {"operations", "bytes", "per byte"}});
}

void roofline(Page& page) {
  page.example("roof", "A head of 64, part by part");
  const Term at_64 = parts_at(page, "T64", 64), at_4096 = parts_at(page, "T4096", 4096);
  const Matrix<Exact> per_byte = at_4096.values().col(2), softmax = per_byte.row(2);
  page.fact("softmax does less for each byte than every other part, at T = 4096",
            all_at_most(softmax.replicate(5, 1), per_byte));
  page.fact("softmax does as much for each byte at T = 64 as at T = 4096, to 1 in 50",
            all_at_most(softmax, at_64.values().row(2).col(2) * (Exact(51) / 50)));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: scores and output of one head");
  page.details();
  const Term T = page.given("T", "Tokens", {{"8"}});
  const Term squares = page.step("pairs", "Pairs of tokens", T * T);
  const Term scores = page.step("scores", "Multiplications of the scores", squares * number(Exact(4)));
  const Term mixing = page.step("mixing", "Multiplications of A V", squares * number(Exact(6)));
  const auto costs = attention::head_costs({8, 16, 4, 6});
  Matrix<Exact> by_formula(1, 2);
  by_formula << costs[1].operations.multiplications, costs[3].operations.multiplications;
  page.fact("as the formulas say", concatenate({scores, mixing}) == by_formula);

  page.example("ex2", "Exercise 2: twelve heads over 768");
  page.details();
  const Term d_model = page.given("d_model", {{"768"}});
  const Term meeting = page.step("T", "Where both costs meet", d_model * number(Exact(2)));
  page.step("share", "The products' multiplications by those of the projections at T = 4096",
            page.given("long_T", {{"4096"}}) / meeting);

  page.example("ex3", "Exercise 3: the memory of a day");
  page.details();
  const Term long_T = page.given("T", "Tokens", {{"1048576"}});
  page.step("TiB", "The weights in TiB, two bytes a number",
            pairs_of(page, long_T) / number(Exact(1LL << 39)));
  page.step("MiB", "Q, K, V and Y in MiB, d = 128, two bytes a number", long_T / number(Exact(1024)));
}

void derivations(Page& page) {
  three_tokens(page);
  other_sizes(page);
  crossing(page);
  memory(page);
  roofline(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "13-cost", derivations); }
