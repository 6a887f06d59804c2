#include "support/every_chapter.hpp"

namespace {

Programs all_wrong_programs() { return joined({ten_undetected, six_detected, seven_more}); }

Mistake replaced(const std::string& example, const std::string& step, const Matrix<Exact>& values) {
  const Matrix<Exact> rounded =
      values.unaryExpr([](const Exact& value) -> Exact { return numbers::exactly(to_double(value)); });
  return {example, step, [rounded](Table<Exact>& table) { table.values = rounded; }};
}

/// The right output replaced by that of each wrong program: as if the derivation itself made the mistake.
/// Rounded to a rational, since the output of another program may hold another square root.
std::vector<Mistake> wrong_outputs() {
  const Derivation clean = derived();
  std::vector<Mistake> mistakes;
  for (const std::string name : {"lab", "strong"})
    for (const WrongProgram& program : all_wrong_programs())
      if (const auto output = output_of<Exact>(program, *find_example(clean, name)))
        mistakes.push_back(replaced(name, "Y", output->values));
  mistakes.push_back(replaced("ex3", "Y", values(clean, "ex3", "swapped")));
  return mistakes;
}

/// A claim that shapes do not fit cannot fail by any number: it is tested on the lab's square matrices
/// instead.
bool speaks_of_shapes(const std::string& fact) {
  return fact.find("does not fit the shapes") != std::string::npos;
}

}  // namespace

TEST_CASE("one digit of the paper changed is noticed, and named") {
  const std::string text = source("chapters/" + stem + ".md");
  const std::string digits = "0.660477";
  std::string slipped = text;
  slipped.replace(slipped.find(digits), digits.size(), "0.660478");
  const auto problems = paper_problems(paper::read_paper(stem, slipped), committed(stem));
  REQUIRE(problems.size() == 2);  // the entry, and the verdict on the whole
  CHECK(problems[0].find("lab.Y[0,0]: 0.660478 for 0.6604769") == 0);
}

TEST_CASE("a stale derivation is noticed") {
  Derivation altered = derived();
  altered.examples[0].steps[7].decimal[0][1] = "2";
  CHECK(stale(stem, altered).size() == 1);
  altered = derived();
  altered.examples[0].facts[0].holds = false;
  CHECK(stale(stem, altered).size() == 1);
  altered = derived();
  altered.examples[1].steps[0].exact.values(0, 0) = 1;
  CHECK(stale(stem, altered).size() == 1);
}

TEST_CASE("a false fact and a double outside its bound are noticed") {
  Derivation altered = derived();
  altered.examples[0].facts[0].holds = false;
  CHECK(number_problems(altered).size() == 1);
  altered = derived();
  altered.examples[0].steps.back().machine.values(0, 0) += 1;  // `change` is computed: it has no bound
  CHECK(number_problems(altered).empty());
  auto& weights = altered.examples[0].steps[13];
  REQUIRE(weights.name == "A");
  weights.machine.values(0, 0) = static_cast<double>(static_cast<float>(weights.machine.values(0, 0)));
  CHECK(number_problems(altered).size() == 1);
}

TEST_CASE("there is a mistake under which each fact fails") {
  std::vector<Mistake> mistakes = one_entry_off(committed(stem));
  for (Mistake& mistake : wrong_outputs()) mistakes.push_back(std::move(mistake));
  Problems cannot_fail = facts_that_cannot_fail(mistakes);
  std::erase_if(cannot_fail, speaks_of_shapes);
  CHECK(lines(cannot_fail) == "");
}

TEST_CASE("a fact that cannot fail is noticed") {
  const auto empty_words = [](Page& page) {
    page.example("e", "");
    const Term a = page.given("a", {{"1"}});
    page.fact("a is a", a == a);
  };
  const std::vector<Mistake> mistakes = {{"e", "a", [](Table<Exact>& table) { table.values(0, 0) = 2; }}};
  CHECK(lines(facts_that_cannot_fail(empty_words, mistakes)) == "e: a is a\n");
}

TEST_CASE("shapes that do not fit in one example fit in another") {
  const Example lab = *find_example(derived(), "lab");
  for (const WrongProgram& program : all_wrong_programs())
    CHECK_MESSAGE(output_of<Exact>(program, lab).has_value(), program.title);
}

TEST_CASE("the lab's toy example cannot tell ten of sixteen wrong programs from the right one") {
  const auto lab = committed(stem).examples.at(0);
  const auto* change = find_step(lab, "change");
  REQUIRE(change != nullptr);
  REQUIRE(change->exact.rows() == 16);
  int undetected = 0;
  for (derivation::Index i = 0; i < 16; ++i) undetected += change->exact.values(i, 0) == 0 ? 1 : 0;
  CHECK(undetected == 10);
}

TEST_CASE("the strong example has T, d_k and d_v all different, and nothing symmetric") {
  const auto strong = committed(stem).examples.at(1);
  const auto& X = find_step(strong, "X")->exact.values;
  const auto& K = find_step(strong, "K")->exact.values;
  const auto& V = find_step(strong, "V")->exact.values;
  CHECK(X.rows() != K.cols());
  CHECK(K.cols() != V.cols());
  CHECK(V.cols() != X.rows());
  for (const auto& step : strong.steps) {
    const Matrix<Exact>& values = step.exact.values;
    if (values.rows() != values.cols()) continue;
    CHECK_MESSAGE(values != Matrix<Exact>(values.transpose()), step.name);
  }
}
