#pragma once
#include "derivation/page.hpp"

/// The steps from dot products to cosines.
namespace derivation {

/// Dot products of all rows of Q with all rows of K, the products of their lengths, and the cosines.
struct Cosines {
  Term S, L, cos;
};

/// Writes S, the lengths of the rows of Q and of K (by way of details), L and cos = S / L.
Cosines write_cosines(Page& page, const Term& Q, const Term& K);

}  // namespace derivation
