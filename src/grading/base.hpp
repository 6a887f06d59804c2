#pragma once
#include <set>
#include <string>
#include <vector>

#include "grading/chain.hpp"
#include "mistakes/context.hpp"

namespace grading {

/// What a step is worked out from: the right values, or the reader's own.
struct Base {
  mistakes::Values<Enclosure> enclosed;
  mistakes::Values<Exact> exact;  ///< of the steps that are known in closed form
  bool all_exact = true;
};

/// The operands of the divisions that they do not decide (see ChainValue).
std::set<std::string> undecided_steps(const derivation::Example& truth, const Chain& chain);

/// The right values; before them, where something on the paper is not right, the reader's own; and these
/// without the digits of the `undecided` steps, where there are any.
std::vector<Base> bases(const derivation::Example& truth, const Chain& chain, const Written& written,
                        const std::set<std::string>& undecided);

}  // namespace grading
