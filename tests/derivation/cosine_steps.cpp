#include "derivation/cosine_steps.hpp"

#include <doctest/doctest.h>

TEST_CASE("cosines on paper: (3, 4) against (4, 3), (−3, −4) and (0, 2)") {
  derivation::Page page;
  page.example("e", "");
  const auto Q = page.given("Q", {{"3", "4"}});
  const auto K = page.given("K", {{"4", "3"}, {"-3", "-4"}, {"0", "2"}});
  const auto [S, L, cos] = write_cosines(page, Q, K);
  const auto expected = page.given("cosines", "", {{"24/25", "-1", "4/5"}});
  const auto products = page.given("products", "", {{"24", "-25", "8"}});
  const auto lengths = page.given("lengths", "", {{"25", "25", "10"}});
  CHECK((cos == expected).answer() == derivation::Answer::yes);
  CHECK((S == products).answer() == derivation::Answer::yes);
  CHECK((L == lengths).answer() == derivation::Answer::yes);
}
