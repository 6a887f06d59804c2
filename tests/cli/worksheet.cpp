#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "paper/paper.hpp"
#include "rendering/json.hpp"
#include "support/run.hpp"
#include "support/text.hpp"

using Json = nlohmann::json;

namespace {

const std::string derivations = std::string(SOURCE_DIR) + "/derivations";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

Outcome worksheet(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {ATTENTION_BY_HAND, "worksheet", "--derivations", derivations});
  return run(arguments);
}

Outcome check(const std::string& file, const std::vector<std::string>& more = {}) {
  std::vector<std::string> command = {ATTENTION_BY_HAND, "check", "--derivations", derivations, file};
  command.insert(command.end(), more.begin(), more.end());
  return run(command);
}

std::vector<std::string> chapters() {
  std::vector<std::string> stems;
  for (const auto& entry : std::filesystem::directory_iterator(derivations))
    if (entry.path().extension() == ".json") stems.push_back(entry.path().stem().string());
  return stems;
}

/// Puts the truth in the place of every ?, as a reader who makes no mistake would.
std::string filled(const std::string& sheet, const derivation::Derivation& truth) {
  std::string text;
  const paper::Paper blank = paper::read_paper("w.md", sheet);
  if (blank.chapter) text += "chapter = " + blank.chapter->text + "\n";
  for (const paper::WrittenExample& example : blank.examples) {
    text += "example = " + example.name + "\n";
    for (const paper::Setting& setting : example.settings) text += setting.name + " = " + setting.text + "\n";
    for (const paper::WrittenMatrix& matrix : example.matrices) {
      const derivation::Step& step = *find_step(*find_example(truth, example.name), matrix.name);
      text += matrix.name + " = [";
      for (derivation::Index i = 0; i < step.exact.rows(); ++i) {
        for (derivation::Index j = 0; j < step.exact.cols(); ++j)
          text += " " + (step.exact.visible(i, j) ? print(step.exact.values(i, j), numbers::Notation::text)
                                                  : "-inf");
        text += " ;";
      }
      text += " ]\n";
    }
  }
  return "```paper\n" + text + "```\n";
}

const std::string causal =
    "```paper\nexample = mine\nmask = causal  # no peeping\nscale = 1/4\nheads = 2\ntokens = I work\n"
    "X = [ 1 0.50 ; 0 1 ]\nW_Q = [ 1 0 ; 0 1 ]\nW_K = [ 1 1 ; 0 1 ]\nW_V = [ 1 0 ; 2 1 ]\nS_1 = [ 1 2 ; 3 4 "
    "]\n"
    "```\n";

}  // namespace

TEST_CASE("the worksheet of every chapter is unanswered and once filled in is right") {
  REQUIRE(chapters().size() > 5);
  for (const std::string& stem : chapters()) {
    const Folder folder;
    const Outcome blank = worksheet({stem, "--hints"});
    REQUIRE_MESSAGE(blank.status == 0, stem, ": ", blank.err);
    const Outcome unanswered = check(folder.file("w.md", blank.out), {"--format", "json"});
    CHECK_MESSAGE(unanswered.status == 1, stem, unanswered.err);
    const Json summary = Json::parse(unanswered.out)["summary"];
    CHECK_MESSAGE(summary["right"] == 0, stem);
    CHECK_MESSAGE(summary["wrong"] == 0, stem);
    CHECK_MESSAGE(summary["unanswered"] > 0, stem);
    const auto truth = rendering::load_json(derivations + "/" + stem + ".json");
    const Outcome answered = check(folder.file("f.md", filled(blank.out, truth)), {"--format", "json"});
    CHECK_MESSAGE(answered.status == 0, stem, answered.err);
    CHECK_MESSAGE(Json::parse(answered.out)["summary"]["right"] == summary["unanswered"], stem);
  }
}

TEST_CASE("a wrong entry of a filled worksheet is noticed") {
  const Folder folder;
  const std::string blank = worksheet({"06-attention-by-hand", "lab"}).out;
  const auto truth = rendering::load_json(derivations + "/06-attention-by-hand.json");
  const std::string good = filled(blank, truth), bad = replaced(good, "S = [ 0 1 ;", "S = [ 0 2 ;");
  REQUIRE(good != bad);
  const Outcome outcome = check(folder.file("f.md", bad));
  CHECK(outcome.status == 1);
  CHECK(contains(outcome.out, " S[0,1] wrong: you have 2; it is 1"));
}

