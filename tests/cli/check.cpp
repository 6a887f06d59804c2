#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "derivation/names.hpp"
#include "support/run.hpp"
#include "support/text.hpp"

using Json = nlohmann::json;

namespace {

/// S = [ 0 1 ; 1 0 ], A[0,0] = 1/(1+exp(1/√2)) = 0.33023845…
std::string paper(const std::string& steps) {
  return "# Mine\n\n```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n" + steps + "\n```\n";
}

Outcome check(const std::string& content) {
  const Folder folder;
  return run({ATTENTION_BY_HAND, "check", folder.file("mine.md", content)});
}

}  // namespace

TEST_CASE("the exit status is 0 where all that is written is right and something is written") {
  CHECK(check(paper("S = [ 0 1 ; 1 0 ]")).status == 0);
  CHECK(check(paper("S = [ 0 1 ; 1 0 ]\nA = [ 0.330238 ? ; ? ? ]")).status == 0);
  CHECK(check(paper("Z = [ 0 0.707107 ; 0.707107 0 ]\nD = [ -0.707107 0 ; 0 -0.707107 ]")).status == 0);
}

TEST_CASE("the exit status is 1 where something is wrong or too short or nothing is answered") {
  CHECK(check(paper("S = [ 0 1 ; 1 1 ]")).status == 1);
  CHECK(check(paper("A = [ 0 1 ; 1 0 ]")).status == 1);
  CHECK(check(paper("A = [ ? ? ; ? ? ]")).status == 1);
  CHECK(check(paper("")).status == 1);
}

TEST_CASE("the report names each wrong entry with its place and what it is") {
  const Folder folder;
  const std::string file =
      folder.file("mine.md", paper("S = [ 0 1\n      1 5 ]\nA = [ 0.330238 0.66976 ; 1 0.3 ]"));
  const Outcome outcome = run({ATTENTION_BY_HAND, "check", file});
  CHECK(outcome.status == 1);
  CHECK(outcome.out.rfind(file + "\nexample\n", 0) == 0);
  CHECK(outcome.out.find(file, 1) == std::string::npos);
  CHECK(contains(outcome.out, "        8:9: S[1,1] wrong: you have 5; it is 0\n"));
  CHECK(contains(outcome.out, " 9:26: A[1,0] "));
  CHECK(contains(outcome.out, "Not all is right yet.\n"));
  CHECK(!contains(outcome.out, "A[0,0]"));
  const Outcome irrational = check(paper("Z = [ 0 0.5 ; 0.707107 0 ]"));
  CHECK(contains(irrational.out, "you have 0.5; it is 0.70710678, exactly √2/2\n"));
  CHECK(contains(check(paper("")).out, "Nothing is answered yet.\n"));
}

TEST_CASE("the report has no line wider than 80 columns where a path is short") {
  const std::string steps = "S = [ 0 1 ; 1 0 ]\nA = [ 0 1 ; 0.3 0.7 ]\nY = [ 0.66 2 ; 1.34 1 ]";
  const Folder folder;
  folder.file("p.md", paper(steps));
  const Outcome outcome =
      run({"sh", "-c", "cd \"$0\" && exec \"$1\" check p.md", folder / "", ATTENTION_BY_HAND});
  CHECK(outcome.status == 1);
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    if (!contains(line, "p.md:")) CHECK_MESSAGE(derivation::width_of(line) <= 80, line);
}

TEST_CASE("the manifest of a check has the gap of paper and code") {
  const Folder folder;
  const std::string file = folder.file("mine.md", paper("S = [ 0 1 ; 1 0 ]\nA = [ 0.330238 ? ; 0.5 0 ]"));
  const Outcome outcome = run({ATTENTION_BY_HAND, "check", "--manifest", folder / "m.json", file});
  CHECK(outcome.status == 1);
  const Json json = Json::parse(derivation::read_file(folder / "m.json"));
  CHECK(json["experiment"] == "mine");
  CHECK(json["config"]["file"] == file);
  const Json& results = json["results_summary"];
  CHECK(results["right"] == 5);
  CHECK(results["right_given"] == 0);
  CHECK(results["wrong"] == 2);
  CHECK(results["unanswered"] == 1);
  const double largest = 0.3302384506733431;  // the 0 for A[1,1]
  CHECK(std::abs(results["max_abs_diff_paper_vs_code"].get<double>() - largest) < 1e-15);
}

