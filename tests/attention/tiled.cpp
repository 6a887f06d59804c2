#include "attention/tiled.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <functional>
#include <limits>

#include "attention/random.hpp"
#include "attention/tiled_backward.hpp"
#include "numbers/eigen.hpp"
#include "support/random_matrix.hpp"

using namespace attention;
using numbers::Enclosure;
using numbers::Exact;

namespace {

template <typename Scalar>
struct Toy {
  Matrix<Scalar> Q, K, V, dY;
  bool causal;

  Mask may_look() const { return causal ? causal_mask(Q.rows()) : no_mask(Q.rows(), K.rows()); }
};

/// From 2 to 4 tokens; as many queries as keys where it is causal, and often otherwise.
Toy<Exact> random_toy(Random& random) {
  const bool causal = random.one_in(2);
  const int T_k = random.between(2, 4), T_q = causal || random.one_in(2) ? T_k : random.between(2, 4);
  const int d_k = random.between(1, 3), d_v = random.between(1, 2), size = 6 - T_k;
  return {random_matrix(random, T_q, d_k, size, 1), random_matrix(random, T_k, d_k, size, 1),
          random_matrix(random, T_k, d_v, 3, 2), random_matrix(random, T_q, d_v, 3, 2), causal};
}

/// Every tile up to the size of the whole, and one that is larger; on one thread or on two.
std::vector<Tiling> tilings(const Toy<Exact>& toy) {
  std::vector<Tiling> all;
  for (Index queries = 1; queries <= toy.Q.rows() + 1; ++queries)
    for (Index keys = 1; keys <= toy.K.rows() + 1; ++keys)
      all.push_back({queries, keys, toy.causal, queries % 2 == 0 ? 2U : 1U});
  return all;
}

using Forward = std::function<TiledAttention<Exact>(const Toy<Exact>&, const Tiling&)>;

TiledAttention<Exact> right(const Toy<Exact>& toy, const Tiling& tiling) {
  return tiled_attention(toy.Q, toy.K, toy.V, tiling);
}

/// In how many random cases some tile gives another output, or other row maxima and row sums, than
/// attention().
int noticed(const Forward& forward, int cases) {
  Random random(84);
  int count = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy<Exact> toy = random_toy(random);
    const Attention<Exact> plain = attention::attention(toy.Q, toy.K, toy.V, toy.may_look());
    bool all_right = true;
    for (const Tiling& tiling : tilings(toy)) {
      const TiledAttention<Exact> tiled = forward(toy, tiling);
      all_right = all_right && tiled.Y == plain.Y;
      for (Index i = 0; i < toy.Q.rows(); ++i)  // exp(Z − m) / l is A: at key 0, which every query sees
        all_right = all_right && exp(plain.Z(i, 0) - tiled.m(i)) == plain.A(i, 0) * tiled.l(i);
    }
    count += all_right ? 0 : 1;
  }
  return count;
}

const std::vector<std::pair<std::string, Forward>> mistakes = {
    {"the mask left out",
     [](const auto& toy, Tiling tiling) {
       tiling.causal = false;
       return right(toy, tiling);
     }},
    {"not scaled",
     [](const auto& toy, const Tiling& tiling) {
       return tiled_attention<Exact>(toy.Q * sqrt_of<Exact>(toy.K.cols()), toy.K, toy.V, tiling);
     }},
    {"the last key left out",
     [](const auto& toy, Tiling tiling) {
       tiling.causal = false;
       return tiled_attention<Exact>(toy.Q, toy.K.topRows(toy.K.rows() - 1), toy.V.topRows(toy.K.rows() - 1),
                                     tiling);
     }},
    {"the row sum of another row",
     [](const auto& toy, const Tiling& tiling) {
       auto result = right(toy, tiling);
       result.l = Vector<Exact>(result.l.reverse());
       return result;
     }},
};

