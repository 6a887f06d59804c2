#pragma once
#include "grading/chain.hpp"
#include "mistakes/context.hpp"

namespace grading {

/// What a step is worked out from: the right values, or the reader's own.
struct Base {
  mistakes::Values<Enclosure> enclosed;
  mistakes::Values<Exact> exact;  ///< of the steps that are known in closed form
  bool all_exact = true;
};

/// The right values; before them, where something on the paper is not right, the reader's own.
std::vector<Base> bases(const derivation::Example& truth, const Chain& chain);

}  // namespace grading
