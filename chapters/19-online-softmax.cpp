#include <array>

#include "attention/merge_orders.hpp"
#include "derivation/every_tile.hpp"
#include "derivation/head_steps.hpp"
#include "derivation/mechanism.hpp"
#include "derivation/merge_steps.hpp"
#include "derivation/ways_to_attend.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 19: a softmax in one pass, in pieces, and on several machines; first with powers
// of 2, then with powers of e, and what rounding does to each variant.

using namespace derivation;

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
Computed one_pass(const Term& Z, const Term& V) {
  const std::vector<Part> keys = keys_of(Z, V);
  const Term first = literal(constant(1, 1, 0)), whole = literal(constant(1, 1, 1));
  Part seen = keys[0];
  std::vector<Term> rows = {concatenate({seen.m, first, whole, seen.l, seen.O})};
  for (std::size_t j = 1; j < keys.size(); ++j) {
    const auto [factors, both] = merge(seen, keys[j]);
    rows.push_back(concatenate({both.m, factors, both.l, both.O}));
    seen = both;
  }
  return made_of({Z.name, V.name}, stacked(rows));
}

/// Four workers with a key each, and three merges: the last three parts are those of two workers.
std::vector<Part> workers(const Term& Z, const Term& V) {
  std::vector<Part> parts = keys_of(Z, V);
  for (const std::size_t k : {0, 2, 4}) parts.push_back(merge(parts[k], parts[k + 1]).both);
  return parts;
}

/// Y of two workers: right, nothing rescaled, l rescaled and O not, the mean of the two outputs.
Computed wrong_merges(const Part& a, const Part& b, const Part& both) {
  const Term O = a.O + b.O;
  return stacked({both.O / both.l, O / (a.l + b.l), O / both.l, (a.O / a.l + b.O / b.l) / number(2)});
}

/// Writes the table of one pass.
void write_one_pass(Page& page, const Term& Z, const Term& V, const Term& end) {
  Labels labels{{}, {"m", "α", "β", "l", "O"}};
  for (Index j = 0; j < Z.cols(); ++j) labels.rows.push_back("key " + std::to_string(j));
  const Term pass = page.computed("pass", "One pass: after each key", "", one_pass(Z, V), labels);
  page.fact("one pass ends with the m, l and O of the three passes",
            all_equal(pass.values()(Eigen::last, std::array{0, 3, 4}), end.values()));
}

void row_in_base_two(Page& page) {
  page.example("row", "A row of four scores, with powers of 2");
  const Term Z = page.given("Z", "Scores", {{"1", "3", "0", "4"}});
  const Term V = page.given("V", {{"27"}, {"0"}, {"54"}, {"27"}});
  const auto [end, Y] = three_passes(page, Z, V);
  write_one_pass(page, Z, V, end);

  const std::vector<Part> parts = workers(Z, V);
  const std::vector<Part> of_two(parts.end() - 3, parts.end());
  const Term two = page.computed("two", "Two workers", "", made_of({"Z", "V"}, table_of(of_two)),
                                 {{"worker 0: keys 0, 1", "worker 1: keys 2, 3", "merged"}, {"m", "l", "O"}});
  const Term four = page.computed("four", "Four workers", "", made_of({"Z", "V"}, table_of(parts)),
                                  {{"worker 0: key 0", "worker 1: key 1", "worker 2: key 2",
                                    "worker 3: key 3", "0 and 1 merged", "2 and 3 merged", "all merged"},
                                   {"m", "l", "O"}});
  page.fact("two workers end with the m, l and O of the three passes",
            all_equal(two.values().bottomRows(1), end.values()));
  page.fact("four workers end with the m, l and O of the three passes",
            all_equal(four.values().bottomRows(1), end.values()));

  const auto merged = [](const Part& a, const Part& b) { return merge(a, b).both; };
  const auto ways = attention::merged_in_every_way(keys_of(Z, V), merged);
  page.fact("all 24 orders of the keys and all 5 trees of merges end with the same m, l and O",
            all_equal(table_of(ways).exact, end.values().replicate(24 * 5, 1)));

  const Term wrong =
      page.computed("wrong", "The output of two workers, merged rightly and wrongly", "",
                    made_of({"Z", "V"}, wrong_merges(parts[4], parts[5], parts[6])),
                    {{"right", "nothing rescaled", "l rescaled, O not", "mean of the two outputs"}, {"Y"}});
  for (const Index k : {1, 2, 3})
    page.fact(wrong.labels.rows[static_cast<std::size_t>(k)] + ": off by more than 1",
              differ_by_more_than(Exact(1), wrong.values().row(k), Y.values()));
}

// ---- With powers of e: a whole head, by the code of src/attention. ----

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

  prove_two_blocks(page, "m and l of keys 0 and 1, of keys 2 and 3, and of all", Z, V, {m, l, Y});
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
  write_ways_to_attend(page, Z, V);
}

// ---- The exercises. ----

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
  const Term both = page.computed("both", "Merged", "",
                                  made_of({"a", "b"}, table_of({merge(part_of(a), part_of(b)).both})));
  const Part merged = part_of(both);
  page.computed("Y", "The output", "", made_of({"both"}, stacked({merged.O / merged.l})));
  page.fact("the order of the two makes no difference",
            both == side_by_side(merge(part_of(b), part_of(a)).both));

  page.example("ex3", "Exercise 3: a merge undone");
  page.details();
  const Term whole = page.given("whole", "All keys", {{"4", "15/8", "225/4"}});
  const Term part = page.given("known", "A part of them", {{"4", "5/4", "45"}});
  const Part all = part_of(whole), some = part_of(part);
  const Term other =
      page.computed("other", "The rest, with the maximum of all", "",
                    made_of({"whole", "known"}, table_of({{all.m, all.l - some.l, all.O - some.O}})));
  page.fact("merged again, the two are all keys", whole == side_by_side(merge(some, part_of(other)).both));
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
