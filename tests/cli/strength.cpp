#include <doctest/doctest.h>

#include "support/run.hpp"
#include "support/text.hpp"

namespace {

const std::string lab =
    "```paper\nexample = lab\nX = [ 1 0 ; 0 1 ]\nW_Q = [ 1 0 ; 0 1 ]\nW_K = [ 0 1 ; 1 0 ]\nW_V = [ 2 0 ; 0 3 "
    "]\n```\n";

Outcome strength(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {ATTENTION_BY_HAND, "strength"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

/// What stands behind a mistake and the step it is made in.
std::string line_of(const std::string& out, const std::string& mistake, const std::string& where) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, second;
    words >> first >> second;
    if (first == mistake && second == where) return line;
  }
  return "";
}

}  // namespace

TEST_CASE("strength says what an example can reveal and what it cannot") {
  const Folder folder;
  const Outcome outcome = strength({folder.file("lab.md", lab)});
  CHECK(outcome.status == 0);
  CHECK(contains(line_of(outcome.out, "weights-transposed", "Q"), "0 exactly"));
  // Scores of 1 unscaled: 1/(1+e^-1) - 1/(1+e^(-1/√2)) = 0.0612970…, three times that in the larger column.
  CHECK(contains(line_of(outcome.out, "not-scaled", "Z"), "0.184"));
  CHECK(contains(line_of(outcome.out, "mask-forgotten", "-"), "not applicable: no such step here"));
  CHECK(contains(outcome.out, " ways to go wrong here: "));
}

TEST_CASE("strength takes an example by its name and says what it cannot use") {
  const Folder folder;
  const std::string file = folder.file("lab.md", lab);
  CHECK(strength({file, "lab"}).status == 0);
  CHECK(strength({file, "bal"}).status == 2);
  CHECK(strength({}).status == 2);
  CHECK(strength({file, "lab", "more"}).status == 2);
  CHECK(strength({"--loud", file}).status == 2);
  CHECK(strength({"no-such-chapter"}).status == 2);
  CHECK(strength({folder / "none.md"}).status == 2);
  CHECK(strength({"--help"}).status == 0);
}
