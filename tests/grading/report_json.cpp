#include "grading/report_json.hpp"

#include <doctest/doctest.h>

#include "derivation/files.hpp"
#include "support/graded.hpp"
#include "support/schema.hpp"

using namespace grading;
using Json = nlohmann::json;

namespace {

Grades graded(const std::string& steps) {
  return Graded("```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n" + steps + "\n```\n")
      .grades;
}

Json json(const Grades& grades) { return Json::parse(report_json("p.md", grades)); }

const Schema& schema() {
  static const Schema the_schema(
      Json::parse(derivation::read_file(std::string(SOURCE_DIR) + "/docs/grades.schema.json")));
  return the_schema;
}

const std::string mixed = "S = [ 0 1 ; 1 0 ]\nZ = [ 0 0.7 ; 1 ? ]\nA = [ 0.33 0.1 ; 0.6 ? ]";

}  // namespace

TEST_CASE("grades as JSON have the shape that the schema describes") {
  for (const std::string& steps : {mixed, std::string(), std::string("S = [ ? ? ; ? ? ]")}) {
    const auto problems = schema().problems(json(graded(steps)));
    CHECK_MESSAGE(problems.empty(), problems.front());
  }
  Json broken = json(graded(mixed));
  broken["examples"][0]["steps"][3]["entries"][0][0]["verdict"] = "good";
  CHECK(!schema().problems(broken).empty());
  broken = json(graded(mixed));
  broken["summary"]["first_slip"].erase("row");
  CHECK(!schema().problems(broken).empty());
}

TEST_CASE("each entry says where it stands and what it is") {
  const Json all = json(graded(mixed));
  const Json& A = all["examples"][0]["steps"][5];
  CHECK(A["name"] == "A");
  CHECK(A["kind"] == "step");
  CHECK(A["file"] == "p.md");
  const Json& wrong = A["entries"][0][1];
  CHECK(wrong["line"] == 7);
  CHECK(wrong["column"] == 12);
  CHECK(wrong["written"] == "0.1");
  CHECK(wrong["verdict"] == "wrong");
  CHECK(wrong["expected"] == "0.66976155, exactly 1/(1+e^(-√2/2))");
  CHECK(A["entries"][1][1]["verdict"] == "unanswered");
  CHECK(all["examples"][0]["steps"][0]["kind"] == "given");
  CHECK(all["summary"]["first_slip"] ==
        Json({{"example", "example"}, {"step", "Z"}, {"row", 1}, {"col", 0}}));
  CHECK(all["summary"]["all_right"] == false);
}

TEST_CASE("the first slip is the first of all, in the first row and column too") {
  const auto slip = first_slip(graded("S = [ 5 1 ; 7 0 ]"));
  REQUIRE(slip);
  CHECK(slip->step == "S");
  CHECK(slip->row == 0);
  CHECK(slip->col == 0);
}

TEST_CASE("the grades end behind the first step with a slip") {
  const Grades all = graded(mixed), before = until_first_slip(all);
  REQUIRE(before.examples.size() == 1);
  CHECK(before.examples[0].steps.back().name == "Z");
  CHECK(before.examples[0].steps.back().entries.size() == 2);
  CHECK(count(before, Verdict::right) < count(all, Verdict::right));
  const Grades good = graded("S = [ 0 1 ; 1 0 ]\nA = [ 0.33 ? ; ? ? ]");
  CHECK(!first_slip(good));
  CHECK(until_first_slip(good).examples[0].steps.size() == good.examples[0].steps.size());
}

TEST_CASE("what is no UTF-8 is still JSON") {
  Grades grades = graded("S = [ 0 1 ; 1 0 ]");
  grades.examples[0].steps[0].entries[0][0].written = "\xFF";
  CHECK(json(grades)["examples"][0]["steps"][0]["entries"][0][0]["written"] == "\xEF\xBF\xBD");
}
