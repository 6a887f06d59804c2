#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/formula.hpp"
#include "support/run.hpp"
#include "support/text.hpp"

using Json = nlohmann::json;

namespace {

using Reals = std::vector<std::vector<double>>;
using Steps = std::map<std::string, Reals>;

constexpr double hidden = -std::numeric_limits<double>::infinity();

/// A reader's toy example, as written and as the tests read it.
struct File {
  std::string name;
  std::map<std::string, std::string> givens;  ///< "1 0 ; 0 1"
  std::string settings = {};                  ///< further lines
  double scale = 0;                           ///< what S is multiplied by; 0: 1/√d_k
  std::string mask = {};                      ///< of 0 and 1, as the givens
};

Reals read(const std::string& matrix) {
  Reals rows(1);
  std::istringstream words(matrix);
  for (std::string word; words >> word;)
    if (word == ";")
      rows.emplace_back();
    else
      rows.back().push_back(Formula::value(word));
  return rows;
}

std::string markdown(const File& file) {
  std::string text = "# My work\n\n```paper\n" + file.settings;
  for (const auto& [name, matrix] : file.givens) text += name + " = [ " + matrix + " ]\n";
  return text + "```\n";
}

Reals product(const Reals& a, const Reals& b) {
  Reals result(a.size(), std::vector<double>(b[0].size(), 0));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b[0].size(); ++j)
      for (std::size_t k = 0; k < b.size(); ++k) result[i][j] += a[i][k] * b[k][j];
  return result;
}

/// m, D, E, l and A of one row of scores, appended to the steps.
void add_softmax(Steps& steps, const std::vector<double>& scores) {
  const double m = *std::max_element(scores.begin(), scores.end());
  std::vector<double> D, E, A;
  double l = 0;
  for (const double score : scores) {
    D.push_back(score == hidden ? hidden : score - m);
    E.push_back(std::exp(D.back()));
    l += E.back();
  }
  for (const double e : E) A.push_back(l == 0 ? 0 : e / l);
  for (const auto& [name, row] :
       {std::pair<std::string, std::vector<double>>{"m", {m}}, {"D", D}, {"E", E}, {"l", {l}}, {"A", A}})
    steps[name].push_back(row);
}

/// The whole head in double precision, entry by entry.
Steps worked_out(const File& file) {
  Steps steps;
  for (const auto& [name, matrix] : file.givens) steps[name] = read(matrix);
  for (const std::string name : {"Q", "K", "V"})
    if (!steps.count(name)) steps[name] = product(steps["X"], steps["W_" + name]);
  const Reals Q = steps["Q"], K = steps["K"];
  const double scale = file.scale == 0 ? 1 / std::sqrt(static_cast<double>(K[0].size())) : file.scale;
  Reals S(Q.size(), std::vector<double>(K.size(), 0)), Z = S, M = S;
  for (std::size_t i = 0; i < Q.size(); ++i)
    for (std::size_t j = 0; j < K.size(); ++j) {
      for (std::size_t k = 0; k < K[j].size(); ++k) S[i][j] += Q[i][k] * K[j][k];
      Z[i][j] = S[i][j] * scale;
      M[i][j] = file.mask.empty() || read(file.mask)[i][j] == 1 ? Z[i][j] : hidden;
    }
  steps["S"] = S;
  steps["Z"] = Z;
  if (!file.mask.empty()) {
    steps["mask"] = read(file.mask);
    steps["M"] = M;
  }
  for (const auto& row : M) add_softmax(steps, row);
  const Reals output = product(steps["A"], steps["V"]);
  if (file.givens.count("W_O")) steps["C"] = output;
  steps["Y"] = file.givens.count("W_O") ? product(output, steps["W_O"]) : output;
  return steps;
}

