#include "prose/prose.hpp"

#include <doctest/doctest.h>

#include "paper/inputs.hpp"
#include "prose/number_words.hpp"
#include "support/folder.hpp"

using namespace prose;

namespace {

/// lab: S = [ 0 1 ; 1 0 ] and A[0,1] = 1/(1+exp(-1/√2)) = 0.66976154932665692562…; and a mask that hides
/// M[0,1].
derivation::Derivation toy() {
  const std::string block =
      "```paper\nexample = lab\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n"
      "example = one\nQ = [ -3 ]\nK = [ 1 ]\nV = [ 1 ]\n"
      "example = masked\nmask = causal\nQ = [ 1 ; 1 ]\nK = [ 1 ; 1 ]\nV = [ 1 ; 1 ]\n```\n";
  return paper::derive_paper(paper::read_paper("toy.md", block), 20);
}

/// The problems of a text, each without the path of the folder: "3:5: …".
Problems problems(const std::string& markdown) {
  const Folder folder;
  const std::string file = folder.file("toy.md", markdown);
  static const derivation::Derivation derivation = toy();
  Problems found = check_numbers(load_prose(file), derivation);
  for (std::string& problem : found) {
    REQUIRE(problem.rfind(file + ":", 0) == 0);
    problem = problem.substr(file.size() + 1);
  }
  return found;
}

/// All of them, each on a line; empty where the text is right.
std::string lines(const std::string& markdown) {
  std::string text;
  for (const std::string& problem : problems(markdown)) text += problem + "\n";
  return text;
}

/// Where the problems are: "3:5 7:1".
std::string places(const std::string& markdown) {
  std::string text;
  for (const std::string& problem : problems(markdown))
    text += (text.empty() ? "" : " ") + problem.substr(0, problem.find(": "));
  return text;
}

std::string said_of(const std::string& line) {
  const Problems found = problems(line + "\n");
  return found.size() == 1 ? found[0] : std::to_string(found.size()) + " problems";
}

}  // namespace

TEST_CASE("a number that is what its claim says is right to the digits printed") {
  CHECK(lines("Weight 0.66976<!--= lab.A[0,1] -->.\n") == "");
  CHECK(lines("Weight 0.67<!--=lab.A[0,1]-->, or 0.669761549326657<!--= lab.A[0,1] -->.\n") == "");
  CHECK(lines("Their sum is 1<!--= lab.A[0,0] + lab.A[0,1] -->.\n") == "");
  CHECK(lines("(0.66976<!--= lab.A[0,1] -->)\n") == "");
}

TEST_CASE("a last digit that is wrong is noticed with what it should be") {
  CHECK(said_of("Weight 0.66977<!--= lab.A[0,1] -->.") ==
        "1:8: 0.66977 is claimed to be lab.A[0,1], which is 0.669761549327");
  CHECK(said_of("Weight 0.66975<!--= lab.A[0,1] -->.").find("1:8: 0.66975 is claimed") == 0);
  CHECK(said_of("Weight 0.68<!--= lab.A[0,1] -->.").find("1:8: 0.68 is claimed") == 0);
}

TEST_CASE("a whole number claims equality") {
  CHECK(said_of("Weight 1<!--= lab.A[0,1] -->.").find("1:8: 1 is claimed to be lab.A[0,1]") == 0);
  CHECK(lines("Score 1<!--= lab.S[0,1] -->, query -3<!--= one.Q -->.\n") == "");
  CHECK(said_of("Query 3<!--= one.Q -->.").find("1:7: 3 is claimed to be one.Q, which is -3") == 0);
}

TEST_CASE("a minus sign is a hyphen or U+2212") {
  CHECK(lines("It is −3<!--= one.S[0,0] -->, or -3.0<!--= one.S[0,0] -->.\n") == "");
  CHECK(
      said_of("It is −3.1<!--= one.S[0,0] -->.").find("1:7: −3.1 is claimed to be one.S[0,0], which is -3") ==
      0);
}