TEST_CASE("a reader's worksheet keeps givens and settings as written and drops the answers") {
  const Folder folder;
  const Outcome blank = worksheet({folder.file("mine.md", causal)});
  REQUIRE(blank.status == 0);
  for (const std::string line :
       {"mask = causal\n", "scale = 1/4\n", "heads = 2\n", "tokens = I work\n", "0.50"})
    CHECK_MESSAGE(contains(blank.out, line), line);
  CHECK(!contains(blank.out, "chapter ="));
  CHECK(!contains(blank.out, "3 4"));
  CHECK(contains(blank.out, "Rows: I, work. Columns: I, work."));
  const std::string sheet = folder.file("w.md", blank.out);
  CHECK(contains(run({ATTENTION_BY_HAND, "check", sheet}).out, "Nothing is answered yet."));
  const Json truth = Json::parse(run({ATTENTION_BY_HAND, "derive", sheet, "--format", "json"}).out);
  const std::string right = filled(blank.out, rendering::from_json(truth.dump()));
  CHECK(run({ATTENTION_BY_HAND, "check", folder.file("f.md", right)}).status == 0);
  CHECK(worksheet({sheet}).out ==
        replaced(blank.out, "from mine", "from w").replace(0, 17, "# Worksheet: w"));
}

TEST_CASE("a chapter is found by its name or how it begins and by its file") {
  const std::string lab = worksheet({"06-attention-by-hand", "lab"}).out;
  CHECK(contains(lab, "chapter = 06-attention-by-hand\nexample = lab\n"));
  CHECK(contains(lab, "## lab: Two tokens"));
  CHECK(!contains(lab, "## strong"));
  CHECK(worksheet({"06", "lab"}).out == lab);
  CHECK(worksheet({std::string(SOURCE_DIR) + "/chapters/06-attention-by-hand.md", "lab"}).out == lab);
  const Folder folder;
  CHECK(worksheet({folder.file("w.md", lab)}).out == lab);
  const auto in_folder = [&](const std::string& where) {
    return run({"sh", "-c", "cd \"$0\" && exec \"$1\" worksheet 06 lab", where, ATTENTION_BY_HAND});
  };
  CHECK(in_folder(SOURCE_DIR).out == lab);
  CHECK(in_folder(std::string(SOURCE_DIR) + "/chapters").out == lab);
  const Outcome nowhere = in_folder(folder / "");
  CHECK(nowhere.status == 2);
  CHECK(contains(nowhere.err, "there is no folder derivations/ here or above"));
}

TEST_CASE("hints come on request and give no answer away") {
  const std::string plain = worksheet({"06", "lab"}).out, hints = worksheet({"06", "lab", "--hints"}).out;
  CHECK(!contains(plain, "S[0,1] ="));
  CHECK(contains(hints, "S[0,1] = Q[0,0]·K[1,0] + Q[0,1]·K[1,1]\n"));
  CHECK(contains(hints, "m[1,0] = max(Z[1,0], Z[1,1])\n"));
}

TEST_CASE("a computed step is shown where a later one needs it and left out otherwise") {
  const std::string lab = worksheet({"06", "lab"}).out;
  CHECK(!contains(lab, "change"));
  const std::string causal_mask = worksheet({"08-masks", "causal"}).out;
  CHECK(contains(causal_mask, "From the chapter's program, to go on with:"));
  CHECK(contains(causal_mask, "```text\nmask = [ 1  0"));
}

TEST_CASE("what a worksheet cannot be made of is said") {
  const Folder folder;
  const auto says = [](const Outcome& outcome, const std::string& message) {
    CHECK_MESSAGE(outcome.status == 2, outcome.err);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find('\n') + 1 == outcome.err.size());
    CHECK_MESSAGE(contains(outcome.err, message), outcome.err);
  };
  says(worksheet({"06", "nothing"}),
       "there is no example nothing; 06-attention-by-hand has lab strong trace");
  says(worksheet({"03-softmax", "curve"}), "example curve has no step to derive by hand");
  says(worksheet({"99"}), "there is no chapter 99; there are 01-why-attention");
  says(worksheet({"0"}), "0 begins several chapters: 01-why-attention");
  says(worksheet({}), "worksheet takes a file or a chapter");
  says(worksheet({"06", "--output"}), "--output needs a value");
  says(worksheet({"06", "--blank"}), "unknown option --blank");
  says(worksheet({folder / "none.md"}), "cannot be read");
  says(worksheet({folder.file("bad.md", "```paper\nQ = [ 1\n```\n")}),
       "bad.md:2:5: the [ of Q is never closed");
  says(worksheet({folder.file("two.md", "```paper\nchapter = a\nchapter = b\n```\n")}),
       "two.md:3:1: chapter = a stands already in line 2");
  says(worksheet({folder.file("path.md", "```paper\nchapter = ../x\n```\n")}),
       "path.md:2:11: a chapter is named as its files are");
  says(check(folder.file("c.md", "```paper\nchapter = 99\nexample = lab\n```\n")),
       "c.md:2:11: chapter = 99: there is no chapter 99");
}

