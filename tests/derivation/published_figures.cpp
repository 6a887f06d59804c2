#include "derivation/published_figures.hpp"

#include <doctest/doctest.h>

using namespace derivation;

namespace {

/// A page with 2/3 and 1/8, and what was published of them.
Page compared(const Entries& figures, int right) {
  Page page;
  page.example("e", "");
  const Term w = page.given("w", "", {{"2/3"}, {"1/8"}});
  compare_with_published(page, {{w, figures}}, right);
  return page;
}

}  // namespace

TEST_CASE("a printed figure is right within half a unit of its last digit, and not beyond") {
  const Exact value = Exact(65529) / Exact(10000);  // 6.5529
  CHECK(has_right_digits("6.55", value));
  CHECK(has_right_digits("6.5529", value));
  CHECK_FALSE(has_right_digits("6.56", value));
  CHECK_FALSE(has_right_digits("6.5", value));
  CHECK_FALSE(has_right_digits("7", value));
  CHECK(has_right_digits("7", Exact(7)));
}

TEST_CASE("what is neither a decimal nor right is not right") {
  CHECK(has_right_digits("2/3", Exact(2) / 3));
  CHECK_FALSE(has_right_digits("2/3", Exact(3) / 4));
}

TEST_CASE("a row has the figure, whether it is right, what the value has more, and the value") {
  const Page page = compared({{"0.67"}, {"0.12"}}, 2);  // 0.125 lies on the border of 0.12
  const Term& table = page.examples()[0].records.back().term;
  Matrix<Exact> expected(2, 4);
  expected << Exact(67) / 100, 1, Exact(-1) / 300, Exact(2) / 3,  //
      Exact(12) / 100, 1, Exact(1) / 200, Exact(1) / 8;
  CHECK(table.values() == expected);
  CHECK(table.labels.rows == std::vector<std::string>{"w[0,0]", "w[1,0]"});
  CHECK(page.examples()[0].facts[0].claim == "2 of 2 figures have right digits");
  CHECK(page.examples()[0].facts[0].holds);
}

TEST_CASE("a wrong figure is told, one that was not published is not there, and a wrong count is no fact") {
  const Page page = compared({{"0.66"}, {""}}, 0);
  CHECK(page.examples()[0].records.back().term.rows() == 1);
  CHECK(page.examples()[0].facts[0].holds);
  CHECK_FALSE(compared({{"0.66"}, {"0.13"}}, 2).examples()[0].facts[0].holds);
}
