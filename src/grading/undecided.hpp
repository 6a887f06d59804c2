#pragma once
#include <vector>

#include "derivation/derivation.hpp"

/// The rule about what digits do not decide (see ChainValue): where it comes from, and how far it reaches.
namespace grading {

using derivation::Mask;
using derivation::Operation;
using derivation::Table;
using numbers::Enclosure;
using numbers::Exact;

/// Whether a number is sure not to be 0, and known to a factor of three.
bool is_decided(const Exact& value);
bool is_decided(const Enclosure& value);

/// Puts a 1 in the place of each divisor that is not decided, and marks it as not known. A weight of 0 in a
/// row whose sum is exactly 0 stays: such a row sees nothing.
template <typename Scalar>
void set_aside_undecided_divisors(Operation operation, std::vector<Table<Scalar>>& operands,
                                  std::vector<Mask>& unknown);

/// Which entries of the result are not known: those made of an entry that is not, and exponentials that are
/// not decided.
template <typename Scalar>
Mask not_known_in(Operation operation, const Table<Scalar>& result, const std::vector<Mask>& unknown);

}  // namespace grading
