#pragma once
#include <functional>
#include <string>
#include <vector>

#include "derivation/page.hpp"

/// Finite differences: what is lost where a slope is guessed from two values of L, a step h apart.
namespace derivation {

/// L along one input, seen from where it stands.
struct MovedInput {
  /// L after the input was moved by a step, exactly; what does not depend on the input may be left out.
  std::function<Exact(const Exact& step)> L;
  Exact slope;  ///< the derivative of L by the input, there
  Exact value;  ///< all of L, there
};

/// Truncation: |(L(h) − L(0)) / h − slope|, and |(L(h) − L(−h)) / 2h − slope|.
Exact one_sided_error(const MovedInput& input, const Exact& h);
Exact central_error(const MovedInput& input, const Exact& h);

/// What a difference quotient loses over each of the steps h = 10^-1 … 10^-10. The errors are exact before
/// they are rounded to a double: truncation is no rounding, and is the same on every machine.
struct DifferenceLosses {
  std::vector<int> exponent;
  std::vector<double> one_sided, central;
  std::vector<double> storing;  ///< u |L| / h with u = 2^-53: L itself has to be stored in a double
};
DifferenceLosses difference_losses(const MovedInput& input);

/// Whether every error is the one before it divided by `least` to `most`.
Condition falls_by(const std::vector<double>& errors, double least, double most);

/// Writes the losses as powers of ten, t, with a fact about each order of convergence, and draws them. The
/// operands name the steps that L is made of.
void write_finite_differences(Page& page, const MovedInput& input, const std::vector<std::string>& operands);

}  // namespace derivation
