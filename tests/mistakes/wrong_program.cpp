#include "mistakes/wrong_program.hpp"

#include <doctest/doctest.h>

#include "derivation/pipeline.hpp"
#include "support/wrong_program.hpp"

// What the catalogue's mistakes come to is held against a program of doubles that knows nothing of src/.

using derivation::Exact;
using derivation::Example;
using derivation::Index;
using mistakes::output_of;
using mistakes::WrongProgram;
using wrong_program::Grid;
using wrong_program::Program;
using wrong_program::Shape;
using wrong_program::Toy;
using wrong_program::Way;

namespace {

derivation::Matrix<Exact> exactly(const Grid& grid) {
  derivation::Matrix<Exact> values(static_cast<Index>(grid.size()), static_cast<Index>(grid[0].size()));
  for (std::size_t i = 0; i < grid.size(); ++i)
    for (std::size_t j = 0; j < grid[i].size(); ++j)
      values(static_cast<Index>(i), static_cast<Index>(j)) = numbers::exactly(grid[i][j]);
  return values;
}

derivation::HeadInputs inputs_of(const Toy& toy) {
  derivation::HeadInputs inputs;
  inputs.name = "toy";
  for (const auto& [name, grid] : toy.givens) inputs.givens.push_back({name, exactly(grid)});
  return inputs;
}

Example example_of(const Toy& toy) {
  return derivation::derive_heads("", "", {inputs_of(toy)}, 1).examples.front();
}

Toy square() { return wrong_program::random_toy("square", 3, Shape{3, 3, 3, 3}); }
Toy oblong() { return wrong_program::random_toy("oblong", 1, Shape{3, 2, 4, 2}); }

/// Both are sums of a few products below 100, and quotients of them: some roundings of 1e-14 each.
constexpr double roundings = 1e-11;

double difference(const derivation::Matrix<Exact>& values, const Grid& grid) {
  double largest = 0;
  for (std::size_t i = 0; i < grid.size(); ++i)
    for (std::size_t j = 0; j < grid[i].size(); ++j)
      largest = std::max(
          largest,
          std::abs(numbers::to_double(values(static_cast<Index>(i), static_cast<Index>(j))) - grid[i][j]));
  return largest;
}

struct Case {
  WrongProgram program;
  std::vector<Way> ways;
};

/// In one step, in several at once, where the first rule says, and in one of several ways.
const std::vector<Case> cases = {
    {{"", "weights-transposed", {"K"}}, {{"weights-transposed", "K"}}},
    {{"", "weights-transposed", {"Q", "V"}}, {{"weights-transposed", "Q"}, {"weights-transposed", "V"}}},
    {{"", "weights-first", {"Q", "K", "V"}},
     {{"weights-first", "Q"}, {"weights-first", "K"}, {"weights-first", "V"}}},
    {{"", "Q-and-K-swapped"}, {{"Q-and-K-swapped", "weights"}}},
    {{"", "softmax-over-columns"}, {{"softmax-over-columns", ""}}},
    {{"", "other-weights", {"K"}, "with W_V"}, {{"other-weights", "KV"}}},
    {{"", "other-weights", {"V"}, "with W_Q"}, {{"other-weights", "VQ"}}},
    {{"", "one-key-too-few", {}, "the first key of each row is missing"}, {{"one-key-too-few", "first"}}},
};

}  // namespace

TEST_CASE("a wrong program of the catalogue computes what the same program in plain loops does") {
  const Toy toy = square();
  const Example example = example_of(toy);
  const Grid right = Program(toy)["Y"];
  for (const Case& each : cases) {
    const auto output = output_of<Exact>(each.program, example);
    REQUIRE_MESSAGE(output.has_value(), each.program.mistake);
    CHECK_MESSAGE(difference(output->values, Program(toy, each.ways)["Y"]) < roundings, each.program.mistake);
    CHECK_MESSAGE(difference(output->values, right) > 1e6 * roundings, each.program.mistake);
  }
}

TEST_CASE("any step may be asked for that comes of the mistake") {
  const Toy toy = square();
  const Example example = example_of(toy);
  const Program wrong(toy, {{"not-scaled", ""}});
  for (const std::string step : {"Z", "A"}) {
    const auto output = output_of<Exact>({"", "not-scaled"}, example, step);
    REQUIRE_MESSAGE(output.has_value(), step);
    CHECK_MESSAGE(difference(output->values, wrong[step]) < roundings, step);
  }
  CHECK_FALSE(output_of<Exact>({"", "not-scaled"}, example, "S").has_value());
}

TEST_CASE("where the shapes do not fit there is no output") {
  CHECK_FALSE(output_of<Exact>({"", "keys-not-transposed"}, example_of(oblong())).has_value());
  CHECK_FALSE(output_of<double>({"", "A-times-K"}, example_of(oblong())).has_value());
  CHECK(output_of<Exact>({"", "keys-not-transposed"}, example_of(square())).has_value());
}

TEST_CASE("what the catalogue or the example does not have is said") {
  const Example example = example_of(square());
  const auto error_of = [&](const WrongProgram& program, const std::string& step) -> std::string {
    try {
      output_of<Exact>(program, example, step);
    } catch (const derivation::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(error_of({"", "not-scald"}, "Y") == "the catalogue has no mistake named not-scald");
  CHECK(error_of({"", "not-scaled", {"Q"}}, "Y") ==
        "the catalogue has no rule by which a program makes the mistake not-scaled in Q");
  CHECK(error_of({"", "not-scaled"}, "C") == "example toy has no step C");
  CHECK(error_of({"", "other-weights", {"K"}}, "Y") ==
        "other-weights can be made in several ways: say which, such as \"with W_V\"");
}

TEST_CASE("the table of changes has the programs that run, and by how much each changes Y") {
  const Toy toy = oblong();
  derivation::Page page;
  derivation::derive_head(page, inputs_of(toy));
  mistakes::write_changes(
      page,
      {{"not scaled", "not-scaled"}, {"Q K", "keys-not-transposed"}, {"columns", "softmax-over-columns"}},
      {"Y"});
  const Example example = page.written_so_far();
  const auto* change = find_step(example, "change");
  REQUIRE(change != nullptr);
  CHECK(change->labels.rows == std::vector<std::string>{"not scaled", "columns"});
  const Grid right = Program(toy)["Y"];
  for (const auto& [row, mistake] : {std::pair{0, "not-scaled"}, {1, "softmax-over-columns"}}) {
    const double expected = difference(exactly(right), Program(toy, {{mistake, ""}})["Y"]);
    CHECK(std::abs(numbers::to_double(change->exact.values(row, 0)) - expected) < roundings);
    CHECK(std::abs(change->machine.values(row, 0) - expected) < roundings);
  }
}
