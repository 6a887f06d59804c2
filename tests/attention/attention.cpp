#include "attention/attention.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "numbers/eigen.hpp"
#include "support/random_matrix.hpp"

using namespace attention;
using numbers::Enclosure;
using numbers::Exact;

namespace {

constexpr int cases = 1000;

struct Toy {
  Matrix<Exact> Q, K, V;
  Mask may_look;
};

/// Attention entry by entry, as equation 1 of the paper says it, with plain loops.
Matrix<Exact> by_hand(const Toy& toy) {
  const Index T_q = toy.Q.rows(), T_k = toy.K.rows(), d_k = toy.K.cols(), d_v = toy.V.cols();
  Matrix<Exact> Y = Matrix<Exact>::Constant(T_q, d_v, Exact(0));
  for (Index i = 0; i < T_q; ++i) {
    std::vector<Exact> E(static_cast<std::size_t>(T_k), Exact(0));
    Exact sum = 0;
    for (Index j = 0; j < T_k; ++j) {
      if (!toy.may_look(i, j)) continue;
      Exact score = 0;
      for (Index k = 0; k < d_k; ++k) score += toy.Q(i, k) * toy.K(j, k);
      E[static_cast<std::size_t>(j)] = exp(score / sqrt(Exact(static_cast<int>(d_k))));
      sum += E[static_cast<std::size_t>(j)];
    }
    if (sum == Exact(0)) continue;
    for (Index v = 0; v < d_v; ++v)
      for (Index j = 0; j < T_k; ++j) Y(i, v) += E[static_cast<std::size_t>(j)] * toy.V(j, v) / sum;
  }
  return Y;
}

Mask random_mask(Random& random, Index rows, Index cols) {
  Mask mask(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) mask(i, j) = !random.one_in(4);
  return mask;
}

/// T_q, T_k, d_k and d_v all different, from 1 to 5, with two tokens or more; no mask, or a random one.
Toy random_toy(Random& random) {
  int sizes[4];
  do {
    for (int& size : sizes) size = random.between(1, 5);
    sizes[0] = std::max(sizes[0], 2);
    sizes[1] = std::max(sizes[1], 2);
  } while (sizes[0] == sizes[1] || sizes[0] == sizes[2] || sizes[0] == sizes[3] || sizes[1] == sizes[2] ||
           sizes[1] == sizes[3] || sizes[2] == sizes[3]);
  const auto [T_q, T_k, d_k, d_v] = sizes;
  return {random_matrix(random, T_q, d_k, 2, 2), random_matrix(random, T_k, d_k, 2, 2),
          random_matrix(random, T_k, d_v, 2, 2),
          random.one_in(2) ? no_mask(T_q, T_k) : random_mask(random, T_q, T_k)};
}

/// Everything of one size T and causal: what the mistakes below need for their shapes to fit.
Toy random_square_toy(Random& random) {
  const int T = random.between(2, 4);
  return {random_matrix(random, T, T, 2, 2), random_matrix(random, T, T, 2, 2),
          random_matrix(random, T, T, 2, 2), causal_mask(T)};
}

using Program = std::function<Matrix<Exact>(const Toy&)>;

Matrix<Exact> right(const Toy& toy) { return attention::attention(toy.Q, toy.K, toy.V, toy.may_look).Y; }

/// In how many random cases the program gives something else than the hand, or refuses the shapes.
int noticed(const Program& program, Toy (*draw)(Random&)) {
  Random random(31);
  int count = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy toy = draw(random);
    try {
      const Matrix<Exact> Y = program(toy), expected = by_hand(toy);
      count += Y.rows() != expected.rows() || Y.cols() != expected.cols() || Y != expected ? 1 : 0;
    } catch (const std::invalid_argument&) {
      ++count;
    }
  }
  return count;
}

Matrix<Exact> with_scores(const Toy& toy, const Matrix<Exact>& Z) {
  return softmax_rows(Z, toy.may_look) * toy.V;
}

Mask moved(const Mask& may_look, Index by) {
  const Index T = may_look.rows();
  Mask result(T, T);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < T; ++j) result(i, j) = j <= i + by;
  return result;
}

const std::vector<std::pair<std::string, Program>> mistakes = {
    {"the scale left out", [](const Toy& toy) { return with_scores(toy, toy.Q * toy.K.transpose()); }},
    {"divided by d_k",
     [](const Toy& toy) {
       return with_scores(toy, toy.Q * toy.K.transpose() / Exact(static_cast<int>(toy.K.cols())));
     }},
    {"multiplied by the square root of d_k",
     [](const Toy& toy) {
       return with_scores(toy, toy.Q * toy.K.transpose() * sqrt(Exact(static_cast<int>(toy.K.cols()))));
     }},
    {"queries and keys swapped",
     [](const Toy& toy) { return attention::attention(toy.K, toy.Q, toy.V, toy.may_look).Y; }},
    {"softmax over columns",
     [](const Toy& toy) -> Matrix<Exact> {
       const Matrix<Exact> Z = toy.K * toy.Q.transpose() / sqrt(Exact(static_cast<int>(toy.K.cols())));
       const Mask turned = toy.may_look.transpose();
       return softmax_rows(Z, turned).transpose() * toy.V;
     }},
    {"the mask one too generous",
     [](const Toy& toy) { return attention::attention(toy.Q, toy.K, toy.V, moved(toy.may_look, 1)).Y; }},
    {"the mask one too strict",
     [](const Toy& toy) { return attention::attention(toy.Q, toy.K, toy.V, moved(toy.may_look, -1)).Y; }},
    {"the mask left out", [](const Toy& toy) { return attention::attention(toy.Q, toy.K, toy.V).Y; }},
    {"A transposed",
     [](const Toy& toy) -> Matrix<Exact> {
       return attention::attention(toy.Q, toy.K, toy.V, toy.may_look).A.transpose() * toy.V;
     }},
};

}  // namespace

