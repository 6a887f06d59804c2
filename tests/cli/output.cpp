#include <doctest/doctest.h>

#include <algorithm>

#include "support/run.hpp"
#include "support/text.hpp"

namespace {

const std::string paper = "```paper\nQ = [ 1 ]\nK = [ 2 ]\nV = [ 3 ]\nS = [ 2 ]\n```\n";

/// Runs a line of the shell in a folder, with $0 for attention-by-hand.
Outcome in_shell(const Folder& folder, const std::string& line) {
  return run({"sh", "-c", "cd \"$1\" && " + line, ATTENTION_BY_HAND, folder / ""}, "", 60);
}

}  // namespace

TEST_CASE("output that cannot be written is an error in every verb and for every text") {
  const Folder folder;
  const std::string file = folder.file("mine.md", paper);
  const auto refused = [](std::vector<std::string> words) {
    words.insert(words.begin(), ATTENTION_BY_HAND);
    const Outcome outcome = run(words, "/dev/full");
    INFO(outcome.err);
    return outcome.status == 2 && outcome.err.rfind("standard output: cannot be written", 0) == 0 &&
           outcome.err.find('\n') + 1 == outcome.err.size();
  };
  CHECK(refused({"--help"}));
  for (const std::string verb : {"derive", "worksheet", "check", "strength", "heatmap", "prose"})
    CHECK_MESSAGE(refused({verb, "--help"}), verb);
  for (const std::string verb : {"derive", "worksheet", "check", "strength", "heatmap"})
    CHECK_MESSAGE(refused({verb, file}), verb);
  const Outcome closed = in_shell(folder, "\"$0\" --help >&-");
  CHECK(closed.status == 2);
  CHECK(contains(closed.err, "standard output: cannot be written (Bad file descriptor)"));
}

TEST_CASE("a device or a descriptor is written to and behind what stands there") {
  const Folder folder;
  folder.file("mine.md", paper);
  const std::string svg = in_shell(folder, "\"$0\" heatmap mine.md").out;
  CHECK(contains(svg, "<svg"));
  CHECK(in_shell(folder, "\"$0\" heatmap --output /dev/stdout mine.md | cat").out == svg);
  CHECK(in_shell(folder, "{ echo a; \"$0\" heatmap --output /dev/stdout mine.md; echo b; }").out ==
        "a\n" + svg + "b\n");
  CHECK(in_shell(folder, "\"$0\" heatmap --output /dev/fd/3 mine.md 3>three && cat three").out == svg);
  CHECK(in_shell(folder, "ln -s /dev/stdout out && \"$0\" heatmap --output out mine.md && test -L out").out ==
        svg);
  CHECK(in_shell(folder, "mkfifo pipe && { cat pipe & \"$0\" heatmap --output pipe mine.md; wait; }").out ==
        svg);
}

TEST_CASE("of many that write the same new worksheet one succeeds and the others say so") {
  const Folder folder;
  std::filesystem::create_directory(folder / "papers");
  for (int k = 1; k <= 20; ++k)
    folder.file("papers/" + std::to_string(k) + ".md",
                "```paper\nQ = [ 1 ]\nK = [ 2 ]\nV = [ " + std::to_string(k) + " ]\n```\n");
  const Outcome outcome = in_shell(
      folder,
      "for k in papers/*.md; do { \"$0\" worksheet --output new.md $k 2>$k.err && echo $k; } & done; wait");
  const std::string winner = outcome.out;
  CHECK(std::count(winner.begin(), winner.end(), '\n') == 1);
  CHECK(derivation::read_file(folder / "new.md") == in_shell(folder, "\"$0\" worksheet " + winner).out);
  CHECK(in_shell(folder, "cat papers/*.err | grep -c 'new.md: is there already; name a new file'").out ==
        "19\n");
  CHECK(folder.count() == 2);
}

TEST_CASE("of many that write over the same file each writes it whole") {
  const Folder folder;
  folder.file("mine.md", paper);
  const std::string svg = in_shell(folder, "\"$0\" heatmap mine.md").out;
  const Outcome outcome =
      in_shell(folder,
               "for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
               "{ \"$0\" heatmap --output same.svg mine.md || echo failed; } & done; wait");
  CHECK(outcome.out + outcome.err == "");
  CHECK(derivation::read_file(folder / "same.svg") == svg);
  CHECK(folder.count() == 2);
}

TEST_CASE("a file at its size limit is an error and leaves what stood there") {
  const Folder folder;
  folder.file("mine.md", paper);
  folder.file("old.svg", "old");
  folder.file("one.svg", "old");
  in_shell(folder, "ln one.svg two.svg");
  for (const std::string name : {"new.svg", "old.svg", "one.svg"}) {
    const Outcome outcome = in_shell(folder, "ulimit -f 1; \"$0\" heatmap --output " + name + " mine.md");
    CHECK(outcome.status == 2);
    CHECK(contains(outcome.err, name + ": cannot be written (File too large)"));
  }
  CHECK(derivation::read_file(folder / "old.svg") == "old");
  CHECK(derivation::read_file(folder / "two.svg") == "old");
  CHECK(folder.count() == 4);
  CHECK(in_shell(folder, "ulimit -f 1; \"$0\" heatmap mine.md >cut").status == 2);
}

TEST_CASE("a name or a matrix that is no UTF-8 is refused with advice") {
  const Folder folder;
  folder.file("caf\xE9.md", paper);
  for (const std::string verb : {"derive", "worksheet", "check", "strength", "heatmap", "prose"}) {
    const Outcome outcome = in_shell(folder, "\"$0\" " + verb + " caf\xE9.md");
    CHECK_MESSAGE(outcome.status == 2, verb);
    CHECK_MESSAGE(contains(outcome.err, "caf?.md: the file's name has a byte that is no UTF-8"), verb);
    CHECK_MESSAGE(outcome.out == "", verb);
  }
  folder.file("mine.md", paper);
  folder.file("S.csv", "# caf\xC3\xA9\n2 \xE9\n");
  const Outcome csv = in_shell(folder, "\"$0\" check --format json --step S=S.csv mine.md");
  CHECK(csv.status == 2);
  CHECK(csv.err == "S.csv:2:3: a byte that is no UTF-8: save the file as UTF-8\n");
  folder.file("S\xE9.csv", "2\n");
  CHECK(contains(in_shell(folder, "\"$0\" check --step S=S\xE9.csv mine.md").err, "give it another name"));
}
