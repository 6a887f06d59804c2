#include "attention/online_softmax.hpp"
#include "derivation/cosine_steps.hpp"
#include "derivation/cost_steps.hpp"
#include "derivation/head_steps.hpp"
#include "derivation/merge_steps.hpp"
#include "program/chapter.hpp"

// The numbers in the answers of the quiz: one small example for each answer that has any.

using namespace derivation;

namespace {

/// An example for one answer; the quiz need not show its steps.
void answer(Page& page, const std::string& name, const std::string& title) {
  page.example(name, title);
  page.details();
}

/// Softmax of each row of scores; an index tells the steps of a second softmax from those of the first.
Term softmax(Page& page, const Term& scores, const std::string& index = "") {
  const Term A = write_softmax(HeadSteps(page, index), scores);
  page.fact("each row of A" + index + " sums to 1", row_sums(A) == ones(A));
  return A;
}

Matrix<Exact> entry(const Term& term, Index i, Index j) { return term.values().block(i, j, 1, 1); }
Matrix<Exact> one_number(const Exact& value) { return constant(1, 1, value); }

/// Chapters 1 and 2.
void dot_products(Page& page) {
  answer(page, "fade", "What is left of four tokens");
  const Term k = page.given("k", "What the steps since a token was read keep of it",
                            {{"(3/4)^3", "(3/4)^2", "3/4", "1"}});
  const Term c = page.step("c", "Contributions to the last state", k / number(Exact(4)));
  page.fact("the contributions sum to 1 less (3/4)^4", row_sums(c) == one_number(1 - pow(Exact(3) / 4, 4)));

  answer(page, "compare", "Dot product against cosine");
  const Term Q = page.given("Q", "Query", {{"4", "3"}});
  const Term K = page.given("K", "Keys", {{"4", "3"}, {"15", "0"}, {"-3", "4"}});
  const auto [S, L, cos] = write_cosines(page, Q, K);
  page.fact("the first key has at most the score of the second", all_at_most(entry(S, 0, 0), entry(S, 0, 1)));
  page.fact("the second key has at most the cosine of the first",
            all_at_most(entry(cos, 0, 1), entry(cos, 0, 0)));
}

/// Chapter 3.
void softmaxes(Page& page) {
  answer(page, "large", "Three large scores");
  const Term A_large = softmax(page, page.given("Z", "Scores", {{"1000", "1002", "1001"}}));
  const Term A_less = softmax(page, page.given("Z_s", "The same scores less 1000", {{"0", "2", "1"}}), "_s");
  page.fact("the weights of both are equal", A_large == A_less);

  answer(page, "warm", "Two scores at temperature 2");
  const Term S = page.given("S", {{"3", "1"}});
  const Term A = softmax(page, page.step("Z", "Scores divided by the temperature", S / number(Exact(2))));
  page.fact("the first weight is e times the second",
            all_equal(entry(A, 0, 0), entry(A, 0, 1) * exp(Exact(1))));
}

/// Chapters 4 and 6.
void equal_queries(Page& page) {
  answer(page, "same", "Queries that equal the keys");
  const Term K = page.given(
      "K", "Queries and keys",
      {{"1", "1", "1", "1"}, {"1", "-1", "1", "-1"}, {"1", "1", "-1", "-1"}, {"1", "-1", "-1", "1"}});
  const Term S = page.step("S", K * transpose(K));
  const Term Z = page.step("Z", scaled(S, 4));
  const Term Z_t = page.step("Z_t", "Scores scaled twice", scaled(Z, 4));
  const Matrix<Exact> unscaled = softmax(page, S, "_u").values().diagonal();
  const Matrix<Exact> once = softmax(page, Z).values().diagonal();
  const Matrix<Exact> twice = softmax(page, Z_t, "_t").values().diagonal();
  page.fact("the scale lowers the weight of a token with itself", all_at_most(once, unscaled));
  page.fact("the second scale lowers it further", all_at_most(twice, once));
  page.fact("it stays above 1/4 even so", all_at_most(constant(4, 1, Exact(1) / 4), twice));
}

void cross_attention(Page& page) {
  answer(page, "cross", "Two queries, three keys of another sequence");
  const Term Q = page.given("Q", {{"2", "0", "2", "0"}, {"0", "2", "0", "0"}});
  const Term K = page.given("K", {{"1", "0", "0", "1"}, {"0", "1", "1", "0"}, {"1", "1", "1", "0"}});
  const Term V = page.given("V", {{"6"}, {"0"}, {"2"}});
  const Term A = write_attention(page, Q, K, V).A;
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
}

void trace(Page& page) {
  answer(page, "trace", "Two tokens, traced by hand");
  const Term Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "2", "0", "0"}});
  const Term K = page.given("K", {{"2", "0", "0", "1"}, {"0", "1", "2", "0"}});
  const Term V = page.given("V", {{"4", "0", "8"}, {"0", "4", "4"}});
  const Term A = write_attention(page, Q, K, V).A;
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
}

