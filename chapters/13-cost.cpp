#include "attention/cost.hpp"
#include "attention/softmax.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 13: what each part of a head costs in operations and bytes, by formula and
// counted, and where T² d overtakes T d².

using namespace derivation;
using attention::HeadSizes;
using attention::PartCost;
using numbers::Counting;
using numbers::Operations;

namespace {

// ---- Counted: each part is run on numbers that count. ----

Matrix<Counting> counting(long rows, long cols) {
  return Matrix<Counting>::Constant(rows, cols, Counting(1));
}

/// A part that makes a result of some operands: what it does, and the numbers that stand in them and in it.
template <typename Body>
PartCost counted(const std::string& name, const std::vector<Matrix<Counting>>& operands, Body body) {
  Matrix<Counting> result;
  PartCost cost{name, Counting::count([&] { result = body(); }), 0, 0};
  for (const Matrix<Counting>& operand : operands) cost.read += operand.size();
  cost.written = result.size();
  return cost;
}

/// The parts of a head, run. Products are plain sums (lazyProduct), as the formulas have them.
std::vector<PartCost> counted_parts(const HeadSizes& s) {
  using M = Matrix<Counting>;
  const M X = counting(s.T, s.d_model), W = counting(s.d_model, 2 * s.d_k + s.d_v);
  const M Q = counting(s.T, s.d_k), K = counting(s.T, s.d_k), V = counting(s.T, s.d_v);
  const M S = counting(s.T, s.T), W_O = counting(s.d_v, s.d_model);
  return {
      counted("projections", {X, W}, [&]() -> M { return X.lazyProduct(W); }),
      counted("scores", {Q, K},
              [&]() -> M {
                const M dot_products = Q.lazyProduct(K.transpose());
                return dot_products / attention::sqrt_of<Counting>(s.d_k);
              }),
      counted("softmax", {S}, [&] { return attention::softmax_rows(S); }),
      counted("A V", {S, V}, [&]() -> M { return S.lazyProduct(V); }),
      counted("output projection", {V, W_O}, [&]() -> M { return V.lazyProduct(W_O); }),
  };
}

const std::vector<std::string> columns = {"mult.", "add.",  "div.", "exp",
                                          "comp.", "roots", "read", "written"};

template <typename Scalar>
Matrix<Scalar> table_of(const std::vector<PartCost>& parts) {
  Matrix<Scalar> table(static_cast<Index>(parts.size()), 8);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Operations& done = parts[i].operations;
    const long entries[] = {done.multiplications, done.additions,    done.divisions, done.exponentials,
                            done.comparisons,     done.square_roots, parts[i].read,  parts[i].written};
    for (Index j = 0; j < 8; ++j) table(static_cast<Index>(i), j) = as_scalar<Scalar>(Exact(entries[j]));
  }
  return table;
}

std::vector<std::string> names(const std::vector<PartCost>& costs) {
  std::vector<std::string> all;
  for (const PartCost& cost : costs) all.push_back(cost.name);
  return all;
}

/// Sizes that all differ, so that no formula can be right by a mix-up; small and larger ones.
const std::vector<HeadSizes> tried = {{1, 2, 3, 4}, {2, 3, 4, 5}, {7, 3, 5, 2}, {12, 10, 4, 6}};

void count(Page& page) {
  page.example("count", "Three tokens: T = 3, d_model = 5, d_k = 2, d_v = 4");
  const HeadSizes sizes{3, 5, 2, 4};
  const auto costs = head_costs(sizes);
  const auto run =
      page.computed("run", "Operations, and numbers read and written, counted by running each part", "", {},
                    table_of<Scalar>(counted_parts(sizes)), {names(costs), columns});
  page.fact("every count is what its formula says", run == table_of<Scalar>(costs));
  for (const HeadSizes& other : tried) {
    const Matrix<Scalar> by_run = table_of<Scalar>(counted_parts(other));
    const auto recorded = page.computed("run_" + std::to_string(other.T),
                                        "The same for other sizes, T = " + std::to_string(other.T), "", {},
                                        by_run, {names(costs), columns});
    page.mark_detail();
    page.fact("the formulas also count T = " + std::to_string(other.T) +
                  ", d_model = " + std::to_string(other.d_model) + ", d_k = " + std::to_string(other.d_k) +
                  ", d_v = " + std::to_string(other.d_v),
              recorded == table_of<Scalar>(head_costs(other)));
  }
}

// ---- A head of 64: T² d against T d². ----

constexpr long d = 64;

template <typename Scalar>
Matrix<Scalar> column_of(const std::vector<Exact>& entries) {
  Matrix<Scalar> column(static_cast<Index>(entries.size()), 1);
  for (std::size_t i = 0; i < entries.size(); ++i)
    column(static_cast<Index>(i), 0) = as_scalar<Scalar>(entries[i]);
  return column;
}

/// Operations, bytes and their ratio for each part of a head, at T tokens, in float.
Term parts_at(Page& page, const std::string& name, long T) {
  const auto costs = attention::head_costs({T, d, d, d});
  Matrix<Scalar> table(static_cast<Index>(costs.size()), 3);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const Exact done = operations(costs[i]), bytes = 4 * (costs[i].read + costs[i].written);
    table.row(static_cast<Index>(i)) << as_scalar<Scalar>(done), as_scalar<Scalar>(bytes),
        as_scalar<Scalar>(done / bytes);
  }
  return page.computed(name, "d = 64, T = " + std::to_string(T) + ": operations, bytes, operations per byte",
                       "", {}, table, {names(costs), {"operations", "bytes", "per byte"}});
}

