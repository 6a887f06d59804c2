#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace rendering {

/// The derivation as Markdown: a heading an example, a heading a step (### lab S, so that #lab-s links to
/// it), the exact matrix as a formula, and entry by entry its arithmetic, its decimals and the double.
std::string to_markdown(const derivation::Derivation& derivation);

}  // namespace rendering
