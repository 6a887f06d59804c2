#include "support/every_chapter.hpp"

namespace {

/// Every entry of every given off by one, and the features' weights gone: enough for a count to change, or a
/// sum.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all;
  for (const auto& example : committed(stem).examples)
    for (const auto& step : example.steps) {
      all.push_back({example.name, step.name, [](Table<Exact>& table) { table.values(0, 0) += 1; }});
      all.push_back({example.name, step.name, [](Table<Exact>& table) { table.values *= Exact(0); }});
    }
  all.push_back(
      {"slopes", "s", [](Table<Exact>& table) { table.values(0, 0) = numbers::evaluate("0.62996"); }});
  return all;
}

/// The slopes' cubes are held against typed figures only: the test below changes these.
bool speaks_of_cubes(const std::string& fact) {
  return fact.find("the formula's slopes") != std::string::npos;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  Problems cannot_fail = facts_that_cannot_fail(mistakes());
  std::erase_if(cannot_fail, speaks_of_cubes);
  CHECK(lines(cannot_fail) == "");
}

TEST_CASE("a slope with one digit off does not pass by its cube") {
  const auto holds = [](const std::vector<std::string>& figures, int first) {
    Page page;
    page.example("slopes", "");
    check_formula(page, figures, first);
    const auto& facts = page.examples()[0].facts;
    return facts[0].holds && facts[1].holds;
  };
  CHECK(holds({"0.62996", "0.39685"}, 1));
  CHECK_FALSE(holds({"0.62997", "0.39685"}, 1));
  CHECK_FALSE(holds({"0.62996", "0.39684"}, 1));
  CHECK(holds({"0.01563"},
              9));  // 1/64 = 0.015625 lies on the boundary: half to even gives 0.01562, and both are right
  CHECK(holds({"0.01562"}, 9));
}
