#include "derivation/chapter.hpp"

// The numbers in the answers of the quiz: one small example for each answer that has any.

using namespace derivation;

namespace {

/// Softmax of each row of scores; a suffix tells the steps of a second softmax from those of the first.
template <typename Scalar>
Term<Scalar> softmax(Page<Scalar>& page, const Term<Scalar>& Z, const std::string& suffix = "") {
  const auto m = page.step("m" + suffix, "Row maxima", row_maxima(Z));
  const auto D = page.step("D" + suffix, "Shifted scores", Z - m);
  const auto E = page.step("E" + suffix, "Exponentials", exp(D));
  const auto l = page.step("l" + suffix, "Row sums", row_sums(E));
  const auto A = page.step("A" + suffix, "Weights", weights(E, l));
  page.fact("each row of A" + suffix + " sums to 1", row_sums(A) == ones(A));
  return A;
}

/// An example for one answer; the quiz need not show its steps.
template <typename Scalar>
void answer(Page<Scalar>& page, const std::string& name, const std::string& title) {
  page.example(name, title);
  page.details();
}

template <typename Scalar>
Matrix<Scalar> entry(const Term<Scalar>& term, Index i, Index j) {
  return term.values().block(i, j, 1, 1);
}

/// 01: what four tokens leave in a state that keeps 3/4 of itself at every step.
template <typename Scalar>
void fading(Page<Scalar>& page) {
  answer(page, "fade", "What is left of four tokens");
  const auto k = page.given("k", "What the steps since a token was read keep of it",
                            {{"(3/4)^3", "(3/4)^2", "3/4", "1"}});
  const auto c = page.step("c", "Contributions to the last state", k / number(Exact(4)));
  const Exact left = Exact(1) - pow(Exact(3) / Exact(4), 4);
  page.fact("the contributions sum to 1 less (3/4)^4",
            row_sums(c) == Matrix<Scalar>::Constant(1, 1, as_scalar<Scalar>(left)));
}

/// 02: three keys, of which the longest has the largest score and not the largest cosine.
template <typename Scalar>
void lengths(Page<Scalar>& page) {
  answer(page, "compare", "Dot product against cosine");
  const auto Q = page.given("Q", "Query", {{"4", "3"}});
  const auto K = page.given("K", "Keys", {{"4", "3"}, {"15", "0"}, {"-3", "4"}});
  const auto S = page.step("S", "Dot products", Q * transpose(K));
  const auto squares_Q = page.step("squares_Q", "Squares", entrywise_product(Q, Q));
  const auto sums_Q = page.step("sums_Q", "Squared length", row_sums(squares_Q));
  const auto length_Q = page.step("length_Q", "Length", sqrt(sums_Q));
  const auto squares_K = page.step("squares_K", "Squares", entrywise_product(K, K));
  const auto sums_K = page.step("sums_K", "Squared lengths", row_sums(squares_K));
  const auto length_K = page.step("length_K", "Lengths", sqrt(sums_K));
  const auto L = page.step("L", "Length times length", length_Q * transpose(length_K));
  const auto cos = page.step("cos", "Cosines", S / L);
  page.fact("the first key has at most the score of the second", all_at_most(entry(S, 0, 0), entry(S, 0, 1)));
  page.fact("the second key has at most the cosine of the first",
            all_at_most(entry(cos, 0, 1), entry(cos, 0, 0)));
}

/// 03: scores whose exponentials overflow, and the same scores less 1000.
template <typename Scalar>
void large_scores(Page<Scalar>& page) {
  answer(page, "large", "Three large scores");
  const auto Z = page.given("Z", "Scores", {{"1000", "1002", "1001"}});
  const auto A = softmax(page, Z);
  const auto Z_s = page.given("Z_s", "The same scores less 1000", {{"0", "2", "1"}});
  const auto A_s = softmax(page, Z_s, "_s");
  page.fact("the weights of both are equal", A == A_s);
}

/// 03: two scores at temperature 2.
template <typename Scalar>
void temperature(Page<Scalar>& page) {
  answer(page, "warm", "Two scores at temperature 2");
  const auto S = page.given("S", "Scores", {{"3", "1"}});
  const auto Z = page.step("Z", "Scores divided by the temperature", S / number(Exact(2)));
  const auto A = softmax(page, Z);
  const Matrix<Scalar> e_times = entry(A, 0, 1) * as_scalar<Scalar>(exp(Exact(1)));
  page.fact("the first weight is e times the second", all_equal<Scalar>(entry(A, 0, 0), e_times));
}

/// 04: queries that equal the keys, with the scale, without it, with it twice, and queries of 0.
template <typename Scalar>
void equal_queries(Page<Scalar>& page) {
  answer(page, "same", "Queries that equal the keys");
  const auto root = sqrt(number("d_k", 4));
  const auto K = page.given(
      "K", "Queries and keys",
      {{"1", "1", "1", "1"}, {"1", "-1", "1", "-1"}, {"1", "1", "-1", "-1"}, {"1", "-1", "-1", "1"}});
  const auto S = page.step("S", "Scores", K * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / root);
  const auto Z_t = page.step("Z_t", "Scores scaled twice", Z / root);
  const auto A_u = softmax(page, S, "_u");
  const auto A = softmax(page, Z);
  const auto A_t = softmax(page, Z_t, "_t");
  const Matrix<Scalar> uniform = Matrix<Scalar>::Constant(4, 1, Scalar(1) / Scalar(4));
  page.fact("the scale lowers the weight of a token with itself",
            all_at_most<Scalar>(A.values().diagonal(), A_u.values().diagonal()));
  page.fact("the second scale lowers it further",
            all_at_most<Scalar>(A_t.values().diagonal(), A.values().diagonal()));
  page.fact("it stays above 1/4 even so", all_at_most<Scalar>(uniform, A_t.values().diagonal()));
}

/// 04: two queries from one sequence, three keys and values from another.
template <typename Scalar>
void cross_attention(Page<Scalar>& page) {
  answer(page, "cross", "Two queries, three keys of another sequence");
  const auto Q = page.given("Q", {{"2", "0", "2", "0"}, {"0", "2", "0", "0"}});
  const auto K = page.given("K", {{"1", "0", "0", "1"}, {"0", "1", "1", "0"}, {"1", "1", "1", "0"}});
  const auto V = page.given("V", {{"6"}, {"0"}, {"2"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  page.step("Y", "Output", softmax(page, Z) * V);
}

/// 05: the standard deviation of a score, and what two divisors make of it.
template <typename Scalar>
void spread(Page<Scalar>& page) {
  answer(page, "spread", "The standard deviation of a score");
  const auto d = page.given("d", "Length of query and key", {{"16"}, {"64"}, {"256"}});
  const auto v = page.step("v", "Variance of a score: each of its d terms adds 1", d * number(Exact(1)));
  const auto sd = page.step("sd", "Standard deviation", sqrt(v));
  const auto root = page.step("root", "The scale", sqrt(d));
  const auto by_root = page.step("by_root", "Standard deviation, divided by √d", sd / root);
  const auto by_d = page.step("by_d", "Standard deviation, divided by d", sd / d);
  page.fact("divided by √d it is 1", by_root == ones(by_root));
  page.fact("divided by d it falls from row to row",
            all_at_most<Scalar>(by_d.values().bottomRows(2), by_d.values().topRows(2)));
}

/// 05 and 07: a row of scores at d_k = 64, without the scale and with it.
template <typename Scalar>
void without_scale(Page<Scalar>& page, const std::string& name, const std::string& title,
                   const Entries& scores) {
  answer(page, name, title);
  const auto S = page.given("S", "Scores", scores);
  const auto A_u = softmax(page, S, "_u");
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 64)));
  const auto A = softmax(page, Z);
  page.fact("the largest weight is not larger with the scale", row_maxima(A) <= row_maxima(A_u));
  const Scalar above_uniform = Scalar(3) / Scalar(2 * static_cast<int>(S.cols()));
  page.fact("with the scale it is still one and a half times 1/T, or more",
            all_at_most<Scalar>(Matrix<Scalar>::Constant(1, 1, above_uniform), row_maxima(A).values()));
}

/// 06: two tokens, traced by hand.
template <typename Scalar>
void trace(Page<Scalar>& page) {
  answer(page, "trace", "Two tokens, traced by hand");
  const auto Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "2", "0", "0"}});
  const auto K = page.given("K", {{"2", "0", "0", "1"}, {"0", "1", "2", "0"}});
  const auto V = page.given("V", {{"4", "0", "8"}, {"0", "4", "4"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  page.step("Y", "Output", softmax(page, Z) * V);
}

/// 08: three tokens under a causal mask.
template <typename Scalar>
void causal(Page<Scalar>& page) {
  answer(page, "causal", "Three tokens under a causal mask");
  const auto Z = page.given("Z", "Scaled scores", {{"0", "5", "9"}, {"1", "1", "7"}, {"0", "2", "1"}});
  const auto mask =
      page.given("mask", "Mask: 1 may look", {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  softmax(page, page.step("M", "Masked scores", hide(Z, mask)));
}

/// 08: one row, whose last weight is set to 0 after the softmax.
template <typename Scalar>
void zero_afterwards(Page<Scalar>& page) {
  answer(page, "zero", "A weight set to 0 after the softmax");
  const auto Z = page.given("Z", "Scores", {{"1", "1", "3"}});
  const auto mask = page.given("mask", "Mask: 1 may look", {{"1", "1", "0"}});
  const auto A_u = softmax(page, Z, "_u");
  const auto B = page.step("B", "Weights times the mask", entrywise_product(A_u, mask));
  const auto s = page.step("s", "What is left", row_sums(B));
  const auto R = page.step("R", "Divided by what is left", B / s);
  const auto A = softmax(page, page.step("M", "Masked scores", hide(Z, mask)));
  page.fact("less than a quarter is left",
            all_at_most<Scalar>(s.values(), Matrix<Scalar>::Constant(1, 1, Scalar(1) / Scalar(4))));
  page.fact("divided by what is left, the weights are those of the mask", R == A);
}

/// 10: the gradient of one row of scores.
template <typename Scalar>
void gradient(Page<Scalar>& page) {
  answer(page, "row", "The gradient of a row of scores");
  const auto A = page.given("A", "Weights", {{"1/2", "1/3", "1/6"}});
  const auto dA = page.given("dA", "Gradient of the weights", {{"6", "0", "0"}});
  const auto G = page.step("G", "Weight times gradient", entrywise_product(A, dA));
  const auto r = page.step("r", "Their sum", row_sums(G));
  const auto U = page.step("U", "Gradient less the sum", dA - r);
  const auto dZ = page.step("dZ", "Gradient of the scaled scores", entrywise_product(A, U));
  page.fact("dZ sums to 0", row_sums(dZ) == Matrix<Scalar>::Constant(1, 1, Scalar(0)));
}

/// 11: how the columns of a query are shared out between two heads.
template <typename Scalar>
void split(Page<Scalar>& page) {
  answer(page, "split", "One query of six columns, two heads");
  const auto Q = page.given("Q", {{"1", "2", "3", "4", "5", "6"}});
  const auto Q_1 = page.step("Q_1", "Query of head 1", head(Q, 1, 2));
  const auto Q_2 = page.step("Q_2", "Query of head 2", head(Q, 2, 2));
  page.fact("side by side the two are Q", concatenate<Scalar>({Q_1, Q_2}) == Q);
}

const auto derivations = [](auto& page) {
  fading(page);
  lengths(page);
  large_scores(page);
  temperature(page);
  equal_queries(page);
  cross_attention(page);
  spread(page);
  without_scale(page, "raw", "Three scores at d_k = 64", {{"8", "0", "-8"}});
  trace(page);
  without_scale(page, "bug", "Eight scores at d_k = 64", {{"8", "0", "0", "0", "0", "0", "0", "0"}});
  causal(page);
  zero_afterwards(page);
  gradient(page);
  split(page);
};

}  // namespace

int main(int argc, char** argv) { return derive_chapter(argc, argv, "a2-quiz", derivations); }
