#include "attention/cost.hpp"
#include "attention/online_softmax.hpp"
#include "program/chapter.hpp"

// The numbers in the answers of the quiz: one small example for each answer that has any.

using namespace derivation;

namespace {

/// Softmax of each row of scores; a suffix tells the steps of a second softmax from those of the first.
Term softmax(Page& page, const Term& Z, const std::string& suffix = "") {
  const auto m = page.step("m" + suffix, "Row maxima", row_maxima(Z));
  const auto D = page.step("D" + suffix, "Shifted scores", Z - m);
  const auto E = page.step("E" + suffix, "Exponentials", exp(D));
  const auto l = page.step("l" + suffix, "Row sums", row_sums(E));
  const auto A = page.step("A" + suffix, "Weights", weights(E, l));
  page.fact("each row of A" + suffix + " sums to 1", row_sums(A) == ones(A));
  return A;
}

/// An example for one answer; the quiz need not show its steps.
void answer(Page& page, const std::string& name, const std::string& title) {
  page.example(name, title);
  page.details();
}

template <typename Scalar>
Matrix<Scalar> entry(const Term& term, Index i, Index j) {
  return term.values().block(i, j, 1, 1);
}

/// 01: what four tokens leave in a state that keeps 3/4 of itself at every step.
void fading(Page& page) {
  answer(page, "fade", "What is left of four tokens");
  const auto k = page.given("k", "What the steps since a token was read keep of it",
                            {{"(3/4)^3", "(3/4)^2", "3/4", "1"}});
  const auto c = page.step("c", "Contributions to the last state", k / number(Exact(4)));
  const Exact left = Exact(1) - pow(Exact(3) / Exact(4), 4);
  page.fact("the contributions sum to 1 less (3/4)^4",
            row_sums(c) == Matrix<Scalar>::Constant(1, 1, as_scalar<Scalar>(left)));
}

/// 02: three keys, of which the longest has the largest score and not the largest cosine.
void lengths(Page& page) {
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
void large_scores(Page& page) {
  answer(page, "large", "Three large scores");
  const auto Z = page.given("Z", "Scores", {{"1000", "1002", "1001"}});
  const auto A = softmax(page, Z);
  const auto Z_s = page.given("Z_s", "The same scores less 1000", {{"0", "2", "1"}});
  const auto A_s = softmax(page, Z_s, "_s");
  page.fact("the weights of both are equal", A == A_s);
}

/// 03: two scores at temperature 2.
void temperature(Page& page) {
  answer(page, "warm", "Two scores at temperature 2");
  const auto S = page.given("S", "Scores", {{"3", "1"}});
  const auto Z = page.step("Z", "Scores divided by the temperature", S / number(Exact(2)));
  const auto A = softmax(page, Z);
  const Matrix<Scalar> e_times = entry(A, 0, 1) * as_scalar<Scalar>(exp(Exact(1)));
  page.fact("the first weight is e times the second", all_equal<Scalar>(entry(A, 0, 0), e_times));
}

/// 04: queries that equal the keys, with the scale, without it, with it twice, and queries of 0.
void equal_queries(Page& page) {
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
void cross_attention(Page& page) {
  answer(page, "cross", "Two queries, three keys of another sequence");
  const auto Q = page.given("Q", {{"2", "0", "2", "0"}, {"0", "2", "0", "0"}});
  const auto K = page.given("K", {{"1", "0", "0", "1"}, {"0", "1", "1", "0"}, {"1", "1", "1", "0"}});
  const auto V = page.given("V", {{"6"}, {"0"}, {"2"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  page.step("Y", "Output", softmax(page, Z) * V);
}

/// 05: the standard deviation of a score, and what two divisors make of it.
void spread(Page& page) {
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
void without_scale(Page& page, const std::string& name, const std::string& title, const Entries& scores) {
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
void trace(Page& page) {
  answer(page, "trace", "Two tokens, traced by hand");
  const auto Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "2", "0", "0"}});
  const auto K = page.given("K", {{"2", "0", "0", "1"}, {"0", "1", "2", "0"}});
  const auto V = page.given("V", {{"4", "0", "8"}, {"0", "4", "4"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 4)));
  page.step("Y", "Output", softmax(page, Z) * V);
}

/// 08: three tokens under a causal mask.
void causal(Page& page) {
  answer(page, "causal", "Three tokens under a causal mask");
  const auto Z = page.given("Z", "Scaled scores", {{"0", "5", "9"}, {"1", "1", "7"}, {"0", "2", "1"}});
  const auto mask =
      page.given("mask", "Mask: 1 may look", {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  softmax(page, page.step("M", "Masked scores", hide(Z, mask)));
}

/// 08: one row, whose last weight is set to 0 after the softmax.
void zero_afterwards(Page& page) {
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
void gradient(Page& page) {
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
void split(Page& page) {
  answer(page, "split", "One query of six columns, two heads");
  const auto Q = page.given("Q", {{"1", "2", "3", "4", "5", "6"}});
  const auto Q_1 = page.step("Q_1", "Query of head 1", head(Q, 1, 2));
  const auto Q_2 = page.step("Q_2", "Query of head 2", head(Q, 2, 2));
  page.fact("side by side the two are Q", concatenate<Scalar>({Q_1, Q_2}) == Q);
}

/// 12: a published row of scores, whose published weights do not keep their order.
void picture(Page& page) {
  answer(page, "picture", "The query `sat` of a published heat map");
  const auto S = page.given("S", "Scores", {{"8.3", "33.9", "52.1", "18.2", "8.7", "41.2"}});
  const auto A = softmax(page, page.step("Z", "Scaled scores", S / sqrt(number("d_k", 64))));
  page.fact("the largest weight is that of `sat` itself", row_maxima(A) == entry(A, 0, 2));
}

/// 12: the colours of a map whose least entry is drawn darkest and whose greatest is drawn brightest.
Term stretched(Page& page, const Term& A, const std::string& suffix) {
  const Scalar least = A.values().minCoeff(), greatest = A.values().maxCoeff();
  const Matrix<Scalar> colours = (A.values().array() - least) / (greatest - least);
  return page.computed("C" + suffix,
                       "Colours, stretched: what is above the least entry, by the greatest less the least",
                       "", {"A" + suffix}, colours, {});
}

void colours(Page& page) {
  answer(page, "colours", "Two heads, and colours that are stretched");
  const auto Z_1 = page.given("Z_1", "Scaled scores of head 1", {{"1/5", "0"}, {"0", "1/5"}});
  const auto Z_2 = page.given("Z_2", "Scaled scores of head 2", {{"4", "0"}, {"0", "4"}});
  const auto A_1 = softmax(page, Z_1, "_1");
  const auto A_2 = softmax(page, Z_2, "_2");
  page.step("R", "Head 2 minus head 1", A_2 - A_1);
  const auto C_1 = stretched(page, A_1, "_1");
  const auto C_2 = stretched(page, A_2, "_2");
  page.fact("stretched, the two pictures are the same", C_1 == C_2);
}

/// 12: one word four times, in a head whose queries and keys are any.
void one_word(Page& page) {
  answer(page, "word", "One word, four times");
  const auto Q = page.given("Q", {{"3", "-1"}, {"3", "-1"}, {"3", "-1"}, {"3", "-1"}});
  const auto K = page.given("K", {{"2", "5"}, {"2", "5"}, {"2", "5"}, {"2", "5"}});
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 2)));
  const auto A = softmax(page, Z);
  const auto mask =
      page.given("mask", "Mask: 1 may look",
                 {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  const auto A_c = softmax(page, page.step("M", "Masked scores", hide(Z, mask)), "_c");
  page.fact("without a mask all weights are 1/4", A == Matrix<Scalar>::Constant(4, 4, Scalar(1) / Scalar(4)));
  const Matrix<Scalar> shared = mask.values().array().colwise() / mask.values().rowwise().sum().array();
  page.fact("with the mask each row shares equally among what it sees", A_c == shared);
}

template <typename Scalar>
Matrix<Scalar> column(const std::vector<Exact>& entries) {
  Matrix<Scalar> column(static_cast<Index>(entries.size()), 1);
  for (std::size_t i = 0; i < entries.size(); ++i)
    column(static_cast<Index>(i), 0) = as_scalar<Scalar>(entries[i]);
  return column;
}

/// Multiplications of Q Kᵀ and A V for one row that sees so many keys.
long row_multiplications(long seen, long d) {
  return attention::product_cost("scores", 1, d, seen).operations.multiplications +
         attention::product_cost("A V", 1, seen, d).operations.multiplications;
}

long causal_multiplications(long T, long d) {
  long all = 0;
  for (long i = 0; i < T; ++i) all += row_multiplications(i + 1, d);
  return all;
}

/// 13: where the projections cost as much as the two products, of all scores and of the visible ones.
void border(Page& page) {
  answer(page, "border", "Projections against products: d = 512");
  constexpr long d = 512;
  const std::vector<long> tokens = {1024, 2047};
  std::vector<Exact> projections, products, visible, T_d_d, T_T_d, T_T_1_d;
  for (const long T : tokens) {
    const auto costs = attention::head_costs({T, d, d, d});
    projections.push_back(costs[0].operations.multiplications + costs[4].operations.multiplications);
    products.push_back(costs[1].operations.multiplications + costs[3].operations.multiplications);
    visible.push_back(causal_multiplications(T, d));
    T_d_d.push_back(4 * T * d * d);
    T_T_d.push_back(2 * T * T * d);
    T_T_1_d.push_back(T * (T + 1) * d);
  }
  page.given("T", "Tokens", {{"1024"}, {"2047"}});
  const auto P = page.computed("P", "Multiplications of the four projections", "4 T d^2", {"T"},
                               column<Scalar>(projections), {});
  const auto B =
      page.computed("B", "Multiplications of Q Kᵀ and A V", "2 T^2 d", {"T"}, column<Scalar>(products), {});
  const auto B_c = page.computed("B_c", "The same for visible scores alone, added up row by row",
                                 "T (T + 1) d", {"T"}, column<Scalar>(visible), {});
  page.fact("the projections take 4 T d²", P == column<Scalar>(T_d_d));
  page.fact("the products take 2 T² d", B == column<Scalar>(T_T_d));
  page.fact("the visible ones take T (T + 1) d", B_c == column<Scalar>(T_T_1_d));
  Matrix<Scalar> met(2, 1);
  met << entry(B, 0, 0), entry(B_c, 1, 0);
  page.fact("all scores cost as much as the projections at T = 1024, the visible ones at T = 2047", P == met);
}

/// 13: one head over d_model = 1024, and sixteen.
void sixteen_heads(Page& page) {
  answer(page, "heads", "One head and sixteen: T = 8192, d_model = 1024");
  constexpr long T = 8192, d_model = 1024;
  std::vector<Exact> multiplications, exponentials_done, T_T_d, H_T_T;
  for (const long H : {1, 16}) {
    const auto costs = attention::head_costs({T, d_model, d_model / H, d_model / H});
    multiplications.push_back(H *
                              (costs[1].operations.multiplications + costs[3].operations.multiplications));
    exponentials_done.push_back(H * costs[2].operations.exponentials);
    T_T_d.push_back(2 * T * T * d_model);
    H_T_T.push_back(H * T * T);
  }
  page.given("H", "Heads", {{"1"}, {"16"}});
  const auto products = page.computed("products", "Multiplications of all heads' Q Kᵀ and A V", "2 T^2 d_k H",
                                      {"H"}, column<Scalar>(multiplications), {});
  const auto exponentials = page.computed("exponentials", "Exponentials of all heads", "H T^2", {"H"},
                                          column<Scalar>(exponentials_done), {});
  const auto bytes = page.step("bytes", "Bytes of all weights", exponentials * number(Exact(4)));
  page.step("GiB", "The same in GiB", bytes / number(Exact(1L << 30)));
  page.fact("one head and sixteen take 2 T² d_model multiplications", products == column<Scalar>(T_T_d));
  page.fact("there are H T² exponentials", exponentials == column<Scalar>(H_T_T));
}

/// 13: the weights of 256 tokens, and a product of their size, on a machine with two limits.
void waiting(Page& page) {
  answer(page, "wait", "A softmax and a product, against two limits");
  const std::vector<attention::PartCost> parts = {attention::softmax_cost({256, 32, 32, 32}),
                                                  attention::product_cost("scores", 256, 32, 256)};
  std::vector<Exact> done, moved;
  for (const attention::PartCost& part : parts) {
    done.push_back(operations(part));
    moved.push_back(4 * (part.read + part.written));
  }
  const Labels labels{{"softmax", "product"}, {}};
  const auto ops = page.computed("ops", "Operations", "", {}, column<Scalar>(done), labels);
  const auto bytes = page.computed("bytes", "Bytes", "", {}, column<Scalar>(moved), labels);
  const auto per_byte = page.step("per_byte", "Operations for each byte", ops / bytes);
  const auto compute =
      page.step("compute", "µs for the operations, 200000 a µs", ops / number(Exact(200000)));
  const auto move = page.step("move", "µs for the bytes, 40000 a µs", bytes / number(Exact(40000)));
  const auto both = page.step("both", "Side by side", concatenate<Scalar>({compute, move}));
  const auto least = page.step("least", "µs at the least", row_maxima(both));
  const auto half = page.step("half", "µs for the operations, twice as fast", compute / number(Exact(2)));
  const auto both_fast = page.step("both_fast", "Side by side", concatenate<Scalar>({half, move}));
  const auto fast =
      page.step("fast", "µs at the least, with arithmetic twice as fast", row_maxima(both_fast));
  Matrix<Scalar> below(2, 1), above(2, 1);
  below << entry(per_byte, 0, 0), Scalar(5);
  above << Scalar(5), entry(per_byte, 1, 0);
  page.fact("softmax does less than 5 operations for each byte, and the product more",
            all_at_most(below, above));
  page.fact("softmax is not faster with faster arithmetic",
            all_equal<Scalar>(entry(fast, 0, 0), entry(least, 0, 0)));
}

/// 19: some keys of a row: the greatest score, the sum of 2^(z − m), and that of 2^(z − m) v.
struct Part {
  Term m, l, O;
};

Part<Scalar> attend(Page& page, const Term& Z, const Term& V, const std::string& suffix) {
  const auto m = page.step("m" + suffix, "Maximum", row_maxima(Z));
  const auto D = page.step("D" + suffix, "Shifted scores", Z - m);
  const auto E = page.step("E" + suffix, "Their powers of 2", power(number(Exact(2)), D));
  const auto l = page.step("l" + suffix, "Sum", row_sums(E));
  return {m, l, page.step("O" + suffix, "Output, not yet divided", E * V)};
}

/// What two workers have, added up in the scale of the larger maximum.
Term rescaled(Page& page, const std::string& name, const std::string& title, const Term& F, const Term& a,
              const Term& b) {
  const auto both = page.step(name + "_both", "Both, side by side", concatenate<Scalar>({a, b}));
  const auto product = page.step(name + "_rescaled", "Both, rescaled", entrywise_product(F, both));
  return page.step(name, title, row_sums(product));
}

Part<Scalar> merge(Page& page, const Part<Scalar>& a, const Part<Scalar>& b) {
  const auto both = page.step("m_both", "Both maxima", concatenate<Scalar>({a.m, b.m}));
  const auto m = page.step("m", "The larger one", row_maxima(both));
  const auto D = page.step("D", "Both maxima less the larger one", both - m);
  const auto F = page.step("F", "Factors", power(number(Exact(2)), D));
  return {m, rescaled(page, "l", "Sum", F, a.l, b.l),
          rescaled(page, "O", "Output, not yet divided", F, a.O, b.O)};
}

/// Half of a row's keys: half of the columns of Z, and of the rows of V.
Part<Scalar> worker(Page& page, const Term& Z, const Term& V_row, int half, const std::string& suffix) {
  const auto Z_half = page.step("Z" + suffix, "Scores of half of the keys", head(Z, half, 2));
  const auto row = page.step("V_row" + suffix, "Their values, in a row", head(V_row, half, 2));
  const auto V = page.step("V" + suffix, "Their values", transpose(row));
  const auto part = attend(page, Z_half, V, suffix);
  page.step("part" + suffix, "m, l and O of these keys", concatenate<Scalar>({part.m, part.l, part.O}));
  return part;
}

/// 19: two workers, merged rightly and wrongly.
void two_workers(Page& page) {
  answer(page, "merge", "Two workers with two keys each, and powers of 2");
  const auto Z = page.given("Z", "Scores", {{"6", "4", "5", "5"}});
  const auto V = page.given("V", {{"7"}, {"8"}, {"10"}, {"8"}});
  const auto row = page.step("V_row", "Values in a row", transpose(V));
  const auto a = worker(page, Z, row, 1, "_a"), b = worker(page, Z, row, 2, "_b"), both = merge(page, a, b);
  const auto Y = page.step("Y", "Output", both.O / both.l);
  const auto whole = attend(page, Z, V, "_w");
  page.fact(
      "the two parts merge to the m, l and O of the whole row",
      concatenate<Scalar>({both.m, both.l, both.O}) == concatenate<Scalar>({whole.m, whole.l, whole.O}));
  const auto O_sum = page.step("O_sum", "Both outputs before the division, not rescaled", a.O + b.O);
  const auto Y_l = page.step("Y_l", "Output with only the sum rescaled", O_sum / both.l);
  const Matrix<Scalar> above = row_maxima(row).values().array() + Scalar(1);
  page.fact("with only the sum rescaled, the output is above the greatest value by 1 or more",
            all_at_most(above, Y_l.values()));
  const auto Y_a = page.step("Y_a", "Output of the first two keys", a.O / a.l);
  const auto Y_b = page.step("Y_b", "Output of the last two keys", b.O / b.l);
  const auto Y_sum = page.step("Y_sum", "Their sum", Y_a + Y_b);
  const auto mean = page.step("Y_mean", "Their mean", Y_sum / number(Exact(2)));
  const Matrix<Scalar> more = Y.values().array() + Scalar(1) / Scalar(20);
  page.fact("the mean of the two outputs is too large by 1/20 or more", all_at_most(more, mean.values()));
}

/// 19: a part that has seen nothing, with a large maximum.
void nothing_seen(Page& page) {
  answer(page, "nothing", "A part, and one that has seen nothing");
  const Part<Scalar> seen{page.given("m_a", "Maximum of the first", {{"6"}}),
                          page.given("l_a", "Sum of the first", {{"5/4"}}),
                          page.given("O_a", "Output of the first, not yet divided", {{"9"}})};
  const Part<Scalar> none{page.given("m_b", "Maximum of the second", {{"10"}}),
                          page.given("l_b", "Sum of the second", {{"0"}}),
                          page.given("O_b", "Output of the second, not yet divided", {{"0"}})};
  const auto both = merge(page, seen, none);
  const auto Y_a = page.step("Y_a", "Output of the first", seen.O / seen.l);
  const auto Y = page.step("Y", "Output of both", both.O / both.l);
  page.fact("the output is that of the first", Y == Y_a);
  const auto two_to = [](const Term& m) { return power(number(Exact(2)), m).values(); };
  page.fact("so is the sum of all powers of 2, which is l times 2 to the m",
            all_equal<Scalar>(two_to(both.m) * both.l.values(), two_to(seen.m) * seen.l.values()));
}

/// Multiplications of a merge of two parts with one query and d values, counted by running it.
long merge_multiplications(Index d) {
  using numbers::Counting;
  const attention::Vector<Counting> one = attention::Vector<Counting>::Constant(1, Counting(1));
  const attention::Partial<Counting> part{one, one, Matrix<Counting>::Constant(1, d, Counting(1))};
  return Counting::count([&] { attention::merge(part, part); }).multiplications;
}

/// 19: what merging adds to one query's two products.
void tiles(Page& page) {
  answer(page, "tiles", "One query, in blocks of 64 keys: T = 8192, d = 64");
  constexpr long T = 8192, d = 64;
  const auto keys = page.given("T", "Tokens", {{"8192"}});
  const auto products = page.computed("products", "Multiplications of both products", "2 T d", {"T"},
                                      column<Scalar>({row_multiplications(T, d)}), {});
  const auto merges = page.step("merges", "Blocks, each merged once", keys / number(Exact(64)));
  const auto per_merge = page.computed("per_merge", "Multiplications of a merge, counted by running it",
                                       "2 (d + 1)", {}, column<Scalar>({merge_multiplications(d)}), {});
  const auto rescaling = page.step("rescaling", "Multiplications of all merges", merges * per_merge);
  page.step("share", "As a share of the products", rescaling / products);
  page.fact("both products take 2 T d", products == column<Scalar>({Exact(2 * T * d)}));
  page.fact("a merge takes 2 (d + 1)", per_merge == column<Scalar>({Exact(2 * (d + 1))}));
}

const auto derivations = [](Page& page) {
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
  picture(page);
  colours(page);
  one_word(page);
  border(page);
  sixteen_heads(page);
  waiting(page);
  two_workers(page);
  nothing_seen(page);
  tiles(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "a2-quiz", derivations); }
