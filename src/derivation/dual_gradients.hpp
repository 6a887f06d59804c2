#pragma once
#include <functional>
#include <vector>

#include "derivation/page.hpp"
#include "numbers/dual.hpp"

/// The judge of a way back: derivatives by dual numbers, which come from the way forward alone.
namespace derivation {

using DualMatrix = Matrix<numbers::Dual<Exact>>;

/// A way forward, from its inputs to its output Y. A lambda names its result, `-> DualMatrix`: a product
/// that Eigen has not evaluated yet would outlive its factors.
using DualForward = std::function<DualMatrix(const std::vector<DualMatrix>& inputs)>;

/// An input of the way forward, and what the page found for its gradient.
struct InputGradient {
  Term input, gradient;
};

/// One fact for each input: "dual numbers give the same dQ".
///
/// What is differentiated is L = Σ dY[i,j] Y[i,j], with dY fixed: so dY is the gradient of Y. `forward` gets
/// the inputs in the order of `gradients`, and runs once for each entry of each of them. Throws Error unless
/// dY has the shape of Y.
void hold_against_duals(Page& page, const Term& dY, const std::vector<InputGradient>& gradients,
                        const DualForward& forward);

}  // namespace derivation
