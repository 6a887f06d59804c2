#include <algorithm>
#include <cmath>
#include <limits>

#include "attention/batch.hpp"
#include "numbers/dual.hpp"
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
using attention::RealTokens;
using attention::softmax_rows;
using numbers::Dual;

namespace {

// ---- Parts that several examples share. ----

/// Numbers that are whole, such as 0 and 1, as the scalar of a run.
template <typename Scalar, typename Derived>
Matrix<Scalar> whole(const Eigen::DenseBase<Derived>& numbers) {
  return numbers.derived().template cast<int>().unaryExpr([](int n) -> Scalar { return Scalar(n); });
}

/// Softmax step by step, details of the page; `mark` tells several on one page apart.
Term softmax_detail(Page& page, const Term& scores, const std::string& mark, const std::string& title) {
  const auto m = page.detail("m" + mark, "Row maxima", row_maxima(scores));
  const auto D = page.detail("D" + mark, "Shifted scores", scores - m);
  const auto E = page.detail("E" + mark, "Exponentials", exp(D));
  const auto l = page.detail("l" + mark, "Row sums", row_sums(E));
  return page.step("A" + mark, title, weights(E, l));
}

/// Masked scores to weights, every step shown.
Term masked_softmax(Page& page, const Term& scores, const Term& mask) {
  const auto M = page.step("M", "Masked scores", hide(scores, mask));
  const auto m = page.step("m", "Row maxima", row_maxima(M));
  const auto D = page.step("D", "Shifted scores", M - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  return page.step("A", "Weights", weights(E, l));
}

struct Attended {
  Term A, Y;
};

/// Queries, keys, values and a mask to the output.
Attended<Scalar> attend(Page& page, const Term& Q, const Term& K, const Term& V, const Term& mask) {
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", K.cols())));
  const auto A = masked_softmax(page, Z, mask);
  return {A, page.step("Y", "Output", A * V)};
}

template <typename Scalar>
Matrix<Scalar> constant(Index rows, Index cols, const Exact& value) {
  return Matrix<Scalar>::Constant(rows, cols, as_scalar<Scalar>(value));
}

template <typename Scalar>
Matrix<Scalar> rows_of(const Term& term, Index first, Index count) {
  return term.values().middleRows(first, count);
}

// ---- The smallest example: three equal scores, the last of them hidden. ----

void smallest(Page& page) {
  page.example("equal", "Three equal scores, the last of them hidden");
  const auto Z = page.given("Z", {{"1", "1", "1"}});
  const auto mask = page.given("mask", {{"1", "1", "0"}});
  masked_softmax(page, Z, mask);
}

// ---- The causal mask. ----

/// A head: tokens and weights. Every use of a token goes through it: as query, as key and as value.
template <typename Scalar>
struct Head {
  Matrix<Scalar> X, W_Q, W_K, W_V;
};

const std::vector<std::string> words = {"the", "cat", "sat", "down"};
const Entries tokens = {{"1", "0", "0"}, {"0", "0", "1"}, {"0", "1", "0"}, {"0", "0", "2"}};
const Entries query_weights = {{"1", "0", "1", "1"}, {"1", "0", "0", "1"}, {"1", "0", "0", "0"}};
const Entries key_weights = {{"0", "1", "1", "0"}, {"0", "0", "1", "1"}, {"1", "0", "0", "1"}};
const Entries value_weights = {{"3", "0"}, {"0", "4"}, {"1", "2"}};

/// The head of the causal example, exactly.
Head<Exact> causal_head() {
  Page<Exact> page;
  page.example("head", "");
  return {page.given("X", tokens).values(), page.given("W_Q", query_weights).values(),
          page.given("W_K", key_weights).values(), page.given("W_V", value_weights).values()};
}

template <typename Scalar>
Matrix<Scalar> output(const Head<Scalar>& head, const Mask& may_look) {
  return attention::attention<Scalar>(head.X * head.W_Q, head.X * head.W_K, head.X * head.W_V, may_look).Y;
}

/// Row i of the result: the output of the last of the tokens 0 … i, when there are no others.
template <typename Scalar>
Matrix<Scalar> from_prefixes(const Head<Scalar>& head) {
  const Index T = head.X.rows();
  Matrix<Scalar> result(T, head.W_V.cols());
  for (Index i = 0; i < T; ++i) {
    Head<Scalar> prefix = head;
    prefix.X = head.X.topRows(i + 1);
    result.row(i) = output(prefix, attention::no_mask(i + 1, i + 1)).row(i);
  }
  return result;
}

/// The tokens with token t replaced by another one: (5, −3, 7) in three dimensions.
template <typename Scalar>
Matrix<Scalar> replaced(const Matrix<Scalar>& X, Index t) {
  Matrix<Scalar> other = X;
  for (Index k = 0; k < X.cols(); ++k) other(t, k) = Scalar(k % 2 == 0 ? 5 + static_cast<int>(k) : -3);
  return other;
}

/// 1 where row i of the output is another one as soon as token t is.
template <typename Scalar>
Matrix<Scalar> changed_rows(const Head<Scalar>& head, const Matrix<Scalar>& Y) {
  const Index T = head.X.rows();
  Matrix<Scalar> changed(T, T);
  for (Index t = 0; t < T; ++t) {
    Head<Scalar> other = head;
    other.X = replaced(head.X, t);
    const Matrix<Scalar> Y_other = output(other, causal_mask(T));
    for (Index i = 0; i < T; ++i) changed(i, t) = Scalar(Y_other.row(i) == Y.row(i) ? 0 : 1);
  }
  return changed;
}

/// 1 where row i of the output has a derivative by some entry of token t that is not 0: run on exact numbers
/// that carry an exact derivative, by one entry of one token at a time.
Matrix<int> dependent_rows(const Mask& may_look) {
  const Head<Exact> at = causal_head();
  const auto dual = [](const Exact& value) { return Dual<Exact>(value); };
  Head<Dual<Exact>> head = {at.X.unaryExpr(dual), at.W_Q.unaryExpr(dual), at.W_K.unaryExpr(dual),
                            at.W_V.unaryExpr(dual)};
  Matrix<int> depends = Matrix<int>::Zero(at.X.rows(), at.X.rows());
  for (Index t = 0; t < at.X.rows(); ++t)
    for (Index k = 0; k < at.X.cols(); ++k) {
      head.X(t, k).derivative = 1;
      const Matrix<Dual<Exact>> Y = output(head, may_look);
      for (Index i = 0; i < Y.rows(); ++i)
        for (Index c = 0; c < Y.cols(); ++c)
          if (Y(i, c).derivative != 0) depends(i, t) = 1;
      head.X(t, k).derivative = 0;
    }
  return depends;
}

/// That the future does not reach the past, in three ways.
void prove_causal(Page& page, const Head<Scalar>& head, const Term& mask, const Term& Y) {
  const Labels by_token{words, words};
  const std::vector<std::string> inputs = {"X", "W_Q", "W_K", "W_V"};
  const auto P = page.computed("P", "Row i from the tokens 0 to i alone, without a mask", "Y", inputs,
                               from_prefixes(head), {});
  page.fact("each row of Y is what the tokens up to it give alone", P == Y);
  const auto changed = page.computed("changed", "1 where row i of Y changes when token j is replaced", "",
                                     inputs, changed_rows(head, Y.values()), by_token);
  page.fact("a row of Y changes with each token up to it, and with no later one", changed == mask);
  const auto depends =
      page.computed("depends", "1 where row i of Y has a derivative by token j that is not 0", "", inputs,
                    whole<Scalar>(dependent_rows(causal_mask(4))), by_token);
  page.fact("the derivative of a row of Y by every later token is 0, exactly", depends == mask);
}

void causal(Page& page) {
  page.example("causal", "Four tokens, causal");
  page.tokens(words);
  const auto X = page.given("X", tokens);
  const auto W_Q = page.given("W_Q", query_weights);
  const auto W_K = page.given("W_K", key_weights);
  const auto W_V = page.given("W_V", value_weights);
  const auto mask =
      page.computed("mask", "Mask: 1 may look", "", {}, whole<Scalar>(causal_mask(4)), {words, words});
  const auto Q = page.step("Q", "Queries", X * W_Q);
  const auto K = page.step("K", "Keys", X * W_K);
  const auto V = page.step("V", "Values", X * W_V);
  const auto [A, Y] = attend(page, Q, K, V, mask);

  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("attention(), the code, gives the same Y",
            Y == attention::attention(Q.values(), K.values(), V.values(), causal_mask(4)).Y);
  prove_causal(page, {X.values(), W_Q.values(), W_K.values(), W_V.values()}, mask, Y);
  page.figure(
      {"mask",
       Figure::Kind::heatmap,
       "Two matrices of four rows and columns. The mask has 1 on and below its diagonal and 0 above it. "
       "The weights are 0 in the same six places, and each row of the rest sums to 1.",
       "the key's token",
       "the query's token",
       {{"mask", "mask", ""}, {"weights A", "A", ""}}});
}

// ---- Padding: a batch of two sequences. ----

/// Queries, keys and values of one sequence.
struct Sequence {
  Term Q, K, V;
};

template <typename Scalar>
Matrix<Scalar> attended(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V,
                        const Mask& may_look) {
  return attention::attention(Q, K, V, may_look).Y;
}

/// The mask of a padded sequence as a step, from the row that says which places hold tokens.
Term mask_step(Page& page, const std::string& formula, const Mask& may_look) {
  return page.computed("mask", "Mask: 1 may look", formula, {"real"}, whole<Scalar>(may_look), {});
}

/// The longer sequence of the batch: it fills its three places.
Sequence<Scalar> first_sequence(Page& page) {
  page.example("first", "A batch: the first sequence has three tokens");
  page.details();
  const auto Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"0", "0", "2", "0"}});
  const auto K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}, {"1", "1", "2", "0"}});
  const auto V = page.given("V", {{"1", "0"}, {"0", "2"}, {"3", "1"}});
  page.given("real", "Which places hold tokens", {{"1", "1", "1"}});
  const auto mask = mask_step(page, "\\text{row i: real}", padding_mask(padded_right(3, 3), 3));
  const auto Y = attend(page, Q, K, V, mask).Y;
  page.fact("a mask that hides nothing changes nothing",
            Y == attention::attention(Q.values(), K.values(), V.values()).Y);
  return {Q, K, V};
}

