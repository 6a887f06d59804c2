#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace prose {

/// Whether a mistake of the catalogue explains a published figure: made in the derivation that is right so
/// far, it gives this number, to the digits printed, in the entry. `cause` is "term-doubled: walk.G[0,1]".
/// Returns what is wrong, in words; empty where nothing is. Throws numbers::Error for a cause that cannot be
/// read.
std::string cause_fault(const std::string& number, const std::string& cause,
                        const derivation::Derivation& derivation);

}  // namespace prose