/// In how many random cases the gradients of a tile are not those of attention_backward(), where the forward
/// pass got its row sums wrong by `off`. All tiles of a case are tried, or one drawn at random.
int wrong_gradients(int cases, bool all_tiles, const Exact& off = 0) {
  Random random(85);
  int count = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy<Exact> toy = random_toy(random);
    const auto plain = attention::attention(toy.Q, toy.K, toy.V, toy.may_look());
    const auto expected = attention_backward(toy.Q, toy.K, toy.V, plain.A, toy.dY);
    const std::vector<Tiling> all = tilings(toy);
    const auto drawn = static_cast<std::size_t>(random.between(0, static_cast<int>(all.size()) - 1));
    bool all_right = true;
    for (const Tiling& tiling : all_tiles ? all : std::vector<Tiling>{all[drawn]}) {
      auto forward = right(toy, tiling);
      forward.l(0) += off;
      const auto tiled = tiled_attention_backward(toy.Q, toy.K, toy.V, forward, toy.dY, tiling);
      all_right = all_right && tiled.dQ == expected.dQ && tiled.dK == expected.dK && tiled.dV == expected.dV;
    }
    count += all_right ? 0 : 1;
  }
  return count;
}

}  // namespace

TEST_CASE("for every tile up to the whole, tiled attention is attention") {
  CHECK(noticed(right, 1000) == 0);
}

TEST_CASE("a mistake in tiled attention is noticed") {
  for (const auto& [name, wrong] : mistakes) {
    const int count = noticed(wrong, 50);
    CHECK_MESSAGE(count > 15, name, " is noticed in ", count, " of 50 cases");
  }
}

TEST_CASE("for every tile up to the whole, the gradients are those of attention") {
  CHECK(wrong_gradients(20, true) == 0);
  CHECK(wrong_gradients(1000, false) == 0);
  CHECK(wrong_gradients(100, false, Exact(1) / 1000) > 50);
}

// ---- Floating point. ----

namespace {

template <typename Scalar>
Toy<Scalar> as(const Toy<Exact>& toy) {
  return {as_scalars<Scalar>(toy.Q), as_scalars<Scalar>(toy.K), as_scalars<Scalar>(toy.V),
          as_scalars<Scalar>(toy.dY), toy.causal};
}

/// Longer rows: 24 tokens, entries -2, -3/2, ... 2, which a float holds, d_k and d_v up to 5.
Toy<Exact> long_toy(Random& random) {
  const int d_k = random.between(1, 5), d_v = random.between(1, 5);
  const auto draw = [&](Index cols) -> Matrix<Exact> {
    return Matrix<Exact>::NullaryExpr(24, cols, [&] { return Exact(random.between(-4, 4)) / 2; });
  };
  return {draw(d_k), draw(d_k), draw(d_v), draw(d_v), random.one_in(2)};
}

/// The largest error of Eigen's vectorised exp in units in the last place, over a million numbers from −80 to
/// 0.
template <typename Scalar, typename Wider>
double largest_error_of_exp() {
  const Eigen::Array<Scalar, Eigen::Dynamic, 1> x =
      Eigen::Array<Scalar, Eigen::Dynamic, 1>::LinSpaced(1000000, Scalar(-80), Scalar(0));
  const Eigen::Array<Scalar, Eigen::Dynamic, 1> y = x.exp();
  double largest = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const Wider truth = std::exp(static_cast<Wider>(x(i)));
    const Wider unit = std::ldexp(std::numeric_limits<Scalar>::epsilon(), std::ilogb(truth));
    largest = std::max(largest, static_cast<double>(std::abs(static_cast<Wider>(y(i)) - truth) / unit));
  }
  return largest;
}

/// The least errors that rounding allows for, entry by entry, in units of u, the unit roundoff, to first
/// order.
struct Bounds {
  Matrix<double> Y, dQ, dK, dV;
};

