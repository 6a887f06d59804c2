#include <algorithm>
#include <array>
#include <numeric>

#include "attention/tiled_backward.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 19: a softmax in one pass, in pieces, and on several machines; first with powers
// of 2, then with powers of e, and what rounding does to each variant.

using namespace derivation;

namespace {

// ---- With powers of 2: everything is a fraction. ----

/// Some keys of one row, seen: the greatest score, the sum of 2^(z − m), and that of 2^(z − m) v.
template <typename Scalar>
struct Part {
  Scalar m, l, O;
};

double two_to(double exponent) { return std::exp2(exponent); }
Exact two_to(const Exact& exponent) {
  if (!is_integer(exponent)) throw derivation::Error("a power of 2 needs a whole exponent");
  return pow(Exact(2), static_cast<int>(to_double(exponent)));
}

template <typename Scalar>
Part<Scalar> one_key(const Scalar& z, const Scalar& v) {
  return {z, Scalar(1), v};
}

/// How much each of two parts counts in both together.
template <typename Scalar>
std::array<Scalar, 2> factors(const Part<Scalar>& a, const Part<Scalar>& b) {
  const Scalar m = a.m < b.m ? b.m : a.m;
  return {two_to(Scalar(a.m - m)), two_to(Scalar(b.m - m))};
}

template <typename Scalar>
Part<Scalar> merge(const Part<Scalar>& a, const Part<Scalar>& b) {
  const auto [alpha, beta] = factors(a, b);
  return {a.m < b.m ? b.m : a.m, alpha * a.l + beta * b.l, alpha * a.O + beta * b.O};
}

/// The keys of a row as parts of one key each.
std::vector<Part<Scalar>> keys_of(const Term& Z, const Term& V) {
  std::vector<Part<Scalar>> keys;
  for (Index j = 0; j < Z.cols(); ++j) keys.push_back(one_key<Scalar>(Z.values()(0, j), V.values()(j, 0)));
  return keys;
}

template <typename Scalar>
Matrix<Scalar> table_of(const std::vector<Part<Scalar>>& parts) {
  Matrix<Scalar> table(static_cast<Index>(parts.size()), 3);
  for (std::size_t i = 0; i < parts.size(); ++i)
    table.row(static_cast<Index>(i)) << parts[i].m, parts[i].l, parts[i].O;
  return table;
}

/// Key after key: the maximum so far, the factor for what was there, the factor for the new key, sum and
/// output.
Term one_pass(Page& page, const std::vector<Part<Scalar>>& keys) {
  Matrix<Scalar> table(static_cast<Index>(keys.size()), 5);
  Part<Scalar> seen = keys[0];
  table.row(0) << seen.m, Scalar(0), Scalar(1), seen.l, seen.O;
  for (std::size_t j = 1; j < keys.size(); ++j) {
    const auto [alpha, beta] = factors(seen, keys[j]);
    seen = merge(seen, keys[j]);
    table.row(static_cast<Index>(j)) << seen.m, alpha, beta, seen.l, seen.O;
  }
  Labels labels{{}, {"m", "α", "β", "l", "O"}};
  for (std::size_t j = 0; j < keys.size(); ++j) labels.rows.push_back("key " + std::to_string(j));
  return page.computed("pass", "One pass: after each key", "", {"Z", "V"}, table, labels);
}

/// All the ways to merge the parts from `first` up to `end`, each in its place: one a binary tree.
template <typename Scalar>
std::vector<Part<Scalar>> all_trees(const std::vector<Part<Scalar>>& parts, std::size_t first,
                                    std::size_t end) {
  if (end - first == 1) return {parts[first]};
  std::vector<Part<Scalar>> results;
  for (std::size_t cut = first + 1; cut < end; ++cut)
    for (const auto& a : all_trees(parts, first, cut))
      for (const auto& b : all_trees(parts, cut, end)) results.push_back(merge(a, b));
  return results;
}

/// Every order of the keys, and for each every tree of merges.
template <typename Scalar>
Matrix<Scalar> all_ways(const std::vector<Part<Scalar>>& keys) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Part<Scalar>> results;
  do {
    std::vector<Part<Scalar>> ordered;
    for (const std::size_t j : order) ordered.push_back(keys[j]);
    for (const auto& result : all_trees(ordered, 0, ordered.size())) results.push_back(result);
  } while (std::next_permutation(order.begin(), order.end()));
  return table_of(results);
}

