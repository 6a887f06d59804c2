#include <algorithm>

#include "support/document.hpp"
#include "support/every_chapter.hpp"

namespace {

using document::Section;

/// For every given and step, its first entry and its last one 100 more and 100 less: each fact here holds one
/// of them to something.
std::vector<Mistake> ends_off() {
  std::vector<Mistake> mistakes;
  for (const auto& example : committed(stem).examples)
    for (const auto& step : example.steps)
      for (const int change : {100, -100})
        for (const bool last : {false, true})
          mistakes.push_back({example.name, step.name, [change, last](Table<Exact>& table) {
                                const Index i = last ? table.rows() - 1 : 0, j = last ? table.cols() - 1 : 0;
                                table.values(i, j) += Exact(change);
                              }});
  return mistakes;
}

/// The sections of the quiz: a chapter's at level 2, and its questions' at level 3 behind it.
std::vector<Section> quiz() { return document::sections_of(source_path("chapters/" + stem + ".md")); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

/// A question has one answer that opens on request, and leads to where that is derived.
Problems problems_of_questions(const std::vector<Section>& sections) {
  Problems problems;
  for (const Section& section : sections) {
    if (section.level != 3) continue;
    if (count(section.html, "<details><summary>Answer</summary>") != 1 ||
        count(section.html, "<details>") != count(section.html, "</details>"))
      problems.push_back(section.title.text + ": needs one answer");
    if (section.words.links.empty()) problems.push_back(section.title.text + ": leads nowhere");
  }
  return problems;
}

/// The chapters asked about are the book's, from the first one on, and each has three questions or more.
Problems problems_of_chapters(const std::vector<Section>& sections,
                              const std::vector<std::string>& chapters) {
  Problems problems;
  std::size_t next = 0;
  for (std::size_t k = 0; k < sections.size(); ++k) {
    if (sections[k].level != 2 || sections[k].title.text == "The checklist") continue;
    const std::string name = sections[k].title.text;
    const std::string expected = next < chapters.size() ? chapters[next++] + ".md" : "no further chapter";
    if (sections[k].words.links.empty() || sections[k].words.links.front() != expected)
      problems.push_back(name + ": should be about " + expected);
    std::size_t questions = 0;
    while (k + 1 + questions < sections.size() && sections[k + 1 + questions].level == 3) ++questions;
    if (questions < 3) problems.push_back(name + ": needs three questions");
  }
  return problems;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(ends_off())) == "");
}

TEST_CASE("every question has its answer, and leads to where that is derived") {
  std::vector<Section> sections = quiz();
  CHECK(lines(problems_of_questions(sections)) == "");
  const auto question = std::find_if(sections.begin(), sections.end(),
                                     [](const Section& section) { return section.level == 3; });
  REQUIRE(question != sections.end());
  const std::string name = question->title.text;
  question->html = "";
  CHECK(lines(problems_of_questions(sections)) == name + ": needs one answer\n");
  *question = quiz()[static_cast<std::size_t>(question - sections.begin())];
  question->words.links.clear();
  CHECK(lines(problems_of_questions(sections)) == name + ": leads nowhere\n");
}

TEST_CASE("no chapter is left out between the first and the last one asked about") {
  const std::vector<std::string> chapters = numbered_chapters();
  CHECK(lines(problems_of_chapters(quiz(), chapters)) == "");
  std::vector<Section> gap = quiz();
  std::erase_if(gap, [&](const Section& section) {
    return section.level == 2 && section.words.links.front() == chapters[1] + ".md";
  });
  CHECK_FALSE(problems_of_chapters(gap, chapters).empty());
  std::vector<Section> few = quiz();
  few.erase(few.begin() + 2, few.begin() + 4);
  CHECK_FALSE(problems_of_chapters(few, chapters).empty());
}
