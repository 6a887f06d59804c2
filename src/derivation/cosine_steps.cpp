#include "derivation/cosine_steps.hpp"

namespace derivation {
namespace {

/// The length of each row: the root of the sum of its squares.
Term write_lengths(Page& page, const Term& rows) {
  const Term squares = page.detail("squares_" + rows.name, "Squares", entrywise_product(rows, rows));
  const Term sums = page.detail("sums_" + rows.name, "Squared lengths", row_sums(squares));
  return page.step("length_" + rows.name, "Lengths", sqrt(sums));
}

}  // namespace

Cosines write_cosines(Page& page, const Term& Q, const Term& K) {
  const Term S = page.step("S", "Dot products", Q * transpose(K));
  const Term length_Q = write_lengths(page, Q);
  const Term length_K = write_lengths(page, K);
  const Term L = page.step("L", "Length times length", length_Q * transpose(length_K));
  return {S, L, page.step("cos", "Cosines", S / L)};
}

}  // namespace derivation