TEST_CASE("a manifest that cannot be written is said and leaves nothing behind") {
  const Folder folder;
  const std::string file = folder.file("mine.md", paper("S = [ 0 1 ; 1 0 ]"));
  const Outcome outcome = run({ATTENTION_BY_HAND, "check", file, "--manifest", file + "/below"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "mine.md/below: cannot be written (Not a directory)"));
  CHECK(folder.count() == 1);
}

TEST_CASE("a device is written to and not replaced") {
  const Folder folder;
  const std::string file = folder.file("mine.md", paper("S = [ 0 1 ; 1 0 ]")), link = folder / "link";
  std::filesystem::create_symlink("/dev/null", link);
  CHECK(run({ATTENTION_BY_HAND, "check", file, "--manifest", link}).status == 0);
  CHECK(std::filesystem::is_symlink(link));
  CHECK(folder.count() == 2);
}

namespace {

/// A project of one chapter: its paper, and the derivation that its program wrote.
struct Project {
  explicit Project(const std::string& paper) {
    std::filesystem::create_directories(folder / "chapters");
    const std::string givens =
        "```paper\nexample = lab\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n```\n";
    const std::string program = folder.file("01-mine.md", givens);
    REQUIRE(run({ATTENTION_BY_HAND, "derive", program, "--output", folder / "derivations"}).status == 0);
    chapter = folder.file("chapters/01-mine.md", paper);
  }
  Folder folder;
  std::string chapter;
};

std::string chapter(const std::string& step) { return "```paper\nexample = lab\n" + step + "\n```\n"; }

}  // namespace

TEST_CASE("a chapter is graded against its own derivation") {
  const auto status = [](const std::string& step) {
    const Project project(chapter(step));
    return run({ATTENTION_BY_HAND, "check", project.chapter}).status;
  };
  CHECK(status("S = [ 0 1 ; 1 0 ]") == 0);
  CHECK(status("S = [ 0 1 ; 1 2 ]") == 1);
  CHECK(status("V = [ 2 0 ; 0 4 ]\nS = [ 0 1 ; 1 0 ]") == 1);  // a given that is not the program's
  CHECK(status("R = [ 0 1 ; 1 0 ]") == 2);
}

TEST_CASE("another derivation can be named") {
  const Project project(chapter("S = [ 0 1 ; 1 0 ]"));
  const std::string elsewhere = project.folder.file("paper.md", chapter("S = [ 0 1 ; 1 0 ]"));
  CHECK(run({ATTENTION_BY_HAND, "check", elsewhere}).status == 2);  // it has no givens of its own
  const std::string json = project.folder / "derivations/01-mine.json";
  CHECK(run({ATTENTION_BY_HAND, "check", elsewhere, "--derivation", json}).status == 0);
  const Outcome outcome = run({ATTENTION_BY_HAND, "check", elsewhere, "--derivation", elsewhere});
  CHECK(outcome.status == 2);
  CHECK(outcome.err.rfind(elsewhere + ": this is no derivation: ", 0) == 0);
  CHECK(run({ATTENTION_BY_HAND, "check", elsewhere, "--derivation", project.folder / "none"}).status == 2);
}

TEST_CASE("the prose of a chapter is held against its derivation") {
  const std::string shown = "\n[derivation: lab](../derivations/01-mine.md#lab)\n";
  const auto outcome = [&](const std::string& prose) {
    const Project project(prose);
    return run({ATTENTION_BY_HAND, "prose", project.chapter});
  };
  CHECK(outcome("Weight 0.33024<!--= lab.A[0,0] -->.\n" + shown).status == 0);
  CHECK(outcome("Weight 0.33025<!--= lab.A[0,0] -->.\n" + shown).status == 1);
  CHECK(contains(outcome("Weight 0.33025<!--= lab.A[0,0] -->.\n" + shown).err,
                 "01-mine.md:1:8: 0.33025 is claimed"));
  CHECK(outcome("Weight 0.33024.\n" + shown).status == 1);
  CHECK(contains(outcome("").err, "01-mine: no chapter shows lab.Q"));
}