/// The shorter one: two tokens, and padding that is filled with numbers.
Sequence<Scalar> padded_sequence(Page& page) {
  const auto Q = page.given("Q", {{"2", "0", "0", "0"}, {"0", "2", "0", "0"}, {"0", "0", "0", "2"}});
  const auto K = page.given("K", {{"1", "0", "2", "0"}, {"0", "1", "0", "0"}, {"2", "2", "0", "1"}});
  const auto V = page.given("V", {{"4", "0"}, {"0", "2"}, {"9", "9"}});
  page.given("real", "Which places hold tokens", {{"1", "1", "0"}});
  return {Q, K, V};
}

/// Padding alone: the two tokens see each other, and not the padding.
void padding(Page& page, const Sequence<Scalar>& first) {
  page.example("second", "A batch: the second sequence has two");
  const auto [Q, K, V] = padded_sequence(page);
  const Mask may_look = padding_mask(padded_right(2, 3), 3);
  const auto Y = attend(page, Q, K, V, mask_step(page, "\\text{row i: real}", may_look)).Y;
  const auto U = page.computed("U", "The same without a mask", "Y'", {"Q", "K", "V"},
                               attended(Q.values(), K.values(), V.values(), attention::no_mask(3, 3)), {});
  page.fact("without a mask the first row differs by more than 4",
            differ_by_more_than<Scalar>(Exact(4), U.values().row(0), Y.values().row(0)));

  const Matrix<Scalar> Q_2 = Q.values().topRows(2), K_2 = K.values().topRows(2), V_2 = V.values().topRows(2);
  page.fact("the two tokens get what they get without any padding",
            all_equal(rows_of(Y, 0, 2), attended(Q_2, K_2, V_2, attention::no_mask(2, 2))));
  const Batch<Scalar> queries = {first.Q.values(), Q.values()}, keys = {first.K.values(), K.values()},
                      values = {first.V.values(), V.values()};
  const auto batch =
      attention::attention(queries, keys, values, {padding_mask(padded_right(3, 3), 3), may_look});
  page.fact("attention() of the batch, the code, gives the same Y for this sequence", Y == batch.at(1).Y);
}

