#include "derivation/merge_steps.hpp"

#include <doctest/doctest.h>

using derivation::Exact;
using derivation::Page;
using derivation::Part;
using derivation::Term;

namespace {

Exact only(const Term& term) {
  REQUIRE(term.rows() == 1);
  REQUIRE(term.cols() == 1);
  return term.values()(0, 0);
}

}  // namespace

TEST_CASE("a part of two keys, on paper: 2^0 + 2^-2, and the values weighed with these") {
  Page page;
  page.example("e", "");
  const Part part =
      write_part(page, page.given("Z", "", {{"1", "3"}}), page.given("V", {{"8"}, {"4"}}), "_a");
  CHECK(only(part.m) == 3);
  CHECK(only(part.l) == Exact(5) / 4);
  CHECK(only(part.O) == 6);
}

TEST_CASE("two parts count by 2 to the power of their maxima less the larger one") {
  Page page;
  page.example("e", "");
  const Part a = given_part(page, "_a", "first", "3", "5/4", "6");
  const Part b = given_part(page, "_b", "second", "5", "1", "10");
  const Part both = write_merge(page, a, b);
  CHECK(only(both.m) == 5);
  CHECK(only(both.l) == Exact(21) / 16);
  CHECK(only(both.O) == Exact(23) / 2);
}

TEST_CASE("the fact that halves merge to the whole row holds, and fails where a half is another one") {
  for (const bool wrong : {false, true}) {
    Page page;
    if (wrong)
      page.before_recording([](const std::string&, const std::string& name, Term& term) {
        if (name == "l_b") term.exact.values(0, 0) += 1;
      });
    page.example("e", "");
    write_halves(page, page.given("Z", "", {{"6", "4", "5", "5"}}),
                 page.given("V", {{"7"}, {"8"}, {"10"}, {"8"}}));
    CHECK(page.examples().front().facts.front().holds != wrong);
  }
}
