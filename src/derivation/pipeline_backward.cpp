#include "derivation/pipeline_backward.hpp"

namespace derivation {
namespace {

/// What one head, or all of them side by side, send back to the projections.
struct Sent {
  Term dQ, dK, dV;
};

Sent through_head(const HeadSteps& step, const HeadInputs& inputs, const HeadTerms& head, const Term& dY) {
  const auto back = write_head_backward(step, head.Q, head.K, head.V, head.A, dY, inputs.scale);
  return {back.dQ, back.dK, back.dV};
}

/// Each head's way back, from its block of the columns of dC, and the three concatenations.
Sent through_heads(Page& page, const HeadInputs& inputs, const ForwardTerms& forward, const Term& dC) {
  std::vector<Term> dQ, dK, dV;
  for (std::size_t h = 0; h < forward.heads.size(); ++h) {
    const HeadTerms& head = forward.heads[h];
    const HeadSteps step(page, head.index);
    const auto dY = step("dY", derivation::head(dC, static_cast<int>(h) + 1, inputs.heads));
    const auto sent = through_head(step, inputs, head, dY);
    dQ.push_back(sent.dQ);
    dK.push_back(sent.dK);
    dV.push_back(sent.dV);
  }
  const HeadSteps step(page);
  return {step("dQ", concatenate(dQ)), step("dK", concatenate(dK)), step("dV", concatenate(dV))};
}

/// The gradients of X and of one projection's weights, where the projection was made of them; dX through this
/// projection alone is written under `name`.
void through_projection(const HeadSteps& step, const Terms& givens, const std::string& name,
                        const Term& gradient, Terms& dX) {
  const auto weights = givens.find("W_" + name);
  if (givens.count(name) || weights == givens.end()) return;
  step("dW_" + name, transpose(givens.at("X")) * gradient);
  dX[name] = gradient * transpose(weights->second);
}

/// dX is the sum of what comes back through each projection of X: one operation a step.
void write_token_gradient(const HeadSteps& step, Terms& dX) {
  if (dX.size() == 1) step("dX", dX.begin()->second);
  if (dX.size() < 2) return;
  std::vector<Term> parts;
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

Term through_output_weights(const HeadSteps& step, const Terms& givens, const Term& C) {
  const auto& dY = givens.at("dY");
  const auto W_O = givens.find("W_O");
  if (W_O == givens.end()) return dY;
  const auto dC = step("dC", dY * transpose(W_O->second));
  step("dW_O", transpose(C) * dY);
  return dC;
}

}  // namespace

void derive_backward(Page& page, const HeadInputs& inputs, const Terms& givens, const ForwardTerms& forward) {
  const HeadSteps step(page);
  const auto dC = through_output_weights(step, givens, forward.C);
  const auto sent = forward.heads.size() > 1 ? through_heads(page, inputs, forward, dC)
                                             : through_head(step, inputs, forward.heads[0], dC);
  Terms dX;
  through_projection(step, givens, "Q", sent.dQ, dX);
  through_projection(step, givens, "K", sent.dK, dX);
  through_projection(step, givens, "V", sent.dV, dX);
  write_token_gradient(step, dX);
}

}  // namespace derivation
