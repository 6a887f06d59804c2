#include <map>

#include "derivation/head_steps.hpp"

namespace derivation {
namespace {

template <typename Scalar>
using Terms = std::map<std::string, Term<Scalar>>;

/// What one head, or all of them side by side, send back to the projections.
template <typename Scalar>
struct Sent {
  Term<Scalar> dQ, dK, dV;
};

/// Each row of dA times the Jacobian of its softmax, one operation a step.
template <typename Scalar>
Term<Scalar> through_softmax(const HeadSteps<Scalar>& step, const Term<Scalar>& A, const Term<Scalar>& dA) {
  const auto G = step("G", "Weights times their gradients", entrywise_product(A, dA));
  const auto r = step("r", "Row sums of G: each row's mean gradient", row_sums(G));
  const auto U = step("U", "Gradients of the weights, less that mean", dA - r);
  return step("dZ", entrywise_product(A, U));
}

template <typename Scalar>
Sent<Scalar> through_head(Page<Scalar>& page, const HeadInputs& inputs, const HeadTerms<Scalar>& head,
                          const Term<Scalar>& dY) {
  const HeadSteps<Scalar> step(page, head.index);
  const auto dV = step("dV", transpose(head.A) * dY);
  const auto dA = step("dA", dY * transpose(head.V));
  const auto dZ = through_softmax(step, head.A, dA);
  const auto dS = step("dS", scaled(dZ, inputs, head.K.cols()));
  const auto dQ = step("dQ", dS * head.K);
  const auto dK = step("dK", transpose(dS) * head.Q);
  return {dQ, dK, dV};
}

/// Each head's way back, from its block of the columns of dC, and the three concatenations.
template <typename Scalar>
Sent<Scalar> through_heads(Page<Scalar>& page, const HeadInputs& inputs, const ForwardTerms<Scalar>& forward,
                           const Term<Scalar>& dC) {
  std::vector<Term<Scalar>> dQ, dK, dV;
  for (std::size_t h = 0; h < forward.heads.size(); ++h) {
    const HeadTerms<Scalar>& head = forward.heads[h];
    const auto dY = HeadSteps<Scalar>(page, head.index)(
        "dY", derivation::head(dC, static_cast<int>(h) + 1, inputs.heads));
    const auto sent = through_head(page, inputs, head, dY);
    dQ.push_back(sent.dQ);
    dK.push_back(sent.dK);
    dV.push_back(sent.dV);
  }
  const HeadSteps<Scalar> step(page, "");
  return {step("dQ", concatenate(dQ)), step("dK", concatenate(dK)), step("dV", concatenate(dV))};
}

/// The gradients of X and of one projection's weights, where the projection was made of them; dX through this
/// projection alone is written under `name`.
template <typename Scalar>
void through_projection(const HeadSteps<Scalar>& step, const Terms<Scalar>& givens, const std::string& name,
                        const Term<Scalar>& gradient, Terms<Scalar>& dX) {
  const auto weights = givens.find("W_" + name);
  if (givens.count(name) || weights == givens.end()) return;
  step("dW_" + name, transpose(givens.at("X")) * gradient);
  dX[name] = gradient * transpose(weights->second);
}

/// dX is the sum of what comes back through each projection of X: one operation a step.
template <typename Scalar>
void write_token_gradient(const HeadSteps<Scalar>& step, Terms<Scalar>& dX) {
  if (dX.size() == 1) step("dX", dX.begin()->second);
  if (dX.size() < 2) return;
  std::vector<Term<Scalar>> parts;
  for (const auto& [name, way] :
       {std::pair{"Q", "queries"}, std::pair{"K", "keys"}, std::pair{"V", "values"}})
    if (dX.count(name))
      parts.push_back(step(std::string("dX_") + name,
                           std::string("Gradient of the tokens, through the ") + way, dX.at(name)));
  if (parts.size() == 2) {
    step("dX", parts[0] + parts[1]);
    return;
  }
  const auto two = step("dX_QK", "The first two of these", parts[0] + parts[1]);
  step("dX", two + parts[2]);
}

template <typename Scalar>
Term<Scalar> through_output_weights(const HeadSteps<Scalar>& step, const Terms<Scalar>& givens,
                                    const Term<Scalar>& C) {
  const auto& dY = givens.at("dY");
  const auto W_O = givens.find("W_O");
  if (W_O == givens.end()) return dY;
  const auto dC = step("dC", dY * transpose(W_O->second));
  step("dW_O", transpose(C) * dY);
  return dC;
}

}  // namespace

template <typename Scalar>
void derive_backward(Page<Scalar>& page, const HeadInputs& inputs, const Terms<Scalar>& givens,
                     const ForwardTerms<Scalar>& forward) {
  const HeadSteps<Scalar> step(page, "");
  const auto dC = through_output_weights(step, givens, forward.C);
  const auto sent = forward.heads.size() > 1 ? through_heads(page, inputs, forward, dC)
                                             : through_head(page, inputs, forward.heads[0], dC);
  Terms<Scalar> dX;
  through_projection(step, givens, "Q", sent.dQ, dX);
  through_projection(step, givens, "K", sent.dK, dX);
  through_projection(step, givens, "V", sent.dV, dX);
  write_token_gradient(step, dX);
}

template void derive_backward(Page<Exact>&, const HeadInputs&, const Terms<Exact>&,
                              const ForwardTerms<Exact>&);
template void derive_backward(Page<double>&, const HeadInputs&, const Terms<double>&,
                              const ForwardTerms<double>&);

}  // namespace derivation