TEST_CASE("a decimal without a claim is noticed wherever it stands") {
  CHECK(said_of("It is 0.5.").find("1:7: the number 0.5 has no claim: write 0.5<!--= EXPRESSION -->") == 0);
  CHECK(places("**0.5** and *0.5*\n") == "1:3 1:14");
  CHECK(places("[see 0.5](https://example.org)\n") == "1:6");
  CHECK(places("text\n\n- one\n- two 0.5\n") == "4:7");
  CHECK(places("1. one\n\n   two 0.5\n") == "3:8");
  CHECK(places("> quoted\n> 0.5\n") == "2:3");
  CHECK(places("text[^1]\n\n[^1]: a note 0.5\n") == "3:14");
  CHECK(places("a $0.5$ b\n") == "1:3");
  CHECK(places("a\n$$x = 0.5$$\n") == "2:1");
  CHECK(places("<details><summary>Solution</summary>\n\nIt is 0.5.\n\n</details>\n") == "3:7");
  CHECK(places("term\n: its definition 0.5\n") == "2:18");
  CHECK(places("about .5, 0.25, 1.5e-7\n") == "1:7 1:11 1:17");
}

TEST_CASE("a decimal without a claim is noticed in a table") {
  const std::string head = "| a | b |\n|---|---|\n";
  CHECK(places(head + "| 1 | 0.5 |\n") == "3:7");
  CHECK(places("| a | 0.5 |\n|---|---|\n| 1 | 2 |\n") == "1:7");
  CHECK(lines(head + "| 1 | 0.66976<!--= lab.A[0,1] --> |\n") == "");
  CHECK(places(head + "| 0.1<!--= lab.A[0,1] --> | 2 |\n") == "3:3");
}

TEST_CASE("a claim is read in a list and a footnote and in bold and in a link") {
  CHECK(lines("- 0.66976<!--= lab.A[0,1] -->\n") == "");
  CHECK(places("- 0.66977<!--= lab.A[0,1] -->\n") == "1:3");
  CHECK(lines("a[^1]\n\n[^1]: 0.66976<!--= lab.A[0,1] -->\n") == "");
  CHECK(places("a[^1]\n\n[^1]: 0.66977<!--= lab.A[0,1] -->\n") == "3:7");
  CHECK(lines("**0.66976**<!--= lab.A[0,1] -->, **0.66976<!--= lab.A[0,1] -->**\n") == "");
  CHECK(places("**0.66977**<!--= lab.A[0,1] -->, **0.66977<!--= lab.A[0,1] -->**\n") == "1:3 1:36");
  CHECK(lines("[0.66976<!--= lab.A[0,1] -->](#a)\n") == "");
  CHECK(places("[0.66977<!--= lab.A[0,1] -->](#a)\n") == "1:2");
}

TEST_CASE("a formula with a claim holds that one literal") {
  CHECK(lines("$0.66976$<!--= lab.A[0,1] -->\n") == "");
  CHECK(places("a $0.66977$<!--= lab.A[0,1] -->\n") == "1:3");
  CHECK(lines("$-3$<!--= one.S[0,0] -->\n") == "");
  CHECK(said_of("$A = 1$<!--= lab.S[0,1] -->")
            .find("1:1: a claim (= lab.S[0,1]) needs a number right in front") == 0);
  CHECK(lines("$x = \\sqrt{2}$ and $d_k = 2$\n") == "");
}

TEST_CASE("a claim needs a number right in front of it") {
  CHECK(said_of("Weight<!--= lab.A[0,1] -->.").find("1:1: a claim (= lab.A[0,1]) needs a number") == 0);
  CHECK(places("0.66976 <!--= lab.A[0,1] -->\n") == "1:1 1:9");
  CHECK(places("<!--= lab.A[0,1] --> is it\n") ==
        "");  // a block of HTML: a comment of its own claims nothing
  CHECK(places("it is <!--= lab.A[0,1] -->\n") == "1:7");
}

TEST_CASE("only the last number of a word has the claim") {
  CHECK(places("0.33/0.66976<!--= lab.A[0,1] -->\n") == "1:1");
}

TEST_CASE("published and measured figures say so and are not held to anything") {
  CHECK(lines("They print 0.489<!--published-->, and it took 1.5<!-- measured --> seconds.\n") == "");
  CHECK(places("They print 0.489<!--printed-->.\n") == "1:12");
  CHECK(places("They print it<!--published-->.\n") == "1:12");
}

TEST_CASE("other comments are left alone") {
  CHECK(lines("A word<!-- to be checked --> and <!-- nothing --> else.\n\n<!-- a block: 0.5 -->\n") == "");
}