/// Padding and causal together.
void causal_and_padding(Page& page) {
  page.example("both", "Causal, and padded at the end");
  page.details();
  const auto [Q, K, V] = padded_sequence(page);
  const Mask may_look = both(causal_mask(3), padding_mask(padded_right(2, 3), 3));
  const auto mask = mask_step(page, "\\text{causal and real}", may_look);
  const auto Y = attend(page, Q, K, V, mask).Y;
  const auto sees = page.detail("sees", "Visible keys of each row", row_sums(mask));
  page.fact("every row sees something", all_at_most(ones(sees), sees.values()));

  page.example("left", "Causal, and padded at the start");
  page.details();
  const auto Q_l = page.given("Q", {{"0", "0", "0", "2"}, {"2", "0", "0", "0"}, {"0", "2", "0", "0"}});
  const auto K_l = page.given("K", {{"2", "2", "0", "1"}, {"1", "0", "2", "0"}, {"0", "1", "0", "0"}});
  const auto V_l = page.given("V", {{"9", "9"}, {"4", "0"}, {"0", "2"}});
  page.given("real", "Which places hold tokens", {{"0", "1", "1"}});
  const Mask may_look_l = both(causal_mask(3), padding_mask(padded_left(2, 3), 3));
  const auto Y_l = attend(page, Q_l, K_l, V_l, mask_step(page, "\\text{causal and real}", may_look_l)).Y;
  page.fact("row 0 sees nothing: its output is 0", all_equal(rows_of(Y_l, 0, 1), constant<Scalar>(1, 2, 0)));
  page.fact("the two tokens get what they get with the padding at the end",
            all_equal(rows_of(Y_l, 1, 2), rows_of(Y, 0, 2)));
}

