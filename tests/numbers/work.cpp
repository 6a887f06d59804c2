#include "numbers/work.hpp"

#include <doctest/doctest.h>

#include "numbers/expression.hpp"

using namespace numbers;

namespace {

const std::string sums = "(exp(1)+exp(1/2)+exp(1/3)+1)^9";

bool is_allowed(std::size_t units) {
  const WorkLimit limit(units);
  try {
    evaluate(sums);
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("calculation past a limit is refused and what the limit allows is not") {
  CHECK(is_allowed(1'000'000));
  CHECK(!is_allowed(100));
}

TEST_CASE("the same calculation takes the same work every time") {
  std::size_t least = 1;
  while (!is_allowed(least)) least *= 2;
  for (int k = 0; k < 3; ++k) {
    CHECK(is_allowed(least));
    CHECK(!is_allowed(least / 2));
  }
}

TEST_CASE("a limit ends with its object, and without one there is none") {
  {
    const WorkLimit outer(1'000'000);
    CHECK(!is_allowed(100));
    CHECK_NOTHROW(evaluate(sums));
    CHECK_THROWS_AS(charge(1'000'001), TooMuchWork);
    CHECK_THROWS_AS(charge(1), TooMuchWork);  // it stays used up
  }
  CHECK_NOTHROW(charge(1'000'000'000'000));
}