/// Multiplications of the four projections and of the two products with T×T weights, for several T.
void crossing(Page& page) {
  page.example("cross", "Where T²d overtakes Td²: d = 64");
  std::vector<Exact> T, projections, products;
  for (long t = 32; t <= 256; t += 32) {
    const auto costs = attention::head_costs({t, d, d, d});
    T.push_back(t);
    projections.push_back(costs[0].operations.multiplications + costs[4].operations.multiplications);
    products.push_back(costs[1].operations.multiplications + costs[3].operations.multiplications);
  }
  page.given("T", "Tokens", {{"32"}, {"64"}, {"96"}, {"128"}, {"160"}, {"192"}, {"224"}, {"256"}});
  const auto P = page.computed("P", "Multiplications of the four projections", "4 T d^2", {"T"},
                               column_of<Scalar>(projections), {});
  const auto B = page.computed("B", "Multiplications of Q Kᵀ and A V", "2 T^2 d", {"T"},
                               column_of<Scalar>(products), {});
  page.fact("at T = 128, which is 2 d, both cost the same",
            all_equal<Scalar>(P.values().row(3), B.values().row(3)));
  const auto more_by_one = [](const Matrix<Scalar>& column) -> Matrix<Scalar> {
    return column.array() + Scalar(1);
  };
  page.fact("for fewer tokens the projections cost more",
            all_at_most<Scalar>(more_by_one(B.values().topRows(3)), P.values().topRows(3)));
  page.fact("for more tokens the products cost more",
            all_at_most<Scalar>(more_by_one(P.values().bottomRows(4)), B.values().bottomRows(4)));
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

/// The T×T weights in MiB, four bytes a number.
void memory(Page& page) {
  page.example("memory", "The weights of one head, four bytes a number");
  const auto T = page.given("T", "Tokens", {{"32"}, {"2048"}, {"131072"}});
  const auto pairs =
      page.computed("pairs", "Pairs of tokens", "T^2", {"T"}, T.values().cwiseProduct(T.values()), {});
  const auto bytes = page.step("bytes", "Bytes of the weights", pairs * number(Exact(4)));
  const auto MiB = page.step("MiB", "The same in MiB", bytes / number(Exact(1 << 20)));
  const auto rows = page.step("QKVY", "Q, K, V and Y in MiB, d = 64", T / number(Exact(1024)));
  page.step("ratio", "The weights against Q, K, V and Y", MiB / rows);
}

void roofline(Page& page) {
  page.example("roof", "A head of 64, part by part");
  const auto at_64 = parts_at(page, "T64", 64), at_4096 = parts_at(page, "T4096", 4096);
  page.fact("softmax does less for each byte than every other part, at T = 4096",
            all_at_most<Scalar>(at_4096.values().col(2).row(2).replicate(5, 1), at_4096.values().col(2)));
  page.fact("softmax does as much for each byte at T = 64 as at T = 4096, to 1 in 50",
            all_at_most<Scalar>(at_4096.values().row(2).col(2),
                                at_64.values().row(2).col(2) * as_scalar<Scalar>(Exact(51) / 50)));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: scores and output of one head");
  page.details();
  const auto T = page.given("T", "Tokens", {{"8"}});
  const auto squares = page.step("pairs", "Pairs of tokens", T * T);
  const auto scores = page.step("scores", "Multiplications of the scores", squares * number(Exact(4)));
  const auto mixing = page.step("mixing", "Multiplications of A V", squares * number(Exact(6)));
  const auto costs = attention::head_costs({8, 16, 4, 6});
  page.fact("as the formulas say", all_equal<Scalar>(concatenate<Scalar>({scores, mixing}).values(),
                                                     column_of<Scalar>({costs[1].operations.multiplications,
                                                                        costs[3].operations.multiplications})
                                                         .transpose()));

  page.example("ex2", "Exercise 2: twelve heads over 768");
  page.details();
  const auto d_model = page.given("d_model", {{"768"}});
  const auto meeting = page.step("T", "Where both costs meet", d_model * number(Exact(2)));
  const auto quotient =
      page.step("share", "The products' multiplications by those of the projections at T = 4096",
                page.given("long_T", {{"4096"}}) / meeting);
  (void)quotient;

  page.example("ex3", "Exercise 3: the memory of a day");
  page.details();
  const auto long_T = page.given("T", "Tokens", {{"1048576"}});
  const auto all =
      page.computed("pairs", "Pairs of tokens", "T^2", {"T"}, long_T.values() * long_T.values(), {});
  page.step("TiB", "The weights in TiB, two bytes a number", all / number(Exact(1LL << 39)));
  page.step("MiB", "Q, K, V and Y in MiB, d = 128, two bytes a number", long_T / number(Exact(1024)));
}

const auto derivations = [](Page& page) {
  count(page);
  crossing(page);
  memory(page);
  roofline(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "13-cost", derivations); }
