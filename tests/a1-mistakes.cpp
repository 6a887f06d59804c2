#include <sstream>

#include "mistakes/strength.hpp"
#include "support/every_chapter.hpp"

namespace {

/// A text with every run of blanks and line ends as one blank.
std::string in_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

/// The items of the chapter's lists, each in one line, from its name on.
std::vector<std::string> items_of(const std::string& chapter) {
  std::vector<std::string> items;
  std::istringstream input(chapter);
  bool inside = false;
  for (std::string line; std::getline(input, line);) {
    if (line.rfind("- `", 0) == 0) {
      items.push_back(line.substr(2));
      inside = true;
    } else if (inside && line.rfind("  ", 0) == 0) {
      items.back() += " " + line;
    } else {
      inside = false;
    }
  }
  for (std::string& item : items) item = in_one_line(item);
  return items;
}

std::string name_of(const std::string& item) { return item.substr(1, item.find('`', 1) - 1); }

/// Whether an item holds both sentences, said of one step, and links to the chapter to read again.
bool has_the_words_of(const std::string& item, const mistakes::Mistake& mistake) {
  for (const Step& step : all_examples().front().steps) {
    const std::string said = "`" + mistake.name + "`: " + mistakes::said_of(mistake.what, step.name) + " " +
                             mistakes::said_of(mistake.why, step.name) + " ";
    if (item.rfind(said, 0) == 0) return item.find("](" + mistake.chapter + ".md)") != std::string::npos;
  }
  return false;
}

/// The catalogue against the items of a chapter: missing, twice, unknown, or in other words.
Problems catalogue_problems(const std::string& chapter) {
  std::map<std::string, int> seen;
  Problems problems;
  for (const std::string& item : items_of(chapter)) {
    const mistakes::Mistake* mistake = mistakes::find_mistake(name_of(item));
    ++seen[name_of(item)];
    if (mistake == nullptr)
      problems.push_back(name_of(item) + " is not in the catalogue");
    else if (!has_the_words_of(item, *mistake))
      problems.push_back(mistake->name + " stands in other words");
    else if (mistake->kind != mistakes::Kind::non_mistake && item.find("*Notice:*") == std::string::npos)
      problems.push_back(mistake->name + " does not say how to notice it");
  }
  for (const mistakes::Mistake& mistake : mistakes::catalogue())
    if (seen[mistake.name] != 1)
      problems.push_back(mistake.name + " stands " + std::to_string(seen[mistake.name]) + " times");
  return problems;
}

std::string with(const std::string& text, const std::string& from, const std::string& to) {
  std::string changed = text;
  const std::size_t at = changed.find(from);
  REQUIRE(at != std::string::npos);
  return changed.replace(at, from.size(), to);
}

/// "one-key-too-few" of "one-key-too-few: the last key of each row is missing".
std::string mistake_of(const std::string& label) { return label.substr(0, label.find_first_of(":,")); }

bool is_table(const Step& step) { return step.name.rfind("wrong_", 0) == 0; }

std::vector<Mistake> rows_off() {
  std::vector<Mistake> all;
  for (const auto& example : committed(stem).examples)
    for (const auto& step : example.steps) {
      if (is_table(step))
        all.push_back({example.name, step.name,
                       [](Table<Exact>& table) { table.values(1, table.cols() - 1) -= Exact(1000); }});
      if (example.name == "harmless")
        all.push_back({example.name, step.name, [](Table<Exact>& table) { table.values(1, 0) += 1; }});
    }
  all.push_back({"harmless", "mask", [](Table<Exact>& table) { table.values.setConstant(Exact(1)); }});
  return all;
}

/// The example of strength() and the largest change that a table of the chapter gives a mistake there.
std::vector<double> changes_in_tables(const Example& example, const std::string& name) {
  std::vector<double> changes;
  for (const Step& step : example.steps)
    for (std::size_t i = 0; is_table(step) && i < step.labels.rows.size(); ++i)
      if (mistake_of(step.labels.rows[i]) == name)
        changes.push_back(step.machine.values(static_cast<Index>(i), step.machine.cols() - 1));
  return changes;
}

}  // namespace

TEST_CASE("every entry of the catalogue stands in the chapter once, with its own words, and nothing else") {
  CHECK(lines(catalogue_problems(source("chapters/" + stem + ".md"))) == "");
}

TEST_CASE("an entry that is missing, invented, repeated or reworded is noticed") {
  const std::string chapter = source("chapters/" + stem + ".md");
  CHECK(lines(catalogue_problems(with(chapter, "- `not-scaled`", "- `not-scald`"))) ==
        "not-scald is not in the catalogue\nnot-scaled stands 0 times\n");
  CHECK(lines(catalogue_problems(with(chapter, "left out the scale", "forgot the scale"))) ==
        "not-scaled stands in other words\n");
  CHECK(lines(catalogue_problems(with(chapter, "- `not-scaled`", "- `base-2`"))) ==
        "base-2 stands in other words\nnot-scaled stands 0 times\nbase-2 stands 2 times\n");
  CHECK(lines(catalogue_problems(with(chapter, "Z and S are the same", "*Notice:*"))) == "");
  CHECK(lines(catalogue_problems(with(chapter, "*Notice:*", "Look:"))).find("how to notice") !=
        std::string::npos);
}

TEST_CASE("every mistake and every slip has a row, and every row a name of the catalogue") {
  std::set<std::string> shown;
  for (const auto& example : committed(stem).examples)
    for (const auto& step : example.steps) {
      if (!is_table(step)) continue;
      CHECK(step.labels.rows.front() == "right");
      for (std::size_t i = 1; i < step.labels.rows.size(); ++i) {
        const std::string name = mistake_of(step.labels.rows[i]);
        CHECK_MESSAGE(mistakes::find_mistake(name) != nullptr, name);
        shown.insert(name);
      }
    }
  for (const auto& mistake : mistakes::catalogue())
    CHECK_MESSAGE((mistake.kind == mistakes::Kind::non_mistake) == (shown.count(mistake.name) == 0),
                  mistake.name);
}

TEST_CASE("the row shown tells every mistake from the right step") {
  for (const auto& example : committed(stem).examples)
    for (const auto& step : example.steps)
      for (std::size_t i = 1; is_table(step) && i < step.decimal.size(); ++i) {
        auto right = step.decimal.front(), wrong = step.decimal[i];
        right.pop_back();
        wrong.pop_back();
        CHECK_MESSAGE(right != wrong, step.name << ": " << step.labels.rows[i]);
      }
}

TEST_CASE("the largest changes are those that the verb strength gives") {
  const auto committed_examples = committed(stem).examples;
  std::size_t compared = 0;
  for (const Example& example : committed_examples) {
    if (find_step(example, "X") == nullptr) continue;
    std::map<std::string, std::vector<double>> given;
    for (const auto& each : mistakes::strength(example))
      if (each.answer == mistakes::Strength::Answer::changes)
        given[each.mistake->name].push_back(numbers::midpoint(each.largest_change));
    for (const auto& [name, expected] : given)
      for (const double change : changes_in_tables(example, name)) {
        ++compared;
        // Two ways to the same number, in double precision: changes are below 100, so 1e-9 leaves a
        // thousand roundings of 1e-14.
        CHECK_MESSAGE(std::any_of(expected.begin(), expected.end(),
                                  [&](double value) { return std::abs(value - change) < 1e-9; }),
                      example.name << " " << name << ": " << change);
      }
  }
  CHECK(compared > 80);
}

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(rows_off())) == "");
}
