#include "derivation/dual_gradients.hpp"

#include "derivation/mechanism.hpp"

namespace derivation {
namespace {

using numbers::Dual;

/// The values of a term as dual numbers that do not change.
DualMatrix constants(const Term& term) {
  return term.values().unaryExpr([](const Exact& value) { return Dual<Exact>(value); });
}

Dual<Exact> loss(const DualMatrix& Y, const DualMatrix& dY) {
  if (Y.rows() != dY.rows() || Y.cols() != dY.cols())
    throw Error("hold_against_duals: the output " + attention::shape(Y) + " and its gradient " +
                attention::shape(dY) + " must have one shape");
  return Y.cwiseProduct(dY).sum();
}

}  // namespace

void hold_against_duals(Page& page, const Term& dY, const std::vector<InputGradient>& gradients,
                        const DualForward& forward) {
  std::vector<DualMatrix> inputs;
  for (const InputGradient& each : gradients) inputs.push_back(constants(each.input));
  const DualMatrix fixed_dY = constants(dY);
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    const auto L = [&](const DualMatrix& moved) {
      std::vector<DualMatrix> with_moved = inputs;
      with_moved[k] = moved;
      return loss(forward(with_moved), fixed_dY);
    };
    page.fact("dual numbers give the same " + gradients[k].gradient.name,
              gradients[k].gradient == numbers::gradient(gradients[k].input.values(), L));
  }
}

}  // namespace derivation
