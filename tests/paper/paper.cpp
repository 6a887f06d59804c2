#include "paper/paper.hpp"

#include <doctest/doctest.h>

using namespace paper;

namespace {

Paper read(const std::string& block) { return read_paper("p.md", "```paper\n" + block + "\n```\n"); }

/// The first matrix as "a b ; c d".
std::string rows(const std::string& block) {
  std::string text;
  const Paper paper = read(block);
  for (const auto& row : paper.examples.at(0).matrices.at(0).rows) {
    for (const Entry& entry : row) text += entry.text + " ";
    text += "; ";
  }
  return text;
}

/// Where the entries of the first matrix stand: "2:7 2:9".
std::string places(const std::string& markdown) {
  std::string text;
  const Paper paper = read_paper("p.md", markdown);
  for (const auto& row : paper.examples.at(0).matrices.at(0).rows)
    for (const Entry& entry : row)
      text += (text.empty() ? "" : " ") + std::to_string(entry.place.line) + ":" +
              std::to_string(entry.place.column);
  return text;
}

/// What is said of a text that cannot be read; empty where it can.
std::string complaint(const std::string& block) {
  try {
    read(block);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

std::string setting(const Paper& paper, const std::string& name, std::size_t example = 0) {
  const Setting* found = paper.examples.at(example).setting(name);
  return found ? found->text : "(none)";
}

}  // namespace

TEST_CASE("rows end at a semicolon or at the end of a line and blanks separate entries") {
  CHECK(rows("X = [ 1 0 ; 0 1 ]") == "1 0 ; 0 1 ; ");
  CHECK(rows("X = [ 1 0\n 0 1 ]") == "1 0 ; 0 1 ; ");
  CHECK(rows("X=[1 0;0 1]") == "1 0 ; 0 1 ; ");
  CHECK(rows("X = [\n\t1\t0\n\t0\t1\n]") == "1 0 ; 0 1 ; ");
  CHECK(rows("X = [ 1 ]") == "1 ; ");
}

TEST_CASE("a blank always separates and nothing else does") {
  CHECK(rows("X = [ 1 -1 ]") == "1 -1 ; ");
  CHECK(rows("X = [ 1-1 ]") == "1-1 ; ");
  CHECK(rows("X = [ 1/(1+exp(-sqrt(2)/2)) ? -inf 0.5 ]") == "1/(1+exp(-sqrt(2)/2)) ? -inf 0.5 ; ");
}

TEST_CASE("empty rows vanish") {
  CHECK(rows("X = [ ; 1 0 ;; 0 1 ; ]") == "1 0 ; 0 1 ; ");
  CHECK(rows("X = [\n\n1 0\n\n\n0 1\n;\n]") == "1 0 ; 0 1 ; ");
}

TEST_CASE("a comment runs to the end of its line") {
  CHECK(rows("# first\nX = [ 1 0 # the first token ; 7 7\n# none\n 0 1 ] # behind") == "1 0 ; 0 1 ; ");
  CHECK(rows("X = [ 1#no blank\n2 ]") == "1 ; 2 ; ");
  const Paper paper = read("mask = causal # not none\nscale=1/4#\nX = [ 1 ]");
  CHECK(setting(paper, "mask") == "causal");
  CHECK(setting(paper, "scale") == "1/4");
}

TEST_CASE("in the tokens a number sign is a word like any other") {
  CHECK(setting(read("tokens = I # work   \nX = [ 1 ]"), "tokens") == "I # work");
}

TEST_CASE("the column of an entry counts characters and not bytes") {
  CHECK(places("```paper\nX = [ 1 0\n  22 1 ]\n```\n") == "2:7 2:9 3:3 3:6");
  CHECK(places("# ü\n\n```paper\nX = [ −1 √2 é 4 ]\n```\n") == "4:7 4:10 4:13 4:15");
  CHECK(places("  ```paper\n  X = [ 1 2 ]\n  ```\n") == "2:9 2:11");
  CHECK(places("```paper\r\nX = [ 1 2 ]\r\n```\r\n") == "2:7 2:9");
}

TEST_CASE("a block without a name continues the example before it and a name can be taken up again") {
  const Paper paper =
      read_paper("p.md",
                 "```paper\nexample = a\nX = [ 1 ]\n```\n\n```paper\nQ = [ 2 ]\nexample = b\nX = "
                 "[ 3 ]\n```\ntext\n```paper\nexample = a # again\nK = [ 4 ]\n```\n");
  REQUIRE(paper.examples.size() == 2);
  CHECK(paper.examples[0].matrices.size() == 3);
  CHECK(paper.examples[0].matrix("K") != nullptr);
  CHECK(paper.examples[1].matrix("X")->rows[0][0].text == "3");
  CHECK(paper.examples[1].matrix("K") == nullptr);
}

TEST_CASE("a paper without a name for its example has one example") {
  CHECK(read("X = [ 1 ]").examples.size() == 1);
}

TEST_CASE("settings and matrices have their places") {
  const Paper paper = read("X = [ 1 ]\n  scale =  1/4\nmask = [ 1 ]");
  const Setting* scale = paper.examples[0].setting("scale");
  REQUIRE(scale != nullptr);
  CHECK(scale->place.line == 3);
  CHECK(scale->place.column == 3);
  CHECK(scale->text_place.column == 12);
  CHECK(paper.examples[0].matrix("mask") != nullptr);
  CHECK(paper.examples[0].setting("mask") == nullptr);
}

TEST_CASE("a name stands once in an example whether as a setting or as a matrix") {
  CHECK(complaint("X = [ 1 ]\nX = [ 1 ]") ==
        "p.md:3:1: X stands already in line 2; a name stands once in an example");
  CHECK(complaint("mask = none\nmask = [ 1 ]").find("p.md:3:1: mask stands already in line 2") == 0);
  CHECK(complaint("X = [ 1 ]\nexample = b\nX = [ 1 ]") == "");
}

TEST_CASE("blocks of other languages are no paper") {
  const std::string other = "```cpp\nX = [ 1\n```\n~~~\nX [\n~~~\n";
  CHECK(read_paper("p.md", other + "```paper\nX = [ 1 ]\n```\n").examples.size() == 1);
  CHECK_THROWS_AS(read_paper("p.md", other), FileError);
  CHECK_THROWS_AS(read_paper("p.md", "```papers\nX = [ 1 ]\n```\n"), FileError);
}

TEST_CASE("a matrix at its largest is read and one entry more is refused") {
  std::string row;
  for (std::size_t k = 0; k < caps::entries; ++k) row += "1 ";
  CHECK(complaint("X = [ " + row + "]") == "");
  CHECK(complaint("X = [ " + row + "1 ]").find("p.md:2:5: X has more than 4096 entries") == 0);
}

TEST_CASE("as many examples as there may be are read and one more is refused") {
  std::string block;
  for (std::size_t k = 0; k < caps::examples; ++k) block += "example = e" + std::to_string(k) + "\n";
  CHECK(complaint(block) == "");
  CHECK(complaint(block + "example = f\n").find("p.md:102:1: more than 100 examples") == 0);
}
