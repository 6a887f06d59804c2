#pragma once
#include <string>
#include <vector>

#include "numbers/counting.hpp"

/// What one head costs, part by part, as formulas. The chapter on cost holds them against a run that counts.
namespace attention {

/// T tokens, d_model numbers each; queries and keys of d_k numbers, values of d_v.
struct HeadSizes {
  long T, d_model, d_k, d_v;
};

/// The work of one part, and the numbers that it has to read and to write at the least: each operand once,
/// each result once.
struct PartCost {
  std::string name;
  numbers::Operations operations;
  long read, written;
};

/// An n×k matrix times a k×m matrix, as plain sums of products.
inline PartCost product_cost(const std::string& name, long n, long k, long m) {
  return {name, {.additions = n * m * (k - 1), .multiplications = n * m * k}, n * k + k * m, n * m};
}

/// The projections to queries, keys and values: X is read once.
inline PartCost projections_cost(const HeadSizes& s) {
  return product_cost("projections", s.T, s.d_model, 2 * s.d_k + s.d_v);
}

/// Q Kᵀ / √d_k
inline PartCost scores_cost(const HeadSizes& s) {
  PartCost cost = product_cost("scores", s.T, s.d_k, s.T);
  cost.operations.divisions = s.T * s.T;
  cost.operations.square_roots = 1;
  return cost;
}

/// softmax_rows: a maximum, differences, exponentials, a sum and quotients in each row.
inline PartCost softmax_cost(const HeadSizes& s) {
  const long entries = s.T * s.T, all_but_one = s.T * (s.T - 1);
  return {"softmax",
          {.additions = entries + all_but_one,
           .divisions = entries,
           .exponentials = entries,
           .comparisons = all_but_one},
          entries,
          entries};
}

/// softmax_rows under a causal mask: the same work, for the 1 + 2 + … + T visible scores alone.
inline numbers::Operations causal_softmax_operations(const HeadSizes& s) {
  const long visible = s.T * (s.T + 1) / 2, all_but_one = visible - s.T;
  return {.additions = visible + all_but_one,
          .divisions = visible,
          .exponentials = visible,
          .comparisons = all_but_one};
}

inline PartCost mixing_cost(const HeadSizes& s) { return product_cost("A V", s.T, s.T, s.d_v); }
inline PartCost output_cost(const HeadSizes& s) {
  return product_cost("output projection", s.T, s.d_v, s.d_model);
}

/// The parts in the order in which they are done.
inline std::vector<PartCost> head_costs(const HeadSizes& s) {
  return {projections_cost(s), scores_cost(s), softmax_cost(s), mixing_cost(s), output_cost(s)};
}

/// Multiplications of the four projections, and of Q Kᵀ and A V, among the parts of a head.
inline long projection_multiplications(const std::vector<PartCost>& head) {
  return head[0].operations.multiplications + head[4].operations.multiplications;
}
inline long product_multiplications(const std::vector<PartCost>& head) {
  return head[1].operations.multiplications + head[3].operations.multiplications;
}

/// Multiplications of Q Kᵀ and A V for one query that sees so many keys, with d numbers in each of its rows.
inline long row_multiplications(long seen, long d) {
  return product_cost("scores", 1, d, seen).operations.multiplications +
         product_cost("A V", 1, seen, d).operations.multiplications;
}

/// The same for T queries under a causal mask, if nothing is done for what is hidden.
inline long causal_multiplications(long T, long d) {
  long all = 0;
  for (long i = 0; i < T; ++i) all += row_multiplications(i + 1, d);
  return all;
}

/// All operations, each counted as one, an exponential too.
inline long operations(const PartCost& cost) {
  const numbers::Operations& done = cost.operations;
  return done.additions + done.multiplications + done.divisions + done.exponentials + done.square_roots +
         done.comparisons;
}

/// Operations for each byte that has to be moved: the arithmetic intensity.
inline double intensity(const PartCost& cost, long bytes_per_number) {
  return static_cast<double>(operations(cost)) /
         static_cast<double>((cost.read + cost.written) * bytes_per_number);
}

}  // namespace attention
