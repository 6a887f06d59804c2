#pragma once
#include <string>

#include "derivation/derivation.hpp"
#include "numbers/exact.hpp"

namespace derivation {

/// How one entry of a step was made from the entries of its operands, without its result: "1·0 + 2·1".
/// Closed forms that are too long to be read in a sum are written as decimals of six places. Empty for a
/// given.
std::string arithmetic(const Example& example, const Step& step, Index i, Index j,
                       numbers::Notation notation);

/// The same with its result, where that is written otherwise: "1·0 + 2·1 = 2", and ≈ where something was
/// rounded to be read.
std::string equation(const Example& example, const Step& step, Index i, Index j, numbers::Notation notation);

}  // namespace derivation
