#include "attention/row_maxima.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <numeric>

using namespace attention;

namespace {

/// Scores 1024 S of one row.
IntegerScores row_of(std::int64_t first, std::int64_t second) {
  IntegerScores scores(1, 2);
  scores << 1024 * first, 1024 * second;
  return scores;
}

int sum(const std::array<int, RowMaxima::bins>& bins) { return std::accumulate(bins.begin(), bins.end(), 0); }

}  // namespace

TEST_CASE("the largest weight of scores 8 and 0, without the scale and with it") {
  // 1 / (1 + e^-8) and 1 / (1 + e^-1), from tables of e.
  CHECK(std::abs(largest_weight(row_of(8, 0), 0, 1024) - 0.99966464987) < 1e-11);
  CHECK(std::abs(largest_weight(row_of(8, 0), 0, 1024 * 8) - 0.73105857863) < 1e-11);
  CHECK(largest_weight(row_of(3, 3), 0, 1024) == 0.5);
}

TEST_CASE("a weight on its bound is remembered as not decided") {
  RowMaxima counts;
  CHECK_FALSE(above(0.94, 0.95, counts));
  CHECK(counts.closest > 1e-10);
  CHECK(above(std::nextafter(0.95, 1.0), 0.95, counts));
  CHECK(counts.closest < 1e-10);
}

TEST_CASE("a weight of 1 lies in the last twentieth, and one on a border in the upper one") {
  CHECK(bin_of(1) == 19);
  CHECK(bin_of(0.5) == 10);
  CHECK(bin_of(std::nextafter(0.5, 0.0)) == 9);
  CHECK(bin_of(std::numeric_limits<double>::min()) == 0);
}

TEST_CASE("a row is counted once in each spread, and where its largest weight belongs") {
  RowMaxima counts;
  counts.T = 2;
  CHECK(count_row(row_of(8, 0), 0, counts));        // 0.9997, and 0.73 with the scale
  CHECK_FALSE(count_row(row_of(2, 0), 0, counts));  // 0.88, and 0.56 with the scale
  CHECK_FALSE(count_row(row_of(1, 0), 0, counts));  // 0.73, and 0.53 with the scale
  CHECK(counts.less_near == 2);                     // at most 0.6
  CHECK(counts.near == 1);                          // at most 0.55
  CHECK(counts.larger_with_scale == 0);
  CHECK(counts.unscaled[19] == 1);
  CHECK(counts.unscaled[17] == 1);
  CHECK(counts.scaled[14] == 1);
  CHECK(counts.scaled[11] == 1);
}

TEST_CASE("what is counted over many seeds adds up") {
  constexpr int seeds = 50;
  const RowMaxima counts = count_row_maxima(seeds, 3);
  CHECK(sum(counts.unscaled) == 3 * seeds);
  CHECK(sum(counts.scaled) == 3 * seeds);
  CHECK(counts.unscaled[19] == counts.rows_above);  // the last twentieth begins at 0.95
  CHECK(counts.seeds_any_above <= counts.rows_above);
  CHECK(3 * counts.seeds_all_above <= counts.rows_above);
  CHECK(counts.near <= counts.less_near);
  // The same seeds, and one row of each at a time.
  int any = 0, all = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    int rows = 0;
    for (Index row = 0; row < 3; ++row)
      rows += largest_weight(draw_scores(seed, 3), row, 1024) > 0.95 ? 1 : 0;
    any += rows > 0 ? 1 : 0;
    all += rows == 3 ? 1 : 0;
  }
  CHECK(counts.seeds_any_above == any);
  CHECK(counts.seeds_all_above == all);
}

TEST_CASE("dividing the scores by a number from 1 makes no row's largest weight larger") {
  const auto none_larger = [](double divisor) {
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
      const IntegerScores scores = draw_scores(seed, 3);
      for (Index row = 0; row < 3; ++row)
        if (largest_weight(scores, row, 1024 * divisor) > largest_weight(scores, row, 1024)) return false;
    }
    return true;
  };
  CHECK(none_larger(8));
  CHECK(none_larger(1));
  CHECK_FALSE(none_larger(0.5));  // a "scale" that multiplies sharpens rows
}
