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

TEST_CASE("a formula that is off by one operation, or mixes two sizes up, is noticed") {
  for (const HeadSizes& s : tried) {
    const auto counted = counted_parts(s);
    const auto by_formula = attention::head_costs(s);
    const auto mixed_up = attention::head_costs({s.T, s.d_model, s.d_v, s.d_k});
    REQUIRE(counted.size() == by_formula.size());
    for (std::size_t k = 0; k < counted.size(); ++k) {
      CHECK(counted[k].name == by_formula[k].name);
      CHECK(counted[k].operations == by_formula[k].operations);
      CHECK(counted[k].read == by_formula[k].read);
      CHECK(counted[k].written == by_formula[k].written);
      Operations one_more = counted[k].operations;
      ++one_more.additions;
      CHECK_FALSE(one_more == by_formula[k].operations);
      if (k != 2) CHECK_FALSE(counted[k].operations == mixed_up[k].operations);  // softmax has no other size
    }
  }
}

TEST_CASE("the intensity of a product of two square matrices is what the chapter's idea says") {
  const auto cost = attention::product_cost("", 100, 100, 100);
  CHECK(attention::operations(cost) == 1990000);
  CHECK(4 * (cost.read + cost.written) == 120000);
  // A quotient of two integers that a double holds, rounded once: within half a unit in the last place
  // of 16.6.
  CHECK(std::abs(attention::intensity(cost, 4) - 1990000.0 / 120000) < 1e-14);
}
