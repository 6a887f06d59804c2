#include "support/calcium.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "attention/backward.hpp"
#include "attention/mask.hpp"
#include "random_numbers.hpp"
#include "support/closed_form.hpp"

// Another field, made by others and in another way, decides the same questions. Its answers are proofs, too.

using attention::Index;
using numbers::Exact;

namespace {

Calcium theirs(const Exact& ours) { return ClosedForm<Calcium>(print(ours, numbers::Notation::text)).sum(); }

/// One calculation in both fields.
struct Both {
  Exact ours;
  Calcium theirs;
};

Both operator+(const Both& a, const Both& b) { return {a.ours + b.ours, a.theirs + b.theirs}; }
Both operator-(const Both& a, const Both& b) { return {a.ours - b.ours, a.theirs - b.theirs}; }
Both operator*(const Both& a, const Both& b) { return {a.ours * b.ours, a.theirs * b.theirs}; }
Both operator/(const Both& a, const Both& b) { return {a.ours / b.ours, a.theirs / b.theirs}; }
Both exp(const Both& a) { return {exp(a.ours), exp(a.theirs)}; }

/// A calculation that both fields can do.
class Calculation {
 public:
  explicit Calculation(std::uint64_t seed) : random_(seed) {}

  void next_radicand() {
    radicand_ = std::vector{2, 3, 5, 6, 7}[static_cast<std::size_t>(random_.between(0, 4))];
  }

  Both rational() {
    const int top = random_.between(-9, 9), bottom = random_.between(1, 9);
    return {Exact(top) / bottom, Calcium(top) / Calcium(bottom)};
  }

  Both surd() {
    if (random_.one_in(2)) return rational();
    return rational() + rational() * Both{sqrt(Exact(radicand_)), sqrt(Calcium(radicand_))};
  }

  Both value(int depth) {
    if (depth == 0) return random_.one_in(2) ? exp(surd()) : surd();
    const Both a = value(depth - 1), b = value(depth - 1);
    switch (random_.between(0, 3)) {
      case 0:
        return a + b;
      case 1:
        return a - b;
      case 2:
        return a * b;
      default:
        return b.ours == 0 ? a : a / b;
    }
  }

  Random& random() { return random_; }

 private:
  Random random_;
  int radicand_ = 2;
};

/// Where Calcium decides, it must agree; that it mostly decides is checked at the end, so
/// that there is something to agree with. (What it may
/// not find are relations between powers of exponentials beyond a limit of its own.)
class Comparison {
 public:
  ~Comparison() { CHECK(decided_ > 4 * undecided_); }

  void same(const Both& a) { equal({a.ours, theirs(a.ours)}, a); }

  void compared(const Both& a, const Both& b) {
    if (a.ours == b.ours) return equal(a, b);
    CAPTURE(a.ours);
    CAPTURE(b.ours);
    CHECK_FALSE(a.theirs == b.theirs);
    const bool is_less = a.theirs < b.theirs, is_greater = b.theirs < a.theirs;
    CHECK_FALSE((a.ours < b.ours ? is_greater : is_less));
    CHECK((a.ours < b.ours) != (b.ours < a.ours));
    count(is_less || is_greater);
  }

 private:
  void equal(const Both& a, const Both& b) {
    CAPTURE(a.ours);
    CHECK_FALSE(a.theirs != b.theirs);
    count(a.theirs == b.theirs);
  }

  void count(bool is_decided) { ++(is_decided ? decided_ : undecided_); }