/// Chapters 5 and 7.
void spread(Page& page) {
  answer(page, "spread", "The standard deviation of a score");
  const Term d = page.given("d", "Length of query and key", {{"16"}, {"64"}, {"256"}});
  const Term v = page.step("v", "Variance of a score: each of its d terms adds 1", d * number(Exact(1)));
  const Term sd = page.step("sd", "Standard deviation", sqrt(v));
  const Term root = page.step("root", "The scale", sqrt(d));
  const Term by_root = page.step("by_root", "Standard deviation, divided by √d", sd / root);
  const Term by_d = page.step("by_d", "Standard deviation, divided by d", sd / d);
  page.fact("divided by √d it is 1", by_root == ones(by_root));
  page.fact("divided by d it falls from row to row",
            all_at_most(by_d.values().bottomRows(2), by_d.values().topRows(2)));
}

/// A row of scores at d_k = 64, without the scale and with it.
void without_scale(Page& page, const std::string& name, const std::string& title, const Entries& scores) {
  answer(page, name, title);
  const Term S = page.given("S", scores);
  const Term A_u = softmax(page, S, "_u");
  const Term A = softmax(page, page.step("Z", scaled(S, 64)));
  page.fact("the largest weight is not larger with the scale", row_maxima(A) <= row_maxima(A_u));
  page.fact("with the scale it is still one and a half times 1/T, or more",
            all_at_most(one_number(Exact(3) / (2 * S.cols())), row_maxima(A).values()));
}

/// Chapters 8 and 10.
void masks_and_gradient(Page& page) {
  answer(page, "causal", "Three tokens under a causal mask");
  const Term causal_Z = page.given("Z", {{"0", "5", "9"}, {"1", "1", "7"}, {"0", "2", "1"}});
  const Term causal = page.given("mask", {{"1", "0", "0"}, {"1", "1", "0"}, {"1", "1", "1"}});
  softmax(page, page.step("M", hide(causal_Z, causal)));

  answer(page, "zero", "A weight set to 0 after the softmax");
  const Term Z = page.given("Z", "Scores", {{"1", "1", "3"}});
  const Term mask = page.given("mask", {{"1", "1", "0"}});
  const Term B = page.step("B", "Weights times the mask", entrywise_product(softmax(page, Z, "_u"), mask));
  const Term s = page.step("s", "What is left", row_sums(B));
  const Term R = page.step("R", "Divided by what is left", B / s);
  const Term A = softmax(page, page.step("M", hide(Z, mask)));
  page.fact("less than a quarter is left", all_at_most(s.values(), one_number(Exact(1) / 4)));
  page.fact("divided by what is left, the weights are those of the mask", R == A);

  answer(page, "row", "The gradient of a row of scores");
  const Term given_A = page.given("A", {{"1/2", "1/3", "1/6"}});
  const Term dA = page.given("dA", {{"6", "0", "0"}});
  page.fact("dZ sums to 0", row_sums(write_softmax_backward(page, given_A, dA)) == one_number(0));
}

/// What is above the least entry, by the greatest less the least.
Term stretched(Page& page, const Term& A, const std::string& name) {
  const auto stretch = [](const auto& weights) {
    const auto least = weights.minCoeff();
    return ((weights.array() - least) / (weights.maxCoeff() - least)).matrix().eval();
  };
  return page.computed(name,
                       "Colours, stretched: what is above the least entry, by the greatest less the least",
                       "", compute(stretch, A));
}

