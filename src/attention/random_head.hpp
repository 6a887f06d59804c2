#pragma once
#include <array>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "attention/random.hpp"

/// Scores of random heads with d_k = 64, exactly and fast: all numbers are kept as integers, 4 X, 8 W and
/// 1024 S. The tokens X are drawn by draw_entry; the weights are orthogonal, so that queries and keys have
/// the variance of the tokens.
namespace attention {

constexpr std::size_t random_head_size = 64;  ///< d_k, a power of two, and as many columns as a word has bits

using RandomRow = std::array<std::int64_t, random_head_size>;
using IntegerScores = Matrix<std::int64_t>;

/// A random orthogonal matrix: a Hadamard matrix over 8, with rows and columns permuted and their signs
/// flipped.
struct RandomOrthogonal {
  std::array<std::size_t, random_head_size> rows{}, cols{};
  std::uint64_t row_signs = 0, col_signs = 0;
};

inline std::array<std::size_t, random_head_size> draw_permutation(std::mt19937_64& random) {
  std::array<std::size_t, random_head_size> order{};
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  for (std::size_t k = order.size() - 1; k > 0; --k) std::swap(order[k], order[random() % (k + 1)]);
  return order;
}

inline RandomOrthogonal draw_orthogonal(std::mt19937_64& random) {
  RandomOrthogonal W;
  W.rows = draw_permutation(random);
  W.cols = draw_permutation(random);
  W.row_signs = random();
  W.col_signs = random();
  return W;
}

inline RandomRow draw_token(std::mt19937_64& random) {
  RandomRow row{};
  for (std::int64_t& entry : row) entry = draw_entry(random);
  return row;
}

/// x H for the 64×64 Hadamard matrix H of Sylvester, by the fast transform: sums and differences, six times
/// over.
inline RandomRow times_hadamard(RandomRow x) {
  for (std::size_t half = 1; half < x.size(); half *= 2)
    for (std::size_t start = 0; start < x.size(); start += 2 * half)
      for (std::size_t k = start; k < start + half; ++k) {
        const std::int64_t a = x[k], b = x[k + half];
        x[k] = a + b;
        x[k + half] = a - b;
      }
  return x;
}

inline std::int64_t with_sign(std::int64_t value, std::uint64_t signs, std::size_t k) {
  return (signs >> k) & 1 ? -value : value;
}

/// x times 8 W.
inline RandomRow times_orthogonal(const RandomRow& x, const RandomOrthogonal& W) {
  RandomRow mixed{}, result{};
  for (std::size_t k = 0; k < x.size(); ++k) mixed[k] = with_sign(x[W.rows[k]], W.row_signs, k);
  const RandomRow transformed = times_hadamard(mixed);
  for (std::size_t k = 0; k < x.size(); ++k) result[k] = with_sign(transformed[W.cols[k]], W.col_signs, k);
  return result;
}

inline std::int64_t dot(const RandomRow& a, const RandomRow& b) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

/// 1024 S for T random tokens and random orthogonal W_Q and W_K, the same for a seed on every machine.
inline IntegerScores draw_scores(std::uint64_t seed, Index T) {
  std::mt19937_64 random(seed);
  std::vector<RandomRow> X, Q, K;
  for (Index i = 0; i < T; ++i) X.push_back(draw_token(random));
  const RandomOrthogonal W_Q = draw_orthogonal(random), W_K = draw_orthogonal(random);
  for (const RandomRow& row : X) {
    Q.push_back(times_orthogonal(row, W_Q));
    K.push_back(times_orthogonal(row, W_K));
  }
  IntegerScores scores(T, T);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < T; ++j)
      scores(i, j) = dot(Q[static_cast<std::size_t>(i)], K[static_cast<std::size_t>(j)]);
  return scores;
}

}  // namespace attention
