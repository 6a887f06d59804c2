#include "attention/multi_head.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "numbers/eigen.hpp"

using namespace attention;
using numbers::Exact;

namespace {

using M = Matrix<Exact>;
using Weights = MultiHeadWeights<Exact>;

/// A multiple of 1/4 from −1 to 1: exponents stay small, so that sums of exponentials stay short.
M random_matrix(std::mt19937_64& random, Index rows, Index cols) {
  M matrix(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) matrix(i, j) = Exact(static_cast<int>(random() % 9) - 4) / Exact(4);
  return matrix;
}

struct Case {
  Index heads;
  M X;
  Weights weights;
  Mask may_look;
};

/// Two or three tokens, with and without a causal mask.
Case random_case(std::mt19937_64& random, Index heads, Index d_k) {
  const Index T = 2 + static_cast<Index>(random() % 2);
  const Index d = heads * d_k;
  const M X = random_matrix(random, T, d);
  const M W_Q = random_matrix(random, d, d), W_K = random_matrix(random, d, d);
  const M W_V = random_matrix(random, d, d), W_O = random_matrix(random, d, d);
  return {heads, X, {W_Q, W_K, W_V, W_O}, random() % 2 == 0 ? no_mask(T, T) : causal_mask(T)};
}

/// One or two columns a head; one if there are four heads, since exact numbers then grow long.
Case random_case(std::mt19937_64& random, Index heads) {
  return random_case(random, heads, heads == 4 ? 1 : 1 + static_cast<Index>(random() % 2));
}

/// How one head's columns are picked out of d; the entry of column j of head h is that of column(h, j).
using Dealing = std::function<Index(Index h, Index j, Index H, Index d_k)>;
Index in_blocks(Index h, Index j, Index, Index d_k) { return h * d_k + j; }
Index round_robin(Index h, Index j, Index H, Index) { return j * H + h; }

M columns_of(const M& matrix, Index h, Index H, const Dealing& column) {
  const Index d_k = matrix.cols() / H;
  M picked(matrix.rows(), d_k);
  for (Index j = 0; j < d_k; ++j) picked.col(j) = matrix.col(column(h, j, H, d_k));
  return picked;
}

/// The explicit loop: every head has its own three small weight matrices, entry by entry, and a scale.
std::vector<M> outputs(const Case& c, const Dealing& column, Index scale_size) {
  std::vector<M> Y;
  for (Index h = 0; h < c.heads; ++h) {
    const M Q = c.X * columns_of(c.weights.W_Q, h, c.heads, column);
    const M K = c.X * columns_of(c.weights.W_K, h, c.heads, column);
    const M V = c.X * columns_of(c.weights.W_V, h, c.heads, column);
    const M Z = Q * K.transpose() / sqrt_of<Exact>(scale_size);
    Y.push_back(softmax_rows(Z, c.may_look) * V);
  }
  return Y;
}

M side_by_side(const std::vector<M>& parts) {
  M all(parts[0].rows(), parts[0].cols() * static_cast<Index>(parts.size()));
  for (std::size_t h = 0; h < parts.size(); ++h)
    all.middleCols(static_cast<Index>(h) * parts[h].cols(), parts[h].cols()) = parts[h];
  return all;
}

Index d_k(const Case& c) { return c.X.cols() / c.heads; }

M loop(const Case& c) { return side_by_side(outputs(c, in_blocks, d_k(c))) * c.weights.W_O; }

M class_output(const Case& c) {
  return MultiHeadAttention<Exact>(c.X.cols(), c.heads, c.weights).forward(c.X, c.may_look);
}

/// The mean of the heads' outputs in place of each of them.
M averaged(const Case& c) {
  const std::vector<M> Y = outputs(c, in_blocks, d_k(c));
  M mean = Y[0];
  for (std::size_t h = 1; h < Y.size(); ++h) mean += Y[h];
  mean /= Exact(static_cast<int>(c.heads));
  return side_by_side(std::vector<M>(Y.size(), mean)) * c.weights.W_O;
}

struct Mistake {
  const char* name;
  std::function<M(const Case&)> output;
  bool one_head_notices;
};

const std::vector<Mistake> mistakes = {
    {"columns dealt round-robin",
     [](const Case& c) -> M { return side_by_side(outputs(c, round_robin, d_k(c))) * c.weights.W_O; }, false},
    {"W_O forgotten", [](const Case& c) -> M { return side_by_side(outputs(c, in_blocks, d_k(c))); }, true},
    {"W_O transposed",
     [](const Case& c) -> M {
       return side_by_side(outputs(c, in_blocks, d_k(c))) * c.weights.W_O.transpose();
     },
     true},
    {"heads averaged", averaged, false},
    {"scaled by the square root of d_model",
     [](const Case& c) -> M { return side_by_side(outputs(c, in_blocks, c.X.cols())) * c.weights.W_O; },
     false},
};

/// In how many of `count` random cases the mistake changes the output. Not in all: a matrix of zeros, say,
/// hides everything.
int noticed(const Mistake& mistake, Index heads, Index d_k, int count) {
  std::mt19937_64 random(5);
  int found = 0;
  for (int k = 0; k < count; ++k) {
    const Case c = random_case(random, heads, d_k);
    found += mistake.output(c) == class_output(c) ? 0 : 1;
  }
  return found;
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("over 1020 random cases the class equals an explicit loop over heads, exactly") {
  for (const Index heads : {1, 2, 4}) {
    std::mt19937_64 random(static_cast<std::uint64_t>(heads));
    for (int k = 0; k < 340; ++k) {
      const Case c = random_case(random, heads);
      CAPTURE(heads);
      CAPTURE(k);
      REQUIRE(class_output(c) == loop(c));
    }
  }
}

TEST_CASE("each mistake is noticed in most cases with two heads and with four") {
  for (const Mistake& mistake : mistakes) {
    CHECK_MESSAGE(noticed(mistake, 2, 2, 20) > 15, mistake.name, " with two heads");
    CHECK_MESSAGE(noticed(mistake, 4, 2, 4) > 2, mistake.name, " with four heads");
  }
}

TEST_CASE("a single head cannot notice a wrong reshape, an average, or the root of d_model") {
  for (const Mistake& mistake : mistakes) {
    const int found = noticed(mistake, 1, 2, 40);
    CHECK_MESSAGE((found > 0) == mistake.one_head_notices, mistake.name);
  }
}

TEST_CASE("heads of a single column cannot notice a wrong reshape either") {
  CHECK(noticed(mistakes[0], 4, 1, 40) == 0);
}

TEST_CASE("with one head it is the single head's output times W_O") {
  std::mt19937_64 random(7);
  for (int k = 0; k < 200; ++k) {
    const Case c = random_case(random, 1);
    const auto& [W_Q, W_K, W_V, W_O] = c.weights;
    const M Y = attention::attention<Exact>(c.X * W_Q, c.X * W_K, c.X * W_V, c.may_look).Y * W_O;
    REQUIRE(class_output(c) == Y);
  }
}

TEST_CASE("each head's weights are there on request, and sum to 1") {
  std::mt19937_64 random(8);
  const Case c = random_case(random, 2);
  const auto output = MultiHeadAttention<Exact>(c.X.cols(), 2, c.weights).forward_with_heads(c.X, c.may_look);
  REQUIRE(output.heads.size() == 2);
  for (const auto& head : output.heads)
    for (Index i = 0; i < head.A.rows(); ++i) CHECK(head.A.row(i).sum() == Exact(1));
  CHECK(output.C == side_by_side({output.heads[0].Y, output.heads[1].Y}));
}

TEST_CASE("each sequence of a batch is computed as if it were alone") {
  const MultiHeadAttention<double> layer(8, 2, 3);
  std::mt19937_64 random(9);
  const Matrix<double> a = draw_matrix<double>(random, 2, 8, 1), b = draw_matrix<double>(random, 5, 8, 1);
  const auto Y = forward<double>(layer, {a, b}, {causal_mask(2), no_mask(5, 5)});
  REQUIRE(Y.size() == 2);
  CHECK(Y[0] == layer.forward(a, causal_mask(2)));
  CHECK(Y[1] == layer.forward(b, no_mask(5, 5)));
}

TEST_CASE("seeded weights are the same everywhere, differ by seed and by role") {
  const auto weights = draw_weights<Exact>(16, 0);
  CHECK(weights.W_Q == draw_weights<Exact>(16, 0).W_Q);
  CHECK(weights.W_Q != draw_weights<Exact>(16, 1).W_Q);
  CHECK(weights.W_Q != weights.W_K);
  std::mt19937_64 random(
      0);  // the standard says that the 10000th value from the default seed is 9981545732273789042
  CHECK(weights.W_Q(0, 0) * Exact(16) == Exact(static_cast<int>(draw_entry(random))));
}

TEST_CASE("an entry drawn has mean 0 and variance 16, within four standard errors of 100,000") {
  std::mt19937_64 random(1);
  double sum = 0, squares = 0;
  constexpr int count = 100000;
  for (int k = 0; k < count; ++k) {
    const double entry = static_cast<double>(draw_entry(random));
    sum += entry;
    squares += entry * entry;
  }
  CHECK(std::abs(sum / count) < 4 * 4 / std::sqrt(count));
  CHECK(std::abs(squares / count - 16) < 4 * 16 * std::sqrt(2.0 / count));
}

TEST_CASE("shapes that do not fit are errors that say so") {
  using Layer = MultiHeadAttention<double>;
  CHECK(complaint([] { Layer(4, 3, 0); }) ==
        "MultiHeadAttention: the number of heads must divide d_model, and 3 does not divide 4");
  CHECK(complaint([] { Layer(4, 0, 0); }).find("0 does not divide 4") != std::string::npos);
  CHECK(complaint([] { Layer(4, 8, 0); }).find("8 does not divide 4") != std::string::npos);
  CHECK(complaint([] { Layer(4, 2, draw_weights<double>(6, 0)); }).find("weights 6×6") != std::string::npos);
  const Layer layer(4, 2, 0);
  const Matrix<double> X = Matrix<double>::Zero(3, 4);
  CHECK(complaint([&] { layer.forward(X, no_mask(3, 2)); }).find("3×2") != std::string::npos);
  CHECK(complaint([&] { layer.forward(X, no_mask(1, 1)); }).find("1×1") != std::string::npos);
  CHECK(complaint([&] { layer.forward(Matrix<double>::Zero(3, 5), no_mask(3, 3)); }).find("X 3×5") !=
        std::string::npos);
  CHECK(complaint([&] {
          forward<double>(layer, {X, X}, {no_mask(3, 3)});
        }) == "forward: 2 sequences and 1 masks");
  CHECK(complaint([&] { layer.forward(X, no_mask(3, 3)); }) == "");
}