// ---- −∞, or a product with 0. ----

void products_with_zero(Page& page) {
  page.example("row", "One row, hidden in four ways");
  const auto Z = page.given("Z", {{"0.7", "-1.3", "2.1", "0.25"}});
  const auto Z_h =
      page.given("Z_h", "Scaled scores, with another hidden one", {{"0.7", "-1.3", "5", "0.25"}});
  const auto mask = page.given("mask", {{"1", "1", "0", "0"}});
  const auto A_u = softmax_detail(page, Z, "_u", "Weights without a mask");
  const auto M = page.step("M", "Masked scores", hide(Z, mask));
  const auto A = softmax_detail(page, M, "", "Weights with the mask");

  const auto N = page.step("N", "Scores times the mask", entrywise_product(Z, mask));
  const auto A_n = softmax_detail(page, N, "_n", "Weights from the scores times the mask");
  page.fact("the scores times 0: every weight is at least 1/20",
            all_at_most(constant<Scalar>(1, 4, Exact(1) / Exact(20)), A_n.values()));

  const auto B = page.step("B", "Weights times the mask", entrywise_product(A_u, mask));
  const auto s = page.step("s", "Their sum", row_sums(B));
  page.fact("the weights times 0: they sum to at most 1/5",
            all_at_most(s.values(), constant<Scalar>(1, 1, Exact(1) / Exact(5))));
  const auto R = page.step("R", "The same, divided by their sum", B / s);
  page.fact("divided by their sum, they are the weights with the mask", R == A);

  const auto A_h = softmax_detail(page, Z_h, "_h", "Weights without a mask, the hidden score changed");
  const auto B_h =
      page.step("B_h", "Weights times the mask, the hidden score changed", entrywise_product(A_h, mask));
  page.fact("the weights times 0 change with a hidden score", B_h != B);
  const Mask may_look = padding_mask(padded_right(2, 4), 1);
  page.fact("the weights with the mask do not change with a hidden score",
            A == softmax_rows(Z_h.values(), may_look));
}

// ---- −∞, or a very negative number, on a machine. ----

/// Softmax of one row as a program does it: shift, exponentials, sum, quotients, in the number's own
/// arithmetic.
template <typename Number>
std::vector<Number> softmax_of(std::vector<Number> row) {
  using std::exp;
  Number maximum = row[0], sum(0);
  for (const Number& z : row) maximum = z > maximum ? z : maximum;
  for (Number& z : row) z = exp(z - maximum);
  for (const Number& e : row) sum = sum + e;
  for (Number& e : row) e = e / sum;
  return row;
}

const std::vector<double> scores = {0.7, -1.3, 2.1, 0.25};

/// The four scores with the mask's value added so many times to each.
template <typename Number>
std::vector<Number> with_added(Number value, const std::vector<int>& times) {
  std::vector<Number> row;
  for (std::size_t j = 0; j < scores.size(); ++j) {
    row.push_back(static_cast<Number>(scores[j]));
    for (int k = 0; k < times[j]; ++k) row.back() = row.back() + value;
  }
  return row;
}

template <typename Number>
bool is_nan(const std::vector<Number>& row) {
  bool any = false;
  for (const Number& weight : row) any = any || weight != weight;
  return any;
}

/// Whether every weight is within `tolerance` of what is expected: with 0, whether it is that very number.
template <typename Number>
bool is_near(const std::vector<Number>& row, const std::vector<double>& expected, double tolerance) {
  for (std::size_t j = 0; j < row.size(); ++j)
    if (!(std::abs(static_cast<double>(row[j]) - expected[j]) <= tolerance)) return false;
  return true;
}

/// What becomes of a row when the mask's value is added to the scores of hidden keys, in one kind of number.
struct Outcome {
  std::string name;
  bool half_is_hidden;  ///< two keys hidden: their weights are 0, not just small
  bool all_nan, all_uniform,
      all_as_scored;  ///< all keys hidden: no number, 1/4 each, as if there were no mask
  bool all_zero;      ///< … or 0 each, which is what the rule asks for
  bool twice_nan, twice_uniform,
      twice_as_scored;  ///< hidden once, once, twice, twice: what the first two get
};

