#include "attention/batch.hpp"
#include "derivation/causality.hpp"
#include "derivation/head_steps.hpp"
#include "mistakes/additive_masks.hpp"
#include "mistakes/causal_rules.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 8: who may look at whom, what each way to forbid it does, and which checks
// notice a mask that is wrong.

using namespace derivation;
using attention::Batch;
using attention::both;
using attention::causal_mask;
using attention::padded_left;
using attention::padded_right;
using attention::padding_mask;

namespace {

/// Scores and a mask to weights.
Term masked_softmax(Page& page, const Term& scores, const Term& mask) {
  return write_softmax(page, page.step("M", hide(scores, mask)));
}

/// The smallest example.
void smallest(Page& page) {
  page.example("equal", "Three equal scores, the last of them hidden");
  const Term Z = page.given("Z", {{"1", "1", "1"}});
  masked_softmax(page, Z, page.given("mask", {{"1", "1", "0"}}));
}

// ---- The causal mask. ----

/// Four tokens, each of which sees itself and what stands before it.
Head<Exact> causal(Page& page) {
  page.example("causal", "Four tokens, causal");
  page.tokens({"the", "cat", "sat", "down"});
  const Term X = page.given("X", {{"1", "0", "0"}, {"0", "0", "1"}, {"0", "1", "0"}, {"0", "0", "2"}});
  const Term W_Q = page.given("W_Q", {{"1", "0", "1", "1"}, {"1", "0", "0", "1"}, {"1", "0", "0", "0"}});
  const Term W_K = page.given("W_K", {{"0", "1", "1", "0"}, {"0", "0", "1", "1"}, {"1", "0", "0", "1"}});
  const Term W_V = page.given("W_V", {{"3", "0"}, {"0", "4"}, {"1", "2"}});
  const Term mask = page.computed("mask", "Mask: 1 may look", "", zeros_and_ones(causal_mask(4)),
                                  {X.labels.rows, X.labels.rows});
  const Term Q = page.step("Q", X * W_Q);
  const Term K = page.step("K", X * W_K);
  const Term V = page.step("V", X * W_V);
  const auto [A, Y] = write_attention(page, Q, K, V, mask);

  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("attention(), the code, gives the same Y",
            Y == attention::attention(Q.values(), K.values(), V.values(), causal_mask(4)).Y);
  const HeadGivens head = {X, W_Q, W_K, W_V};
  prove_causal(page, head, mask, Y);
  page.figure(
      {"mask",
       Figure::Kind::heatmap,
       "Two matrices of four rows and columns. The mask has 1 on and below its diagonal and 0 above it. "
       "The weights are 0 in the same six places, and each row of the rest sums to 1.",
       "the key's token",
       "the query's token",
       {{"mask", "mask", ""}, {"weights A", "A", ""}}});
  return head.exact();
}

// ---- Padding: a batch of two sequences. ----

/// Queries, keys and values of one sequence.
struct Sequence {
  Term Q, K, V;
};

/// The mask of a padded sequence as a step, from the row that says which places hold tokens.
Term mask_step(Page& page, const std::string& formula, const Mask& may_look) {
  return page.computed("mask", "Mask: 1 may look", formula, made_of({"real"}, zeros_and_ones(may_look)));
}

/// The longer sequence of the batch: it fills its three places.
Sequence first_sequence(Page& page) {
  page.example("first", "A batch: the first sequence has three tokens");
  page.details();
  const Term Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"0", "0", "2", "0"}});
  const Term K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}, {"1", "1", "2", "0"}});
  const Term V = page.given("V", {{"1", "0"}, {"0", "2"}, {"3", "1"}});
  page.given("real", "Which places hold tokens", {{"1", "1", "1"}});
  const Term mask = mask_step(page, "\\text{row i: real}", padding_mask(padded_right(3, 3), 3));
  const Term Y = write_attention(page, Q, K, V, mask).Y;
  page.fact("a mask that hides nothing changes nothing",
            Y == attention::attention(Q.values(), K.values(), V.values()).Y);
  return {Q, K, V};
}

