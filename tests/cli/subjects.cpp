#include <doctest/doctest.h>

#include "support/run.hpp"
#include "support/text.hpp"

namespace {

/// Runs attention-by-hand in the book's folder.
Outcome in_book(const std::string& arguments) {
  return run({"sh", "-c", "cd \"$1\" && exec \"$0\" " + arguments, ATTENTION_BY_HAND, SOURCE_DIR}, "", 60);
}

Outcome checked(const std::string& content) {
  const Folder folder;
  return in_book("check " + folder.file("mine.md", content));
}

std::string block(const std::string& lines) { return "```paper\n" + lines + "\n```\n"; }

const std::string toy = "Q = [ 1 ; 2 ]\nK = [ 0 ; 1 ]\nV = [ 4 ; 6 ]\n";

}  // namespace

TEST_CASE("every verb takes a chapter by its name") {
  for (const std::string verb : {"derive", "worksheet", "strength", "heatmap"}) {
    const Outcome outcome = in_book(verb + " 06");
    CHECK_MESSAGE(outcome.status == 0, verb, ": ", outcome.err);
    CHECK_MESSAGE(in_book(verb + " 06-attention-by-hand").out == outcome.out, verb);
    CHECK_MESSAGE(contains(in_book(verb + " 98").err, "no file and no chapter 98"), verb);
  }
  CHECK(contains(in_book("check 06").err, "06 is a chapter: name the file"));
  CHECK(contains(in_book("derive 06 --digits 5").out, "0.33024"));
  CHECK(!contains(in_book("derive 06").out, "0.33024"));
}

TEST_CASE("an example is chosen in the same way everywhere") {
  CHECK(in_book("heatmap 06 trace").out == in_book("heatmap 06 --example trace").out);
  CHECK(in_book("heatmap 06 trace").out != in_book("heatmap 06").out);
  CHECK(contains(in_book("heatmap 06 none").err, "there is no example none; there are lab strong trace"));
  const Outcome sheet = in_book("worksheet 10-backward strong");
  CHECK(sheet.status == 0);
  CHECK(contains(sheet.out, "\nexample = strong\n"));
  CHECK(!contains(sheet.out, "\nexample = walk\n"));
  CHECK(in_book("worksheet 10-backward --example strong").out == sheet.out);
}

TEST_CASE("behind -- there are files and no options") {
  const Folder folder;
  folder.file("-mine.md", block(toy + "S = [ 0 1 ; 0 2 ]"));
  for (const std::string verb : {"derive", "worksheet", "check", "strength", "heatmap"}) {
    const auto in_folder = [&](const std::string& words) {
      return run({"sh", "-c", "cd \"$1\" && exec \"$0\" " + words, ATTENTION_BY_HAND, folder / ""});
    };
    CHECK_MESSAGE(in_folder(verb + " -- -mine.md").status == 0, verb);
    CHECK_MESSAGE(contains(in_folder(verb + " -mine.md").err, "unknown option -mine.md"), verb);
  }
}

TEST_CASE("a forgotten example or chapter is asked for") {
  const Outcome example = checked(block("chapter = 06-attention-by-hand\nS = [ 0 1 ; 1 0 ]"));
  CHECK(example.status == 2);
  CHECK(contains(example.err,
                 "mine.md:3:1: which example is this? 06-attention-by-hand has the examples lab "));
  CHECK(contains(example.err, "write a line example = lab, say, before this one"));
  const Outcome other = checked(block("chapter = 06-attention-by-hand\nexample = lap\nS = [ 0 1 ; 1 0 ]"));
  CHECK(
      contains(other.err, "mine.md:3:1: there is no example lap: 06-attention-by-hand has the examples lab"));
  const std::string advice = "if this is an example of a chapter, name it: chapter = 06-attention-by-hand";
  CHECK(contains(checked(block("example = lab\nS = [ 0 1 ; 1 0 ]")).err, advice));
  CHECK(contains(checked(block("example = lab\nS_X = [ 0 1 ; 1 0 ]")).err, advice));
}

TEST_CASE("a copy of a chapter's file is graded once it says what it is a copy of") {
  const Folder folder;
  const std::string original = derivation::read_file(std::string(SOURCE_DIR) + "/chapters/08-masks.md");
  const Outcome copy = in_book("check " + folder.file("copy.md", original));
  CHECK(copy.status == 2);
  CHECK(contains(copy.err, "name it: chapter = "));
  const std::string said = "```paper\nchapter = 08-masks\n";
  std::string named = original;
  named.replace(named.find("```paper\n"), 9, said);
  CHECK(in_book("check " + folder.file("copy.md", named)).status == 0);
}

TEST_CASE("a column that is written as a row is asked for as a column") {
  const Outcome row = checked(block(toy + "m = [ 1 2 ]"));
  CHECK(row.status == 2);
  CHECK(contains(row.err, "mine.md:5:1: m has a number for each row: write it as a column, m = [ 1 ; 2 ]"));
  CHECK(checked(block(toy + "m = [ 1 ; 2 ]")).status == 0);
}

TEST_CASE("what a page or a tool writes for a keyboard's characters is read") {
  const auto graded = [](const std::string& lines) {
    return checked(block("mask = causal\n" + toy + lines));
  };
  for (const std::string hidden : {"-inf", "-Inf", "-INF", "−inf", "−Inf", "-∞", "−∞", "-Infinity"})
    CHECK_MESSAGE(graded("M = [ 0 " + hidden + " ; 0 2 ]").status == 0, hidden);
  for (const std::string blank : {"\u00A0", "\u2009", "\u202F", "\u2003", "\t"})
    CHECK_MESSAGE(graded(blank + "D" + blank + "=" + blank + "[" + blank + "0" + blank + "−inf" + blank +
                         ";" + blank + "−2 " + blank + " 0 ]" + blank)
                          .status == 0,
                  blank);
  CHECK(checked(block("scale =\u00A01/2\u00A0\n" + toy + "Z = [ 0 1/2 ; 0 1 ]")).status == 0);
  CHECK(contains(graded("D = [ 0\u00A0-inf ; −2 x ]").err, "mine.md:6:19: unknown name 'x'"));
  CHECK(graded("E = [ 1 0 ; e^-2 1 ]\nA = [ 1 0 ; e^(-2)/(1+e^−2) 1/(1+e^-2) ]").status == 0);
}
