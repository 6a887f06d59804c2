#include "grading/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "grading/report_reasons.hpp"
#include "paper/inputs.hpp"
#include "support/text.hpp"

using namespace grading;

namespace {

std::string told(const std::string& lines, const ReportStyle& style = {}) {
  const paper::Paper paper = paper::read_paper("p.md", "```paper\n" + lines + "\n```\n");
  return report("p.md", grade(paper, paper::derive_paper(paper, 20)), style);
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Z = [ 0 0 ; 1 0 ; 0 2 ], and so A = [ 1/2 1/2 ; e/(1+e) 1/(1+e) ; 1/(1+e²) e²/(1+e²) ].
const std::string toy = "Q = [ 0 0 ; 1 0 ; 0 1 ]\nK = [ 1 0 ; 0 2 ]\nV = [ 10 ; 20 ]\nscale = 1\n";

/// The six digits of A carried on: Y[1,0] is 12.68941421 and 7.310590 + 2·2.689410 = 12.689410.
const std::string rounded =
    toy + "A = [ 0.5 0.5 ; 0.731059 0.268941 ; 0.119203 0.880797 ]\n" + "Y = [ 15 ; 12.689410 ; 18.807970 ]";

}  // namespace

TEST_CASE("rounding carried along is told in one line and in words of its own") {
  const std::string text = told(rounded);
  CHECK(contains(text, "  Y     1 right, 2 right with rounding carried along\n"));
  CHECK(contains(text, "9 entries answered:\n7 right, 2 right with rounding carried along.\n"));
  CHECK(!contains(text, "given what stands before"));
  CHECK(!contains(text, "Y[1,0]"));
  CHECK(contains(told(rounded, {true, false}), "Y[1,0] right with rounding carried along (truly 12.689414"));
}

TEST_CASE("what follows from a slip is not called rounding and shares a line") {
  const std::string slip =
      toy + "S = [ 0 0 ; 1 0 ; 0 3 ]\nZ = [ 0 0 ; 1 0 ; 0 3 ]\nm = [ 0 ; 1 ; 3 ]\nD = [ 0 0 ; 0 -1 ; -3 0 ]";
  const std::string text = told(slip);
  CHECK(contains(text, " S[2,1] wrong: you have 3; it is 2\n"));
  CHECK(contains(text, "  Z m D 12 right, 3 right, given what stands before it\n"));
  CHECK(!contains(text, "rounding"));
  CHECK(!contains(text, "Z[2,1]"));
  const std::string all = told(slip, {true, false});
  CHECK(contains(all, "  Z     5 right, 1 right, given what stands before it\n"));
  CHECK(contains(all, " Z[2,1] right, given what stands before it (truly 2)\n"));
  CHECK(line_count(all) > line_count(text));
}

TEST_CASE("the reason stands before a few of the wrong entries, and the others are counted") {
  const std::string text = told(toy + "S = [ 9 9 ; 9 9 ; 9 9 ]");
  CHECK(text.find("S[0,0] = ") < text.find("S[0,0] wrong: you have 9"));
  CHECK(contains(text, "S[1,0] wrong"));
  CHECK(!contains(text, "S[1,1] wrong"));
  CHECK(contains(text, "        And 3 more: --all shows them.\n"));
  const std::string all = told(toy + "S = [ 9 9 ; 9 9 ; 9 9 ]", {true, false});
  CHECK(contains(all, "S[2,1] wrong"));
  CHECK(!contains(all, "more: --all"));
}

TEST_CASE("a closed form has its decimals beside it, and is written once") {
  const std::string text = told(toy + "A = [ 0.5 0.5 ; 0.9 0.1 ; 0.5 0.5 ]");
  CHECK(contains(text, " ≈ 0.73105858\n"));
  CHECK(!contains(told(toy + "S = [ 0 0 ; 1 0 ; 0 3 ]"), "≈"));
}

TEST_CASE("only a sum is called a sum") {
  const auto in_one_line = [](const std::string& text) {
    std::istringstream words(text);
    std::string line;
    for (std::string word; words >> word;) line += word + " ";
    return line;
  };
  CHECK(contains(in_one_line(told(toy + "S = [ 17/13 0 ; 1 0 ; 0 2 ]")), "Go through the sum of the first"));
  CHECK(contains(in_one_line(told(toy + "m = [ 17/13 ; 1 ; 2 ]")), "Go through the first"));
}

TEST_CASE("what is wrapped is indented by eight and no wider than a terminal") {
  CHECK(wrapped("one") == "        one\n");
  const std::string word(36, 'x');
  CHECK(wrapped(word + " " + word) == "        " + word + "\n        " + word + "\n");
  const std::string shorter(35, 'x');
  CHECK(wrapped(word + " " + shorter) == "        " + word + " " + shorter + "\n");  // 80 columns
}

TEST_CASE("colour is for terminals alone") {
  const std::string wrong = toy + "S = [ 0 0 ; 1 0 ; 0 3 ]";
  CHECK(!contains(told(wrong), "\033"));
  CHECK(contains(told(wrong, {false, true}), "\033[31m1 wrong\033[0m"));
  CHECK(contains(told(wrong, {false, true}), "\033[31mNot all is right yet.\033[0m"));
  CHECK(contains(told(toy + "S = [ 0 0 ; 1 0 ; 0 2 ]", {false, true}),
                 "\033[32mAll that is written is right.\033[0m"));
}