/// Chapters 11 and 12.
void heads_and_pictures(Page& page) {
  answer(page, "split", "One query of six columns, two heads");
  const Term Q = page.given("Q", {{"1", "2", "3", "4", "5", "6"}});
  const Term Q_1 = page.step("Q_1", head(Q, 1, 2)), Q_2 = page.step("Q_2", head(Q, 2, 2));
  page.fact("side by side the two are Q", concatenate({Q_1, Q_2}) == Q);

  answer(page, "picture", "The query `sat` of a published heat map");
  const Term S = page.given("S", {{"8.3", "33.9", "52.1", "18.2", "8.7", "41.2"}});
  const Term A = softmax(page, page.step("Z", scaled(S, 64)));
  page.fact("the largest weight is that of `sat` itself", row_maxima(A) == entry(A, 0, 2));

  answer(page, "colours", "Two heads, and colours that are stretched");
  const Term Z_1 = page.given("Z_1", {{"1/5", "0"}, {"0", "1/5"}});
  const Term Z_2 = page.given("Z_2", {{"4", "0"}, {"0", "4"}});
  const Term A_1 = softmax(page, Z_1, "_1"), A_2 = softmax(page, Z_2, "_2");
  page.step("R", "Head 2 minus head 1", A_2 - A_1);
  const Term C_1 = stretched(page, A_1, "C_1"), C_2 = stretched(page, A_2, "C_2");
  page.fact("stretched, the two pictures are the same", C_1 == C_2);
}