/// The shorter one: two tokens, and padding that is filled with numbers.
Sequence padded_sequence(Page& page) {
  const Term Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"0", "0", "0", "2"}});
  const Term K = page.given("K", {{"1", "0", "2", "0"}, {"0", "1", "0", "0"}, {"2", "2", "0", "1"}});
  const Term V = page.given("V", {{"4", "0"}, {"0", "2"}, {"9", "9"}});
  page.given("real", "Which places hold tokens", {{"1", "1", "0"}});
  return {Q, K, V};
}

/// Padding alone: the two tokens see each other, and not the padding.
void padding(Page& page, const Sequence& first) {
  page.example("second", "A batch: the second sequence has two");
  const auto [Q, K, V] = padded_sequence(page);
  const Mask may_look = padding_mask(padded_right(2, 3), 3);
  const Term Y = write_attention(page, Q, K, V, mask_step(page, "\\text{row i: real}", may_look)).Y;
  const auto unmasked = [](const auto&... matrices) { return attention::attention(matrices...).Y; };
  const Term U = page.computed("U", "The same without a mask", "Y'", compute(unmasked, Q, K, V));
  page.fact("without a mask the first row differs by more than 4",
            differ_by_more_than(4, U.values().row(0), Y.values().row(0)));

  const Matrix<Exact> Q_2 = Q.values().topRows(2), K_2 = K.values().topRows(2), V_2 = V.values().topRows(2);
  page.fact("the two tokens get what they get without any padding",
            all_equal(Y.values().topRows(2), attention::attention(Q_2, K_2, V_2).Y));
  const Batch<Exact> queries = {first.Q.values(), Q.values()}, keys = {first.K.values(), K.values()},
                     values = {first.V.values(), V.values()};
  const auto batch = attention::attention(queries, keys, values, {attention::no_mask(3, 3), may_look});
  page.fact("attention() of the batch, the code, gives the same Y for this sequence", Y == batch.at(1).Y);
}

/// Padding and causal together.
void causal_and_padding(Page& page) {
  page.example("both", "Causal, and padded at the end");
  page.details();
  const auto [Q, K, V] = padded_sequence(page);
  const Mask may_look = both(causal_mask(3), padding_mask(padded_right(2, 3), 3));
  const Term mask = mask_step(page, "\\text{causal and real}", may_look);
  const Term Y = write_attention(page, Q, K, V, mask).Y;
  const Term sees = page.detail("sees", "Visible keys of each row", row_sums(mask));
  page.fact("every row sees something", all_at_most(ones(sees), sees.values()));

  page.example("left", "Causal, and padded at the start");
  page.details();
  const Term Q_l = page.given("Q", {{"0", "0", "0", "2"}, {"2", "0", "0", "0"}, {"0", "2", "0", "0"}});
  const Term K_l = page.given("K", {{"2", "2", "0", "1"}, {"1", "0", "2", "0"}, {"0", "1", "0", "0"}});
  const Term V_l = page.given("V", {{"9", "9"}, {"4", "0"}, {"0", "2"}});
  page.given("real", "Which places hold tokens", {{"0", "1", "1"}});
  const Mask may_look_l = both(causal_mask(3), padding_mask(padded_left(2, 3), 3));
  const Term mask_l = mask_step(page, "\\text{causal and real}", may_look_l);
  const Term Y_l = write_attention(page, Q_l, K_l, V_l, mask_l).Y;
  page.fact("row 0 sees nothing: its output is 0", all_equal(Y_l.values().topRows(1), constant(1, 2, 0)));
  page.fact("the two tokens get what they get with the padding at the end",
            all_equal(Y_l.values().bottomRows(2), Y.values().topRows(2)));
}