/// Each of the doubles here is far from deciding anything: 0, 1/4 and 1/2 are exact, and what is called "as
/// scored" is within 1/500 of its value in every number here, where uniform weights are 1/20 away.
template <typename Number>
Outcome outcome(const std::string& name, Number value) {
  constexpr double near = 1.0 / 500;
  const auto half = softmax_of(with_added(value, {0, 0, 1, 1})),
             all = softmax_of(with_added(value, {1, 1, 1, 1}));
  const auto twice = softmax_of(with_added(value, {1, 1, 2, 2}));
  const auto as_scored = softmax_of(scores),
             first_two = softmax_of(std::vector<double>{scores[0], scores[1]});
  return {
      name,
      is_near(half, {first_two[0], first_two[1], 0, 0}, near) && half[2] == Number(0) && half[3] == Number(0),
      is_nan(all),
      is_near(all, {0.25, 0.25, 0.25, 0.25}, 0),
      is_near(all, as_scored, near),
      is_near(all, {0, 0, 0, 0}, 0),
      is_nan(twice),
      is_near(twice, {0.5, 0.5, 0, 0}, 0),
      is_near(twice, {first_two[0], first_two[1], 0, 0}, near)};
}

/// −∞, two values that are in use, and the most negative finite number there is.
template <typename Number>
std::vector<Outcome> outcomes_in(const std::string& type) {
  using Limits = std::numeric_limits<Number>;
  return {outcome<Number>(type + ", −∞", -Limits::infinity()),
          outcome<Number>(type + ", −1e9", static_cast<Number>(-1e9)),
          outcome<Number>(type + ", −1e4", static_cast<Number>(-1e4)),
          outcome<Number>(type + ", lowest", Limits::lowest())};
}

std::vector<Outcome> all_outcomes() {
  std::vector<Outcome> all = outcomes_in<double>("double");
  for (const Outcome& outcome : outcomes_in<float>("float")) all.push_back(outcome);
  for (const Outcome& outcome : outcomes_in<Eigen::half>("half")) all.push_back(outcome);
  return all;
}

/// What is left of the four scores after a value was added and taken away again: the addition rounds, as
/// IEEE 754 prescribes, the rest is exact.
template <typename Scalar, typename Number>
Matrix<Scalar> left_over(Number value) {
  Matrix<Scalar> row(1, 4);
  const auto added = with_added(value, {1, 1, 1, 1});
  for (Index j = 0; j < 4; ++j)
    row(0, j) = as_scalar<Scalar>(numbers::exactly(static_cast<double>(added[static_cast<std::size_t>(j)])) -
                                  numbers::exactly(static_cast<double>(value)));
  return row;
}

/// The outcomes as a step: a row for each value, 1 where it does what the column says.
Term tabulate_outcomes(Page& page, const std::vector<Outcome>& outcomes) {
  Labels labels{
      {},
      {"two hidden: weights 0", "all hidden: NaN", "all hidden: 1/4 each", "all hidden: no mask",
       "all hidden: 0 each", "once and twice: NaN", "once and twice: 1/2 each", "once and twice: as scored"}};
  Matrix<Scalar> table(static_cast<Index>(outcomes.size()), static_cast<Index>(labels.cols.size()));
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    const Outcome& o = outcomes[k];
    labels.rows.push_back(o.name);
    const std::vector<bool> row = {o.half_is_hidden, o.all_nan,   o.all_uniform,   o.all_as_scored,
                                   o.all_zero,       o.twice_nan, o.twice_uniform, o.twice_as_scored};
    for (std::size_t j = 0; j < row.size(); ++j)
      table(static_cast<Index>(k), static_cast<Index>(j)) = Scalar(row[j] ? 1 : 0);
  }
  const auto outcome =
      page.computed("outcome", "What the value does to a row (1: it does)", "", {}, table, labels);
  page.mark_detail();
  return outcome;
}

/// Whether two rows of weights are nowhere further apart than the bound.
Condition is_within(const Exact& bound, const Term& a, const Term& b) {
  const Scalar difference = largest_difference(a.values(), b.values());
  return all_at_most<Scalar>(Matrix<Scalar>::Constant(1, 1, difference), constant<Scalar>(1, 1, bound));
}

