#include "support/every_chapter.hpp"

namespace {

/// The mistakes that one entry off does not stand for: the last row of a table is what its fact speaks of.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all = one_entry_off(committed(stem));
  const auto last_entry_off = [](Table<Exact>& table) {
    table.values(table.rows() - 1, table.cols() - 1) += 1;
  };
  const auto all_equal = [](Table<Exact>& table) { table.values.setConstant(table.values(0, 0)); };
  for (const std::string step : {"pass", "two", "four"}) all.push_back({"row", step, last_entry_off});
  all.push_back({"row", "wrong", all_equal});
  all.push_back({"head", "parts", all_equal});
  all.push_back({"ex1", "pass", last_entry_off});
  return all;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(mistakes())) == "");
}

TEST_CASE("each way to attend stays within the chapter's bound, and the bound is not slack") {
  constexpr double u = 0x1p-53;
  const Derivation derivation = derived();
  const auto& digits = *find_example(derivation, "digits");
  const auto& bounds = find_step(digits, "bound")->exact.values;
  const std::vector<std::string> ways = {"three", "single", "blocks", "tree"};
  for (std::size_t k = 0; k < ways.size(); ++k) {
    const double bound = to_double(bounds(static_cast<derivation::Index>(k), 0)) * u;
    const double gap = find_step(digits, ways[k])->gap;
    CHECK_MESSAGE(gap <= bound, ways[k]);
    CHECK_MESSAGE(gap > bound / 1000, ways[k]);
  }
}

TEST_CASE("a float lies within its own bound and not within that of a double") {
  const Derivation derivation = derived();
  const auto& digits = *find_example(derivation, "digits");
  const auto as_float = [](const Exact& value) { return static_cast<float>(to_double(value)); };
  const attention::Matrix<float> Z = find_step(digits, "Z")->exact.values.unaryExpr(as_float),
                                 V = find_step(digits, "V")->exact.values.unaryExpr(as_float);
  const auto& expected = find_step(digits, "three")->exact.values;
  const auto& bounds = find_step(digits, "bound")->exact.values;
  const attention::Matrix<float> Y = attention::output(attention::attend_in_a_row(Z, V, 4));
  const double error = std::max(derivation::distance(static_cast<double>(Y(0, 0)), expected(0, 0)),
                                derivation::distance(static_cast<double>(Y(1, 0)), expected(1, 0)));
  CHECK(error <= to_double(bounds(2, 0)) * 0x1p-24);  // float's own bound holds
  CHECK(error > to_double(bounds(2, 0)) * 0x1p-53);   // and the double's does not
}
