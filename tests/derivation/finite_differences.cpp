#include "derivation/finite_differences.hpp"

#include <doctest/doctest.h>

using namespace derivation;

namespace {

/// L = (2 + x)³ along x, from x = 0: its slope is 12, and the errors have closed forms.
MovedInput cube() {
  const auto L = [](const Exact& x) -> Exact { return (x + 2) * (x + 2) * (x + 2); };
  return {L, 12, 8};
}

}  // namespace

TEST_CASE("the errors of the difference quotients of a cube are those of school: 6 h + h² and h²") {
  for (int power = -10; power < 0; ++power) {
    const Exact h = pow(Exact(10), power);
    CHECK(one_sided_error(cube(), h) == h * 6 + h * h);
    CHECK(central_error(cube(), h) == h * h);
  }
}

TEST_CASE("a wrong slope stays in the error, whatever the step") {
  MovedInput wrong = cube();
  wrong.slope = 6;
  CHECK(central_error(wrong, Exact(1) / 1000) == Exact(6) + Exact(1) / 1000000);
}

TEST_CASE("losses: ten steps, the nearest doubles of the errors, and the unit roundoff of L over the step") {
  const DifferenceLosses losses = difference_losses(cube());
  REQUIRE(losses.exponent.size() == 10);
  CHECK(losses.exponent.front() == -1);
  CHECK(losses.exponent.back() == -10);
  CHECK(losses.one_sided.front() == 0.61);
  CHECK(losses.central.front() == 0.01);
  CHECK(losses.storing.front() == 0x1p-53 * 8 / 0.1);
}

TEST_CASE("what is written: a row for each step, and facts that notice a wrong slope") {
  const auto facts_that_hold = [](const MovedInput& input) {
    Page page;
    page.example("cube", "");
    page.given("x", "", {{"2"}});
    write_finite_differences(page, input, {"x"});
    CHECK(page.examples().front().records.at(1).term.rows() == 10);
    int count = 0;
    for (const Fact& fact : page.examples().front().facts) count += fact.holds ? 1 : 0;
    return count;
  };
  MovedInput wrong = cube();
  wrong.slope += Exact(1) / 10;
  CHECK(facts_that_hold(cube()) == 2);
  CHECK(facts_that_hold(wrong) == 0);
}

TEST_CASE("the facts about the order of an error fail for errors of another order") {
  const std::vector<double> linear = {1, 0.1, 0.01, 0.001}, quadratic = {1, 0.01, 0.0001, 0.000001};
  CHECK(falls_by(linear, 9, 11).answer() == numbers::Answer::yes);
  CHECK(falls_by(quadratic, 99, 101).answer() == numbers::Answer::yes);
  CHECK(falls_by(linear, 99, 101).answer() == numbers::Answer::no);
  CHECK(falls_by(quadratic, 9, 11).answer() == numbers::Answer::no);
}
