#pragma once
#include <string>
#include <vector>

#include "attention/multi_head.hpp"

namespace mistakes {

using attention::Index;
using attention::Matrix;

/// What a wrong program makes of a layer of several heads.
template <typename Scalar>
struct WrongLayer {
  std::string mistake;  ///< W_O forgotten
  Matrix<Scalar> output;
};

/// Multi-head attention by six wrong programs with H heads. The catalogue makes the same mistakes in a
/// derivation; a program can be run with one head as well, and then four of the six are right.
///
/// X: T×d_model; every token sees every token. Throws std::invalid_argument unless all weights are
/// d_model×d_model and H divides d_model. For exact numbers and for doubles.
template <typename Scalar>
std::vector<WrongLayer<Scalar>> wrong_layers(const Matrix<Scalar>& X,
                                             const attention::MultiHeadWeights<Scalar>& weights, Index H);

/// How far each moves the output: the largest |wrong − right| of its entries, a row for each program.
template <typename Scalar>
Matrix<Scalar> changes(const std::vector<WrongLayer<Scalar>>& wrong, const Matrix<Scalar>& right);

}  // namespace mistakes