void on_a_machine(Page& page) {
  page.example("machine", "A very negative number for minus infinity");
  const auto Z = page.given("Z", {{"0.7", "-1.3", "2.1", "0.25"}});
  const auto A_u = softmax_detail(page, Z, "_u", "Weights without a mask");
  const auto Z_f = page.computed("Z_f", "Scores in float, with −10000 added to all and taken away exactly",
                                 "\\mathrm{float}(Z - 10000) + 10000", {"Z"}, left_over<Scalar>(-1e4F), {});
  const auto A_f = softmax_detail(page, Z_f, "_f", "Weights of these scores");
  page.fact("float, −10000 on every key: each weight is within 1/1000 of that without a mask",
            is_within(Exact(1) / Exact(1000), A_f, A_u));
  const auto Z_d = page.computed("Z_d", "Scores in double, with −1e9 added to all and taken away exactly",
                                 "\\mathrm{double}(Z - 10^9) + 10^9", {"Z"}, left_over<Scalar>(-1e9), {});
  const auto A_d = softmax_detail(page, Z_d, "_d", "Weights of these scores");
  page.fact("double, −1e9 on every key: each weight is within 1e-8 of that without a mask",
            is_within(numbers::pow(Exact(10), -8), A_d, A_u));

  const auto outcome = tabulate_outcomes(page, all_outcomes());
  page.fact("two keys hidden: every value gives them the weight 0",
            all_equal<Scalar>(outcome.values().col(0), constant<Scalar>(outcome.rows(), 1, 1)));
  page.fact("all keys hidden: no value gives 0 to each",
            all_equal<Scalar>(outcome.values().col(4), constant<Scalar>(outcome.rows(), 1, 0)));
}

// ---- Wrong masks, and the checks that notice them. ----

/// A rule that makes scaled scores into weights, and is meant to be causal.
template <typename Scalar>
struct Rule {
  std::string name;
  std::function<Matrix<Scalar>(const Matrix<Scalar>& Z)> weights;
};

/// A mask from its rule for one entry.
template <typename May>
Mask mask_where(Index T, May may_look) {
  Mask mask(T, T);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < T; ++j) mask(i, j) = may_look(i, j);
  return mask;
}

/// Softmax under the mask that hides where the rule says so.
template <typename Scalar, typename May>
Rule<Scalar> hiding(const std::string& name, May may_look) {
  return {name, [may_look](const Matrix<Scalar>& Z) -> Matrix<Scalar> {
            return softmax_rows(Z, mask_where(Z.rows(), may_look));
          }};
}

/// Softmax after a number was added to the scores of the future.
template <typename Scalar>
Rule<Scalar> adding(const std::string& name, int value) {
  return {name, [value](const Matrix<Scalar>& Z) -> Matrix<Scalar> {
            Matrix<Scalar> M = Z;
            for (Index i = 0; i < Z.rows(); ++i)
              for (Index j = i + 1; j < Z.cols(); ++j) M(i, j) += Scalar(value);
            return softmax_rows(M);
          }};
}

/// The entries on and below the diagonal; 0 above.
template <typename Scalar>
Matrix<Scalar> lower(const Matrix<Scalar>& a) {
  return a.cwiseProduct(whole<Scalar>(causal_mask(a.rows())));
}

template <typename Scalar>
Matrix<Scalar> divided_by_row_sums(const Matrix<Scalar>& B) {
  const attention::Vector<Scalar> sums = B.rowwise().sum();
  return B.array().colwise() / sums.array();
}

/// Two that are right, in different ways.
template <typename Scalar>
std::vector<Rule<Scalar>> right_rules() {
  using M = Matrix<Scalar>;
  return {
      hiding<Scalar>("right: −∞ above the diagonal", [](Index i, Index j) { return j <= i; }),
      {"right as well: weights times 0, divided by their sum",
       [](const M& Z) -> M { return divided_by_row_sums<Scalar>(lower<Scalar>(softmax_rows(Z))); }},
  };
}

template <typename Scalar>
std::vector<Rule<Scalar>> wrong_rules() {
  using M = Matrix<Scalar>;
  return {
      hiding<Scalar>("no mask", [](Index, Index) { return true; }),
      hiding<Scalar>("off by one: sees the next token too", [](Index i, Index j) { return j <= i + 1; }),
      hiding<Scalar>("off by one: does not see itself", [](Index i, Index j) { return j < i; }),
      hiding<Scalar>("transposed: sees what comes after", [](Index i, Index j) { return j >= i; }),
      adding<Scalar>("wrong sign: +10000 on the future", 10000),
      adding<Scalar>("too weak: −5 on the future", -5),
      hiding<Scalar>("only the first two rows masked", [](Index i, Index j) { return j <= i || i >= 2; }),
      hiding<Scalar>("only the last column masked", [](Index i, Index j) { return j <= i || j < 3; }),
      {"scores times 0", [](const M& Z) -> M { return softmax_rows(lower(Z)); }},
      {"weights times 0", [](const M& Z) -> M { return lower<Scalar>(softmax_rows(Z)); }},
      {"softmax over columns",
       [](const M& Z) -> M {
         return softmax_rows<Scalar>(Z.transpose(), causal_mask(Z.rows()).transpose()).transpose();
       }},
      hiding<Scalar>("a window of two", [](Index i, Index j) { return j <= i && j + 1 >= i; }),
  };
}

