#pragma once
#include <functional>
#include <vector>

#include "attention/cost.hpp"
#include "derivation/page.hpp"

/// Steps that count what a head costs. Source: attention/cost.hpp.
namespace derivation {

/// A column: count(n) for each whole number n of a given.
Matrix<Exact> for_each(const Term& numbers, const std::function<long(long)>& count);

/// The same for page.computed(…).
Computed counted(const Term& numbers, const std::function<long(long)>& count);

/// Multiplications of a head's four projections, and of Q Kᵀ and A V.
struct Multiplications {
  Term P, B;
};

/// Writes P and B for each number T of tokens, with d numbers in each row.
Multiplications write_multiplications(Page& page, const Term& T, long d);

/// Writes them, and the facts that they are 4 T d² and 2 T² d.
Multiplications prove_multiplications(Page& page, const Term& T, long d);

/// Multiplications of Q Kᵀ and A V, and exponentials, of all heads.
struct WorkOfHeads {
  Term products, exponentials;
};

/// Writes both for each number H of heads that share d_model columns, and the facts that they are 2 T²
/// d_model and H T².
WorkOfHeads write_work_of_heads(Page& page, const Term& H, long T, long d_model);

/// How long parts of a computation take where operations and bytes wait for each other: the longer of two
/// times.
struct Times {
  Term per_byte, compute, move, least;
};

/// Writes ops and bytes (4 a number) of the parts, per_byte, the µs for both at so many a µs, and `least`.
Times write_times(Page& page, const std::vector<attention::PartCost>& parts, int ops_a_us, int bytes_a_us);

/// Writes the longer of two times; an index stands behind the name of what they are side by side in.
Term write_longer(Page& page, const std::string& name, const std::string& title, const Term& compute,
                  const Term& move, const std::string& index = "");

}  // namespace derivation
