#include "mistakes/replay.hpp"
#include "support/every_chapter.hpp"

namespace {

/// The six wrong programs with two heads, on the layer of the chapter.
std::vector<mistakes::WrongLayer<Exact>> wrong_programs(const Derivation& derivation) {
  const auto of = [&](const std::string& name) { return values(derivation, "layer", name); };
  return mistakes::wrong_layers<Exact>(of("X"), {of("W_Q"), of("W_K"), of("W_V"), of("W_O")}, 2);
}

/// One entry off everywhere, and what that is too little for: whole matrices replaced, and the outputs of the
/// wrong programs in place of the right one.
std::vector<Mistake> special_mistakes() {
  std::vector<Mistake> mistakes = one_entry_off(committed(stem));
  const auto negative = [](Table<Exact>& table) { table.values.setConstant(Exact(-1)); };
  const auto zero = [](Table<Exact>& table) { table.values.setConstant(Exact(0)); };
  const auto identity = [](Table<Exact>& table) { table.values.setIdentity(); };
  for (const std::string example : {"one", "two", "layer", "single", "ex1", "ex2", "ex3"})
    for (const std::string name : {"A", "A_1", "A_2"}) mistakes.push_back({example, name, negative});
  for (const std::string name : {"Y", "Y_1", "Y_2"}) mistakes.push_back({"two", name, zero});
  for (const std::string example : {"layer", "single"}) {
    mistakes.push_back({example, "W_O", identity});
    for (const std::string name : {"X", "W_Q", "W_K", "W_V", "W_O"})
      mistakes.push_back({example, name, zero});
  }
  for (const auto& program : wrong_programs(committed(stem)))
    mistakes.push_back(
        {"layer", "Y", [output = program.output](Table<Exact>& table) { table.values = output; }});
  mistakes.push_back({"ex3", "Q", zero});
  return mistakes;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(special_mistakes())) == "");
}

TEST_CASE("with two heads each of six wrong programs is noticed, with one head only the two of W_O") {
  const Derivation derivation = committed(stem);
  const auto& two = values(derivation, "layer", "change");
  const auto& one = values(derivation, "single", "change");
  REQUIRE(two.rows() == 6);
  REQUIRE(one.rows() == 6);
  int noticed_by_one = 0;
  for (derivation::Index k = 0; k < 6; ++k) {
    CHECK(two(k, 0) > Exact(1) / Exact(10));
    noticed_by_one += one(k, 0) == 0 ? 0 : 1;
  }
  CHECK(noticed_by_one == 2);
}

TEST_CASE("the catalogue makes the same six mistakes in the derivation") {
  const Derivation derivation = committed(stem);
  const Example& layer = *find_example(derivation, "layer");
  std::set<std::string> steps;
  for (const auto& each : layer.steps) steps.insert(each.name);
  steps.erase("change");
  const std::map<std::string, std::string> names = {
      {"columns dealt in turn", "wrong-reshape"}, {"transpose forgotten", "wrong-reshape"},
      {"W_O forgotten", "W_O-forgotten"},         {"W_O transposed", "W_O-transposed"},
      {"heads averaged", "heads-averaged"},       {"scaled by √d_model", "scaled-by-root-d_model"}};
  for (const auto& program : wrong_programs(derivation)) {
    bool found = false;
    for (const mistakes::Rule& rule : mistakes::find_mistake(names.at(program.mistake))->rules)
      for (const auto& outcome : mistakes::replay(layer, rule, mistakes::right_values<Exact>(layer), steps))
        found = found || outcome.values.at("Y").values == program.output;
    CHECK_MESSAGE(found, program.mistake);
  }
}

TEST_CASE("the manifest has the lab's fields") {
  const program::Experiment experiment = about(committed(stem));
  CHECK(experiment.seed == 42);
  std::map<std::string, double> results(experiment.results.begin(), experiment.results.end());
  REQUIRE(results.size() == 3);
  // One head and a single head run the same operations in the same order.
  CHECK(results.at("single_head_equivalence_max_diff") == 0);
  const Matrix<Exact> R = values(committed(stem), "layer", "A_1") - values(committed(stem), "layer", "A_2");
  const double largest = numbers::to_double(R.cwiseAbs().maxCoeff()), rounding = 1e-15;  // of numbers below 1
  CHECK(std::abs(results.at("head_weights_max_abs_diff") - largest) < rounding);
  double mean = 0;
  for (derivation::Index i = 0; i < 3; ++i)
    for (derivation::Index j = 0; j < 3; ++j) mean += std::abs(numbers::to_double(R(i, j))) / 9;
  CHECK(std::abs(results.at("head_weights_mean_abs_diff") - mean) < rounding);
}

TEST_CASE("the example's output weights mix the heads") {
  const Derivation derivation = committed(stem);
  const auto& W_O = values(derivation, "layer", "W_O");
  CHECK(W_O != Matrix<Exact>(Matrix<Exact>::Identity(4, 4)));
  CHECK(W_O != Matrix<Exact>(W_O.transpose()));
  CHECK(W_O.topRightCorner(2, 2) != Matrix<Exact>(Matrix<Exact>::Constant(2, 2, Exact(0))));
  CHECK(W_O.bottomLeftCorner(2, 2) != Matrix<Exact>(Matrix<Exact>::Constant(2, 2, Exact(0))));
}