/// Softmax as chapter 3 has it, with 2 in place of e: three passes over the row.
Term three_passes(Page& page, const Term& Z, const Term& V) {
  const auto m = page.step("m", "First pass: the row's maximum", row_maxima(Z));
  const auto D = page.step("D", "Shifted scores", Z - m);
  const auto E = page.step("E", "Their powers of 2", power(number(Exact(2)), D));
  const auto l = page.step("l", "Second pass: the sum", row_sums(E));
  const auto A = page.step("A", "Third pass: the weights", E / l);
  const auto O = page.step("O", "The output, not yet divided", E * V);
  page.step("Y", "The output", A * V);
  return page.detail("end", "What the passes end with: m, l and O", concatenate<Scalar>({m, l, O}));
}

void two_and_four_workers(Page& page, const std::vector<Part<Scalar>>& keys, const Term& end) {
  const auto left = merge(keys[0], keys[1]), right = merge(keys[2], keys[3]), both = merge(left, right);
  const Labels columns{{}, {"m", "l", "O"}};
  Labels two = columns, four = columns;
  two.rows = {"worker 0: keys 0, 1", "worker 1: keys 2, 3", "merged"};
  four.rows = {"worker 0: key 0", "worker 1: key 1", "worker 2: key 2", "worker 3: key 3",
               "0 and 1 merged",  "2 and 3 merged",  "all merged"};
  const auto of_two =
      page.computed("two", "Two workers", "", {"Z", "V"}, table_of<Scalar>({left, right, both}), two);
  const auto of_four =
      page.computed("four", "Four workers", "", {"Z", "V"},
                    table_of<Scalar>({keys[0], keys[1], keys[2], keys[3], left, right, both}), four);
  page.fact("two workers end with the m, l and O of the three passes",
            all_equal<Scalar>(of_two.values().row(2), end.values()));
  page.fact("four workers end with the m, l and O of the three passes",
            all_equal<Scalar>(of_four.values().row(6), end.values()));
}

/// What comes out for Y with a mistake in the merge of the two workers.
void wrong_merges(Page& page, const std::vector<Part<Scalar>>& keys) {
  const auto a = merge(keys[0], keys[1]), b = merge(keys[2], keys[3]), both = merge(a, b);
  Matrix<Scalar> outputs(4, 1);
  outputs << both.O / both.l, (a.O + b.O) / (a.l + b.l), (a.O + b.O) / both.l,
      (a.O / a.l + b.O / b.l) / Scalar(2);
  const auto wrong =
      page.computed("wrong", "The output of two workers, merged rightly and wrongly", "", {"Z", "V"}, outputs,
                    {{"right", "nothing rescaled", "l rescaled, O not", "mean of the two outputs"}, {"Y"}});
  const Matrix<Scalar> right = Matrix<Scalar>::Constant(1, 1, outputs(0, 0));
  for (const Index k : {1, 2, 3})
    page.fact(wrong.labels.rows[static_cast<std::size_t>(k)] + ": off by more than 1",
              differ_by_more_than<Scalar>(Exact(1), wrong.values().row(k), right));
}

