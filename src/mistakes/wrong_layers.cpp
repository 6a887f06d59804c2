#include "mistakes/wrong_layers.hpp"

#include "derivation/term.hpp"

namespace mistakes {
namespace {

template <typename Scalar>
using Heads = std::vector<Matrix<Scalar>>;

/// Which columns are head h's: the first one, and how far each stands from the one before it.
struct Columns {
  Index first, step;
};
Columns block(Index h, Index, Index d_k) { return {h * d_k, 1}; }
Columns in_turn(Index h, Index H, Index) { return {h, H}; }
using Dealing = Columns (*)(Index h, Index H, Index d_k);

/// The explicit loop over heads, each with three small weight matrices of its own. The scores are divided by
/// the root of `scaled_by`.
template <typename Scalar>
Heads<Scalar> loop(const Matrix<Scalar>& X, const attention::MultiHeadWeights<Scalar>& weights, Index H,
                   Dealing dealing, Index scaled_by) {
  const Index d_k = X.cols() / H;
  Heads<Scalar> outputs;
  for (Index h = 0; h < H; ++h) {
    const Columns columns = dealing(h, H, d_k);
    const auto project = [&](const Matrix<Scalar>& W) -> Matrix<Scalar> {
      const Matrix<Scalar> small = W(Eigen::all, Eigen::seqN(columns.first, d_k, columns.step));
      return X * small;
    };
    const Matrix<Scalar> Q = project(weights.W_Q), K = project(weights.W_K), V = project(weights.W_V);
    const Matrix<Scalar> Z = Q * K.transpose() / attention::sqrt_of<Scalar>(scaled_by);
    outputs.push_back(attention::softmax_rows(Z) * V);
  }
  return outputs;
}

template <typename Scalar>
Matrix<Scalar> side_by_side(const Heads<Scalar>& heads) {
  Matrix<Scalar> all(heads[0].rows(), heads[0].cols() * static_cast<Index>(heads.size()));
  for (std::size_t h = 0; h < heads.size(); ++h)
    all.middleCols(static_cast<Index>(h) * heads[h].cols(), heads[h].cols()) = heads[h];
  return all;
}

/// All heads' rows one after the other, read off in rows of d_model entries: the transpose was forgotten.
template <typename Scalar>
Matrix<Scalar> read_off_in_order(const Heads<Scalar>& heads) {
  Matrix<Scalar> all(heads[0].rows(), heads[0].cols() * static_cast<Index>(heads.size()));
  Index next = 0;
  for (const Matrix<Scalar>& head : heads)
    for (Index i = 0; i < head.rows(); ++i)
      for (Index j = 0; j < head.cols(); ++j, ++next) all(next / all.cols(), next % all.cols()) = head(i, j);
  return all;
}

template <typename Scalar>
Heads<Scalar> averaged(const Heads<Scalar>& heads) {
  Matrix<Scalar> mean = heads[0];
  for (std::size_t h = 1; h < heads.size(); ++h) mean += heads[h];
  mean /= Scalar(static_cast<int>(heads.size()));
  return Heads<Scalar>(heads.size(), mean);
}

}  // namespace

template <typename Scalar>
std::vector<WrongLayer<Scalar>> wrong_layers(const Matrix<Scalar>& X,
                                             const attention::MultiHeadWeights<Scalar>& weights, Index H) {
  const Index d_model = X.cols();
  attention::require_multi_head_shapes(d_model, H, weights);
  const Index d_k = d_model / H;
  const Matrix<Scalar>& W_O = weights.W_O;
  const auto heads = loop(X, weights, H, block, d_k);
  return {{"columns dealt in turn", side_by_side(loop(X, weights, H, in_turn, d_k)) * W_O},
          {"transpose forgotten", read_off_in_order(heads) * W_O},
          {"W_O forgotten", side_by_side(heads)},
          {"W_O transposed", side_by_side(heads) * W_O.transpose()},
          {"heads averaged", side_by_side(averaged(heads)) * W_O},
          {"scaled by √d_model", side_by_side(loop(X, weights, H, block, d_model)) * W_O}};
}

template <typename Scalar>
Matrix<Scalar> changes(const std::vector<WrongLayer<Scalar>>& wrong, const Matrix<Scalar>& right) {
  Matrix<Scalar> column(static_cast<Index>(wrong.size()), 1);
  for (std::size_t k = 0; k < wrong.size(); ++k)
    column(static_cast<Index>(k), 0) = derivation::largest_difference(wrong[k].output, right);
  return column;
}

#define MISTAKES_INSTANTIATE(Scalar)                                                                        \
  template std::vector<WrongLayer<Scalar>> wrong_layers(const Matrix<Scalar>&,                              \
                                                        const attention::MultiHeadWeights<Scalar>&, Index); \
  template Matrix<Scalar> changes(const std::vector<WrongLayer<Scalar>>&, const Matrix<Scalar>&);

MISTAKES_INSTANTIATE(numbers::Exact)
MISTAKES_INSTANTIATE(double)

#undef MISTAKES_INSTANTIATE

}  // namespace mistakes