void one_word(Page& page) {
  answer(page, "word", "One word, four times");
  const Term Q = page.given("Q", {{"3", "-1"}, {"3", "-1"}, {"3", "-1"}, {"3", "-1"}});
  const Term K = page.given("K", {{"2", "5"}, {"2", "5"}, {"2", "5"}, {"2", "5"}});
  const Term S = page.step("S", Q * transpose(K));
  const Term Z = page.step("Z", scaled(S, 2));
  const Term A = softmax(page, Z);
  const Term mask = page.given(
      "mask", {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  const Term A_c = softmax(page, page.step("M", hide(Z, mask)), "_c");
  page.fact("without a mask all weights are 1/4", A == constant(4, 4, Exact(1) / 4));
  page.fact("with the mask each row shares equally among what it sees", A_c == mask / row_sums(mask));
}

/// Chapter 13.
void border(Page& page) {
  answer(page, "border", "Projections against products: d = 512");
  constexpr long d = 512;
  const Term T = page.given("T", "Tokens", {{"1024"}, {"2047"}});
  const auto [P, B] = prove_multiplications(page, T, d);
  const Term B_c =
      page.computed("B_c", "The same for visible scores alone, added up row by row", "T (T + 1) d",
                    counted(T, [](long t) { return attention::causal_multiplications(t, d); }));
  page.fact("the visible ones take T (T + 1) d", B_c == for_each(T, [](long t) { return t * (t + 1) * d; }));
  Matrix<Exact> met(2, 1);
  met << entry(B, 0, 0), entry(B_c, 1, 0);
  page.fact("all scores cost as much as the projections at T = 1024, the visible ones at T = 2047", P == met);
}

void sixteen_heads(Page& page) {
  answer(page, "heads", "One head and sixteen: T = 8192, d_model = 1024");
  const Term H = page.given("H", "Heads", {{"1"}, {"16"}});
  const Term exponentials = write_work_of_heads(page, H, 8192, 1024).exponentials;
  const Term bytes = page.step("bytes", "Bytes of all weights", exponentials * number(Exact(4)));
  page.step("GiB", "The same in GiB", bytes / number(Exact(1L << 30)));
}

/// A softmax of 256 rows, and a product of its size, on a machine with two limits.
void waiting(Page& page) {
  answer(page, "wait", "A softmax and a product, against two limits");
  const auto product = attention::product_cost("product", 256, 32, 256);
  const auto [per_byte, compute, move, least] =
      write_times(page, {attention::softmax_cost({256, 32, 32, 32}), product}, 200000, 40000);
  const Term half = page.step("half", "µs for the operations, twice as fast", compute / number(Exact(2)));
  const Term fast =
      write_longer(page, "fast", "µs at the least, with arithmetic twice as fast", half, move, "_fast");
  page.fact("softmax does less than 5 operations for each byte",
            all_at_most(entry(per_byte, 0, 0), one_number(5)));
  page.fact("the product does more", all_at_most(one_number(5), entry(per_byte, 1, 0)));
  page.fact("softmax is not faster with faster arithmetic", all_equal(entry(fast, 0, 0), entry(least, 0, 0)));
}

/// Chapter 19: two workers, merged rightly and wrongly.
void two_workers(Page& page) {
  answer(page, "merge", "Two workers with two keys each, and powers of 2");
  const Term Z = page.given("Z", "Scores", {{"6", "4", "5", "5"}});
  const Term V = page.given("V", {{"7"}, {"8"}, {"10"}, {"8"}});
  const auto [a, b, both] = write_halves(page, Z, V);
  const Term Y = page.step("Y", both.O / both.l);
  const Term O_sum = page.step("O_sum", "Both outputs before the division, not rescaled", a.O + b.O);
  const Term Y_l = page.step("Y_l", "Output with only the sum rescaled", O_sum / both.l);
  page.fact("with only the sum rescaled, the output is above the greatest value by 1 or more",
            all_at_most(one_number(1), Y_l.values() - row_maxima(transpose(V)).values()));
  const Term Y_a = page.step("Y_a", "Output of the first two keys", a.O / a.l);
  const Term Y_b = page.step("Y_b", "Output of the last two keys", b.O / b.l);
  const Term Y_sum = page.step("Y_sum", "Their sum", Y_a + Y_b);
  const Term mean = page.step("Y_mean", "Their mean", Y_sum / number(Exact(2)));
  page.fact("the mean of the two outputs is too large by 1/20 or more",
            all_at_most(one_number(Exact(1) / 20), mean.values() - Y.values()));
}

void nothing_seen(Page& page) {
  answer(page, "nothing", "A part, and one that has seen nothing");
  const Part seen = given_part(page, "_a", "first", "6", "5/4", "9");
  const Part none = given_part(page, "_b", "second", "10", "0", "0");
  const Part both = write_merge(page, seen, none).both;
  const Term Y_a = page.step("Y_a", "Output of the first", seen.O / seen.l);
  const Term Y = page.step("Y", both.O / both.l);
  page.fact("the output is that of the first", Y == Y_a);
  const auto two_to = [](const Term& m) { return power(number(Exact(2)), m); };
  page.fact("so is the sum of all powers of 2, which is l times 2 to the m",
            two_to(both.m) * both.l == two_to(seen.m) * seen.l);
}

void tiles(Page& page) {
  answer(page, "tiles", "One query, in blocks of 64 keys: T = 8192, d = 64");
  constexpr long d = 64;
  const Term T = page.given("T", "Tokens", {{"8192"}});
  const Term products =
      page.computed("products", "Multiplications of both products", "2 T d",
                    counted(T, [](long t) { return attention::row_multiplications(t, d); }));
  const auto part = attention::nothing_seen<numbers::Counting>(1, d);
  const auto merging = numbers::Counting::count([&] { attention::merge(part, part); });
  const Term merges = page.step("merges", "Blocks, each merged once", T / number(Exact(64)));
  const Term per_merge = page.computed("per_merge", "Multiplications of a merge, counted by running it",
                                       "2 (d + 1)", known(one_number(merging.multiplications)));
  const Term rescaling = page.step("rescaling", "Multiplications of all merges", merges * per_merge);
  page.step("share", "As a share of the products", rescaling / products);
  page.fact("both products take 2 T d", products == for_each(T, [](long t) { return 2 * t * d; }));
  page.fact("a merge takes 2 (d + 1)", per_merge == one_number(2 * (d + 1)));
}

void derivations(Page& page) {
  dot_products(page);
  softmaxes(page);
  equal_queries(page);
  cross_attention(page);
  spread(page);
  without_scale(page, "raw", "Three scores at d_k = 64", {{"8", "0", "-8"}});
  trace(page);
  without_scale(page, "bug", "Eight scores at d_k = 64", {{"8", "0", "0", "0", "0", "0", "0", "0"}});
  masks_and_gradient(page);
  heads_and_pictures(page);
  one_word(page);
  border(page);
  sixteen_heads(page);
  waiting(page);
  two_workers(page);
  nothing_seen(page);
  tiles(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "a2-quiz", derivations); }