void row_in_base_two(Page& page) {
  page.example("row", "A row of four scores, with powers of 2");
  const auto Z = page.given("Z", "Scores", {{"1", "3", "0", "4"}});
  const auto V = page.given("V", {{"27"}, {"0"}, {"54"}, {"27"}});
  const auto end = three_passes(page, Z, V);
  const auto keys = keys_of(Z, V);
  const auto pass = one_pass(page, keys);
  page.fact("one pass ends with the m, l and O of the three passes",
            all_equal<Scalar>(pass.values().row(3)(std::array{0, 3, 4}), end.values()));
  two_and_four_workers(page, keys, end);
  const Matrix<Scalar> ways = all_ways(keys);
  page.fact("all 24 orders of the keys and all 5 trees of merges end with the same m, l and O",
            all_equal<Scalar>(ways, end.values().replicate(ways.rows(), 1)));
  wrong_merges(page, keys);
}

// ---- With powers of e: a whole head, by the code of src/attention. ----

struct Head {
  Term Q, K, V, dY;
};

/// Facts: for every tile size up to T, output and gradients are those of the plain code. They are compared
/// one below the other.
template <typename Scalar>
void every_tile(Page& page, const Head<Scalar>& head, const Term& Y, const Matrix<Scalar>& A, bool causal) {
  const Matrix<Scalar>&Q = head.Q.values(), &K = head.K.values(), &V = head.V.values(),
        &dY = head.dY.values();
  const auto plain = attention::attention_backward(Q, K, V, A, dY);
  const Index T = Q.rows(), d_k = K.cols();
  const auto beside = [&](const Matrix<Scalar>& dQ, const Matrix<Scalar>& dK, const Matrix<Scalar>& dV) {
    Matrix<Scalar> all(T, 2 * d_k + V.cols());
    all << dQ, dK, dV;
    return all;
  };
  Matrix<Scalar> outputs(T * T * T, V.cols()), gradients(T * T * T, 2 * d_k + V.cols());
  for (Index tile = 0; tile < T * T; ++tile) {
    const attention::Tiling tiling{1 + tile / T, 1 + tile % T, causal};
    const auto forward = attention::tiled_attention(Q, K, V, tiling);
    const auto tiled = attention::tiled_attention_backward(Q, K, V, forward, dY, tiling);
    outputs.middleRows(tile * T, T) = forward.Y;
    gradients.middleRows(tile * T, T) = beside(tiled.dQ, tiled.dK, tiled.dV);
  }
  const std::string name = causal ? "causal: " : "";
  page.fact(name + "all 16 tile sizes give Y", all_equal<Scalar>(outputs, Y.values().replicate(T * T, 1)));
  page.fact(name + "all 16 tile sizes give the gradients of the plain code",
            all_equal<Scalar>(gradients, beside(plain.dQ, plain.dK, plain.dV).replicate(T * T, 1)));
}

/// Scores to output, as chapter 6 has it.
struct Plain {
  Term Z, m, l, A, Y;
};

