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

void check_same(const Both& a) {
  CAPTURE(a.ours);
  CHECK(theirs(a.ours) == a.theirs);
}

void check_compared(const Both& a, const Both& b) {
  CAPTURE(a.ours);
  CAPTURE(b.ours);
  if (a.ours == b.ours) {
    CHECK(a.theirs == b.theirs);
  } else {
    CHECK(a.theirs != b.theirs);
    CHECK((a.ours < b.ours) == (a.theirs < b.theirs));
    CHECK((b.ours < a.ours) == (b.theirs < a.theirs));
  }
}

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

/// Every entry of the one, read from its closed form, is that of the other.
void check_same(const char* name, const attention::Matrix<Exact>& ours,
                const attention::Matrix<Calcium>& other) {
  REQUIRE(ours.rows() == other.rows());
  for (Index i = 0; i < ours.rows(); ++i)
    for (Index j = 0; j < ours.cols(); ++j) {
      CAPTURE(name);
      CAPTURE(ours(i, j));
      CHECK(theirs(ours(i, j)) == other(i, j));
    }
}

/// What an entry is compared with: the one beside it.
void check_order(const attention::Matrix<Exact>& ours, const attention::Matrix<Calcium>& other) {
  for (Index i = 0; i < ours.rows(); ++i)
    for (Index j = 1; j < ours.cols(); ++j)
      check_compared({ours(i, j - 1), other(i, j - 1)}, {ours(i, j), other(i, j)});
}

}  // namespace

TEST_CASE("closed forms of random calculations have the values that Calcium finds") {
  Calculation calculation(71);
  for (int i = 0; i < 1500; ++i) {
    calculation.next_radicand();
    check_same(calculation.value(calculation.random().between(1, 3)));
    calcium_forget();
  }
}

TEST_CASE("Calcium finds the same values equal, and the same one smaller") {
  Calculation calculation(72);
  for (int i = 0; i < 1500; ++i) {
    {
      calculation.next_radicand();
      const Both a = calculation.value(2), b = calculation.value(1), c = calculation.value(1);
      check_compared(a, b);
      check_compared((a + b) * c, b * c + a * c);
      check_compared(a * a - b * b, (a - b) * (a + b));
      if (b.ours != 0) check_compared(a / b + c, (a + b * c) / b);
      if (b.ours != 0 && c.ours != 0) check_compared(a / b - c / b, a / c - b / c);
      const Both tiny{pow(Exact(10), -30), Calcium(1) / Calcium("1" + std::string(30, '0'))};
      check_compared(a + tiny, a);
    }
    calcium_forget();
  }
}

TEST_CASE("derivations with all their gradients agree with Calcium, and so does the order of their entries") {
  Random random(73);
  for (int i = 0; i < 1000; ++i) {
    {
      const Index T = random.one_in(50) ? 4 : random.between(2, 3), d = random.between(1, 3);
      const int denominator = T == 2 && random.one_in(3) ? 10 : 1;
      std::vector<attention::Matrix<Exact>> ours;
      std::vector<attention::Matrix<Calcium>> other;
      for (const auto& [rows, cols] : {std::pair{T, d}, {d, d}, {d, d}, {d, d}, {T, d}}) {
        ours.emplace_back(rows, cols);
        other.emplace_back(rows, cols);
        for (Index r = 0; r < rows; ++r)
          for (Index c = 0; c < cols; ++c) {
            const int top = random.between(-2, 2);
            ours.back()(r, c) = Exact(top) / denominator;
            other.back()(r, c) = Calcium(top) / Calcium(denominator);
          }
      }
      const attention::Mask may_look =
          random.one_in(2) ? attention::causal_mask(T) : attention::Mask::Constant(T, T, true).eval();
      const auto a = derive(ours, may_look);
      const auto b = derive(other, may_look);
      check_same("A", a.A, b.A);
      check_same("Y", a.Y, b.Y);
      check_same("dV", a.gradients.dV, b.gradients.dV);
      check_same("dZ", a.gradients.dZ, b.gradients.dZ);
      check_same("dQ", a.gradients.dQ, b.gradients.dQ);
      check_same("dK", a.gradients.dK, b.gradients.dK);
      check_same("dW_K", a.key.dW, b.key.dW);
      check_same("dX", a.dX, b.dX);
      check_order(a.Y, b.Y);
      check_order(a.gradients.dK, b.gradients.dK);
      check_order(a.dX, b.dX);
    }
    calcium_forget();
  }
}
