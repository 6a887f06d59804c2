#include "support/every_chapter.hpp"

namespace {

/// The mistakes that one entry off does not stand for: a fact about some rows or one column of a table.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all = one_entry_off(committed(stem));
  const auto add = [](derivation::Index row, derivation::Index col, int off) {
    return [=](Table<Exact>& table) { table.values(row, col) += off; };
  };
  all.push_back({"cross", "P", add(3, 0, 1)});
  all.push_back({"cross", "P", add(0, 0, -10000000)});
  all.push_back({"cross", "P", add(7, 0, 10000000)});
  all.push_back({"roof", "T4096", add(2, 2, 100)});
  all.push_back({"roof", "T64", add(2, 2, -1)});
  return all;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(mistakes())) == "");
}

TEST_CASE("whole numbers below 2^53, and their quotients by powers of two, are exact in double") {
  const Derivation derivation = derived();
  for (const std::string example : {"count", "memory", "ex1", "ex3"})
    for (const auto& step : find_example(derivation, example)->steps)
      CHECK_MESSAGE(step.gap == 0, example, ".", step.name);
  CHECK(find_step(*find_example(derivation, "ex2"), "share")->gap > 0);  // 8/3 is not
}
