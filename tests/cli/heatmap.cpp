#include <doctest/doctest.h>

#include "support/picture.hpp"
#include "support/run.hpp"
#include "support/text.hpp"

namespace {

const std::string two_examples =
    "```paper\nexample = one\ntokens = you work here\nheads = 2\n"
    "Q = [ 1 0 ; 2 1 ; 0 2 ]\nK = [ 0 1 ; 1 0 ; 2 1 ]\nV = [ 1 0 ; 0 1 ; 1 1 ]\n```\n"
    "```paper\nexample = two\nmask = causal\nQ = [ 1 ; 0 ]\nK = [ 1 ; 1 ]\nV = [ 1 ; 2 ]\n```\n";

Outcome heatmap(const std::string& content, const std::vector<std::string>& options = {}) {
  const Folder folder;
  std::vector<std::string> command = {ATTENTION_BY_HAND, "heatmap", folder.file("mine.md", content)};
  command.insert(command.end(), options.begin(), options.end());
  return run(command);
}

}  // namespace

TEST_CASE("heatmap draws a panel a head, with the tokens of the paper block on it") {
  const Outcome outcome = heatmap(two_examples);
  CHECK(outcome.status == 0);
  CHECK(outcome.err == "");
  CHECK(Picture(outcome.out).problems().empty());
  for (const std::string part : {">head 1<", ">head 2<", ">you<", ">work<", ">here<", ">.67<", ">.87<"})
    CHECK_MESSAGE(contains(outcome.out, part), part);
}

TEST_CASE("without tokens the places are counted, and another example is chosen by its name") {
  const Outcome outcome = heatmap(two_examples, {"--example", "two"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, ">attention weights<"));
  CHECK(contains(outcome.out, "class=\"nothing\""));
  CHECK(!contains(outcome.out, ">work<"));
  CHECK(contains(heatmap(two_examples, {"--example", "none"}).err,
                 "there is no example none; there are one two"));
}

TEST_CASE("heatmap writes a file, whole or not at all") {
  const Folder folder;
  const std::string file = folder.file("mine.md", two_examples), svg = folder / "heads.svg";
  const Outcome outcome = run({ATTENTION_BY_HAND, "heatmap", file, "--output", svg});
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "");
  CHECK(derivation::read_file(svg) == heatmap(two_examples).out);
  CHECK(run({ATTENTION_BY_HAND, "heatmap", file, "--output", file + "/below"}).status == 2);
}

TEST_CASE("tokens that do not fit the rows are refused with the place") {
  const Outcome outcome =
      heatmap("```paper\ntokens = I work\nQ = [ 1 ; 0 ; 1 ]\nK = [ 1 ; 1 ; 1 ]\nV = [ 1 ; 2 ; 3 ]\n```\n");
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "mine.md:2:"));
  CHECK(contains(outcome.err, "name one token a row, spaces between them"));
}

TEST_CASE("the help says how tokens, heads and masks enter the picture") {
  const std::string help = run({ATTENTION_BY_HAND, "heatmap", "--help"}).out;
  for (const std::string word : {"--example", "--output", "tokens = ", "heads = ", "mask = causal"})
    CHECK_MESSAGE(contains(help, word), word);
}