/// −∞, or a product with 0.
void products_with_zero(Page& page) {
  page.example("row", "One row, hidden in four ways");
  const Term Z = page.given("Z", {{"0.7", "-1.3", "2.1", "0.25"}});
  const Term Z_h =
      page.given("Z_h", "Scaled scores, with another hidden one", {{"0.7", "-1.3", "5", "0.25"}});
  const Term mask = page.given("mask", {{"1", "1", "0", "0"}});
  const Term A_u = write_softmax_in_brief(HeadSteps(page, "_u"), Z, "Weights without a mask");
  const Term A = write_softmax_in_brief(page, page.step("M", hide(Z, mask)), "Weights with the mask");

  const Term N = page.step("N", "Scores times the mask", entrywise_product(Z, mask));
  const Term A_n = write_softmax_in_brief(HeadSteps(page, "_n"), N, "Weights from the scores times the mask");
  page.fact("the scores times 0: every weight is at least 1/20",
            all_at_most(constant(1, 4, Exact(1) / 20), A_n.values()));

  const Term B = page.step("B", "Weights times the mask", entrywise_product(A_u, mask));
  const Term s = page.step("s", "Their sum", row_sums(B));
  page.fact("the weights times 0: they sum to at most 1/5",
            all_at_most(s.values(), constant(1, 1, Exact(1) / 5)));
  const Term R = page.step("R", "The same, divided by their sum", B / s);
  page.fact("divided by their sum, they are the weights with the mask", R == A);

  const Term A_h =
      write_softmax_in_brief(HeadSteps(page, "_h"), Z_h, "Weights without a mask, the hidden score changed");
  const Term B_h =
      page.step("B_h", "Weights times the mask, the hidden score changed", entrywise_product(A_h, mask));
  page.fact("the weights times 0 change with a hidden score", B_h != B);
  page.fact("the weights with the mask do not change with a hidden score",
            A == attention::softmax_rows(Z_h.values(), padding_mask(padded_right(2, 4), 1)));
}

// ---- −∞, or a very negative number, on a machine. ----

/// A row for each candidate, a column for each question; 1 for yes.
Term table(Page& page, const std::string& name, const std::string& title, const mistakes::Answers& answers) {
  return page.computed(name, title, "", zeros_and_ones(answers.yes), answers.labels);
}

void on_a_machine(Page& page) {
  page.example("machine", "A very negative number for minus infinity");
  const Term Z = page.given("Z", {{"0.7", "-1.3", "2.1", "0.25"}});
  const Term A_u = write_softmax_in_brief(HeadSteps(page, "_u"), Z, "Weights without a mask");
  const Term Z_f = page.computed("Z_f", "Scores in float, with −10000 added to all and taken away exactly",
                                 "\\mathrm{float}(Z - 10000) + 10000",
                                 made_of({"Z"}, known(mistakes::left_over(Z.doubles(), -1e4F))));
  const Term A_f = write_softmax_in_brief(HeadSteps(page, "_f"), Z_f, "Weights of these scores");
  page.fact("float, −10000 on every key: each weight is within 1/1000 of that without a mask",
            all_at_most((A_f.values() - A_u.values()).cwiseAbs(), constant(1, 4, Exact(1) / 1000)));
  const Term Z_d = page.computed("Z_d", "Scores in double, with −1e9 added to all and taken away exactly",
                                 "\\mathrm{double}(Z - 10^9) + 10^9",
                                 made_of({"Z"}, known(mistakes::left_over(Z.doubles(), -1e9))));
  const Term A_d = write_softmax_in_brief(HeadSteps(page, "_d"), Z_d, "Weights of these scores");
  page.fact(
      "double, −1e9 on every key: each weight is within 1e-8 of that without a mask",
      all_at_most((A_d.values() - A_u.values()).cwiseAbs(), constant(1, 4, numbers::pow(Exact(10), -8))));

  const std::vector<double> scores(Z.doubles().data(), Z.doubles().data() + Z.cols());
  const Term outcome = table(page, "outcome", "What the value does to a row (1: it does)",
                             mistakes::outcomes(mistakes::additive_masks(scores)));
  page.mark_detail();
  page.fact("two keys hidden: every value gives them the weight 0",
            all_equal(outcome.values().col(0), ones(outcome)));
  page.fact("all keys hidden: no value gives 0 to each",
            all_equal(outcome.values().col(4), constant(outcome.rows(), 1, 0)));
}

// ---- Wrong masks, and the checks that notice them. ----

