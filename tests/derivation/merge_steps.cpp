#include "derivation/merge_steps.hpp"

#include <doctest/doctest.h>

#include <array>

#include "numbers/random_numbers.hpp"

using derivation::Exact;
using derivation::Matrix;
using derivation::Page;
using derivation::Part;
using derivation::Term;

namespace {

Exact only(const Term& term) {
  REQUIRE(term.rows() == 1);
  REQUIRE(term.cols() == 1);
  return term.values()(0, 0);
}

/// A part with a small m, l from 1, and any O.
Part draw_part(Random& random) {
  Page page;
  page.example("e", "");
  return derivation::given_part(page, "", "part", std::to_string(random.between(-5, 5)),
                                std::to_string(random.between(1, 9)), std::to_string(random.between(-9, 9)));
}

/// The two sums that a part stands for: Σ 2^z and Σ 2^z v.
std::array<Exact, 2> sums_of(const Part& part) {
  const Exact unit = pow(Exact(2), static_cast<int>(to_double(only(part.m))));
  return {unit * only(part.l), unit * only(part.O)};
}

}  // namespace

TEST_CASE("a merge adds the sums that its parts stand for, and has the larger maximum") {
  Random random(2);
  for (int n = 0; n < 300; ++n) {
    const Part a = draw_part(random), b = draw_part(random);
    const auto [F, both] = merge(a, b);
    REQUIRE(only(both.m) == (only(a.m) < only(b.m) ? only(b.m) : only(a.m)));
    for (std::size_t k : {0, 1}) REQUIRE(sums_of(both)[k] == sums_of(a)[k] + sums_of(b)[k]);
    const Exact least = F.values().minCoeff(), larger = F.values().maxCoeff();
    REQUIRE(larger == 1);  // the part with the larger maximum counts as it is
    REQUIRE((least == 1) == (only(a.m) == only(b.m)));
  }
}

TEST_CASE("a key alone has its score as maximum, and its value as output") {
  Page page;
  page.example("e", "");
  const auto keys = keys_of(page.given("Z", "", {{"3", "-1", "0"}}), page.given("V", {{"7"}, {"5"}, {"2"}}));
  Matrix<Exact> expected(3, 3);
  expected << 3, 1, 7, -1, 1, 5, 0, 1, 2;
  CHECK(table_of(keys).exact == expected);
  CHECK(table_of(keys).machine == numbers::as_scalars<double>(expected));
}

TEST_CASE("a row m, l, O is a part, and a part is a row") {
  Page page;
  page.example("e", "");
  const Term row = page.given("row", "", {{"3", "5/4", "10"}});
  const Part part = part_of(row);
  CHECK(only(part.m) == 3);
  CHECK(only(part.l) == Exact(5) / 4);
  CHECK(only(part.O) == 10);
  CHECK(side_by_side(part).values() == row.values());
}

TEST_CASE("a power of 2 of half a number is refused") {
  Page page;
  page.example("e", "");
  const Part a = given_part(page, "_a", "first", "1/2", "1", "1");
  const Part b = given_part(page, "_b", "second", "1", "1", "1");
  CHECK_THROWS_AS(merge(a, b), derivation::Error);
}

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
  const Part both = write_merge(page, a, b).both;
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
