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

/// The projections that were made of X and weights that are given; the others were given themselves.
std::vector<ProjectionBack> projections_of(const Terms& givens, const Sent& sent) {
  std::vector<ProjectionBack> projections;
  for (const auto& [letter, gradient] :
       {std::pair<std::string, Term>{"Q", sent.dQ}, {"K", sent.dK}, {"V", sent.dV}}) {
    const auto weights = givens.find("W_" + letter);
    if (!givens.count(letter) && weights != givens.end())
      projections.push_back({letter, weights->second, gradient});
  }
  return projections;
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
  const auto projections = projections_of(givens, sent);
  if (!projections.empty()) write_projections_backward(step, givens.at("X"), projections);
}

}  // namespace derivation
