#include <array>

#include "attention/merge_orders.hpp"
#include "attention/softmax.hpp"
#include "derivation/base_two.hpp"
#include "derivation/every_tile.hpp"
#include "derivation/head_steps.hpp"
#include "derivation/rounding_of_parts.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 19: a softmax in one pass, in pieces, and on several machines; first with powers
// of 2, then with powers of e, and what rounding does to each variant.

using namespace derivation;
using attention::attend_in_a_row;
using attention::attend_in_a_tree;

namespace {

// ---- With powers of 2: everything is a fraction. ----

/// What the three passes end with: m, l and O, and the output O / l.
struct Passed {
  Term end, Y;
};

/// Softmax as chapter 3 has it, with 2 in place of e: three passes over the row.
Passed three_passes(Page& page, const Term& Z, const Term& V) {
  const Term m = page.step("m", "First pass: the row's maximum", row_maxima(Z));
  const Term D = page.step("D", Z - m);
  const Term E = page.step("E", "Their powers of 2", power(number(Exact(2)), D));
  const Term l = page.step("l", "Second pass: the sum", row_sums(E));
  const Term A = page.step("A", "Third pass: the weights", E / l);
  const Term O = page.step("O", "The output, not yet divided", E * V);
  const Term Y = page.step("Y", "The output", A * V);
  return {page.detail("end", "What the passes end with: m, l and O", concatenate({m, l, O})), Y};
}

/// Key after key: the maximum so far, the factor for what was there, the factor for the new key, sum and
/// output.
const auto one_pass = []<typename Scalar>(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto keys = keys_of(Z, V);
  Matrix<Scalar> table(Z.cols(), 5);
  BaseTwoPart<Scalar> seen = keys[0];
  table.row(0) << seen.m, Scalar(0), Scalar(1), seen.l, seen.O;
  for (std::size_t j = 1; j < keys.size(); ++j) {
    const auto [alpha, beta] = factors(seen, keys[j]);
    seen = merge(seen, keys[j]);
    table.row(static_cast<Index>(j)) << seen.m, alpha, beta, seen.l, seen.O;
  }
  return table;
};

/// Four workers with a key each, and three merges: the last three rows are those of two workers.
const auto workers = []<typename Scalar>(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto keys = keys_of(Z, V);
  const auto left = merge(keys[0], keys[1]), right = merge(keys[2], keys[3]);
  return table_of<Scalar>({keys[0], keys[1], keys[2], keys[3], left, right, merge(left, right)});
};

/// Y of two workers: right, nothing rescaled, l rescaled and O not, the mean of the two outputs.
const auto wrong_merges = []<typename Scalar>(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto keys = keys_of(Z, V);
  const auto a = merge(keys[0], keys[1]), b = merge(keys[2], keys[3]), both = merge(a, b);
  Matrix<Scalar> Y(4, 1);
  Y << both.O / both.l, (a.O + b.O) / (a.l + b.l), (a.O + b.O) / both.l, (a.O / a.l + b.O / b.l) / Scalar(2);
  return Y;
};

/// Writes the table of one pass.
void write_one_pass(Page& page, const Term& Z, const Term& V, const Term& end) {
  Labels labels{{}, {"m", "α", "β", "l", "O"}};
  for (Index j = 0; j < Z.cols(); ++j) labels.rows.push_back("key " + std::to_string(j));
  const Term pass = page.computed("pass", "One pass: after each key", "", compute(one_pass, Z, V), labels);
  page.fact("one pass ends with the m, l and O of the three passes",
            all_equal(pass.values()(Eigen::last, std::array{0, 3, 4}), end.values()));
}

void row_in_base_two(Page& page) {
  page.example("row", "A row of four scores, with powers of 2");
  const Term Z = page.given("Z", "Scores", {{"1", "3", "0", "4"}});
  const Term V = page.given("V", {{"27"}, {"0"}, {"54"}, {"27"}});
  const auto [end, Y] = three_passes(page, Z, V);
  write_one_pass(page, Z, V, end);

  const Computed of_workers = compute(workers, Z, V);
  const Term two =
      page.computed("two", "Two workers", "",
                    {of_workers.exact.bottomRows(3), of_workers.machine.bottomRows(3), {"Z", "V"}},
                    {{"worker 0: keys 0, 1", "worker 1: keys 2, 3", "merged"}, {"m", "l", "O"}});
  const Term four = page.computed("four", "Four workers", "", of_workers,
                                  {{"worker 0: key 0", "worker 1: key 1", "worker 2: key 2",
                                    "worker 3: key 3", "0 and 1 merged", "2 and 3 merged", "all merged"},
                                   {"m", "l", "O"}});
  page.fact("two workers end with the m, l and O of the three passes",
            all_equal(two.values().bottomRows(1), end.values()));
  page.fact("four workers end with the m, l and O of the three passes",
            all_equal(four.values().bottomRows(1), end.values()));

  const auto ways = attention::merged_in_every_way(keys_of(Z.values(), V.values()), merge<Exact>);
  page.fact("all 24 orders of the keys and all 5 trees of merges end with the same m, l and O",
            all_equal(table_of(ways), end.values().replicate(24 * 5, 1)));

  const Term wrong = page.computed(
      "wrong", "The output of two workers, merged rightly and wrongly", "", compute(wrong_merges, Z, V),
      {{"right", "nothing rescaled", "l rescaled, O not", "mean of the two outputs"}, {"Y"}});
  for (const Index k : {1, 2, 3})
    page.fact(wrong.labels.rows[static_cast<std::size_t>(k)] + ": off by more than 1",
              differ_by_more_than(Exact(1), wrong.values().row(k), Y.values()));
}

// ---- With powers of e: a whole head, by the code of src/attention. ----

/// What two workers know, of two keys each, and what both together know.
template <typename Scalar>
std::array<attention::Partial<Scalar>, 3> two_blocks(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto left = attend_in_a_row<Scalar>(Z.leftCols(2), V.topRows(2), 2),
             right = attend_in_a_row<Scalar>(Z.rightCols(2), V.bottomRows(2), 2);
  return {left, right, attention::merge(left, right)};
}

/// m and l of each of the three.
const auto m_and_l = []<typename Scalar>(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto [left, right, both] = two_blocks(Z, V);
  Matrix<Scalar> table(Z.rows(), 6);
  table << left.m, left.l, right.m, right.l, both.m, both.l;
  return table;
};

void head_in_tiles(Page& page) {
  page.example("head", "Four queries and four keys, in tiles");
  const Term Q = page.given(
      "Q", {{"2", "0", "1", "0"}, {"0", "1", "0", "1"}, {"1", "0", "0", "2"}, {"0", "2", "1", "1"}});
  const Term K = page.given(
      "K", {{"1", "0", "2", "1"}, {"0", "2", "0", "1"}, {"1", "1", "0", "0"}, {"2", "0", "1", "0"}});
  const Term V = page.given("V", {{"4", "0"}, {"0", "4"}, {"2", "1"}, {"1", "3"}});
  const Term dY =
      page.given("dY", "Gradient of the output", {{"1", "0"}, {"0", "1"}, {"2", "1"}, {"-1", "1"}});

  const Term S = page.step("S", Q * transpose(K));
  const Term Z = page.step("Z", scaled(S, 4));
  const Term m = page.step("m", row_maxima(Z));
  const HeadSteps detail = HeadSteps(page).in_brief();
  const Term E = detail("E", exp(detail("D", Z - m)));
  const Term l = page.step("l", row_sums(E));
  const Term A = detail("A", E / l);
  const Term Y = page.step("Y", A * V);

  const Term parts = page.computed("parts", "m and l of keys 0 and 1, of keys 2 and 3, and of all", "",
                                   made_of({"Z"}, compute(m_and_l, Z, V)),
                                   {{}, {"m left", "l left", "m right", "l right", "m", "l"}});
  page.fact("merged, the two blocks have the row maxima", all_equal(parts.values().col(4), m.values()));
  page.fact("merged, the two blocks have the row sums", all_equal(parts.values().col(5), l.values()));
  const auto both = two_blocks(Z.values(), V.values()).back();
  page.fact("merged, the two blocks have the output", Y == attention::output(both));
  prove_every_tile(page, {Q, K, V, A, Y, dY});

  const Mask mask = attention::causal_mask(4);
  const auto exact = attention::attention(Q.values(), K.values(), V.values(), mask);
  const auto machine = attention::attention(Q.doubles(), K.doubles(), V.doubles(), mask);
  const Term A_causal =
      page.computed("A_causal", "Weights under a causal mask", "", {exact.A, machine.A, {"Q", "K"}});
  page.mark_detail();
  const Term Y_causal =
      page.computed("Y_causal", "Output under a causal mask", "", {exact.Y, machine.Y, {"Q", "K", "V"}});
  prove_every_tile(page, {Q, K, V, A_causal, Y_causal, dY, true});
}

// ---- What rounding does. ----

void rounding(Page& page) {
  page.example("digits", "Sixteen keys, and four ways to attend to them");
  const Term Z = page.given(
      "Z",
      {{"1/2", "-1", "2", "0", "3/2", "-2", "1", "5/2", "-1/2", "3", "0", "-3", "1", "2", "-3/2", "1/2"},
       {"-2", "1/2", "0", "1", "-1/2", "3/2", "-1", "3", "2", "-3", "5/2", "0", "-3/2", "1", "1/2", "2"}});
  const Term V = page.given(
      "V", column({"3", "-1", "2", "5", "-4", "1", "0", "2", "-3", "4", "1", "-2", "5", "-1", "3", "2"}));
  const auto show = [&](const std::string& name, const std::string& title, auto attend) {
    return page.computed(name, title, "", compute(attend, Z, V));
  };
  const Term three = show("three", "Three passes", [](const auto& z, const auto& v) {
    return (attention::softmax_rows(z) * v).eval();
  });
  const Term single = show("single", "One key after the other",
                           [](const auto& z, const auto& v) { return output(attend_in_a_row(z, v, 1)); });
  const Term blocks = show("blocks", "Blocks of four keys, one after the other",
                           [](const auto& z, const auto& v) { return output(attend_in_a_row(z, v, 4)); });
  const Term tree = show("tree", "A tree of merges over single keys",
                         [](const auto& z, const auto& v) { return output(attend_in_a_tree(z, v)); });
  page.fact("three passes and one key after the other give the same", three == single);
  page.fact("three passes and blocks of four give the same", three == blocks);
  page.fact("three passes and a tree of merges give the same", three == tree);

  const RowSize row{Z.values().maxCoeff() - Z.values().minCoeff(), V.values().cwiseAbs().maxCoeff()};
  Matrix<Exact> bounds(4, 1);
  bounds << bound_of_three_passes(16, row), bound_of_merged(15, 1, row), bound_of_merged(3, 4, row),
      bound_of_merged(4, 1, row);
  page.computed("bound", "What rounding explains, in units of u", "", made_of({"Z", "V"}, known(bounds)),
                {{"three passes", "single keys", "blocks of four", "tree"}, {"bound"}});
}

// ---- The exercises. ----

/// The part that is left of a whole when a part of it is taken away, with the maximum of the whole.
const auto taken_away = []<typename Scalar>(const Matrix<Scalar>& whole, const Matrix<Scalar>& part) {
  Matrix<Scalar> rest = whole;
  rest.rightCols(2) -= part.rightCols(2);
  return rest;
};

const auto merged = []<typename Scalar>(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  return table_of<Scalar>({merge(part_of(a), part_of(b))});
};

const auto output_of = []<typename Scalar>(const Matrix<Scalar>& part) -> Matrix<Scalar> {
  return part.col(2).cwiseQuotient(part.col(1));
};

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three keys in one pass");
  page.details();
  const Term Z = page.given("Z", {{"2", "5", "3"}});
  const Term V = page.given("V", {{"8"}, {"-2"}, {"12"}});
  write_one_pass(page, Z, V, three_passes(page, Z, V).end);

  page.example("ex2", "Exercise 2: two workers' results");
  page.details();
  const Term a = page.given("a", "The first worker's m, l and O", {{"3", "5/4", "10"}});
  const Term b = page.given("b", "The second worker's m, l and O", {{"1", "2", "4"}});
  const Term both = page.computed("both", "Merged", "", compute(merged, a, b));
  page.computed("Y", "The output", "", compute(output_of, both));
  page.fact("the order of the two makes no difference", both == merged(b.values(), a.values()));

  page.example("ex3", "Exercise 3: a merge undone");
  page.details();
  const Term whole = page.given("whole", "All keys", {{"4", "15/8", "225/4"}});
  const Term part = page.given("known", "A part of them", {{"4", "5/4", "45"}});
  const Term other =
      page.computed("other", "The rest, with the maximum of all", "", compute(taken_away, whole, part));
  page.fact("merged again, the two are all keys", whole == merged(part.values(), other.values()));
}

void derivations(Page& page) {
  row_in_base_two(page);
  head_in_tiles(page);
  rounding(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "19-online-softmax", derivations);
}