template <typename Scalar>
struct Run {
  Matrix<Scalar> A, V, Y;
};

template <typename Scalar>
Run<Scalar> run(const Rule<Scalar>& rule, const Head<Scalar>& head) {
  const Matrix<Scalar> Q = head.X * head.W_Q, K = head.X * head.W_K, V = head.X * head.W_V;
  const Matrix<Scalar> Z = Matrix<Scalar>(Q * K.transpose()) / attention::sqrt_of<Scalar>(K.cols());
  const Matrix<Scalar> A = rule.weights(Z);
  return {A, V, A * V};
}

/// Whether no earlier row of the output changes when token t is replaced.
bool past_stays(const Rule<Exact>& rule, const Head<Exact>& head, const Matrix<Exact>& Y, Index t) {
  Head<Exact> other = head;
  other.X = replaced(head.X, t);
  return run(rule, other).Y.topRows(t) == Y.topRows(t);
}

bool past_stays_at_every_position(const Rule<Exact>& rule, const Head<Exact>& head, const Matrix<Exact>& Y) {
  for (Index t = 1; t < head.X.rows(); ++t)
    if (!past_stays(rule, head, Y, t)) return false;
  return true;
}

/// Whether the weights are 0, or are not, wherever `where` holds.
template <typename Where>
bool all_zero(const Matrix<Exact>& A, bool zero, Where where) {
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < A.cols(); ++j)
      if (where(i, j) && (A(i, j) == 0) != zero) return false;
  return true;
}

const std::vector<std::string> checks = {"future weights are 0", "last token replaced",
                                         "every token replaced", "rows sum to 1",
                                         "the past is seen",     "Y[0] = V[0]"};

/// Whether each of the checks notices that something is wrong. All are decided by ==.
std::vector<bool> noticed(const Rule<Exact>& rule, const Head<Exact>& head) {
  const Run<Exact> result = run(rule, head);
  const Index T = head.X.rows();
  const Matrix<Exact> sums = result.A.rowwise().sum();
  return {!all_zero(result.A, true, [](Index i, Index j) { return j > i; }),
          !past_stays(rule, head, result.Y, T - 1),
          !past_stays_at_every_position(rule, head, result.Y),
          sums != Matrix<Exact>::Constant(T, 1, Exact(1)),
          !all_zero(result.A, false, [](Index i, Index j) { return j <= i; }),
          result.Y.row(0) != result.V.row(0)};
}

/// The rules with what notices them: worked out once, with exact numbers, for both runs of the page.
struct Verdict {
  std::string name;
  std::vector<bool> noticed;
};

std::vector<Verdict> verdicts_on(const std::vector<Rule<Exact>>& rules) {
  std::vector<Verdict> verdicts;
  for (const auto& rule : rules) verdicts.push_back({rule.name, noticed(rule, causal_head())});
  return verdicts;
}

const std::vector<Verdict>& right_verdicts() {
  static const std::vector<Verdict> verdicts = verdicts_on(right_rules<Exact>());
  return verdicts;
}

const std::vector<Verdict>& wrong_verdicts() {
  static const std::vector<Verdict> verdicts = verdicts_on(wrong_rules<Exact>());
  return verdicts;
}

/// A row for each rule, a column for each check; 1 where the check notices something.
Term tabulate(Page& page, const std::string& name, const std::string& title,
              const std::vector<Verdict>& verdicts) {
  Labels labels{{}, checks};
  Matrix<Scalar> table(static_cast<Index>(verdicts.size()), static_cast<Index>(checks.size()));
  for (std::size_t k = 0; k < verdicts.size(); ++k) {
    labels.rows.push_back(verdicts[k].name);
    for (std::size_t c = 0; c < checks.size(); ++c)
      table(static_cast<Index>(k), static_cast<Index>(c)) = Scalar(verdicts[k].noticed[c] ? 1 : 0);
  }
  return page.computed(name, title, "", {}, table, labels);
}

