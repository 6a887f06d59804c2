#include "paper/fence.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/run.hpp"

using namespace paper;

namespace {

/// "language:line one|line two", a block after the other.
std::string blocks(const std::string& markdown) {
  std::string text;
  for (const Fence& block : fenced_blocks(markdown)) {
    text += (text.empty() ? "" : " & ") + block.language + ":";
    for (std::size_t k = 0; k < block.lines.size(); ++k) text += (k ? "|" : "") + block.lines[k];
  }
  return text;
}

using Contents = std::vector<std::string>;

std::string without_last_line_ends(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// What stands in the paper blocks, as the program reads them.
Contents read_here(const std::string& markdown) {
  Contents contents;
  for (const Fence& block : fenced_blocks(markdown)) {
    if (block.language != "paper") continue;
    std::string text;
    for (const std::string& line : block.lines) text += line + "\n";
    contents.push_back(without_last_line_ends(text));
  }
  return contents;
}

void collect(const nlohmann::json& json, Contents& contents) {
  if (json.is_object() && json.value("t", "") == "CodeBlock" &&
      json["c"][0][1] == nlohmann::json::array({"paper"}))
    contents.push_back(without_last_line_ends(json["c"][1]));
  else if (json.is_structured())
    for (const auto& part : json) collect(part, contents);
}

/// What stands in the paper blocks, as pandoc reads them.
Contents read_by_pandoc(const std::string& markdown) {
  const Folder folder;
  const Outcome pandoc =
      run({"pandoc", "-f", "commonmark_x", "-t", "json", folder.file("text.md", markdown)});
  REQUIRE_MESSAGE(pandoc.status == 0, pandoc.err);
  Contents contents;
  collect(nlohmann::json::parse(pandoc.out), contents);
  return contents;
}

const std::vector<std::string> tricky_texts = {
    "",
    "no block at all\n",
    "```paper\nA\n```\n",
    "```paper",
    "```paper\n",
    "```\npaper\n```\n```paper\nA\n```\n",
    "text\n```paper\nA\n```\ntext\n",
    "# heading\n```paper\nA\n```\n# heading\n",
    "``` paper \nA\n```\n",
    "```paper more words\nA\n```\n",
    "``paper\nA\n``\n",
    "~~~paper\n```\nA\n~~~\n",
    "```paper\n~~~\nA\n```\n",
    "`````paper\n```\nA\n````\nB\n`````\n",
    "```paper\nA\n`````\nB\n",
    "```paper\nA\n   ```\nB\n",
    "```paper\nA\n    ```\nB\n```\n",
    "```paper\nA\n```   \nB\n",
    "```paper\nA\n``` x\nB\n```\n",
    "```paper\nA\n``\nB\n```\n",
    " ```paper\n A\n  B\nC\n```\n",
    "  ```paper\n A\n    B\n  ```\n",
    "   ```paper\n   A\n     B\n   ```\n",
    "text\n\n    ```paper\n    A\n    ```\n",
    "```paper`x\nA\n```\n",
    "~~~pa`per\nA\n~~~\n\n~~~paper\nB\n~~~\n",
    "```paper\n\nA\n\n\nB\n```\n",
    "```paper\nA\n```\n```paper\nB\n```\n~~~paper\nC\n~~~\n",
    "```paper\nA\n",
    "```paper\r\nA\r\nB\r\n```\r\ntext\r\n```paper\r\nC\r\n```\r\n",
    "\xEF\xBB\xBF```paper\nA\n```\n",
    "<!--\n```paper\nA\n```\n-->\n```paper\nB\n```\n",
    "  <!-- a comment\n```paper\nA\n```\n```paper\nB\n``` --> text\n```paper\nC\n```\n",
    "<!-- short --> text <!--\n```paper\nA\n```\n",
    "text <!-- that goes on\n```paper\nA\n```\n-->\n",
    "the characters `<!--` begin a comment\n\n```paper\nA\n```\n",
    "text\n\n    <!--\n\n```paper\nA\n```\n",
    "```paper\n<!--\nA\n```\n```paper\nB -->\n```\n",
    "<!-- a -- b\n```paper\nA\n```\n",
    "`` a\n```paper\nA\n```\n",
    "setext\n===\n```paper\nA\n```\n---\n",
    "[link]: /url\n```paper\nA\n```\n",
};

/// The texts that the program and pandoc read differently.
std::vector<std::string> read_differently(const std::vector<std::string>& texts,
                                          Contents (*read)(const std::string&)) {
  std::vector<std::string> problems;
  for (const std::string& text : texts)
    if (read(text) != read_by_pandoc(text)) problems.push_back(text);
  return problems;
}

/// A reader of paper blocks that knows nothing of CommonMark: what stands between ```paper and ```.
Contents read_naively(const std::string& markdown) {
  Contents contents;
  const std::string open = "```paper\n";
  for (std::size_t at = markdown.find(open); at != std::string::npos; at = markdown.find(open, at + 1)) {
    const std::size_t from = at + open.size();
    contents.push_back(without_last_line_ends(markdown.substr(from, markdown.find("```", from) - from)));
  }
  return contents;
}

}  // namespace

TEST_CASE("a fence is at least three backticks or tildes and is closed by as many of the same") {
  CHECK(blocks("```a\nx\n```\ny\n") == "a:x");
  CHECK(blocks("~~~a\nx\n~~~\n") == "a:x");
  CHECK(blocks("``a\nx\n``\n") == "");
  CHECK(blocks("```a\nx\n~~~\n```\n") == "a:x|~~~");
  CHECK(blocks("````a\n```\n`````\ny\n") == "a:```");
  CHECK(blocks("```a\nx\n```\n```b\ny\n```\n") == "a:x & b:y");
  CHECK(blocks("```a\nx\n``` no end\n") == "a:x|``` no end");
}

TEST_CASE("an open fence goes on to the end of the file") {
  CHECK(blocks("```a\nx\ny") == "a:x|y");
  CHECK(blocks("```a") == "a:");
}

TEST_CASE("a fence may be indented by three blanks which are taken off its lines") {
  CHECK(blocks("   ```a\n     x\n  y\nz\n   ```\n") == "a:  x|y|z");
  CHECK(blocks("    ```a\nx\n") == "");
  CHECK(blocks("```a\nx\n    ```\n") == "a:x|    ```");
  CHECK(fenced_blocks("  ```a\n```").front().indent == 2);
}

TEST_CASE("the language of a fence is its first word") {
  CHECK(blocks("``` paper  b\n```\n") == "paper:");
  CHECK(blocks("```\n```\n") == ":");
  CHECK(blocks("```a`b\n```\n") == ":");  // no backtick in the words behind backticks: the second line opens
  CHECK(blocks("~~~a`b\n~~~\n") == "a`b:");
}

TEST_CASE("lines are counted from 1 whatever their ends are") {
  const auto found = fenced_blocks("text\r\n\r\n```a\r\nx\r\n```\r\n\r\n```b\r\n```\r\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].opened_at == 3);
  CHECK(found[0].lines == std::vector<std::string>{"x"});
  CHECK(found[1].opened_at == 7);
}

TEST_CASE("a fence in an HTML comment is no fence") {
  CHECK(blocks("<!--\n```a\n```\n-->\n```b\n```\n") == "b:");
  CHECK(blocks("write `<!--` here\n```a\n```\n") == "a:");
  CHECK(blocks("```a\n<!--\n```\n```b\n```\n") == "a:<!-- & b:");
}

TEST_CASE("pandoc finds the same paper blocks with the same content") {
  for (const std::string& text : read_differently(tricky_texts, read_here))
    FAIL_CHECK("read differently:\n" << text);
  CHECK(read_by_pandoc("```paper\nA\n```\n") == Contents{"A"});
}

TEST_CASE("a reader that does not follow CommonMark is told from pandoc by many of the texts") {
  CHECK(read_differently(tricky_texts, read_naively).size() > tricky_texts.size() / 3);
}