/// For tiles of n keys, k of them. exp is right to 2 units in the last place, 4 u (Eigen's vectorised one,
/// see below; the C library's is better).
///   Z: root and quotient are rounded, and a sum of d_k products: d_k + 2 times |Q| |K| / root.
///   A key's share of l and of O: the error of Z; the differences in the exponents, which add up to no more
///   than the spread of Z, whatever the maxima between; k + 1 exponentials, k products and k sums of merging;
///   a sum over the tile.
///   Y: that twice, for O and for l, and the division.   A: Z, a difference, an exponential, l, a division.
///   dV: sums of A dY over the rows.   dZ = A (dA - r): A; the products of dA and of r, and Y in r; a
///   difference, a product.   dQ, dK: dZ; sums over keys or rows of their products; Q or the result / root.
Bounds bounds(const Toy<double>& toy, Index tile) {
  const auto plain = attention::attention(toy.Q, toy.K, toy.V, toy.may_look());
  const auto gradients = attention_backward(toy.Q, toy.K, toy.V, plain.A, toy.dY);
  const Matrix<double> Q = toy.Q.cwiseAbs(), K = toy.K.cwiseAbs(), V = toy.V.cwiseAbs(),
                       dY = toy.dY.cwiseAbs();
  const double n = static_cast<double>(tile), T = static_cast<double>(K.rows()), k = std::ceil(T / n),
               root = std::sqrt(static_cast<double>(K.cols())), d_v = static_cast<double>(V.cols());
  const double of_Z = static_cast<double>(K.cols() + 2) * (Q * K.transpose()).maxCoeff() / root;
  const double exponent = of_Z + plain.Z.maxCoeff() - plain.Z.minCoeff();
  const double share = exponent + 4 * (k + 1) + 2 * k + n + 1, of_A = exponent + 4 + share + 1;
  const Matrix<double> of_Y = (2 * share + 1) * plain.A * V, size = dY * V.transpose();
  const Vector<double> of_r = (dY.cwiseProduct(d_v * plain.Y.cwiseAbs() + of_Y)).rowwise().sum();
  const Matrix<double> dZ = gradients.dZ.cwiseAbs(),
                       of_dZ = (of_A + 2) * dZ + plain.A.cwiseProduct((d_v * size).colwise() + of_r),
                       of_both = of_dZ + (T + k + 3) * dZ;
  return {of_Y, of_both * K / root, of_both.transpose() * Q / root,
          (of_A + T + k) * plain.A.transpose() * dY};
}

/// The largest error of an entry, as a part of its bound.
double largest_part(const Matrix<float>& machine, const Matrix<Enclosure>& certified,
                    const Matrix<double>& bounds) {
  double largest = 0;
  for (Index i = 0; i < machine.rows(); ++i)
    for (Index j = 0; j < machine.cols(); ++j) {
      const Exact value = numbers::exactly(static_cast<double>(machine(i, j)));
      const Exact above = abs(value - lower(certified(i, j))), below = abs(value - upper(certified(i, j)));
      const double error = to_double(below < above ? above : below) * 0x1p24;
      largest = std::max(largest, error == 0 ? 0 : error / bounds(i, j));
    }
  return largest;
}

/// The largest parts over 40 examples: of Y, dQ, dK and dV.
std::vector<double> largest_parts(Index keys) {
  Random random(86);
  std::vector<double> largest(4, 0);
  for (int c = 0; c < 40; ++c) {
    const Toy<Exact> exact = long_toy(random);
    const auto sure = as<Enclosure>(exact);
    const auto plain = attention::attention(sure.Q, sure.K, sure.V, sure.may_look());
    const auto gradients = attention_backward(sure.Q, sure.K, sure.V, plain.A, sure.dY);
    const auto toy = as<float>(exact);
    const Tiling tiling{7, keys, toy.causal, 2};
    const auto forward = tiled_attention(toy.Q, toy.K, toy.V, tiling);
    const auto tiled = tiled_attention_backward(toy.Q, toy.K, toy.V, forward, toy.dY, tiling);
    const Bounds bound = bounds(as<double>(exact), keys);
    const double parts[] = {
        largest_part(forward.Y, plain.Y, bound.Y), largest_part(tiled.dQ, gradients.dQ, bound.dQ),
        largest_part(tiled.dK, gradients.dK, bound.dK), largest_part(tiled.dV, gradients.dV, bound.dV)};
    for (std::size_t p = 0; p < 4; ++p) largest[p] = std::max(largest[p], parts[p]);
  }
  return largest;
}

Toy<float> random_floats(Index tokens, Index d) {
  std::mt19937_64 random(87);
  const auto draw = [&] { return attention::draw_matrix<float>(random, tokens, d, 1); };
  return {draw(), draw(), draw(), draw(), true};
}

}  // namespace

TEST_CASE("the vectorised exponential is as good as the bounds take it to be") {
  const double in_float = largest_error_of_exp<float, double>(),
               in_double = largest_error_of_exp<double, long double>();
  CAPTURE(in_float);
  CAPTURE(in_double);
  CHECK(in_float <= 2);
  CHECK(in_double <= 2);
  CHECK(std::min(in_float, in_double) >
        0.5);  // a nearest number is at most half a unit off: something is measured
}

