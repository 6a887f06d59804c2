#include "attention/merge_orders.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "attention/softmax.hpp"
#include "numbers/eigen.hpp"
#include "support/random_matrix.hpp"

using namespace attention;
using numbers::Exact;

namespace {

std::string in_brackets(const std::string& a, const std::string& b) { return "(" + a + b + ")"; }

}  // namespace

TEST_CASE("three parts have two trees, four have five, and each is another one") {
  const std::vector<std::string> three = {"((ab)c)", "(a(bc))"};
  const auto found = merged_in_every_tree<std::string>({"a", "b", "c"}, in_brackets);
  CHECK(std::set<std::string>(found.begin(), found.end()) ==
        std::set<std::string>(three.begin(), three.end()));
  const auto four = merged_in_every_tree<std::string>({"a", "b", "c", "d"}, in_brackets);
  CHECK(four.size() == 5);
  CHECK(std::set<std::string>(four.begin(), four.end()).size() == 5);
}

TEST_CASE("four parts have 24 orders, and in each every tree is tried") {
  const auto all = merged_in_every_way<std::string>({"a", "b", "c", "d"}, in_brackets);
  CHECK(all.size() == 24 * 5);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 24 * 5);
}

TEST_CASE("one part has one way, even where two of its like are equal") {
  CHECK(merged_in_every_way<std::string>({"a"}, in_brackets) == std::vector<std::string>{"a"});
  CHECK(merged_in_every_way<std::string>({"a", "a"}, in_brackets).size() == 2);
}

TEST_CASE("a row of blocks of any size, and a tree, attend as three passes do") {
  Random random(19);
  for (int n = 0; n < 1000; ++n) {
    const int keys = random.between(1, 6);
    const Matrix<Exact> Z = random_matrix(random, 2, keys, 3, 1), V = random_matrix(random, keys, 1, 4, 2);
    const Matrix<Exact> expected = softmax_rows(Z) * V;
    CAPTURE(keys);
    REQUIRE(output(attend_in_a_tree(Z, V)) == expected);
    const int block = random.between(1, 7);
    CAPTURE(block);
    REQUIRE(output(attend_in_a_row(Z, V, block)) == expected);
  }
}