/// d_k = 3, 5 and 8, fractions, masks, scales, output weights: what the chapters do not have.
const std::vector<File> files = {
    {"d_k = 1", {{"Q", "2 ; -1"}, {"K", "1 ; 3"}, {"V", "1 0 ; 0 1"}}},
    {"d_k = 3", {{"Q", "1 0 1 ; 0 1 1"}, {"K", "1 1 0 ; 0 1 2"}, {"V", "1 2 ; 3 -4"}}},
    {"d_k = 5 and causal",
     {{"Q", "1 0 1 0 1 ; 0 1 1 0 0 ; 2 0 0 1 0"},
      {"K", "1 1 0 0 0 ; 0 1 2 0 1 ; 0 0 0 1 1"},
      {"V", "1 ; 2 ; 3"}},
     "mask = causal\n",
     0,
     "1 0 0 ; 1 1 0 ; 1 1 1"},
    {"d_k = 8 from X",
     {{"X", "1 2 ; 0 1"},
      {"W_Q", "1 0 1 0 1 0 1 0 ; 0 1 0 1 0 1 0 1"},
      {"W_K", "1 1 0 0 1 1 0 0 ; 0 0 1 1 0 0 1 1"},
      {"W_V", "1 0 2 ; 0 1 -1"}}},
    {"fractions", {{"Q", "1/2 -2/3 ; 0.25 1"}, {"K", "1/7 1 ; -1 3/5"}, {"V", "1/3 0 ; 0 2.5"}}},
    {"closed forms", {{"Q", "sqrt(2) 1 ; 0 1+sqrt(2)/2"}, {"K", "1 1 ; 0 2"}, {"V", "exp(1) 0 ; 1 exp(-1)"}}},
    {"fewer queries than keys", {{"Q", "1 2"}, {"K", "1 1 ; 0 1 ; 2 0"}, {"V", "1 ; 2 ; 3"}}},
    {"a scale", {{"Q", "1 2 ; 3 4"}, {"K", "1 0 ; 0 1"}, {"V", "1 0 ; 0 1"}}, "scale = 1/4 # mine\n", 0.25},
    {"a row that sees nothing",
     {{"Q", "1 2 ; 3 4"}, {"K", "1 0 ; 0 1"}, {"V", "1 0 ; 0 1"}, {"mask", "0 0 ; 1 0"}},
     "",
     0,
     "0 0 ; 1 0"},
    {"output weights",
     {{"X", "1 0 ; 0 1 ; 1 1"},
      {"W_Q", "1 0 ; 0 1"},
      {"W_K", "0 1 ; 1 0"},
      {"W_V", "2 0 ; 0 3"},
      {"W_O", "1 -1 2 ; 0 1 1"}},
     "mask = causal\ntokens = I # work\n",
     0,
     "1 0 0 ; 1 1 0 ; 1 1 1"},
};

/// All values here are below 100 and come from fewer than 100 operations, on either side: each loses at most
/// 100 · 2^-53 by a rounding, and exp at most twice that. The largest difference measured is 9e-15.
constexpr double rounding = 2 * 100 * 100 * 0x1p-53;

bool near(double a, double b) { return a == b || std::abs(a - b) <= rounding; }

double real(const Json& entry) { return entry.is_string() ? Formula::value(entry) : entry.get<double>(); }

/// What a step of the JSON says that the independent calculation does not.
std::vector<std::string> faults(const Json& step, const Reals& expected) {
  std::vector<std::string> found;
  const std::string name = step["name"];
  if (step["rows"] != expected.size() || step["cols"] != expected[0].size())
    found.push_back(name + ": its shape");
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (std::size_t j = 0; j < expected[i].size(); ++j)
      for (const std::string field : {"exact", "decimal", "double"}) {
        const double value = real(step[field][i][j]);
        if (!near(value, expected[i][j]))
          found.push_back(name + "/" + field + "[" + std::to_string(i) + "," + std::to_string(j) + "] is " +
                          std::to_string(value) + ", not " + std::to_string(expected[i][j]));
      }
  if (step["gap"].get<double>() > rounding) found.push_back(name + ": its gap");
  return found;
}

std::vector<std::string> faults(const Json& derivation, const Steps& expected) {
  std::vector<std::string> found;
  const Json& steps = derivation["examples"][0]["steps"];
  if (steps.size() != expected.size())
    found.push_back("there are " + std::to_string(steps.size()) + " steps");
  for (const Json& step : steps)
    if (expected.count(step["name"]))
      for (const std::string& fault : faults(step, expected.at(step["name"]))) found.push_back(fault);
    else
      found.push_back("a step " + step["name"].get<std::string>());
  return found;
}

