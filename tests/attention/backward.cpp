#include "attention/backward.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

#include "numbers/dual.hpp"
#include "numbers/random_numbers.hpp"

using namespace attention;
using numbers::Dual;
using numbers::Exact;

namespace {

/// One random head: T from 2 to 4, d_k and d_v different, with a causal mask or without.
struct Example {
  Matrix<Exact> Q, K, V, dY;
  Mask may_look;
};

/// Small rationals, most of them whole, smaller for more tokens: the fewer different exponents there are, the
/// shorter are the exact sums.
Matrix<Exact> draw_matrix(Random& random, Index rows, Index cols, int size = 3) {
  return Matrix<Exact>::NullaryExpr(
      rows, cols, [&] { return Exact(random.between(-size, size)) / Exact(random.one_in(4) ? 2 : 1); });
}

Example draw_example(Random& random, Index tokens) {
  const Index d_k = random.between(1, 4), d_v = d_k == 1 ? 2 : random.between(1, static_cast<int>(d_k) - 1);
  Example e;
  const int size = 5 - static_cast<int>(tokens);
  e.Q = draw_matrix(random, tokens, d_k, size);
  e.K = draw_matrix(random, tokens, d_k, size);
  e.V = draw_matrix(random, tokens, d_v);
  e.dY = draw_matrix(random, tokens, d_v);
  e.may_look = random.one_in(2) ? causal_mask(tokens) : no_mask(tokens, tokens);
  return e;
}

struct Gradients {
  Matrix<Exact> dQ, dK, dV;
};

Matrix<Dual<Exact>> constants(const Matrix<Exact>& M) {
  return M.unaryExpr([](const Exact& value) { return Dual<Exact>(value); });
}

/// The derivatives of L, the sum of the entries of dY ⊙ Y, by dual numbers.
Gradients by_duals(const Example& e) {
  using M = Matrix<Dual<Exact>>;
  const M Q = constants(e.Q), K = constants(e.K), V = constants(e.V), dY = constants(e.dY);
  const auto L = [&](const M& q, const M& k, const M& v) {
    return attention::attention(q, k, v, e.may_look).Y.cwiseProduct(dY).sum();
  };
  return {numbers::gradient(e.Q, [&](const M& q) { return L(q, K, V); }),
          numbers::gradient(e.K, [&](const M& k) { return L(Q, k, V); }),
          numbers::gradient(e.V, [&](const M& v) { return L(Q, K, v); })};
}

using Backward = std::function<Gradients(const Example& e, const Matrix<Exact>& A)>;

Gradients right(const Example& e, const Matrix<Exact>& A) {
  const auto g = attention_backward(e.Q, e.K, e.V, A, e.dY);
  return {g.dQ, g.dK, g.dV};
}

/// Backward with another rule for the softmax, another divisor, or dS not transposed.
Gradients with(const Example& e, const Matrix<Exact>& A, const Matrix<Exact>& dZ, const Exact& divisor,
               bool transposed = true) {
  const Matrix<Exact> dS = dZ / divisor, turned = transposed ? dS.transpose() : dS;
  return {dS * e.K, turned * e.Q, A.transpose() * e.dY};
}

struct Wrong {
  std::string mistake;
  Backward run;
};

std::vector<Wrong> wrong_programs() {
  const auto right_dZ = [](const Example& e, const Matrix<Exact>& A) {
    return softmax_backward<Exact>(A, e.dY * e.V.transpose());
  };
  const auto root = [](const Example& e) { return sqrt_of<Exact>(e.K.cols()); };
  return {
      {"the second term of the Jacobian forgotten",
       [=](const Example& e, const Matrix<Exact>& A) {
         return with(e, A, A.cwiseProduct(e.dY * e.V.transpose()), root(e));
       }},
      {"the softmax left out",
       [=](const Example& e, const Matrix<Exact>& A) { return with(e, A, e.dY * e.V.transpose(), root(e)); }},
      {"the published form read as a matrix product",
       [=](const Example& e, const Matrix<Exact>& A) {
         const Matrix<Exact> dA = e.dY * e.V.transpose();
         return with(e, A, A.cwiseProduct(dA - dA * A.transpose()), root(e));
       }},
      {"1/√d_k lost on the way back",
       [=](const Example& e, const Matrix<Exact>& A) { return with(e, A, right_dZ(e, A), 1); }},
      {"1/√d_k put in twice",
       [=](const Example& e, const Matrix<Exact>& A) {
         return with(e, A, right_dZ(e, A), static_cast<int>(e.K.cols()));
       }},
      {"dK without the transpose",
       [=](const Example& e, const Matrix<Exact>& A) { return with(e, A, right_dZ(e, A), root(e), false); }},
      {"dV without the transpose",
       [=](const Example& e, const Matrix<Exact>& A) {
         Gradients g = right(e, A);
         g.dV = A * e.dY;
         return g;
       }},
      {"the forward pass not scaled, the backward pass scaled",
       [=](const Example& e, const Matrix<Exact>&) {
         return right(e, softmax_rows<Exact>(e.Q * e.K.transpose(), e.may_look));
       }},
  };
}

bool operator==(const Gradients& a, const Gradients& b) {
  return a.dQ == b.dQ && a.dK == b.dK && a.dV == b.dV;
}

std::string described(const Example& e) {
  std::ostringstream text;
  text << "Q\n" << e.Q << "\nK\n" << e.K << "\nV\n" << e.V << "\ndY\n" << e.dY << "\nmask\n" << e.may_look;
  return text.str();
}

/// Runs `count` random examples of T tokens: all right, and each mistake noticed by at least one.
void check_examples(std::uint64_t seed, Index tokens, int count) {
  Random random(seed);
  const std::vector<Wrong> wrong = wrong_programs();
  std::vector<int> noticed(wrong.size(), 0);
  for (int i = 0; i < count; ++i) {
    const Example e = draw_example(random, tokens);
    const Matrix<Exact> A = attention::attention(e.Q, e.K, e.V, e.may_look).A;
    const Gradients truth = by_duals(e);
    REQUIRE_MESSAGE(right(e, A) == truth, described(e));
    for (std::size_t k = 0; k < wrong.size(); ++k) noticed[k] += wrong[k].run(e, A) == truth ? 0 : 1;
  }
  for (std::size_t k = 0; k < wrong.size(); ++k) {
    INFO(wrong[k].mistake, ": noticed by ", noticed[k], " of ", count);
    CHECK(noticed[k] > count / 4);
  }
}

}  // namespace

