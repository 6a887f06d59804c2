#include "rendering/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "derivation/files.hpp"
#include "paper/inputs.hpp"
#include "rendering/markdown.hpp"
#include "support/formula.hpp"

using namespace derivation;
using namespace rendering;
using Json = nlohmann::json;
using Pointer = nlohmann::json::json_pointer;

namespace {

/// Two examples: roots, exponentials and hidden entries; and a value that no double holds.
Derivation sample() {
  const std::string block =
      "```paper\nexample = a\ntokens = I # work\nmask = [ 1 0 0 ; 0 0 0 ; 1 1 1 ]\n"
      "Q = [ 1 0 1/3 ; 0 1 1 ; 2 -1 0.1 ]\nK = [ 0 1 0 ; 1 0 1 ; 0 -2 1 ]\nV = [ 2 0 ; 0 -3 ; 1/7 0 ]\n"
      "example = huge\nQ = [ 1e200 ]\nK = [ 1e200 ]\nV = [ 1e-300 ]\n```\n";
  return paper::derive_paper(paper::read_paper("01-sample.md", block), 20);
}

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b));
}

/// The steps whose doubles, or what is visible of them, are not the same to the last bit.
std::string other_doubles(const Derivation& a, const Derivation& b) {
  std::string names;
  for (std::size_t e = 0; e < a.examples.size(); ++e)
    for (std::size_t s = 0; s < a.examples[e].steps.size(); ++s) {
      const Table<double>&x = a.examples[e].steps[s].machine, &y = b.examples.at(e).steps.at(s).machine;
      bool same = x.visible == y.visible && same_bits(a.examples[e].steps[s].gap, b.examples[e].steps[s].gap);
      for (Index i = 0; i < x.rows(); ++i)
        for (Index j = 0; j < x.cols(); ++j)
          same = same && (!x.visible(i, j) || same_bits(x.values(i, j), y.values(i, j)));
      if (!same) names += a.examples[e].steps[s].name;
    }
  return names;
}