Outcome derive(const std::string& file, std::vector<std::string> options = {}) {
  std::vector<std::string> command = {ATTENTION_BY_HAND, "derive"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(file);
  return run(command);
}

Json derived(const File& file) {
  const Folder folder;
  const Outcome outcome = derive(folder.file("mine.md", markdown(file)), {"--format", "json"});
  REQUIRE_MESSAGE(outcome.status == 0, file.name, ": ", outcome.err);
  return Json::parse(outcome.out);
}

const File& file_named(const std::string& name) {
  return *std::find_if(files.begin(), files.end(), [&](const File& file) { return file.name == name; });
}

}  // namespace

TEST_CASE("the derivation of a reader's own file agrees with an independent calculation") {
  for (const File& file : files)
    for (const std::string& fault : faults(derived(file), worked_out(file)))
      FAIL_CHECK(file.name << ": " << fault);
}

TEST_CASE("the independent calculation tells other derivations from the right one") {
  const auto differ = [](File file, const std::string& name, const std::string& matrix) {
    const Json json = derived(file);
    file.givens[name] = matrix;
    return !faults(json, worked_out(file)).empty();
  };
  CHECK(differ(file_named("d_k = 3"), "Q", "1 0 1 ; 0 1 1.000000001"));
  CHECK(differ(file_named("output weights"), "W_O", "1 -1 2 ; 0 1 1.000000001"));
  File scaled = file_named("a scale");
  const Json json = derived(scaled);
  scaled.scale = 0.250001;
  CHECK(!faults(json, worked_out(scaled)).empty());
  File masked = file_named("d_k = 5 and causal");
  masked.mask = "1 0 0 ; 1 1 1 ; 1 1 1";
  CHECK(!faults(derived(file_named("d_k = 5 and causal")), worked_out(masked)).empty());
}

TEST_CASE("as text a derivation has its formulas and closed forms and decimals and doubles") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("d_k = 3")));
  const Outcome text = derive(file);
  CHECK(text.status == 0);
  CHECK(text.err.empty());
  for (const std::string part : {"S = Q Kᵀ", "Z = S / √d_k", "√3/3", "0.57735026918962576451",
                                 "0.57735026918962", "A = E / l", "Y = A V", "Scores", "gap"})
    CHECK_MESSAGE(contains(text.out, part), part);
  CHECK(!contains(text.out, "\033"));  // no colour in a file
  CHECK(!contains(text.out, "1·1 + 0·1 + 1·0"));
  CHECK(contains(derive(file, {"--arithmetic"}).out, "S[0,0] = 1·1 + 0·1 + 1·0 = 1"));
}

TEST_CASE("the number of digits is as many as asked for") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("d_k = 3")));
  // 1/√3 =
  // 0.577350269189625764509148780501957455647601751270126876018602326483977672302933345693715395585749525225…
  CHECK(contains(derive(file, {"--digits", "3"}).out, "0.577 "));
  CHECK(
      contains(derive(file, {"--digits", "50"}).out, "0.57735026918962576450914878050195745564760175127013"));
  CHECK(!contains(derive(file, {"--digits", "49"}).out,
                  "0.57735026918962576450914878050195745564760175127013"));
}

TEST_CASE("as Markdown a derivation is read by pandoc without a warning") {
  const Folder folder;
  const Outcome outcome =
      derive(folder.file("mine.md", markdown(file_named("fractions"))), {"--format", "markdown"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.rfind("# mine: the derivation\n", 0) == 0);
  CHECK(contains(outcome.out, "\n### example S\n"));
  const std::string page = folder.file("page.md", outcome.out);
  const Outcome html =
      run({"pandoc", "--fail-if-warnings", "-f", "commonmark_x", "-t", "html", "--mathml", page});
  CHECK_MESSAGE(html.status == 0, html.err);
  CHECK(contains(html.out, "id=\"example-s\""));
}

TEST_CASE("tokens name the rows") {
  const Json json = derived(file_named("output weights"));
  for (const Json& step : json["examples"][0]["steps"])
    if (step["name"] == "S") {
      CHECK(step["row_labels"] == Json{"I", "#", "work"});
      CHECK(step["col_labels"] == Json{"I", "#", "work"});
    }
}

TEST_CASE("several examples of a file are all derived") {
  const Folder folder;
  const std::string matrices = "Q = [ 1 ]\nK = [ 2 ]\nV = [ 3 ]\n";
  const Outcome outcome = derive(
      folder.file("mine.md", "```paper\nexample = a\n" + matrices + "example = b\n" + matrices + "```\n"),
      {"--format", "json"});
  const Json json = Json::parse(outcome.out);
  REQUIRE(json["examples"].size() == 2);
  CHECK(json["chapter"] == "mine");
  CHECK(json["examples"][1]["name"] == "b");
}

TEST_CASE("a folder for the output gets the same JSON and Markdown that is printed") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("fractions")));
  const Outcome outcome = derive(file, {"--output", folder / "new/folder"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.empty());
  CHECK(derivation::read_file(folder / "new/folder/mine.json") == derive(file, {"--format", "json"}).out);
  CHECK(derivation::read_file(folder / "new/folder/mine.md") == derive(file, {"--format", "markdown"}).out);
}

