#include "exercises/hints.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "numbers/expression.hpp"
#include "rendering/json.hpp"

using namespace exercises;
using derivation::Operation;
using numbers::Exact;

namespace {

const std::string source = SOURCE_DIR;

std::vector<std::filesystem::path> committed() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source + "/derivations"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  return files;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// A template's value: its names are looked up among the steps.
Exact value_of(const Example& example, const std::string& text) {
  return numbers::evaluate(replaced(text, "·", "*"), [&](const numbers::Name& name) {
    const Step* step = find_step(example, name.text);
    REQUIRE(step != nullptr);
    REQUIRE(step->exact.visible(*name.row, *name.col));
    return step->exact.values(*name.row, *name.col);
  });
}

/// Whether the template is an expression that can be evaluated: not one with words, or with terms left out.
bool is_expression(const Example& example, const Step& step, const std::string& text) {
  if (text.find("…") != std::string::npos || step.operation == Operation::row_maxima ||
      step.operation == Operation::mask || step.operation == Operation::power)
    return false;
  for (const std::string& operand : step.operands)
    if (const Step* made_of = find_step(example, derivation::reference(operand).step))
      if (!made_of->exact.visible.all()) return false;
  return true;
}

/// Every template that can be evaluated gives the entry itself; how many there were of each operation.
std::map<Operation, int> evaluated(const derivation::Derivation& all) {
  std::map<Operation, int> counts;
  for (const Example& example : all.examples)
    for (const Step& step : example.steps)
      for (Index i = 0; i < step.exact.rows(); ++i)
        for (Index j = 0; j < step.exact.cols(); ++j) {
          const std::string text = entry_template(example, step, i, j);
          if (step.operation == Operation::given || step.operation == Operation::computed) {
            CHECK(text == "");
            continue;
          }
          if (!is_expression(example, step, text)) continue;
          // A row that sees nothing divides 0 by 0: its weights are 0.
          if (step.operation == Operation::normalise && step.exact.values(i, j) == 0) continue;
          ++counts[step.operation];
          CHECK_MESSAGE(value_of(example, text) == step.exact.values(i, j), all.chapter, " ", example.name,
                        ".", step.name, " = ", text);
        }
  return counts;
}

/// S = Q K' with so many columns.
Example products(Index columns) {
  Example example;
  for (const std::string name : {"Q", "K"}) {
    Step given;
    given.name = name;
    given.exact = derivation::Table<Exact>(2, columns);
    example.steps.push_back(given);
  }
  Step S;
  S.name = "S";
  S.operation = Operation::product;
  S.operands = {"Q", "K'"};
  S.exact = derivation::Table<Exact>(2, 2);
  example.steps.push_back(S);
  return example;
}

}  // namespace

TEST_CASE("what a hint says an entry is made of gives that entry, in every chapter") {
  std::map<Operation, int> counts;
  for (const auto& file : committed())
    for (const auto& [operation, count] : evaluated(rendering::load_json(file.string())))
      counts[operation] += count;
  for (const Operation operation : {Operation::product, Operation::transpose, Operation::difference,
                                    Operation::quotient, Operation::entrywise_product, Operation::exponential,
                                    Operation::row_sums, Operation::head, Operation::concatenation})
    CHECK_MESSAGE(counts[operation] > 0, to_string(operation));
}

TEST_CASE("a transposed operand is spoken of by its own rows") {
  const Example example = products(2);
  CHECK(entry_template(example, example.steps[2], 0, 1) == "Q[0,0]·K[1,0] + Q[0,1]·K[1,1]");
  CHECK(what_to_watch(example, example.steps[2]).find("row i of Q times row j of K:") != std::string::npos);
}

TEST_CASE("of many terms the first two and the last are written") {
  const Example six = products(6), seven = products(7);
  CHECK(entry_template(six, six.steps[2], 1, 0).find("…") == std::string::npos);
  CHECK(entry_template(seven, seven.steps[2], 1, 0) == "Q[1,0]·K[0,0] + Q[1,1]·K[0,1] + … + Q[1,6]·K[0,6]");
}

TEST_CASE("every step of every chapter has something to watch") {
  for (const auto& file : committed())
    for (const Example& example : rendering::load_json(file.string()).examples)
      for (const Step& step : example.steps) {
        const bool is_answer = step.operation != Operation::given && step.operation != Operation::computed;
        CHECK(what_to_watch(example, step).empty() != is_answer);
      }
}