TEST_CASE("in float tiled attention and its gradients are as near to certified values as rounding allows") {
  for (const Index keys : {1, 5, 24}) {
    CAPTURE(keys);
    for (const double part : largest_parts(keys)) {
      CHECK(part <= 1);
      CHECK(part >= 0.001);  // the bound is not slack
    }
  }
}

TEST_CASE("threads change nothing but the order in which dK and dV add up") {
  const Toy<float> toy = random_floats(100, 4);
  const auto run = [&](unsigned threads) {
    const Tiling tiling{16, 24, true, threads};
    const auto forward = tiled_attention(toy.Q, toy.K, toy.V, tiling);
    return std::pair(forward, tiled_attention_backward(toy.Q, toy.K, toy.V, forward, toy.dY, tiling));
  };
  const auto [forward, gradients] = run(1);
  for (const unsigned threads : {2U, 3U, 20U}) {  // 20: more threads than blocks
    const auto [others, their_gradients] = run(threads);
    CHECK(others.Y == forward.Y);
    CHECK(others.m == forward.m);
    CHECK(others.l == forward.l);
    CHECK(their_gradients.dQ == gradients.dQ);
    // Sums of 100 terms of the size 10, in two orders: each within 100 u of its terms' sum.
    CHECK((their_gradients.dK - gradients.dK).cwiseAbs().maxCoeff() < 2 * 100 * 1000 * 0x1p-24);
    CHECK((their_gradients.dV - gradients.dV).cwiseAbs().maxCoeff() < 2 * 100 * 1000 * 0x1p-24);
  }
}

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool frees_at_once = false;  // the sanitizer keeps what is freed for a while, to notice its use
#else
constexpr bool frees_at_once = true;
#endif

}  // namespace

TEST_CASE("memory grows with T and not with its square") {
  const auto peak = [] {  // in KiB
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const Toy<float> toy = random_floats(8192, 2);
  const Tiling tiling{.causal = true};
  const long before = peak();
  const auto forward = tiled_attention(toy.Q, toy.K, toy.V, tiling);
  const auto gradients = tiled_attention_backward(toy.Q, toy.K, toy.V, forward, toy.dY, tiling);
  CHECK(gradients.dQ.allFinite());
  if (frees_at_once) CHECK(peak() - before < 32 * 1024);  // the weights alone would take 256 MiB
  const Matrix<float> weights = Matrix<float>::Zero(8192, 8192);
  CHECK(weights(1, 1) == 0);
  CHECK(peak() - before > 32 * 1024);
}

TEST_CASE("shapes and tilings that do not fit are refused") {
  const auto zero = [](Index rows, Index cols) -> Matrix<double> { return Matrix<double>::Zero(rows, cols); };
  const auto forward = tiled_attention(zero(2, 3), zero(4, 3), zero(4, 1));
  CHECK_THROWS_WITH_AS(tiled_attention(zero(2, 3), zero(4, 5), zero(4, 1)),
                       "attention: Q 2×3 and K 4×5 need the same d_k", std::invalid_argument);
  CHECK_THROWS_WITH_AS(tiled_attention(zero(2, 3), zero(4, 3), zero(4, 1), {.causal = true}),
                       "tiled attention: causal needs as many queries as keys, and Q is 2×3, K 4×3",
                       std::invalid_argument);
  for (const Tiling& tiling : {Tiling{.queries = 0}, Tiling{.keys = 0}, Tiling{.threads = 0}})
    CHECK_THROWS_AS(tiled_attention(zero(2, 3), zero(4, 3), zero(4, 1), tiling), std::invalid_argument);
  CHECK_THROWS_WITH_AS(tiled_attention_backward(zero(2, 3), zero(4, 3), zero(4, 1), forward, zero(2, 2)),
                       "tiled_attention_backward: dY 2×2 and Y 2×1 must have one shape",
                       std::invalid_argument);
  CHECK_THROWS_AS(tiled_attention_backward(zero(3, 3), zero(4, 3), zero(4, 1), forward, zero(3, 1)),
                  std::invalid_argument);
  CHECK_NOTHROW(tiled_attention_backward(zero(2, 3), zero(4, 3), zero(4, 1), forward, zero(2, 1)));
}

TEST_CASE("without a key the output is 0") {
  const Matrix<double> Q = Matrix<double>::Ones(2, 3), K(0, 3), V(0, 2);
  CHECK(tiled_attention(Q, K, V).Y == Matrix<double>::Zero(2, 2));
}
