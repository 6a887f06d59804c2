#include "derivation/every_tile.hpp"

#include "attention/tiled_backward.hpp"

namespace derivation {
namespace {

/// dQ, dK and dV, side by side.
template <typename Gradients>
Matrix<Exact> side_by_side(const Gradients& of) {
  Matrix<Exact> all(of.dQ.rows(), of.dQ.cols() + of.dK.cols() + of.dV.cols());
  all << of.dQ, of.dK, of.dV;
  return all;
}

}  // namespace

void prove_every_tile(Page& page, const TiledHead& head) {
  const Matrix<Exact>&Q = head.Q.values(), &K = head.K.values(), &V = head.V.values(), &dY = head.dY.values();
  const Index T = Q.rows(), sizes = T * T;
  const Matrix<Exact> plain = side_by_side(attention::attention_backward(Q, K, V, head.A.values(), dY));
  // What each size gives, one below the other.
  Matrix<Exact> outputs(sizes * T, V.cols()), gradients(sizes * T, plain.cols());
  for (Index size = 0; size < sizes; ++size) {
    const attention::Tiling tiling{1 + size / T, 1 + size % T, head.causal};
    const auto forward = attention::tiled_attention(Q, K, V, tiling);
    outputs.middleRows(size * T, T) = forward.Y;
    gradients.middleRows(size * T, T) =
        side_by_side(attention::tiled_attention_backward(Q, K, V, forward, dY, tiling));
  }
  const std::string all =
      (head.causal ? "causal: all " : "all ") + std::to_string(sizes) + " tile sizes give ";
  page.fact(all + "Y", all_equal(outputs, head.Y.values().replicate(sizes, 1)));
  page.fact(all + "the gradients of the plain code", all_equal(gradients, plain.replicate(sizes, 1)));
}

}  // namespace derivation