TEST_CASE("headings and code blocks and versions and sections and dates need no claim") {
  CHECK(lines("# 0.5\n\n```\n0.5\n```\n\n    0.5\n\n## Z = 0.5\n") == "");
  CHECK(lines("See §3.2, pandoc version 2.17 and 1.81.0, of 2017.6.12 or 2017-06-12.\n") == "");
  CHECK(places("See § 3.2.\n") == "1:7");
  CHECK(places("See pandoc 2.17.\n") == "1:12");
}

TEST_CASE("a claim that cannot be evaluated says why") {
  CHECK(said_of("0.5<!--= lab.B[0,1] -->")
            .find("1:1: the claim of 0.5: there is no step lab.B in the derivation of toy") == 0);
  CHECK(said_of("0.5<!--= lob.A[0,1] -->").find("there is no step lob.A") != std::string::npos);
  CHECK(said_of("0.5<!--= A[0,1] -->").find("there is no step A") != std::string::npos);
  CHECK(said_of("0.5<!--= lab.A[0,2] -->").find("lab.A has no entry [0,2]: its shape is 2×2") !=
        std::string::npos);
  CHECK(said_of("0.5<!--= lab.A[2,0] -->").find("lab.A has no entry [2,0]") != std::string::npos);
  CHECK(said_of("0.5<!--= lab.A -->").find("lab.A is a matrix: name one entry") != std::string::npos);
  CHECK(said_of("0.5<!--= masked.M[0,1] -->").find("masked.M is hidden there") != std::string::npos);
  CHECK(said_of("0.5<!--= 1/0 -->").find("division by zero") != std::string::npos);
  CHECK(said_of("0.5<!--= -->").find("1:1: the claim of 0.5: ") == 0);
}

TEST_CASE("the place of a number is counted in characters and lines of the file") {
  CHECK(places("# Ü\n\nÄöü −1 0.5\nand 0.25\n\n\ttext\n") == "3:8 4:5");
  CHECK(places("first\n\n- a\n\n  b **c 0.5**\n") == "5:9");
}

TEST_CASE("a file whose name holds an @ or a colon is read as well") {
  const Folder folder;
  const std::string file = folder.file("a@b:c.md", "It is 0.5.\n");
  const Problems found = check_numbers(load_prose(file), toy());
  REQUIRE(found.size() == 1);
  CHECK(found[0].find(file + ":1:7: the number 0.5") == 0);
}

TEST_CASE("a file that is not there is said to be missing") {
  const Folder folder;
  CHECK_THROWS_AS(load_prose(folder / "none.md"), derivation::FileError);
  CHECK_THROWS_AS(read_prose("p.md", "no JSON"), derivation::Error);
}

namespace {

Problems names(const std::string& markdown) {
  const Folder folder;
  return check_transclusions({load_prose(folder.file("toy.md", markdown))}, {toy()});
}

/// Every step of the toy is shown: one, masked and lab as wholes.
const std::string all_shown =
    "[derivation: one](../derivations/toy.md#one)\n\n[derivation: masked](../derivations/toy.md#masked)\n\n";
const std::string lab_whole = "[derivation: lab](../derivations/toy.md#lab)\n";

std::string lab_step(const std::string& name) {
  return "[derivation: lab." + name + "](../derivations/toy.md#lab-" + name + ")\n\n";
}

}  // namespace

TEST_CASE("a chapter that shows everything has no problems") {
  CHECK(names(all_shown + lab_whole).empty());
  std::string by_steps = all_shown + lab_step("facts");
  for (const std::string step : {"Q", "K", "V", "S", "Z", "m", "D", "E", "l", "A", "Y"})
    by_steps += lab_step(step);
  CHECK(names(by_steps).empty());
}

TEST_CASE("a step that no chapter shows is named") {
  std::string without_S = all_shown;
  for (const std::string step : {"Q", "K", "V", "Z", "m", "D", "E", "l", "A", "Y"})
    without_S += lab_step(step);
  const Problems found = names(without_S);
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("toy: no chapter shows lab.S") == 0);
}

TEST_CASE("a step that is a detail need not be shown") {
  derivation::Derivation derivation = toy();
  CHECK(check_transclusions({{"toy.md", {}, {}, {}}}, {derivation}).size() > 30);
  for (auto& example : derivation.examples)
    for (auto& step : example.steps) step.detail = true;
  CHECK(check_transclusions({{"toy.md", {}, {}, {}}}, {derivation}).empty());
}