Plain<Scalar> attend(Page& page, const Head<Scalar>& head) {
  const auto S = page.step("S", "Scores", head.Q * transpose(head.K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", head.K.cols())));
  const auto m = page.step("m", "Row maxima", row_maxima(Z));
  const auto D = page.detail("D", "Shifted scores", Z - m);
  const auto E = page.detail("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.detail("A", "Weights", E / l);
  const auto Y = page.step("Y", "Output", A * head.V);
  return {Z, m, l, A, Y};
}

/// The parts of two workers with two keys each: m and l of every row, and what they are merged to.
void two_blocks(Page& page, const Plain<Scalar>& plain, const Term& V) {
  Matrix<Scalar> left = plain.Z.values().leftCols(2), right = plain.Z.values().rightCols(2);
  const auto a = attention::attend_to_block<Scalar>(left, V.values().topRows(2)),
             b = attention::attend_to_block<Scalar>(right, V.values().bottomRows(2)),
             both = attention::merge(a, b);
  Matrix<Scalar> table(plain.Z.rows(), 6);
  table << a.m, a.l, b.m, b.l, both.m, both.l;
  const auto parts = page.computed("parts", "m and l of keys 0 and 1, of keys 2 and 3, and of all", "", {"Z"},
                                   table, {{}, {"m left", "l left", "m right", "l right", "m", "l"}});
  page.fact("merged, the two blocks have the row maxima",
            all_equal<Scalar>(parts.values().col(4), plain.m.values()));
  page.fact("merged, the two blocks have the row sums",
            all_equal<Scalar>(parts.values().col(5), plain.l.values()));
  page.fact("merged, the two blocks have the output", plain.Y == attention::output(both));
}

void head_in_tiles(Page& page) {
  page.example("head", "Four queries and four keys, in tiles");
  const auto Q = page.given(
      "Q", {{"2", "0", "1", "0"}, {"0", "1", "0", "1"}, {"1", "0", "0", "2"}, {"0", "2", "1", "1"}});
  const auto K = page.given(
      "K", {{"1", "0", "2", "1"}, {"0", "2", "0", "1"}, {"1", "1", "0", "0"}, {"2", "0", "1", "0"}});
  const auto V = page.given("V", {{"4", "0"}, {"0", "4"}, {"2", "1"}, {"1", "3"}});
  const auto dY =
      page.given("dY", "Gradient of the output", {{"1", "0"}, {"0", "1"}, {"2", "1"}, {"-1", "1"}});
  const Head<Scalar> head{Q, K, V, dY};
  const Plain<Scalar> plain = attend(page, head);
  two_blocks(page, plain, V);
  every_tile(page, head, plain.Y, plain.A.values(), false);
  const auto masked = attention::attention(Q.values(), K.values(), V.values(), attention::causal_mask(4));
  const auto A_causal =
      page.computed("A_causal", "Weights under a causal mask", "", {"Q", "K"}, masked.A, {});
  page.mark_detail();
  const auto Y_causal =
      page.computed("Y_causal", "Output under a causal mask", "", {"Q", "K", "V"}, masked.Y, {});
  every_tile(page, head, Y_causal, A_causal.values(), true);
}

// ---- What rounding does. ----

/// The output of part of a row, in a tree of merges: the halves first.
template <typename Scalar>
attention::Partial<Scalar> in_a_tree(const Matrix<Scalar>& Z, const Matrix<Scalar>& V, Index block) {
  const Index half = Z.cols() / 2;
  if (Z.cols() > block)
    return attention::merge(in_a_tree<Scalar>(Z.leftCols(half), V.topRows(half), block),
                            in_a_tree<Scalar>(Z.rightCols(half), V.bottomRows(half), block));
  Matrix<Scalar> scores = Z;
  return attention::attend_to_block<Scalar>(scores, V);
}

/// The same, block after block.
template <typename Scalar>
attention::Partial<Scalar> in_a_row(const Matrix<Scalar>& Z, const Matrix<Scalar>& V, Index block) {
  auto seen = in_a_tree<Scalar>(Z.leftCols(block), V.topRows(block), block);
  for (Index j = block; j < Z.cols(); j += block)
    seen = attention::merge(seen, in_a_tree<Scalar>(Z.middleCols(j, block), V.middleRows(j, block), block));
  return seen;
}

/// The bound of the chapter's text, in units of u: merges k, keys in a block n, spread of the scores R, and
/// the largest value v.
template <typename Scalar>
Scalar bound_of_parts(int k, int n, const Scalar& R, const Scalar& v) {
  const Scalar share = R + Scalar(4 * (k + 1) + 2 * k + n + 1);
  return (Scalar(2) * share + Scalar(1)) * v;
}

void rounding(Page& page) {
  page.example("digits", "Sixteen keys, and four ways to attend to them");
  const auto Z = page.given(
      "Z", "Scaled scores",
      {{"1/2", "-1", "2", "0", "3/2", "-2", "1", "5/2", "-1/2", "3", "0", "-3", "1", "2", "-3/2", "1/2"},
       {"-2", "1/2", "0", "1", "-1/2", "3/2", "-1", "3", "2", "-3", "5/2", "0", "-3/2", "1", "1/2", "2"}});
  const auto V = page.given("V", {{"3"},
                                  {"-1"},
                                  {"2"},
                                  {"5"},
                                  {"-4"},
                                  {"1"},
                                  {"0"},
                                  {"2"},
                                  {"-3"},
                                  {"4"},
                                  {"1"},
                                  {"-2"},
                                  {"5"},
                                  {"-1"},
                                  {"3"},
                                  {"2"}});
  const auto show = [&](const std::string& name, const std::string& title, const Matrix<Scalar>& values) {
    return page.computed(name, title, "", {"Z", "V"}, values, {});
  };
  const auto three = show("three", "Three passes", attention::softmax_rows(Z.values()) * V.values());
  const auto single =
      show("single", "One key after the other", attention::output(in_a_row(Z.values(), V.values(), 1)));
  const auto blocks = show("blocks", "Blocks of four keys, one after the other",
                           attention::output(in_a_row(Z.values(), V.values(), 4)));
  const auto tree = show("tree", "A tree of merges over single keys",
                         attention::output(in_a_tree(Z.values(), V.values(), 1)));
  page.fact("three passes and one key after the other give the same", three == single);
  page.fact("three passes and blocks of four give the same", three == blocks);
  page.fact("three passes and a tree of merges give the same", three == tree);

  const Scalar R = Z.values().maxCoeff() - Z.values().minCoeff(), v = V.values().cwiseAbs().maxCoeff();
  Matrix<Scalar> bounds(4, 1);
  bounds << (Scalar(2) * (R + Scalar(4)) + Scalar(15 + 1 + 16)) * v, bound_of_parts<Scalar>(15, 1, R, v),
      bound_of_parts<Scalar>(3, 4, R, v), bound_of_parts<Scalar>(4, 1, R, v);
  page.computed("bound", "What rounding explains, in units of u", "", {"Z", "V"}, bounds,
                {{"three passes", "single keys", "blocks of four", "tree"}, {"bound"}});
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: three keys in one pass");
  page.details();
  const auto Z = page.given("Z", {{"2", "5", "3"}});
  const auto V = page.given("V", {{"8"}, {"-2"}, {"12"}});
  const auto end = three_passes(page, Z, V);
  const auto pass = one_pass(page, keys_of(Z, V));
  page.fact("one pass ends with the m, l and O of the three passes",
            all_equal<Scalar>(pass.values().row(2)(std::array{0, 3, 4}), end.values()));

  page.example("ex2", "Exercise 2: two workers' results");
  page.details();
  const auto a = page.given("a", "The first worker's m, l and O", {{"3", "5/4", "10"}});
  const auto b = page.given("b", "The second worker's m, l and O", {{"1", "2", "4"}});
  const auto part = [](const Term& row) {
    return Part<Scalar>{row.values()(0, 0), row.values()(0, 1), row.values()(0, 2)};
  };
  const auto both = merge(part(a), part(b));
  const auto merged = page.computed("both", "Merged", "", {"a", "b"}, table_of<Scalar>({both}), {});
  page.computed("Y", "The output", "", {"both"}, Matrix<Scalar>::Constant(1, 1, both.O / both.l), {});
  page.fact("the order of the two makes no difference",
            merged == table_of<Scalar>({merge(part(b), part(a))}));

  page.example("ex3", "Exercise 3: a merge undone");
  page.details();
  const auto whole = page.given("whole", "All keys", {{"4", "15/8", "225/4"}});
  const auto known = page.given("known", "A part of them", {{"4", "5/4", "45"}});
  const Part<Scalar> rest{part(whole).m, part(whole).l - part(known).l, part(whole).O - part(known).O};
  const auto other = page.computed("other", "The rest, with the maximum of all", "", {"whole", "known"},
                                   table_of<Scalar>({rest}), {});
  page.fact("merged again, the two are all keys",
            whole == table_of<Scalar>({merge(part(known), part(other))}));
}

const auto derivations = [](Page& page) {
  row_in_base_two(page);
  head_in_tiles(page);
  rounding(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "19-online-softmax", derivations);
}