void which_check_catches_what(Page& page, const Head<Exact>& head) {
  page.example("checks", "Wrong masks, and the checks that notice them");
  const Term quiet = table(page, "quiet", "What the checks say of rules that are right",
                           noticed(mistakes::right_causal_rules(), head));
  const Term caught = table(page, "caught", "Which check notices which wrong mask",
                            noticed(mistakes::wrong_causal_rules(), head));
  page.fact("no check complains about a rule that is right",
            quiet == constant(quiet.rows(), quiet.cols(), 0));
  page.fact("every wrong mask is noticed by some check",
            all_at_most(ones(caught), caught.values().rowwise().sum()));
  const auto missed = [&](const std::string& check, const std::string& rule) {
    page.fact("missed by \"" + check + "\": " + rule,
              all_equal(constant(1, 1, entry(caught, rule, check)), constant(1, 1, 0)));
  };
  missed("last token replaced", "off by one: does not see itself");
  missed("last token replaced", "only the last column masked");
  missed("last token replaced", "a window of two");
  missed("every token replaced", "off by one: does not see itself");
  missed("every token replaced", "a window of two");
  page.fact("every wrong mask is noticed by \"every token replaced\" or by \"the past is seen\"",
            all_at_most(ones(caught), caught.values().col(2) + caught.values().col(4)));
}

// ---- The exercises. ----

void scores_to_output(Page& page) {
  page.example("ex1", "Exercise 1: equal scores");
  page.details();
  const Term Z = page.given("Z", "Scaled scores", constant(4, 4, 0));
  const Term V = page.given("V", {{"12"}, {"0"}, {"6"}, {"2"}});
  const Term mask = page.given("mask", "Mask: 1 may look", zeros_and_ones(causal_mask(4)).exact);
  page.step("Y", masked_softmax(page, Z, mask) * V);

  page.example("ex2", "Exercise 2: padded at the start");
  page.details();
  const Term Z_l = page.given(
      "Z", {{"3", "1", "0", "2"}, {"0", "2", "1", "1"}, {"4", "0", "1", "3"}, {"5", "1", "0", "2"}});
  const Term V_l = page.given("V", {{"7"}, {"7"}, {"1"}, {"3"}});
  page.given("real", "Which places hold tokens", {{"0", "0", "1", "1"}});
  const Mask may_look = both(causal_mask(4), padding_mask(padded_left(2, 4), 4));
  page.step("Y", masked_softmax(page, Z_l, mask_step(page, "\\text{causal and real}", may_look)) * V_l);
}

void padding_rows_for_a_mask(Page& page) {
  page.example("ex3", "Exercise 3: padding rows taken for a mask");
  page.details();
  const Term Z = page.given("Z", "Scaled scores", constant(3, 3, 0));
  const Term real = page.given("real", "Which places hold tokens, a row for each sequence",
                               {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  const Term mask = page.given("mask", "Mask of the second sequence: 1 may look",
                               {{"1", "1", "0"}, {"1", "1", "0"}, {"1", "1", "0"}});
  masked_softmax(page, Z, mask);
  const Term M_w = page.step("M_w", "Masked scores, the padding rows taken for the mask", hide(Z, real));
  write_softmax_in_brief(HeadSteps(page, "_w"), M_w, "Weights, the padding rows taken for the mask");
  page.fact("the padding rows are the causal mask", real == zeros_and_ones(causal_mask(3)).exact);
}

void divided_by_the_sum(Page& page) {
  page.example("ex4", "Exercise 4: divided by their sum");
  page.details();
  const Term Z = page.given("Z", {{"0", "2"}});
  const Term mask = page.given("mask", {{"1", "0"}});
  const Term A_u = write_softmax_in_brief(HeadSteps(page, "_u"), Z, "Weights without a mask");
  const Term B = page.step("B", "Weights times the mask", entrywise_product(A_u, mask));
  const Term s = page.step("s", "Their sum", row_sums(B));
  const Term R = page.step("R", "The same, divided by their sum", B / s);
  page.fact("divided by their sum, they are the weights with the mask", R == masked_softmax(page, Z, mask));
}

void derivations(Page& page) {
  smallest(page);
  const Head<Exact> head = causal(page);
  padding(page, first_sequence(page));
  causal_and_padding(page);
  products_with_zero(page);
  on_a_machine(page);
  which_check_catches_what(page, head);
  scores_to_output(page);
  padding_rows_for_a_mask(page);
  divided_by_the_sum(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "08-masks", derivations); }