TEST_CASE("the manifest says what ran") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("fractions")));
  CHECK(derive(file, {"--manifest", folder / "m.json", "--digits", "7"}).status == 0);
  const Json json = Json::parse(derivation::read_file(folder / "m.json"));
  CHECK(json["experiment"] == "mine");
  CHECK(json["date"].get<std::string>().size() == std::string("2000-12-31").size());
  CHECK(json["seed"].is_null());
  CHECK(json["versions"].contains("eigen"));
  CHECK(!json["compiler"].get<std::string>().empty());
  CHECK(json["config"]["digits"] == 7);
  CHECK(json["results_summary"]["max_abs_diff_exact_vs_double"] ==
        derived(file_named("fractions"))["summary"]["max_abs_diff_exact_vs_double"]);
}

TEST_CASE("what cannot be written is said and leaves nothing behind") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("fractions")));
  const std::string below_a_file = file + "/below";
  for (const std::string option : {"--output", "--manifest"}) {
    const Outcome outcome = derive(file, {option, below_a_file});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.rfind(below_a_file, 0) == 0);
    CHECK(contains(outcome.err, "cannot be written (Not a directory)"));
    CHECK(outcome.err.find('\n') + 1 == outcome.err.size());
  }
  CHECK(derive(file, {"--manifest", folder / "none/m.json"}).status == 2);
  CHECK(folder.count() == 1);
  CHECK(derive(file, {"--output", folder / "o"}).status == 0);
  CHECK(folder.count() == 2);
}

TEST_CASE("a heat map shows the weights of the example that is asked for") {
  const Folder folder;
  const std::string lab = "Q = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n";  // 0.3302… and 0.6697…
  const std::string trace =
      "Q = [ 1 0 1 0 ; 0 1 0 1 ]\nK = [ 1 0 1 0 ; 0 1 0 1 ]\nV = [ 1 ; 1 ]\n";  // 0.731…, 0.268…
  const std::string file = folder.file("mine.md", "```paper\nexample = lab\n" + lab + "example = trace\n" +
                                                      trace + "tokens = <b> &amp;\n```\n");
  const auto drawn = [&](const std::string& example) {
    return run({ATTENTION_BY_HAND, "heatmap", file, "--example", example}).out;
  };
  CHECK(contains(drawn("lab"), ">.33<"));
  CHECK(!contains(drawn("lab"), ">.73<"));
  CHECK(contains(drawn("trace"), ">.73<"));
  CHECK(run({ATTENTION_BY_HAND, "heatmap", file}).out == drawn("lab"));
  CHECK(contains(drawn("trace"), ">&lt;b&gt;<"));
  CHECK(!contains(drawn("trace"), "<b>"));
  CHECK(run({ATTENTION_BY_HAND, "heatmap", file, "--output", folder / "a.svg"}).out == "");
  CHECK(derivation::read_file(folder / "a.svg") == drawn("lab"));
}

TEST_CASE("a full disk is noticed") {
  const Folder folder;
  const std::string file = folder.file("mine.md", markdown(file_named("fractions")));
  CHECK(run({ATTENTION_BY_HAND, "derive", file}, "/dev/full").status == 2);
  CHECK(run({ATTENTION_BY_HAND, "check", file}, "/dev/full").status == 2);
  CHECK(run({ATTENTION_BY_HAND, "heatmap", file}, "/dev/full").status == 2);
  CHECK(run({ATTENTION_BY_HAND, "derive", file}, "/dev/null").status == 0);
}
