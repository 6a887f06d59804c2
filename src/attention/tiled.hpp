#pragma once
#include <algorithm>
#include <future>
#include <vector>

#include "attention/attention.hpp"
#include "attention/online_softmax.hpp"

/// Attention, tile by tile: of the T×T matrix of weights only a block of rows by a block of columns is ever
/// there. Rabe and Staats 2021, "Self-attention Does Not Need O(n²) Memory", arXiv:2112.05682; Dao et al.
/// 2022, "FlashAttention", arXiv:2205.14135, algorithm 1.
namespace attention {

/// How the work is cut up. The result does not depend on it (but in the last digits of a floating-point
/// number, where it depends on the number of keys).
struct Tiling {
  Index queries = 256;   ///< rows of a tile
  Index keys = 512;      ///< columns of a tile
  bool causal = false;   ///< token i sees the tokens 0 … i; tiles above the diagonal are left out
  unsigned threads = 1;  ///< each takes blocks of rows of its own
};

/// The output, and what the backward pass needs to compute the weights again: A = exp(Z − m) / l.
template <typename Scalar>
struct TiledAttention {
  Matrix<Scalar> Y;     ///< softmax_rows(Q Kᵀ / √d_k) V, T_q×d_v
  Vector<Scalar> m, l;  ///< row maxima and row sums
};

/// Throws std::invalid_argument for shapes that do not fit attention, or a tiling that is none.
template <typename Scalar>
void require_tiling(const Matrix<Scalar>& Q, const Matrix<Scalar>& K, const Matrix<Scalar>& V,
                    const Tiling& tiling) {
  require_head_shapes(Q, K, V);
  require_shapes(tiling.queries > 0 && tiling.keys > 0 && tiling.threads > 0,
                 "tiled attention: a tile has at least a query and a key, and there is at least a thread");
  require_shapes(!tiling.causal || Q.rows() == K.rows(),
                 "tiled attention: causal needs as many queries as "
                 "keys, and Q is " +
                     shape(Q) + ", K " + shape(K));
}

/// body(first, count, thread) for each block of rows; thread t takes the blocks t, t + threads, …
template <typename Body>
void for_each_block_of_rows(Index rows, const Tiling& tiling, Body body) {
  const auto every_nth = [&](unsigned thread) {
    for (Index first = thread * tiling.queries; first < rows; first += tiling.threads * tiling.queries)
      body(first, std::min(tiling.queries, rows - first), thread);
  };
  std::vector<std::future<void>> others;
  for (unsigned thread = 1; thread < tiling.threads; ++thread)
    others.push_back(std::async(std::launch::async, every_nth, thread));
  every_nth(0);
  for (std::future<void>& other : others) other.get();  // passes on what it threw
}

/// body(first, count, hidden_from_first) for each block of keys that one of the `queries` from `i` on may
/// see; for the last, see attend_to_block.
template <typename Body>
void for_each_block_of_keys(Index keys, Index i, Index queries, const Tiling& tiling, Body body) {
  const Index end = tiling.causal ? i + queries : keys;
  for (Index j = 0; j < end; j += tiling.keys)
    body(j, std::min(tiling.keys, end - j), tiling.causal ? j - i : -keys);
}

/// Scaled dot-product attention, a block of queries against a block of keys at a time.
///
/// Q: T_q×d_k, K: T_k×d_k, V: T_k×d_v. It needs memory for one tile a thread, besides what it returns. Throws
/// std::invalid_argument for shapes that do not fit, or a tiling that is none.
template <typename Scalar>
TiledAttention<Scalar> tiled_attention(const Matrix<Scalar>& Q, const Matrix<Scalar>& K,
                                       const Matrix<Scalar>& V, const Tiling& tiling = {}) {
  require_tiling(Q, K, V, tiling);
  TiledAttention<Scalar> result{Matrix<Scalar>(Q.rows(), V.cols()), Vector<Scalar>(Q.rows()),
                                Vector<Scalar>(Q.rows())};
  for_each_block_of_rows(Q.rows(), tiling, [&](Index i, Index queries, unsigned) {
    const Matrix<Scalar> scaled = Q.middleRows(i, queries) / sqrt_of<Scalar>(K.cols());
    Matrix<Scalar> Z;
    Partial<Scalar> seen = nothing_seen<Scalar>(queries, V.cols());
    for_each_block_of_keys(K.rows(), i, queries, tiling, [&](Index j, Index keys, Index hidden_from_first) {
      Z.noalias() = scaled * K.middleRows(j, keys).transpose();
      seen = merge(seen, attend_to_block<Scalar>(Z, V.middleRows(j, keys), hidden_from_first));
    });
    result.Y.middleRows(i, queries) = output(seen);
    result.m.segment(i, queries) = seen.m;
    result.l.segment(i, queries) = seen.l;
  });
  return result;
}

}  // namespace attention
