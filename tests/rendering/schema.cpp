#include "support/schema.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "derivation/derivation.hpp"
#include "derivation/files.hpp"

using Json = nlohmann::json;

namespace {

const std::string source = SOURCE_DIR;

Json read_json(const std::string& path) { return Json::parse(derivation::read_file(path)); }

const Schema& schema() {
  static const Schema the_schema(read_json(source + "/docs/derivation.schema.json"));
  return the_schema;
}

std::vector<std::filesystem::path> committed() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source + "/derivations"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  return files;
}

std::string lines(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += problem + "\n";
  return text;
}

/// A derivation of one step, as small as one can be.
Json small() {
  return Json::parse(R"({"version": 1, "chapter": "c", "title": "C",
    "examples": [{"name": "e", "title": "E",
      "steps": [{"name": "S", "title": "Scores", "kind": "step", "formula": "Q", "operation": "sum",
                 "operands": ["Q"], "rows": 1, "cols": 2, "row_labels": [], "col_labels": [],
                 "exact": [["-exp(-sqrt(2)/2)*3", "-inf"]], "decimal": [["1.5e-8", "-inf"]],
                 "double": [[1.5, "-inf"]], "gap": 0.0}],
      "facts": [{"claim": "1", "holds": true, "how": "exact"}]}],
    "summary": {"max_abs_diff_exact_vs_double": 0.0}})");
}

}  // namespace

TEST_CASE("every committed derivation has the shape that the schema describes") {
  REQUIRE(!committed().empty());
  for (const auto& file : committed()) CHECK_MESSAGE(lines(schema().problems(read_json(file))) == "", file);
}

TEST_CASE("a derivation that does not fit the schema is noticed with the place") {
  CHECK(lines(schema().problems(small())) == "");
  const std::vector<std::pair<std::string, Json>> alterations = {
      {"/version", 2},
      {"/version", "1"},
      {"/colour", "red"},
      {"/examples", Json::object()},
      {"/examples/0/name", "two words"},
      {"/examples/0/steps/0/name", "1S"},
      {"/examples/0/steps/0/kind", "fact"},
      {"/examples/0/steps/0/detail", false},
      {"/examples/0/steps/0/operation", "softmax"},
      {"/examples/0/steps/0/operands/0", 2},
      {"/examples/0/steps/0/rows", 0},
      {"/examples/0/steps/0/rows", 1.5},
      {"/examples/0/steps/0/exact/0/0", "0.5"},
      {"/examples/0/steps/0/exact/0/0", "inf"},
      {"/examples/0/steps/0/exact/0/0", "log(2)"},
      {"/examples/0/steps/0/exact/0/0", 1},
      {"/examples/0/steps/0/exact/0", Json::array()},
      {"/examples/0/steps/0/exact", "none"},
      {"/examples/0/steps/0/decimal", nullptr},
      {"/examples/0/steps/0/decimal/0/0", "?"},
      {"/examples/0/steps/0/decimal/0/0", ".5"},
      {"/examples/0/steps/0/double/0/0", "0.5"},
      {"/examples/0/steps/0/double/0/0", nullptr},
      {"/examples/0/steps/0/gap", -1},
      {"/examples/0/steps/0/gap", "-inf"},
      {"/examples/0/facts/0/holds", "yes"},
      {"/examples/0/facts/0/how", "sampled"},
      {"/examples/0/figures", Json::array()},
      {"/examples/0/figures", Json::array({{{"name", "f"}}})},
      {"/summary", Json::object()},
  };
  for (const auto& [place, value] : alterations) {
    Json altered = small();
    altered[Json::json_pointer(place)] = value;
    const auto problems = schema().problems(altered);
    CHECK_MESSAGE(!problems.empty(), place, " = ", value.dump());
    if (!problems.empty()) CHECK(problems[0].find(place.substr(0, place.rfind('/'))) == 0);
  }
}

TEST_CASE("a step without a closed form says null") {
  Json without = small();
  without["examples"][0]["steps"][0]["exact"] = nullptr;
  CHECK(lines(schema().problems(without)) == "");
}

TEST_CASE("a member that is left out is noticed unless it may be") {
  const Json step = small()["examples"][0]["steps"][0];
  for (const auto& [name, value] : step.items()) {
    Json altered = small();
    altered["examples"][0]["steps"][0].erase(name);
    CHECK_MESSAGE(schema().problems(altered).size() == 1, name);
  }
}

TEST_CASE("the schema names every operation and every kind of figure and no others") {
  std::set<std::string> operations, kinds;
  for (int k = 0; k <= static_cast<int>(derivation::Operation::computed); ++k)
    operations.insert(to_string(static_cast<derivation::Operation>(k)));
  for (int k = 0; k <= static_cast<int>(derivation::Figure::Kind::heatmap); ++k)
    kinds.insert(to_string(static_cast<derivation::Figure::Kind>(k)));
  const Json all = read_json(source + "/docs/derivation.schema.json")["$defs"];
  CHECK(all["step"]["properties"]["operation"]["enum"].get<std::set<std::string>>() == operations);
  CHECK(all["figure"]["properties"]["kind"]["enum"].get<std::set<std::string>>() == kinds);
}

TEST_CASE("a keyword that the validator does not know fails and does not pass") {
  const auto problems = Schema(Json{{"maxLength", 3}}).problems("long");
  CHECK(lines(problems) == "the schema has a keyword that is not known here: maxLength\n");
}
