#pragma once
#include "derivation/derivation.hpp"
#include "numbers/expression.hpp"

namespace prose {

/// One entry of a derivation, as the text names it: lab.A[0,1], or lab.d for a matrix of one entry.
struct NamedEntry {
  const derivation::Example& example;
  const derivation::Step& step;
  derivation::Index row, col;
};

/// Throws numbers::Error where the derivation has no such entry, or hides it.
NamedEntry find_entry(const derivation::Derivation& derivation, const numbers::Name& name);

}  // namespace prose
