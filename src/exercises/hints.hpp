#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace exercises {

using derivation::Example;
using derivation::Index;
using derivation::Step;

/// How an entry is made of entries of earlier steps, by their names: "Q[0,0]·K[1,0] + Q[0,1]·K[1,1]". It
/// gives no answer away. More than six terms are left out between the first two and the last. Empty for a
/// given and for a computed step.
std::string entry_template(const Example& example, const Step& step, Index i, Index j);

/// What to do for a whole step, and what to watch, in a sentence or two.
std::string what_to_watch(const Example& example, const Step& step);

}  // namespace exercises