TEST_CASE("attention is what a hand computes entry by entry") {
  CHECK(noticed(right, random_toy) == 0);
  CHECK(noticed(right, random_square_toy) == 0);
}

TEST_CASE("attention with a mistake in it is told from the right one in most random cases") {
  for (const auto& [name, program] : mistakes) {
    const int count = noticed(program, random_square_toy);
    CHECK_MESSAGE(count > cases * 3 / 4, name, " is noticed in ", count, " cases");
  }
}

TEST_CASE("the matrices on the way to the output are named rightly") {
  Random random(32);
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const Attention<Exact> head = attention::attention(toy.Q, toy.K, toy.V, toy.may_look);
    CAPTURE(k);
    REQUIRE(head.S == toy.Q * toy.K.transpose());
    REQUIRE(head.Z * sqrt(Exact(static_cast<int>(toy.K.cols()))) == head.S);
    REQUIRE(head.A == softmax_rows(head.Z, toy.may_look));
    REQUIRE(head.Y == head.A * toy.V);
  }
}

TEST_CASE("without a mask every query sees every key") {
  Random random(33);
  const Toy toy = random_toy(random);
  const auto all = no_mask(toy.Q.rows(), toy.K.rows());
  CHECK(attention::attention(toy.Q, toy.K, toy.V).Y == attention::attention(toy.Q, toy.K, toy.V, all).Y);
  Mask one_hidden = all;
  one_hidden(0, 0) = false;
  CHECK(attention::attention(toy.Q, toy.K, toy.V).Y !=
        attention::attention(toy.Q, toy.K, toy.V, one_hidden).Y);
}

namespace {

template <typename Scalar>
Matrix<Scalar> output(const Toy& toy) {
  return attention::attention(as_scalars<Scalar>(toy.Q), as_scalars<Scalar>(toy.K), as_scalars<Scalar>(toy.V),
                              toy.may_look)
      .Y;
}

/// Entries up to 2 in size that a float holds (halves), d_k <= 5, T_k <= 5, u the unit roundoff:
///   S is exact: |S| <= 5·4 = 20       Z: √d_k and the quotient, 2 u · 20 = 40 u
///   D: twice that and a rounding, 80 u + 40 u      E: as many, and 2 u for exp, relative: 122 u
///   A: E and its sum, 2 · 122 u + 5 u + u = 250 u, relative      Y: (250 u + 5 u) · 2 = 510 u, to first
///   order
/// 520 u leaves room for the second order.
template <typename Scalar>
double largest_error_in_u(double u) {
  Random random(34);
  double largest = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const Matrix<Exact> Y = by_hand(toy);
    const Matrix<Scalar> machine = output<Scalar>(toy);
    for (Index i = 0; i < Y.rows(); ++i)
      for (Index j = 0; j < Y.cols(); ++j)
        largest =
            std::max(largest, to_double(abs(numbers::exactly(static_cast<double>(machine(i, j))) - Y(i, j))));
  }
  return largest / u;
}

}  // namespace

TEST_CASE("in double and in float attention is as near as their rounding allows") {
  const double in_double = largest_error_in_u<double>(0x1p-53), in_float = largest_error_in_u<float>(0x1p-24);
  CHECK(in_double < 520);
  CHECK(in_float < 520);
  // The bound is not slack, and a float is told from a double by it.
  CHECK(in_double > 0.52);
  CHECK(largest_error_in_u<float>(0x1p-53) > 520);
}

TEST_CASE("an enclosure of attention contains the exact value and is narrow") {
  Random random(35);
  // 256 bits, and values as above: 520 units of 2^-255 to either side.
  const Exact width = Exact(2 * 520) * pow(Exact(2), -255);
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const Matrix<Exact> Y = by_hand(toy);
    const Matrix<Enclosure> enclosed = output<Enclosure>(toy);
    CAPTURE(k);
    for (Index i = 0; i < Y.rows(); ++i)
      for (Index j = 0; j < Y.cols(); ++j) {
        REQUIRE(lower(enclosed(i, j)) <= Y(i, j));
        REQUIRE(Y(i, j) <= upper(enclosed(i, j)));
        REQUIRE(upper(enclosed(i, j)) - lower(enclosed(i, j)) < width);
      }
  }
}

TEST_CASE("shapes that do not fit are refused with both shapes") {
  const auto zero = [](Index rows, Index cols) -> Matrix<double> { return Matrix<double>::Zero(rows, cols); };
  CHECK_THROWS_WITH_AS(attention::attention(zero(2, 3), zero(4, 5), zero(4, 1)),
                       "attention: Q 2×3 and K 4×5 need the same d_k", std::invalid_argument);
  CHECK_THROWS_WITH_AS(attention::attention(zero(2, 3), zero(4, 3), zero(5, 1)),
                       "attention: K 4×3 and V 5×1 need the same tokens", std::invalid_argument);
  CHECK_THROWS_WITH_AS(attention::attention(zero(2, 3), zero(4, 3), zero(4, 1), no_mask(4, 2)),
                       "softmax_rows: scores 2×4 and mask 4×2 must have one shape", std::invalid_argument);
  CHECK_NOTHROW(attention::attention(zero(2, 3), zero(4, 3), zero(4, 1), no_mask(2, 4)));
}
