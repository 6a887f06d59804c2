#include "derivation/base_two.hpp"

#include <doctest/doctest.h>

#include "derivation/operation.hpp"
#include "numbers/random_numbers.hpp"

using namespace derivation;

namespace {

/// The two sums that a part stands for: Σ 2^z and Σ 2^z v.
std::array<Exact, 2> sums_of(const BaseTwoPart<Exact>& part) {
  return {two_to(part.m) * part.l, two_to(part.m) * part.O};
}

}  // namespace

TEST_CASE("a merge adds the sums that its parts stand for, and has the larger maximum") {
  Random random(2);
  for (int n = 0; n < 1000; ++n) {
    const auto draw = [&] {
      return BaseTwoPart<Exact>{random.between(-5, 5), random.between(1, 9), random.between(-9, 9)};
    };
    const auto a = draw(), b = draw(), both = merge(a, b);
    REQUIRE(both.m == (a.m < b.m ? b.m : a.m));
    for (std::size_t k : {0, 1}) REQUIRE(sums_of(both)[k] == sums_of(a)[k] + sums_of(b)[k]);
  }
}

TEST_CASE("a key alone has its score as maximum, and its value as output") {
  Matrix<Exact> Z(1, 2), V(2, 1);
  Z << Exact(3), Exact(-1);
  V << Exact(7), Exact(5);
  const Matrix<Exact> table = table_of(keys_of(Z, V));
  Matrix<Exact> expected(2, 3);
  expected << Exact(3), Exact(1), Exact(7), Exact(-1), Exact(1), Exact(5);
  CHECK(table == expected);
  const auto part = part_of<Exact>(table.row(1));
  CHECK(part.m == Exact(-1));
  CHECK(part.O == Exact(5));
}

TEST_CASE("a power of 2 of half a number is refused") {
  CHECK(two_to(Exact(-3)) == Exact(1) / 8);
  CHECK_THROWS_WITH_AS(two_to(Exact(1) / 2), "a power of 2 needs a whole exponent", Error);
}
