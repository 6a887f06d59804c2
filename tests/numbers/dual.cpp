#include "numbers/dual.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "random_numbers.hpp"

using numbers::Exact;

namespace {

using Dual = numbers::Dual<Exact>;

constexpr int cases = 1000;

/// A quotient whose derivative forgets the minus sign and the square: (a/b)' = (a' + b') / b.
Dual wrong_quotient(const Dual& a, const Dual& b) {
  return {a.value / b.value, (a.derivative + b.derivative) / b.value};
}

/// A product whose derivative is the product of the derivatives.
Dual wrong_product(const Dual& a, const Dual& b) { return {a.value * b.value, a.derivative * b.derivative}; }

/// How many of the random pairs break (a b)' = a' b + a b'.
int broken_products(const std::function<Dual(const Dual&, const Dual&)>& product) {
  Random random(10);
  int broken = 0;
  for (int i = 0; i < cases; ++i) {
    random.next_radicand();
    const Dual a(random.value(), random.surd()), b(random.surd(), random.sum(2));
    const Dual c = product(a, b);
    broken += c.value == a.value * b.value && c.derivative == a.value * b.derivative + a.derivative * b.value
                  ? 0
                  : 1;
  }
  return broken;
}

/// How many break (a / b)' = (a' b − a b') / b².
int broken_quotients(const std::function<Dual(const Dual&, const Dual&)>& quotient) {
  Random random(20);
  int broken = 0;
  for (int i = 0; i < cases; ++i) {
    random.next_radicand();
    const Dual a(random.sum(2), random.surd()), b(random.not_zero(random.surd()), random.sum(2));
    const Dual c = quotient(a, b);
    const Exact derivative = (a.derivative * b.value - a.value * b.derivative) / (b.value * b.value);
    broken += c.value == a.value / b.value && c.derivative == derivative ? 0 : 1;
  }
  return broken;
}

/// x, with derivative 1.
Dual variable(const Exact& x) { return {x, Exact(1)}; }

/// How many random x break (e^{p x² + q x})' = (2 p x + q) e^{p x² + q x}, for random p and q.
int broken_chains(const std::function<Dual(const Dual&)>& exponential) {
  Random random(30);
  int broken = 0;
  for (int i = 0; i < cases; ++i) {
    const Exact x = random.rational(5), p = random.rational(3), q = random.rational(3);
    const Dual X = variable(x), chain = exponential(Dual(p) * X * X + Dual(q) * X);
    const Exact power = exp(p * x * x + q * x);
    broken += chain.value == power && chain.derivative == (p * x + p * x + q) * power ? 0 : 1;
  }
  return broken;
}

}  // namespace

TEST_CASE("sums and differences: derivatives add and subtract") {
  Random random(1);
  for (int i = 0; i < cases; ++i) {
    random.next_radicand();
    const Dual a(random.sum(2), random.surd()), b(random.surd(), random.sum(2));
    CHECK(a + b == Dual(a.value + b.value, a.derivative + b.derivative));
    CHECK(a - b == Dual(a.value - b.value, a.derivative - b.derivative));
    CHECK(-a == Dual(-a.value, -a.derivative));
  }
}

TEST_CASE("the product rule, and a wrong one noticed") {
  CHECK(broken_products([](const Dual& a, const Dual& b) { return a * b; }) == 0);
  CHECK(broken_products(wrong_product) > cases / 2);
}

TEST_CASE("the quotient rule, and a wrong one noticed") {
  CHECK(broken_quotients([](const Dual& a, const Dual& b) { return a / b; }) == 0);
  CHECK(broken_quotients(wrong_quotient) > cases / 2);
}

TEST_CASE("the chain rule for exp, and the inner derivative forgotten noticed") {
  CHECK(broken_chains([](const Dual& a) { return exp(a); }) == 0);
  CHECK(broken_chains([](const Dual& a) { return Dual(exp(a.value), exp(a.value)); }) > cases / 2);
}

TEST_CASE("the root's derivative times twice the root is the derivative of what it is the root of") {
  Random random(40);
  for (int i = 0; i < cases; ++i) {
    const Dual a(Exact(random.between(1, 30)) / Exact(random.between(1, 9)), random.rational());
    const Dual root = sqrt(a);
    CHECK(root * root == a);
  }
  CHECK(sqrt(Dual(0)) == Dual(0));
  CHECK_THROWS(sqrt(variable(0)));
}

TEST_CASE("abs turns the derivative of a negative value") {
  CHECK(abs(Dual(-3, 2)) == Dual(3, -2));
  CHECK(abs(Dual(3, 2)) == Dual(3, 2));
}

TEST_CASE("order is that of the values, and equality asks for the derivatives as well") {
  CHECK(Dual(1, 5) < Dual(2, 0));
  CHECK_FALSE(Dual(1, 5) < Dual(1, 7));
  CHECK(Dual(1, 5) <= Dual(1, 7));
  CHECK(Dual(2, 0) > Dual(1, 5));
  CHECK(Dual(1, 5) != Dual(1, 7));
  CHECK(Dual(1) == Dual(Exact(1), Exact(0)));
}

TEST_CASE("compound assignments are what they abbreviate") {
  const Dual a(3, 2), b(5, 7);
  Dual c = a;
  CHECK((c += b) == a + b);
  CHECK((c -= b) == a);
  CHECK((c *= b) == a * b);
  CHECK((c /= b) == a);
}

TEST_CASE("a maximum takes the derivative of the largest") {
  Eigen::Matrix<Dual, 1, Eigen::Dynamic> row(3);
  row << Dual(1, 10), Dual(4, 20), Dual(-7, 30);
  CHECK(row.maxCoeff() == Dual(4, 20));
}

TEST_CASE("a matrix of duals multiplies by the product rule: (A B)' = A' B + A B'") {
  using Matrix = Eigen::Matrix<Exact, Eigen::Dynamic, Eigen::Dynamic>;
  Random random(50);
  const auto draw = [&](Eigen::Index rows, Eigen::Index cols) -> Matrix {
    return Matrix::NullaryExpr(rows, cols, [&] { return random.rational(); });
  };
  for (int i = 0; i < cases; ++i) {
    const Matrix A = draw(2, 3), dA = draw(2, 3), B = draw(3, 2), dB = draw(3, 2);
    const auto join = [](const Exact& value, const Exact& derivative) { return Dual(value, derivative); };
    const Eigen::Matrix<Dual, Eigen::Dynamic, Eigen::Dynamic> P =
        A.binaryExpr(dA, join) * B.binaryExpr(dB, join);
    const Matrix expected = dA * B + A * dB;
    for (Eigen::Index k = 0; k < P.size(); ++k) CHECK(P.reshaped()[k].derivative == expected.reshaped()[k]);
  }
}

TEST_CASE("over doubles: the slope of a known function") {
  using Real = numbers::Dual<double>;
  const Real x(2.0, 1.0);
  CHECK((x * x * x).derivative == 12.0);
  CHECK(exp(x).derivative == exp(x).value);
  CHECK(sqrt(Real(4.0, 1.0)).derivative == 0.25);
}

TEST_CASE("the gradient of a sum of squares is twice the matrix, and the input is left alone") {
  Eigen::Matrix<Exact, Eigen::Dynamic, Eigen::Dynamic> M(2, 2);
  M << 1, 2, 3, 4;
  const auto gradient = numbers::gradient(M, [](const auto& m) { return m.cwiseProduct(m).sum(); });
  CHECK(gradient == M + M);
  CHECK_FALSE(gradient == M);
}
