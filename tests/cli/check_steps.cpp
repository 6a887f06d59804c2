#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/run.hpp"
#include "support/text.hpp"

using Json = nlohmann::json;

namespace {

const std::string derivations = std::string(SOURCE_DIR) + "/derivations";

/// The reader's givens, with a wrong answer of the reader's own.
const std::string givens =
    "```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\nZ = [ 9 9 ; 9 9 ]\n```\n";

Outcome check(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {ATTENTION_BY_HAND, "check", "--derivations", derivations});
  return run(arguments);
}

void refuses(const Outcome& outcome, const std::string& message) {
  CHECK_MESSAGE(outcome.status == 2, outcome.err);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find('\n') + 1 == outcome.err.size());
  CHECK_MESSAGE(contains(outcome.err, message), outcome.err);
}

}  // namespace

TEST_CASE("a program's matrices are graded against the givens of a file") {
  const Folder folder;
  const std::string file = folder.file("mine.md", givens);
  const std::string S = folder.file("S.csv", "0.0,1.0\n1.0,0.0\n");
  const std::string A =
      folder.file("A.txt", "0.3302384506733431 0.6697615493266569\n0.5 0.3302384506733431\n");
  CHECK(check({file}).status == 1);
  const Outcome right = check({file, "--step", "S=" + S});
  CHECK(right.status == 0);
  CHECK(contains(right.out, "4 entries answered"));  // the reader's own Z does not count
  const Outcome wrong = check({file, "--step", "S=" + S, "--step", "A=" + A});
  CHECK(wrong.status == 1);
  CHECK(contains(wrong.out, "(" + A + ")\n"));
  CHECK(contains(wrong.out, " 2:1: A[1,0] wrong: you have 0.5; it is 0.66976155"));
}

TEST_CASE("a program's matrices are graded against a chapter") {
  const Folder folder;
  const std::string S = folder.file("S.csv", "0 1\n1 0\n");
  CHECK(check({"06-attention-by-hand", "--step", "lab.S=" + S}).status == 0);
  CHECK(
      check({std::string(SOURCE_DIR) + "/chapters/06-attention-by-hand.md", "--step", "lab.S=" + S}).status ==
      0);
  CHECK(check({"06", "--step", "lab.V=" + S}).status == 1);
  refuses(check({"06"}), "06 is a chapter: name the file with your derivation of it");
  refuses(check({"06", "--step", "S=" + S}), "examples, so name one: --step lab.S=");
  refuses(check({"06", "--step", "lap.S=" + S}), "there is no example lap; there are lab strong");
  refuses(check({"06", "--step", "lab.R=" + S}), "--step R: example lab has the steps Q K V S");
  refuses(check({"06", "--step", "lab.X=" + S}), "--step X: it is given; the steps are Q K V S");
  refuses(check({"06", "--step", "lab.S=" + S, "--step", "lab.S=" + S}), "--step S stands twice");
  refuses(check({"77", "--step", "lab.S=" + S}), "there is no chapter 77");
}

TEST_CASE("a matrix that cannot be used is refused with its place") {
  const Folder folder;
  const std::string file = folder.file("mine.md", givens);
  const auto refused = [&](const std::string& content, const std::string& message) {
    refuses(check({file, "--step", "S=" + folder.file("S.csv", content)}), folder / "S.csv" + message);
  };
  refused("1 2\n3\n", ":2:1: row 1 has 1 entry");
  refused("1 2 3\n4 5 6\n", ":1:1: S has 2×3 entries here, and 2×2 in the derivation");
  refused("a b\n1 2\n", ":1:1: unknown name 'a'");
  refused("", ":1:1: no entries here");
  refuses(check({file, "--step", "S=" + (folder / "none.csv")}), "none.csv: cannot be read");
  refuses(check({file, "--step", "S"}), "write --step NAME=FILE");
  refuses(check({file, "--step", "=x"}), "write --step NAME=FILE");
  refuses(check({file, "--step"}), "--step needs a value");
  refuses(check({file, "--format", "xml"}), "--format xml: choose text or json");
  refuses(check({file, "--precision", "quarter"}),
          "--precision quarter: choose double, single, half or bfloat16");
}

TEST_CASE("the precision of the program decides how much rounding is allowed") {
  const Folder folder;
  const std::string file = folder.file("mine.md", givens);
  // As single precision prints 0.33023845067… and 0.66976154932…
  const std::string A = folder.file("A.csv", "0.33023847,0.66976160\n0.66976160,0.33023847\n");
  CHECK(check({file, "--step", "A=" + A}).status == 1);
  CHECK(check({file, "--step", "A=" + A, "--precision", "single"}).status == 0);
}

TEST_CASE("the first slip is where the report and the JSON stop") {
  const Folder folder;
  const std::string file = folder.file("mine.md",
                                       "```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n"
                                       "S = [ 0 2 ; 1 0 ]\nA = [ 0.9 ? ; ? ? ]\n```\n");
  const Outcome all = check({file}), first = check({file, "--first"});
  CHECK(contains(all.out, " A[0,0]"));
  CHECK(contains(first.out, " S[0,1] wrong"));
  CHECK(!contains(first.out, " A[0,0]"));
  CHECK(contains(first.out, "Stopped at the first slip"));
  CHECK(first.status == 1);
  const Json json = Json::parse(check({file, "--first", "--format", "json"}).out);
  CHECK(json["examples"][0]["steps"].back()["name"] == "S");
  CHECK(json["summary"]["first_slip"]["col"] == 1);
  const Outcome good = check(
      {folder.file("good.md", "```paper\nQ = [ 1 ]\nK = [ 1 ]\nV = [ 2 ]\nS = [ 1 ]\n```\n"), "--first"});
  CHECK(good.status == 0);
  CHECK(!contains(good.out, "Stopped"));
}

TEST_CASE("what looks like single precision and is not declared is said to, and a paper can declare it") {
  const Folder folder;
  const std::string file = folder.file("mine.md", givens);
  // One unit of single precision off, as other orders of its operations give.
  const std::string A = folder.file("A.csv", "0.33023848 0.6697616\n0.6697616 0.33023848\n");
  const Outcome undeclared = check({file, "--step", "A=" + A});
  CHECK(undeclared.status == 1);
  CHECK(contains(undeclared.out,
                 "With its rounding, 4 of the 4 wrong entries\nwould be right: say --precision single."));
  CHECK(check({file, "--step", "A=" + A, "--precision", "single"}).status == 0);
  const std::string wrong = folder.file("B.csv", "0.43023848 0.6697616\n0.6697616 0.33023848\n");
  CHECK(contains(check({file, "--step", "A=" + wrong}).out, "3 of the 4 wrong entries"));
  CHECK(!contains(check({file, "--step", "A=" + wrong, "--precision", "single"}).out, "float32"));
  const std::string few = folder.file("C.csv", "0.3302 0.6698\n0.6698 0.34\n");
  CHECK(!contains(check({file, "--step", "A=" + few}).out, "float32"));
  const std::string paper = folder.file("paper.md",
                                        "```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n"
                                        "A = [ 0.33023848 0.6697616 ; 0.6697616 0.33023848 ]\n```\n");
  CHECK(check({paper}).status == 1);
  CHECK(contains(check({paper}).out, "say --precision single"));
  CHECK(check({paper, "--precision", "single"}).status == 0);
  CHECK(check({paper, "--precision", "double"}).status == 1);
}