TEST_CASE("gradients are the derivatives, by ==, on eighty random heads of two tokens") {
  check_examples(2, 2, 80);
}

TEST_CASE("gradients are the derivatives, by ==, on eighty random heads of three tokens") {
  check_examples(3, 3, 80);
}

TEST_CASE("gradients are the derivatives, by ==, on forty random heads of four tokens") {
  check_examples(4, 4, 40);
}

TEST_CASE("each row of softmax_backward is dA times the Jacobian diag(a) − a aᵀ") {
  Random random(5);
  for (int i = 0; i < 1000; ++i) {
    const Index tokens = random.between(2, 5);
    const Matrix<Exact> A = draw_matrix(random, 2, tokens), dA = draw_matrix(random, 2, tokens);
    const Matrix<Exact> dZ = softmax_backward(A, dA);
    for (Index row = 0; row < 2; ++row) {
      const Matrix<Exact> a = A.row(row).transpose(),
                          J = Matrix<Exact>(a.col(0).asDiagonal()) - a * a.transpose();
      CHECK(dZ.row(row) == Matrix<Exact>(dA.row(row) * J).row(0));
    }
  }
}

TEST_CASE("the gradient of a hidden score is exactly 0, and that of a row that sees nothing too") {
  Mask may_look = causal_mask(3);
  may_look.row(1).fill(false);
  Random random(6);
  const Matrix<Exact> Q = draw_matrix(random, 3, 2), K = draw_matrix(random, 3, 2),
                      V = draw_matrix(random, 3, 1), dY = Matrix<Exact>::Constant(3, 1, Exact(1));
  const auto g = attention_backward(Q, K, V, attention::attention(Q, K, V, may_look).A, dY);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j)
      if (!may_look(i, j)) CHECK(g.dS(i, j) == Exact(0));
  CHECK(g.dQ.row(1) == Matrix<Exact>::Constant(1, 2, Exact(0)).row(0));
}

TEST_CASE("queries and keys may differ in number, as in cross-attention") {
  Random random(7);
  Example e;
  e.Q = draw_matrix(random, 2, 3);
  e.K = draw_matrix(random, 4, 3);
  e.V = draw_matrix(random, 4, 2);
  e.dY = draw_matrix(random, 2, 2);
  e.may_look = no_mask(2, 4);
  CHECK(right(e, attention::attention(e.Q, e.K, e.V).A) == by_duals(e));
}

TEST_CASE("a projection's gradients are its derivatives, and a W that is not transposed is noticed") {
  using M = Matrix<Dual<Exact>>;
  Random random(8);
  int noticed = 0;
  for (int i = 0; i < 1000; ++i) {
    const Index n = random.between(2, 4), T = n + 1;
    const Matrix<Exact> X = draw_matrix(random, T, n), W = draw_matrix(random, n, 2),
                        dP = draw_matrix(random, T, 2);
    const auto g = projection_backward(X, W, dP);
    const M x0 = constants(X), w0 = constants(W), weights = constants(dP);
    const auto L = [&](const M& x, const M& w) { return M(x * w).cwiseProduct(weights).sum(); };
    CHECK(g.dX == numbers::gradient(X, [&](const M& x) { return L(x, w0); }));
    CHECK(g.dW == numbers::gradient(W, [&](const M& w) { return L(x0, w); }));
    if (n == 2) noticed += dP * W == g.dX ? 0 : 1;  // W not transposed, where the shapes allow it
  }
  CHECK(noticed > 200);
}

TEST_CASE("shapes that do not fit are named") {
  const Matrix<double> Q = Matrix<double>::Zero(2, 3), K = Matrix<double>::Zero(4, 3),
                       V = Matrix<double>::Zero(4, 5), A = Matrix<double>::Zero(2, 4),
                       dY = Matrix<double>::Zero(2, 5);
  CHECK_NOTHROW(attention_backward(Q, K, V, A, dY));
  CHECK_THROWS_WITH_AS(softmax_backward(A, dY), "softmax_backward: A 2×4 and dA 2×5 must have one shape",
                       std::invalid_argument);
  CHECK_THROWS_AS(attention_backward(Q, V, V, A, dY), std::invalid_argument);
  CHECK_THROWS_AS(attention_backward<double>(Q, K, V, A.transpose(), dY), std::invalid_argument);
  CHECK_THROWS_WITH_AS(attention_backward<double>(Q, K, V, A, K),
                       "attention_backward: dY 4×3 must have the shape of A V, 2×4 times 4×5",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(projection_backward(Q, V, dY),
                       "projection_backward: X 2×3, W 4×5 and dP 2×5 do not fit P = X W",
                       std::invalid_argument);
}