/// "missed by …: …" for each wrong rule that a check lets pass.
void name_the_missed(Page& page, const Term& caught, Index check, const std::vector<std::string>& missed) {
  for (std::size_t k = 0; k < wrong_verdicts().size(); ++k) {
    const std::string& rule = wrong_verdicts()[k].name;
    if (std::find(missed.begin(), missed.end(), rule) == missed.end()) continue;
    page.fact("missed by \"" + checks[static_cast<std::size_t>(check)] + "\": " + rule,
              all_equal<Scalar>(caught.values().block(static_cast<Index>(k), check, 1, 1),
                                constant<Scalar>(1, 1, 0)));
  }
}

void which_check_catches_what(Page& page) {
  page.example("checks", "Wrong masks, and the checks that notice them");
  const auto quiet = tabulate(page, "quiet", "What the checks say of rules that are right", right_verdicts());
  const auto caught = tabulate(page, "caught", "Which check notices which wrong mask", wrong_verdicts());
  page.fact("no check complains about a rule that is right", quiet == constant<Scalar>(quiet.rows(), 6, 0));
  page.fact("every wrong mask is noticed by some check",
            all_at_most<Scalar>(constant<Scalar>(caught.rows(), 1, 1), caught.values().rowwise().sum()));
  name_the_missed(page, caught, 1,
                  {"off by one: does not see itself", "only the last column masked", "a window of two"});
  name_the_missed(page, caught, 2, {"off by one: does not see itself", "a window of two"});
  page.fact("every wrong mask is noticed by \"every token replaced\" or by \"the past is seen\"",
            all_at_most<Scalar>(constant<Scalar>(caught.rows(), 1, 1),
                                caught.values().col(2) + caught.values().col(4)));
}

// ---- The exercises. ----

void equal_scores(Page& page) {
  page.example("ex1", "Exercise 1: equal scores");
  page.details();
  const auto Z = page.given("Z", "Scaled scores", constant<Exact>(4, 4, 0));
  const auto V = page.given("V", {{"12"}, {"0"}, {"6"}, {"2"}});
  const auto mask = page.given("mask", "Mask: 1 may look", whole<Exact>(causal_mask(4)));
  page.step("Y", "Output", masked_softmax(page, Z, mask) * V);
}

void padded_at_the_start(Page& page) {
  page.example("ex2", "Exercise 2: padded at the start");
  page.details();
  const auto Z = page.given(
      "Z", {{"3", "1", "0", "2"}, {"0", "2", "1", "1"}, {"4", "0", "1", "3"}, {"5", "1", "0", "2"}});
  const auto V = page.given("V", {{"7"}, {"7"}, {"1"}, {"3"}});
  page.given("real", "Which places hold tokens", {{"0", "0", "1", "1"}});
  const auto mask =
      mask_step(page, "\\text{causal and real}", both(causal_mask(4), padding_mask(padded_left(2, 4), 4)));
  page.step("Y", "Output", masked_softmax(page, Z, mask) * V);
}

void padding_rows_for_a_mask(Page& page) {
  page.example("ex3", "Exercise 3: padding rows taken for a mask");
  page.details();
  const auto Z = page.given("Z", "Scaled scores", constant<Exact>(3, 3, 0));
  const auto real = page.given("real", "Which places hold tokens, a row for each sequence",
                               {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  const auto mask = page.given("mask", "Mask of the second sequence: 1 may look",
                               whole<Exact>(padding_mask(padded_right(2, 3), 3)));
  masked_softmax(page, Z, mask);
  const auto M_w = page.step("M_w", "Masked scores, the padding rows taken for the mask", hide(Z, real));
  softmax_detail(page, M_w, "_w", "Weights, the padding rows taken for the mask");
  page.fact("the padding rows are the causal mask", real == whole<Scalar>(causal_mask(3)));
}

void divided_by_the_sum(Page& page) {
  page.example("ex4", "Exercise 4: divided by their sum");
  page.details();
  const auto Z = page.given("Z", {{"0", "2"}});
  const auto mask = page.given("mask", {{"1", "0"}});
  const auto A_u = softmax_detail(page, Z, "_u", "Weights without a mask");
  const auto B = page.step("B", "Weights times the mask", entrywise_product(A_u, mask));
  const auto s = page.step("s", "Their sum", row_sums(B));
  const auto R = page.step("R", "The same, divided by their sum", B / s);
  page.fact("divided by their sum, they are the weights with the mask", R == masked_softmax(page, Z, mask));
}

const auto derivations = [](Page& page) {
  smallest(page);
  causal(page);
  padding(page, first_sequence(page));
  causal_and_padding(page);
  products_with_zero(page);
  on_a_machine(page);
  which_check_catches_what(page);
  equal_scores(page);
  padded_at_the_start(page);
  padding_rows_for_a_mask(page);
  divided_by_the_sum(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "08-masks", derivations); }