TEST_CASE("a fresh exercise reads back and is right once filled in") {
  const Folder folder;
  const std::vector<std::string> command = {"--new", "3",      "4",      "2",      "2", "--heads",
                                            "2",     "--mask", "causal", "--seed", "5", "--hints"};
  const Outcome blank = worksheet(command);
  REQUIRE_MESSAGE(blank.status == 0, blank.err);
  CHECK(worksheet(command).out == blank.out);
  CHECK(contains(blank.out, "mask = causal\n"));
  const std::string sheet = folder.file("w.md", blank.out);
  CHECK(contains(check(sheet).out, "Nothing is answered yet."));
  const Outcome derived = run({ATTENTION_BY_HAND, "derive", sheet, "--format", "json"});
  const auto truth = rendering::from_json(Json::parse(derived.out).dump());
  CHECK(check(folder.file("f.md", filled(blank.out, truth))).status == 0);
  CHECK(contains(run({ATTENTION_BY_HAND, "strength", sheet}).out, " change the result, 0 do not."));
}

TEST_CASE("what a fresh exercise cannot be made of is said") {
  const auto says = [](const std::vector<std::string>& arguments, const std::string& message) {
    const Outcome outcome = worksheet(arguments);
    CHECK_MESSAGE(outcome.status == 2, outcome.err);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find('\n') + 1 == outcome.err.size());
    CHECK_MESSAGE(contains(outcome.err, message), outcome.err);
  };
  says({"--new", "3", "2", "3", "2"}, "with T = d_k the scale √T for √d_k does not show");
  says({"--new", "3", "2", "1", "2"}, "with d_k = 1");
  says({"--new", "3", "2", "4"}, "--new needs four sizes");
  says({"--new", "3", "x", "4", "2"}, "d_model = x: give a whole number");
  says({"--new", "3", "2.5", "4", "2"}, "d_model = 2.5: give a whole number");
  says({"--new", "3", "2", "4", "99999999999999999999"}, "give a whole number that is not so large");
  says({"--new", "99", "2", "4", "2"}, "T = 99: a new exercise has T from 1 to 6");
  says({"--new", "3", "2", "4", "2", "--heads", "0"}, "heads = 0: a new exercise has heads from 1 to 4");
  says({"--new", "3", "2", "4", "2", "--mask", "left"}, "--mask left: a new exercise has causal or none");
  says({"--new", "3", "2", "4", "2", "--seed", "-1"}, "seed = -1: give a whole number");
  says({"--new", "3", "2", "4", "2", "06"}, "it takes no 06");
  says({"06", "lab", "--seed", "1"}, "--heads, --mask and --seed belong to --new");
}

TEST_CASE("a worksheet that is being filled in is not overwritten") {
  const Folder folder;
  const std::string file = folder / "w.md";
  CHECK(worksheet({"06", "lab", "--output", file}).status == 0);
  CHECK(derivation::read_file(file) == worksheet({"06", "lab"}).out);
  folder.file("w.md", "my work");
  const Outcome again = worksheet({"06", "lab", "--output", file});
  CHECK(again.status == 2);
  CHECK(contains(again.err, "w.md: is there already; name a new file"));
  CHECK(derivation::read_file(file) == "my work");
  CHECK(worksheet({"06", "lab", "--output", "/dev/full"}).status == 2);
  CHECK(worksheet({"06", "lab", "--output", "/dev/null"}).status == 0);
}

TEST_CASE("pandoc makes a page of every worksheet without a warning") {
  const Folder folder;
  for (const std::string& stem : chapters()) {
    const std::string sheet = folder.file("w.md", worksheet({stem, "--hints"}).out);
    const Outcome html = run({"pandoc", "--fail-if-warnings", "--standalone", "--mathml", "--metadata",
                              "pagetitle=Worksheet", sheet});
    CHECK_MESSAGE(html.status == 0, stem, ": ", html.err);
    CHECK_MESSAGE(contains(html.out, "<pre class=\"paper\">"), stem);
  }
}
