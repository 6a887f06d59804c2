#pragma once
#include <map>
#include <string>

#include "derivation/derivation.hpp"
#include "numbers/machine_format.hpp"

namespace derivation {

/// What rounding can have done to each entry of each step in a format: |machine − exact| is at most this,
/// as long as nothing is too large for the format.
///
/// It follows the steps of the example from the givens on, with the standard model of rounding
/// fl(a ∘ b) = (a ∘ b)(1 + δ), |δ| <= u (in double precision 2^-53), for sums of n products γ_n = n·u / (1 −
/// n·u) whatever their order (Higham, Accuracy and Stability of Numerical Algorithms, sections 2.2 and 3.1),
/// and an error of exp below one unit in the last place, 2u (the GNU C library states less). A computed step
/// has no bound: its entries are infinite.
std::map<std::string, Matrix<double>> rounding_bounds(
    const Example& example, const numbers::MachineFormat& format = numbers::double_format);

/// The first entry whose double lies outside its bound, in words; empty where there is none.
std::string rounding_fault(const Derivation& derivation);

}  // namespace derivation
