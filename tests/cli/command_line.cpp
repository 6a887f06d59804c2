#include <doctest/doctest.h>

#include "support/run.hpp"

namespace {

const std::string good = "```paper\nQ = [ 1 ]\nK = [ 2 ]\nV = [ 3 ]\nS = [ 2 ]\n```\n";

/// Runs the program, with FILE standing for a good file and FOLDER for the folder that it stands in.
Outcome answer(std::vector<std::string> words) {
  const Folder folder;
  const std::string file = folder.file("mine.md", good);
  for (std::string& word : words) {
    if (word == "FILE") word = file;
    if (word == "FOLDER") word = folder / "";
    if (word == "MISSING") word = folder / "none.md";
    if (word == "BELOW") word = file + "/below.md";
  }
  words.insert(words.begin(), ATTENTION_BY_HAND);
  return run(words);
}

/// Whether the program ended with status 2 and one line, which has this in it.
bool is_refused(const std::vector<std::string>& words, const std::string& part) {
  const Outcome outcome = answer(words);
  INFO(outcome.err);
  CHECK(outcome.out == "");
  return outcome.status == 2 && outcome.err.find('\n') + 1 == outcome.err.size() &&
         outcome.err.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a good command line is obeyed and refused for nothing") {
  CHECK(answer({"derive", "FILE"}).status == 0);
  CHECK(answer({"check", "FILE"}).status == 0);
  CHECK(answer({"prose", "FILE"}).status == 0);
  CHECK(answer({"heatmap", "FILE"}).status == 0);
  const Outcome outcome = answer({"check", "FILE"});
  CHECK(outcome.err == "");
  CHECK(outcome.out.find("All that is written is right.") != std::string::npos);
}

TEST_CASE("the program says how it is used when asked and only then") {
  for (const std::string help : {"--help", "-h"}) {
    const Outcome outcome = answer({help});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("usage: attention-by-hand VERB") == 0);
    for (const std::string verb : {"derive", "worksheet", "check", "heatmap", "prose"}) {
      CHECK(outcome.out.find("  " + verb + " ") != std::string::npos);
      CHECK(answer({verb, help}).out.find("usage: attention-by-hand " + verb) == 0);
      CHECK(answer({verb, help}).status == 0);
    }
  }
  CHECK(answer({"derive", "FILE"}).out.find("usage") == std::string::npos);
}

TEST_CASE("a command line that cannot be understood is refused with what to do") {
  CHECK(is_refused(
      {}, "attention-by-hand: say what to do: derive, worksheet, check, strength, heatmap or prose"));
  CHECK(is_refused({"deriv", "FILE"}, "unknown verb 'deriv'"));
  CHECK(is_refused({"FILE"}, "unknown verb"));
  CHECK(is_refused({"derive"}, "derive takes one file"));
  CHECK(is_refused({"derive", "FILE", "FILE"}, "derive takes one file"));
  CHECK(is_refused({"derive", "--colour", "FILE"}, "unknown option --colour"));
  CHECK(is_refused({"derive", "FILE", "--digits"}, "--digits needs a value"));
  CHECK(is_refused({"derive", "FILE", "--digits", "0"}, "--digits 0: give a whole number from 1 to 1000"));
  CHECK(is_refused({"derive", "FILE", "--digits", "12x"}, "--digits 12x"));
  CHECK(is_refused({"derive", "FILE", "--digits", "99999999999"}, "--digits 99999999999"));
  CHECK(is_refused({"derive", "FILE", "--format", "html"}, "--format html: choose text, markdown or json"));
  CHECK(is_refused({"derive", "FILE", "--output"}, "--output needs a value"));
  CHECK(is_refused({"check"}, "check takes a file"));
  CHECK(is_refused({"check", "FILE", "FILE"}, "check takes one file"));
  CHECK(is_refused({"check", "--digits", "3", "FILE"}, "unknown option --digits"));
  CHECK(is_refused({"check", "FILE", "--manifest"}, "--manifest needs a value"));
  CHECK(is_refused({"heatmap"}, "heatmap takes a file"));
  CHECK(is_refused({"heatmap", "FILE", "FILE"}, "there is no example "));
  CHECK(is_refused({"heatmap", "FILE", "a", "b"}, "heatmap takes one file and one example"));
  CHECK(is_refused({"heatmap", "FILE", "--example"}, "--example needs a value"));
  CHECK(is_refused({"heatmap", "FILE", "--example", "b"}, "there is no example b; there are example"));
  CHECK(
      is_refused({"heatmap", "FILE", "--output", "BELOW"}, "below.md: cannot be written (Not a directory)"));
  CHECK(is_refused({"prose"}, "prose takes chapters"));
  CHECK(is_refused({"prose", "--strict", "FILE"}, "unknown option --strict"));
}

TEST_CASE("a file that cannot be read is named with the reason") {
  for (const std::string verb : {"derive", "worksheet", "check", "heatmap", "prose"}) {
    CHECK(is_refused({verb, "MISSING"}, "none.md: cannot be read (No such file or directory)"));
    CHECK(is_refused({verb, "FOLDER"}, ": is a folder; name a file"));
    CHECK(is_refused({verb, "BELOW"}, "below.md: cannot be read (Not a directory)"));
    CHECK(is_refused({verb, std::string(5000, 'a')}, "cannot be read (File name too long)"));
  }
}

TEST_CASE("an endless file is refused and not read to its end") {
  CHECK(is_refused({"derive", "/dev/zero"}, "/dev/zero:1:1: the file is larger than 1 MiB"));
  CHECK(is_refused({"check", "/dev/zero"}, "/dev/zero:1:1: the file is larger than 1 MiB"));
}

TEST_CASE("a program that crashes or hangs is told from one that ends") {
  CHECK(run({"sh", "-c", "echo a; echo b >&2; exit 3"}).status == 3);
  CHECK(run({"sh", "-c", "echo a; echo b >&2; exit 3"}).out == "a\n");
  CHECK(run({"sh", "-c", "echo a; echo b >&2; exit 3"}).err == "b\n");
  CHECK(run({"sh", "-c", "kill -SEGV $$"}).status == -1);
  CHECK(run({"sleep", "5"}, "", 0.05).status == -1);
  CHECK(run({"sleep", "5"}, "", 0.05).seconds < 5);
  CHECK(run({"/none/program"}).status == 127);
}