TEST_CASE("an unknown name is a problem with its place") {
  const std::string all = all_shown + lab_whole;  // five lines
  const Problems found =
      names(all + "\n" + lab_step("B") + "[derivation: lob](../derivations/toy.md#lob)\n\n" +
            "[derivation: lab.S](../derivations/other.md#lab-s)\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0].find("toy.md:7:1: unknown name: the derivation of toy has no lab.B") != std::string::npos);
  CHECK(found[1].find("toy.md:9:1: unknown name: the derivation of toy has no lob") != std::string::npos);
  CHECK(found[2].find("toy.md:11:1: unknown name: the derivation of other has no lab.S") !=
        std::string::npos);
}

TEST_CASE("a link in a sentence shows nothing") {
  CHECK(!names(all_shown + "See [derivation: lab](../derivations/toy.md#lab).\n").empty());
  CHECK(names(all_shown + lab_whole + "\n[code: softmax_rows](../src/attention/softmax.hpp)\n").empty());
}

TEST_CASE("a number in words claims something as well") {
  CHECK(lines("There are two<!--= lab.S[0,1]+1 --> of them. Twenty-three<!--= 23 --> more.\n") == "");
  CHECK(said_of("There are three<!--= lab.S[0,1]+1 --> of them.").find("1:11: three is claimed to be") == 0);
  CHECK(said_of("Twenty-two<!--= 23 --> more.").find("1:1: Twenty-two is claimed to be 23") == 0);
  CHECK(said_of("There are many<!--= 23 --> more.").find("needs a number right in front of it") !=
        std::string::npos);
}

TEST_CASE("numbers are read in words up to ninety-nine") {
  CHECK(number_in_words("Zero") == 0);
  CHECK(number_in_words("nineteen") == 19);
  CHECK(number_in_words("twenty") == 20);
  CHECK(number_in_words("ninety-nine") == 99);
  for (const char* word : {"", "twenty-", "twenty-ten", "twenty-zero", "ten-one", "hundred", "once"})
    CHECK_MESSAGE(!number_in_words(word), word);
}

TEST_CASE("what a published figure is said to come from has to give it") {
  // S[0,1] is 1·1 + 0·0 = 1 in lab; A[0,1] of it 0.66976, and without the scale 0.731059.
  CHECK(lines("It prints 2<!--published, by term-doubled: lab.S[0,1]-->.\n") == "");
  CHECK(lines("It prints 0.0<!--published, by term-forgotten: lab.S[0,1]-->.\n") == "");
  CHECK(lines("It prints 0.7311<!--published, by not-scaled: lab.A[0,1]-->.\n") == "");
  CHECK(said_of("It prints 3<!--published, by term-doubled: lab.S[0,1]-->.") ==
        "1:11: 3 is said to come from term-doubled: lab.S[0,1], which does not give it");
  CHECK(said_of("It prints 0.7312<!--published, by not-scaled: lab.A[0,1]-->.").find("does not give it") !=
        std::string::npos);
  CHECK(said_of("It prints 2<!--published, by magic: lab.S[0,1]-->.").find("no mistake named magic") !=
        std::string::npos);
  CHECK(said_of("It prints 2<!--published, by term-doubled-->.").find("say where") != std::string::npos);
  CHECK(said_of("It prints 2<!--published, by term-doubled: lab.T[0,1]-->.").find("no step lab.T") !=
        std::string::npos);
}

TEST_CASE("a sentence may name its fact, which has to be there and to hold") {
  static derivation::Derivation derivation = toy();
  derivation.examples[0].facts = {{"rows sum to 1", true, "exact"}, {"1 is 2", false, "exact"}};
  const auto said = [&](const std::string& fact) {
    const Folder folder;
    const Problems found =
        check_numbers(load_prose(folder.file("toy.md", "So it is.<!--fact " + fact + "-->\n")), derivation);
    return found.empty() ? "" : found[0];
  };
  CHECK(said("lab: rows sum to 1") == "");
  CHECK(said("lab: 1 is 2").find("does not hold") != std::string::npos);
  CHECK(said("lab: rows sum to 2").find("has no fact rows sum to 2") != std::string::npos);
  CHECK(said("rows sum to 1").find("say which example's fact") != std::string::npos);
}