std::string complaint(const std::string& text) {
  try {
    from_json(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The sample with one place of its JSON changed.
std::string with(const std::string& place, const Json& value) {
  static const Json json = Json::parse(to_json(sample()));
  Json altered = json;
  altered[Pointer(place)] = value;
  return altered.dump();
}

/// What difference() says of the sample and of the sample with one place changed.
std::string noticed(const std::string& place, const Json& value, int ulps = 8) {
  return difference(with("/version", 1), with(place, value), ulps);
}

double moved(double value, int steps) {
  for (int k = 0; k < std::abs(steps); ++k) value = std::nextafter(value, steps > 0 ? HUGE_VAL : -HUGE_VAL);
  return value;
}

/// Which step of the first example has this name.
std::size_t number_of(const std::string& name) {
  const Derivation derivation = sample();
  const auto& steps = derivation.examples[0].steps;
  for (std::size_t k = 0; k < steps.size(); ++k)
    if (steps[k].name == name) return k;
  throw Error("no step " + name);
}

/// Where the step stands in the JSON of the sample.
std::string path_of(const std::string& name) {
  return "/examples/0/steps/" + std::to_string(number_of(name));
}

Step& step(Derivation& derivation, const std::string& name) {
  return derivation.examples[0].steps[number_of(name)];
}

/// The value moved by one unit in the last place.
void nudge(double& value) { value = moved(value, 1); }

}  // namespace

TEST_CASE("JSON that is read and written again is the same text") {
  const std::string text = to_json(sample());
  CHECK(to_json(from_json(text)) == text);
  Derivation altered = from_json(text);
  nudge(step(altered, "Z").machine.values(0, 1));
  CHECK(to_json(altered) != text);
}

TEST_CASE("doubles read back to the same bits") {
  const Derivation derivation = sample();
  CHECK(other_doubles(derivation, from_json(to_json(derivation))) == "");
  Derivation altered = derivation;
  nudge(step(altered, "A").machine.values(2, 1));
  CHECK(other_doubles(derivation, altered) == "A");
  for (const double value :
       {0.1, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3.0, HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    altered.examples[0].steps[0].machine.values(0, 0) = value;
    CHECK(same_bits(from_json(to_json(altered)).examples[0].steps[0].machine.values(0, 0), value));
  }
}

TEST_CASE("the fields of a step are what the contract says") {
  const Json json = Json::parse(to_json(sample()));
  CHECK(json["version"] == 1);
  CHECK(json["chapter"] == "01-sample");
  const Json& S = json["examples"][0]["steps"][number_of("S")];
  CHECK(S["name"] == "S");
  CHECK(S["title"] == "Scores");
  CHECK(S["kind"] == "step");
  CHECK(S["formula"] == "Q K^\\top");
  CHECK(S["operation"] == "product");
  CHECK(S["operands"] == Json{"Q", "K'"});
  CHECK(S["rows"] == 3);
  CHECK(S["cols"] == 3);
  CHECK(S["row_labels"] == Json{"I", "#", "work"});
  CHECK(!S.contains("detail"));
  // Q Kᵀ by hand: the first row of Q is [1 0 1/3].
  CHECK(S["exact"] == Json{{"0", "4/3", "1/3"}, {"1", "1", "-1"}, {"-1", "21/10", "21/10"}});
  CHECK(S["decimal"][0] == Json{"0", "1.3333333333333333333", "0.33333333333333333333"});
  CHECK(S["decimal"][2] == Json{"-1", "2.1", "2.1"});
  CHECK(json["examples"][0]["steps"][0]["kind"] == "given");
}

TEST_CASE("what is hidden is -inf in every field") {
  const Json json = Json::parse(to_json(sample()));
  const Json& M = json["examples"][0]["steps"][number_of("M")];
  for (const std::string field : {"exact", "decimal", "double"}) {
    CHECK(M[field][0][1] == "-inf");
    CHECK(M[field][1] == Json{"-inf", "-inf", "-inf"});
    CHECK(M[field][2][1] != "-inf");
  }
}

TEST_CASE("the largest gap of all steps is in the summary") {
  Derivation derivation = sample();
  derivation.examples.pop_back();
  double largest = 0;
  for (const Step& step : derivation.examples[0].steps) largest = std::max(largest, step.gap);
  CHECK(largest > 0);
  CHECK(Json::parse(to_json(derivation))["summary"]["max_abs_diff_exact_vs_double"] == largest);
  CHECK(Json::parse(to_json(sample()))["summary"]["max_abs_diff_exact_vs_double"] == "inf");
}

TEST_CASE("what is no derivation is refused") {
  CHECK(complaint(to_json(sample())).empty());
  CHECK(complaint("").find("this is no derivation: ") == 0);
  CHECK(complaint("{}").find("this is no derivation: ") == 0);
  CHECK(complaint("[1, 2]").find("this is no derivation: ") == 0);
  CHECK(complaint(with("/version", 2)).find("its version is not 1") != std::string::npos);
  CHECK(complaint(with("/examples", 3)).find("this is no derivation: ") == 0);
  const std::vector<std::pair<std::string, Json>> broken = {{"/kind", "fact"},
                                                            {"/operation", "softmax"},
                                                            {"/exact/0/0", "x"},
                                                            {"/exact/0/0", "1/0"},
                                                            {"/exact/0/0", 1},
                                                            {"/exact/0", {"1"}},
                                                            {"/exact", Json::array()},
                                                            {"/decimal/1", {"1", "2"}},
                                                            {"/decimal", "1"},
                                                            {"/double/0/0", "one"},
                                                            {"/double/0", 1},
                                                            {"/double", nullptr},
                                                            {"/rows", 4},
                                                            {"/rows", -1},
                                                            {"/rows", 0},
                                                            {"/cols", 2},
                                                            {"/cols", "3"},
                                                            {"/gap", "none"},
                                                            {"/row_labels", {"one"}},
                                                            {"/operands", {1}},
                                                            {"/formula", 1}};
  for (const auto& [place, value] : broken)
    CHECK_MESSAGE(complaint(with(path_of("Z") + place, value)) != "", place, " = ", value.dump());
  for (const std::string name : {"name", "title", "kind", "formula", "operation", "operands", "rows", "cols",
                                 "exact", "decimal", "double", "gap", "row_labels", "col_labels"}) {
    Json json = Json::parse(to_json(sample()));
    json["examples"][0]["steps"][number_of("Z")].erase(name);
    CHECK_MESSAGE(complaint(json.dump()) != "", name);
  }
}

TEST_CASE("a file that holds no derivation is named") {
  CHECK_THROWS_WITH_AS(load_json("/none/d.json"), "/none/d.json: cannot be read (No such file or directory)",
                       FileError);
}

TEST_CASE("doubles may differ by a few units in the last place and by no more") {
  Derivation derivation = sample();
  const double value = step(derivation, "A").machine.values(2, 1);
  CHECK(difference(with("/version", 1), with("/version", 1), 0).empty());
  for (const int sign : {1, -1}) {
    CHECK(noticed(path_of("A") + "/double/2/1", moved(value, sign * 8)).empty());
    CHECK(
        noticed(path_of("A") + "/double/2/1", moved(value, sign * 9)).find(path_of("A") + "/double/2/1: ") ==
        0);
    CHECK(noticed(path_of("A") + "/double/2/1", moved(value, sign), 0) != "");
  }
  CHECK(noticed(path_of("A") + "/double/2/1", "-inf") != "");
  CHECK(noticed(path_of("A") + "/double/0/1", 5e-300) != "");     // it is 0 there
  CHECK(noticed("/examples/1/steps/3/double/0/0", 1e300) != "");  // it is infinite there
}

TEST_CASE("a gap may differ by a few last places of the doubles that it was taken of") {
  // The largest weight is 1, in the row that sees one token: its last place is 2^-52.
  Derivation derivation = sample();
  const double gap = step(derivation, "A").gap;
  CHECK(noticed(path_of("A") + "/gap", gap + 8 * 0x1p-52).empty());
  CHECK(noticed(path_of("A") + "/gap", gap + 9 * 0x1p-52) != "");
  CHECK(noticed(path_of("A") + "/gap", "inf") != "");
  CHECK(noticed("/examples/1/steps/3/gap", 0.0) != "");
  Derivation finite = sample();
  finite.examples.pop_back();
  Json json = Json::parse(to_json(finite));
  const std::string text = json.dump();
  double& largest = json["summary"]["max_abs_diff_exact_vs_double"].get_ref<double&>();
  largest += 0x1p-52;
  CHECK(difference(text, json.dump(), 8).empty());
  largest += 1e-12;
  CHECK(difference(text, json.dump(), 8).find("/summary/max_abs_diff_exact_vs_double: ") == 0);
}

TEST_CASE("nothing else may differ") {
  const std::vector<std::pair<std::string, Json>> alterations = {
      {path_of("Z") + "/exact/0/1", "4/9*sqrt(3)+0"},
      {path_of("Z") + "/decimal/0/1", "0.76980035891950104903"},
      {path_of("Z") + "/name", "ZZ"},
      {path_of("Z") + "/title", "Scaled Scores"},
      {path_of("Z") + "/kind", "given"},
      {path_of("Z") + "/detail", true},
      {path_of("Z") + "/formula", "S"},
      {path_of("Z") + "/operation", "sum"},
      {path_of("Z") + "/operands/1", "2"},
      {path_of("Z") + "/rows", 2},
      {path_of("Z") + "/row_labels/0", "you"},
      {"/examples/0/name", "b"},
      {"/examples/0/title", "other"},
      {"/chapter", "02"},
      {"/title", "other"},
      {"/version", 2},
      {"/examples/2", Json::object()},
      {"/examples/0/facts/0", Json::object()},
  };
  for (const auto& [place, value] : alterations) CHECK_MESSAGE(noticed(place, value, 1000) != "", place);
  Derivation fact = sample();
  fact.examples[0].facts.push_back({"a claim", true, "exact"});
  Derivation false_fact = fact;
  false_fact.examples[0].facts[0].holds = false;
  CHECK(difference(to_json(fact), to_json(false_fact), 1000).find("/examples/0/facts/0/holds") == 0);
}

TEST_CASE("the decimals have as many digits as asked for and -inf where nothing is seen") {
  Table<Exact> table(1, 4);
  table.values << Exact(1) / 3, Exact(5) / 4, exp(Exact(-100)), Exact(0);
  table.visible(0, 3) = false;
  // e^-100 = 3.720075976020835962959695803863118337358892292376781967…e-44
  CHECK(decimals(table, 5) ==
        std::vector<std::vector<std::string>>{{"0.33333", "1.25", "3.7201e-44", "-inf"}});
  CHECK(decimals(table, 1) == std::vector<std::vector<std::string>>{{"0.3", "1", "4e-44", "-inf"}});
}

namespace {

std::vector<std::filesystem::path> committed() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/derivations"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  return files;
}

/// The first line of a text that is not the same in the other, and not its whole chapter.
std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return "";
  std::istringstream as(a), bs(b);
  for (std::string x, y; std::getline(as, x) && std::getline(bs, y);)
    if (x != y) return x + " / " + y;
  return "one is longer than the other";
}

/// Doubles have 53 bits: a closed form of a hundred operations on values that are at most a thousand times
/// the result loses less than 100 · 1000 · 2^-53 of it, which is about 1e-11.
bool near(double a, double b) { return a == b || std::abs(a - b) <= 1e-11 * std::max(1.0, std::abs(a)); }

double real(const Json& entry) { return entry.is_string() ? Formula::value(entry) : entry.get<double>(); }

/// The entries of which the closed form, the decimal and the double are not the same number.
std::vector<std::string> disagreements(const Json& derivation) {
  std::vector<std::string> found;
  for (const Json& example : derivation["examples"])
    for (const Json& step : example["steps"])
      for (std::size_t i = 0; i < step["rows"]; ++i)
        for (std::size_t j = 0; j < step["cols"]; ++j) {
          const Json& closed = step["exact"].is_null() ? step["decimal"] : step["exact"];
          const double exact = Formula::value(closed[i][j]);
          // A step that the chapter computed itself may be a yes or no, which a double decides by its own
          // lights.
          const bool may_decide = step["operation"] == "computed" && !step["exact"].is_null();
          const bool is_near = may_decide || near(exact, real(step["double"][i][j]));
          if (!is_near || !near(exact, real(step["decimal"][i][j])))
            found.push_back(example["name"].get<std::string>() + "." + step["name"].get<std::string>());
        }
  return found;
}

}  // namespace

TEST_CASE("in every committed derivation closed forms and decimals and doubles are the same numbers") {
  REQUIRE(!committed().empty());
  for (const auto& file : committed()) {
    Json json = Json::parse(read_file(file));
    CAPTURE(file);
    CHECK(disagreements(json).empty());
    json["examples"][0]["steps"].back()["decimal"][0][0] = "77.5";
    CHECK(disagreements(json).size() == 1);
  }
}

TEST_CASE("every committed Markdown is made of the JSON beside it to the last byte") {
  for (auto file : committed()) {
    const Derivation derivation = load_json(file);
    CAPTURE(file);
    CHECK(first_difference(to_json(derivation), read_file(file)) == "");
    const std::string markdown = read_file(file.replace_extension(".md"));
    CHECK(first_difference(to_markdown(derivation), markdown) == "");
    Derivation altered = derivation;
    altered.examples[0].steps.back().exact.values(0, 0) += numbers::Exact(1);
    CHECK(first_difference(to_markdown(altered), markdown) != "");
  }
}
