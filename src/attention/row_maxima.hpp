#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "attention/random_head.hpp"

/// The largest weights of the rows of many random heads, counted: without the scale and with it. Source:
/// attention/random_head.hpp, whose scores are 1024 S.
namespace attention {

/// A row's largest weight, in double: 1 / Σ exp((s − max) / divisor). The divisor is 1024 for the weights
/// without the scale, and 1024 √d_k with it.
inline double largest_weight(const IntegerScores& scores, Index row, double divisor) {
  const std::int64_t maximum = scores.row(row).maxCoeff();
  double sum = 0;
  for (Index j = 0; j < scores.cols(); ++j)
    sum += std::exp(static_cast<double>(scores(row, j) - maximum) / divisor);
  return 1 / sum;
}

/// What is counted over all rows of all heads of T tokens.
struct RowMaxima {
  static constexpr std::size_t bins = 20;

  Index T = 0;
  int rows_above = 0, seeds_all_above = 0, seeds_any_above = 0;  ///< unscaled row maxima above 0.95
  int near = 0, less_near = 0;                 ///< scaled row maxima within 0.05, 0.1 of 1/T
  int larger_with_scale = 0;                   ///< rows that contradict the theorem
  std::array<int, bins> unscaled{}, scaled{};  ///< row maxima by twentieths
  double closest =
      1;  ///< the least distance of a row maximum to a threshold: it must be far more than rounding
};

/// Whether the weight is above the threshold; how close it came is remembered.
inline bool above(double weight, double threshold, RowMaxima& counts) {
  counts.closest = std::min(counts.closest, std::abs(weight - threshold));
  return weight > threshold;
}

/// The twentieth of 0 to 1 in which a weight lies; 1 lies in the last.
inline std::size_t bin_of(double weight) {
  return std::min(static_cast<std::size_t>(weight * static_cast<double>(RowMaxima::bins)),
                  RowMaxima::bins - 1);
}

/// Counts one row. Returns whether its largest weight is above 0.95 without the scale.
inline bool count_row(const IntegerScores& scores, Index row, RowMaxima& counts) {
  const double uniform = 1.0 / static_cast<double>(counts.T);
  const double unscaled = largest_weight(scores, row, 1024), scaled = largest_weight(scores, row, 1024 * 8);
  counts.near += above(scaled, uniform + 0.05, counts) ? 0 : 1;
  counts.less_near += above(scaled, uniform + 0.1, counts) ? 0 : 1;
  counts.larger_with_scale += scaled > unscaled ? 1 : 0;
  ++counts.unscaled[bin_of(unscaled)];
  ++counts.scaled[bin_of(scaled)];
  return above(unscaled, 0.95, counts);
}

/// Counts the rows of the heads that the seeds 0 to seeds − 1 draw for T tokens.
inline RowMaxima count_row_maxima(int seeds, Index T) {
  RowMaxima counts;
  counts.T = T;
  for (int seed = 0; seed < seeds; ++seed) {
    const IntegerScores scores = draw_scores(static_cast<std::uint64_t>(seed), T);
    int above_in_seed = 0;
    for (Index row = 0; row < T; ++row) above_in_seed += count_row(scores, row, counts) ? 1 : 0;
    counts.rows_above += above_in_seed;
    counts.seeds_all_above += above_in_seed == T ? 1 : 0;
    counts.seeds_any_above += above_in_seed > 0 ? 1 : 0;
  }
  return counts;
}

}  // namespace attention
