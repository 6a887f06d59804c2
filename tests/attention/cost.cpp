#include "attention/cost.hpp"

#include <doctest/doctest.h>

#include "attention/counted_cost.hpp"

using namespace attention;

TEST_CASE(
    "each formula counts what a run counts, and not what it would off by one or with two sizes mixed up") {
  // Sizes that all differ, small and larger ones.
  for (const HeadSizes& s : {HeadSizes{1, 2, 3, 4}, {2, 3, 4, 5}, {7, 3, 5, 2}, {12, 10, 4, 6}}) {
    const auto counted = counted_head_costs(s), by_formula = head_costs(s);
    const auto mixed_up = head_costs({s.T, s.d_model, s.d_v, s.d_k});
    REQUIRE(counted.size() == by_formula.size());
    for (std::size_t k = 0; k < counted.size(); ++k) {
      CHECK(counted[k].name == by_formula[k].name);
      CHECK(counted[k].operations == by_formula[k].operations);
      CHECK(counted[k].read == by_formula[k].read);
      CHECK(counted[k].written == by_formula[k].written);
      numbers::Operations one_more = counted[k].operations;
      ++one_more.additions;
      CHECK_FALSE(one_more == by_formula[k].operations);
      if (k != 2) CHECK_FALSE(counted[k].operations == mixed_up[k].operations);  // softmax has no other size
    }
  }
}

TEST_CASE("the intensity of a product of two square matrices is what the chapter's idea says") {
  const auto cost = product_cost("", 100, 100, 100);
  CHECK(operations(cost) == 1990000);
  CHECK(4 * (cost.read + cost.written) == 120000);
  // A quotient of two integers that a double holds, rounded once: within half a unit in the last place
  // of 16.6.
  CHECK(std::abs(intensity(cost, 4) - 1990000.0 / 120000) < 1e-14);
}
