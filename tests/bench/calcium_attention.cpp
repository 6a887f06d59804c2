#include <iostream>

#include "attention/backward.hpp"
#include "attention/mask.hpp"
#include "paper/inputs.hpp"
#include "support/calcium.hpp"
#include "support/closed_form.hpp"

// calcium-attention FILE: every example of a file forward and backward in Calcium, which is timed as a whole.

using attention::Index;
using Matrix = attention::Matrix<Calcium>;

namespace {

Matrix in_calcium(const attention::Matrix<numbers::Exact>& values) {
  return values.unaryExpr([](const numbers::Exact& value) -> Calcium {
    return ClosedForm<Calcium>(print(value, numbers::Notation::text)).sum();
  });
}

attention::Mask mask_of(const derivation::HeadInputs& inputs, Index tokens) {
  if (!inputs.mask) return attention::no_mask(tokens, tokens);
  return inputs.mask->unaryExpr([](const numbers::Exact& shown) { return shown == 1; });
}

/// X, the weights and dY are given.
void derive(const derivation::HeadInputs& inputs) {
  const auto given = [&](const char* name) { return in_calcium(*inputs.find(name)); };
  const Matrix X = given("X"), W_Q = given("W_Q"), W_K = given("W_K"), W_V = given("W_V"), dY = given("dY");
  const Matrix Q = X * W_Q, K = X * W_K, V = X * W_V;
  const Index d_k = Q.cols() / inputs.heads, d_v = V.cols() / inputs.heads;
  Matrix Y(X.rows(), V.cols()), dQ = Q, dK = K, dV = V;
  for (Index h = 0; h < inputs.heads; ++h) {
    const Matrix Q_h = Q.middleCols(h * d_k, d_k), K_h = K.middleCols(h * d_k, d_k),
                 V_h = V.middleCols(h * d_v, d_v);
    const Matrix Z = Q_h * K_h.transpose() / attention::sqrt_of<Calcium>(d_k);
    const Matrix A = attention::softmax_rows<Calcium>(Z, mask_of(inputs, X.rows()));
    Y.middleCols(h * d_v, d_v) = A * V_h;
    const auto gradients =
        attention::attention_backward<Calcium>(Q_h, K_h, V_h, A, dY.middleCols(h * d_v, d_v));
    dQ.middleCols(h * d_k, d_k) = gradients.dQ;
    dK.middleCols(h * d_k, d_k) = gradients.dK;
    dV.middleCols(h * d_v, d_v) = gradients.dV;
  }
  const auto query = attention::projection_backward<Calcium>(X, W_Q, dQ);
  const auto key = attention::projection_backward<Calcium>(X, W_K, dK);
  const auto value = attention::projection_backward<Calcium>(X, W_V, dV);
  const Matrix dX = query.dX + key.dX + value.dX;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: calcium-attention FILE\n";
    return 2;
  }
  const paper::Paper paper = paper::load_paper(arguments[1]);
  for (const paper::WrittenExample& example : paper.examples) derive(paper::head_inputs(paper.file, example));
  return 0;
}