  int decided_ = 0, undecided_ = 0;
};

template <typename Scalar>
struct Derivation {
  attention::Matrix<Scalar> A, Y;
  attention::AttentionGradients<Scalar> gradients;
  attention::ProjectionGradients<Scalar> query, key, value;
  attention::Matrix<Scalar> dX;
};

/// X, W_Q, W_K, W_V and dY.
template <typename Scalar>
Derivation<Scalar> derive(const std::vector<attention::Matrix<Scalar>>& givens,
                          const attention::Mask& may_look) {
  const auto &X = givens[0], &W_Q = givens[1], &W_K = givens[2], &W_V = givens[3], &dY = givens[4];
  const attention::Matrix<Scalar> Q = X * W_Q, K = X * W_K, V = X * W_V;
  const attention::Matrix<Scalar> Z = Q * K.transpose() / attention::sqrt_of<Scalar>(K.cols());
  Derivation<Scalar> result;
  result.A = attention::softmax_rows<Scalar>(Z, may_look);
  result.Y = result.A * V;
  result.gradients = attention::attention_backward<Scalar>(Q, K, V, result.A, dY);
  result.query = attention::projection_backward<Scalar>(X, W_Q, result.gradients.dQ);
  result.key = attention::projection_backward<Scalar>(X, W_K, result.gradients.dK);
  result.value = attention::projection_backward<Scalar>(X, W_V, result.gradients.dV);
  result.dX = result.query.dX + result.key.dX + result.value.dX;
  return result;
}

/// Every entry of the one, read from its closed form, is that of the other; and so is the order of two that
/// stand beside each other.
void compare(Comparison& comparison, const attention::Matrix<Exact>& ours,
             const attention::Matrix<Calcium>& other) {
  for (Index i = 0; i < ours.rows(); ++i)
    for (Index j = 0; j < ours.cols(); ++j) {
      comparison.same({ours(i, j), other(i, j)});
      if (j > 0) comparison.compared({ours(i, j - 1), other(i, j - 1)}, {ours(i, j), other(i, j)});
    }
}

template <typename Scalar>
attention::Matrix<Scalar> drawn(Random random, Index rows, Index cols, int denominator) {
  attention::Matrix<Scalar> matrix(rows, cols);
  for (Scalar& entry : matrix.reshaped()) entry = Scalar(random.between(-2, 2)) / Scalar(denominator);
  return matrix;
}

}  // namespace

TEST_CASE("closed forms of random calculations have the values that Calcium finds") {
  Calculation calculation(71);
  Comparison comparison;
  for (int i = 0; i < 1500; ++i) {
    calculation.next_radicand();
    comparison.same(calculation.value(calculation.random().between(1, 3)));
    calcium_forget();
  }
}

TEST_CASE("Calcium finds the same values equal, and the same one smaller") {
  Calculation calculation(72);
  Comparison comparison;
  for (int i = 0; i < 1500; ++i) {
    {
      calculation.next_radicand();
      const Both a = calculation.value(2), b = calculation.value(1), c = calculation.value(1);
      comparison.compared(a, b);
      comparison.compared((a + b) * c, b * c + a * c);
      comparison.compared(a * a - b * b, (a - b) * (a + b));
      if (b.ours != 0) comparison.compared(a / b + c, (a + b * c) / b);
      if (b.ours != 0 && c.ours != 0) comparison.compared(a / b - c / b, a / c - b / c);
      const Both tiny{pow(Exact(10), -30), Calcium(1) / Calcium("1" + std::string(30, '0'))};
      comparison.compared(a + tiny, a);
    }
    calcium_forget();
  }
}

TEST_CASE("derivations with all their gradients agree with Calcium, and so does the order of their entries") {
  Random random(73);
  Comparison comparison;
  for (int i = 0; i < 1000; ++i) {
    {
      const Index T = random.one_in(20) ? 3 : 2, d = random.between(1, 2);
      const int denominator = T == 2 && random.one_in(3) ? 10 : 1;
      std::vector<attention::Matrix<Exact>> ours;
      std::vector<attention::Matrix<Calcium>> other;
      for (const auto& [rows, cols] : {std::pair{T, d}, {d, d}, {d, d}, {d, d}, {T, d}}) {
        const Random same(random.bits());
        ours.push_back(drawn<Exact>(same, rows, cols, denominator));
        other.push_back(drawn<Calcium>(same, rows, cols, denominator));
      }
      const attention::Mask may_look =
          random.one_in(2) ? attention::causal_mask(T) : attention::no_mask(T, T);
      const auto a = derive(ours, may_look);
      const auto b = derive(other, may_look);
      CAPTURE(i);
      compare(comparison, a.Y, b.Y);
      compare(comparison, a.gradients.dV, b.gradients.dV);
      compare(comparison, a.gradients.dQ, b.gradients.dQ);
      compare(comparison, a.gradients.dK, b.gradients.dK);
      compare(comparison, a.dX, b.dX);
    }
    calcium_forget();
  }
}
