#include "support/chapter.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "derivation/files.hpp"
#include "derivation/rounding.hpp"
#include "grading/grade.hpp"
#include "numbers/decimal.hpp"
#include "numbers/error.hpp"
#include "program/chapter.hpp"
#include "prose/prose.hpp"
#include "rendering/json.hpp"
#include "rendering/markdown.hpp"
#include "rendering/svg.hpp"

namespace chapter_tests {
namespace {

/// The promise of the book. The sheets of its chapters carry six decimals: rounding alone stays below 5e-7.
constexpr double paper_versus_code = 1e-5;

/// The library's exp, and sums in another order, may differ from machine to machine: each is right to within
/// one or two units in the last place, and a product of the few entries of a row carries that on.
constexpr int machine_ulps = 8;

/// How much larger a rounding bound may be than the error that it bounds, over a whole chapter.
constexpr double slack = 1000;

std::string where(const grading::ExampleGrade& example, const grading::StepGrade& step, std::size_t i,
                  std::size_t j) {
  return example.name + "." + step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
}

grading::Verdict verdict_of(const grading::Grades& grades, const std::string& step, std::size_t i,
                            std::size_t j) {
  for (const grading::StepGrade& grade : grades.examples.front().steps)
    if (grade.name == step) return grade.entries[i][j].verdict;
  return grading::Verdict::unanswered;
}

/// The page as far as it can be written with the mistake in it.
Page made(const std::function<void(Page&)>& write, const Mistake& mistake) {
  Page page;
  page.before_recording([&](const std::string& example, const std::string& step, derivation::Term& term) {
    if (example == mistake.example && step == mistake.step) mistake.change(term.exact);
  });
  try {
    write(page);
  } catch (const numbers::Error&) {
    return {};  // this mistake leads out of the field: it is noticed, but by no fact
  } catch (const derivation::Error&) {
    return {};  // the same, told with the step's formula in front
  }
  return page;
}

}  // namespace

std::string lines(const Problems& problems) {
  std::string text;
  for (const std::string& problem : problems) text += problem + "\n";
  return text;
}

std::string source_path(const std::string& path) { return std::string(SOURCE_DIR) + "/" + path; }

std::string source(const std::string& path) { return derivation::read_file(source_path(path)); }

std::vector<std::string> numbered_chapters() {
  std::vector<std::string> stems;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("chapters"))) {
    const std::string stem = entry.path().stem().string();
    const bool is_numbered = '0' <= stem[0] && stem[0] <= '9';
    if (is_numbered && entry.path().extension() == ".md") stems.push_back(stem);
  }
  std::sort(stems.begin(), stems.end());
  return stems;
}

Derivation committed(const std::string& stem) {
  return rendering::from_json(source("derivations/" + stem + ".json"));
}

bool has_paper(const std::string& stem) {
  return source("chapters/" + stem + ".md").find("\n```paper\n") != std::string::npos;
}

paper::Paper paper_of(const std::string& stem) {
  return paper::load_paper(source_path("chapters/" + stem + ".md"));
}

const derivation::Step& step(const Derivation& derivation, std::string_view example, std::string_view name) {
  const derivation::Example* found = find_example(derivation, std::string(example));
  const derivation::Step* step = found ? find_step(*found, std::string(name)) : nullptr;
  if (!step) throw derivation::Error("no step " + std::string(example) + "." + std::string(name));
  return *step;
}

const derivation::Matrix<Exact>& values(const Derivation& derivation, std::string_view example,
                                        std::string_view name) {
  return step(derivation, example, name).exact.values;
}

Problems paper_problems(const paper::Paper& paper, const Derivation& derivation) {
  Problems problems;
  const grading::Grades grades = grading::grade(paper, derivation);
  for (const grading::ExampleGrade& example : grades.examples)
    for (const grading::StepGrade& step : example.steps)
      for (std::size_t i = 0; i < step.entries.size(); ++i)
        for (std::size_t j = 0; j < step.entries[i].size(); ++j) {
          const grading::EntryGrade& entry = step.entries[i][j];
          if (entry.verdict != grading::Verdict::right || entry.few_digits)
            problems.push_back(where(example, step, i, j) + ": " + entry.written + " for " + entry.expected);
        }
  if (!(grades.largest_gap < paper_versus_code))
    problems.push_back("paper and code are " + numbers::shortest(grades.largest_gap) + " apart");
  if (!grading::all_right(grades)) problems.push_back("not all that is written is right");
  return problems;
}

Problems unnoticed_slips(const paper::Paper& paper, const Derivation& derivation) {
  Problems unnoticed;
  for (const paper::WrittenExample& example : paper.examples) {
    paper::Paper slipped{paper.file, {example}};
    for (auto& matrix : slipped.examples.front().matrices)
      for (std::size_t i = 0; i < matrix.rows.size(); ++i)
        for (std::size_t j = 0; j < matrix.rows[i].size(); ++j) {
          std::string& text = matrix.rows[i][j].text;
          const std::string before = text;
          // 1/7 is no score here: whoever leaves the score itself, and hides it in a later step, is right.
          text = before == "-inf" ? "1/7" : "(" + before + ")+1/1000";
          if (verdict_of(grading::grade(slipped, derivation), matrix.name, i, j) != grading::Verdict::wrong)
            unnoticed.push_back(example.name + "." + matrix.name + "[" + std::to_string(i) + "," +
                                std::to_string(j) + "]");
          text = before;
        }
  }
  return unnoticed;
}

Problems stale(const std::string& stem, const Derivation& derived) {
  const std::string file = "derivations/" + stem + ".json";
  const std::string found = rendering::difference(source(file), rendering::to_json(derived), machine_ulps);
  if (found.empty()) return {};
  return {file + " is stale: " + found + "; run build/chapters/" + stem + " --output derivations"};
}

Problems stale_renderings(const std::string& stem) {
  Problems problems;
  const Derivation derivation = committed(stem);
  if (source("derivations/" + stem + ".md") != rendering::to_markdown(derivation))
    problems.push_back("derivations/" + stem + ".md is not what its JSON renders to");
  for (const auto& [name, svg] : rendering::to_svg(derivation))
    if (source("derivations/" + name) != svg)
      problems.push_back("derivations/" + name + " is not what its JSON renders to");
  return problems;
}

Problems number_problems(const Derivation& derivation) {
  Problems problems = program::contradictions(derivation);
  double largest = 0;
  for (const auto& example : derivation.examples)
    for (const auto& [name, bounds] : derivation::rounding_bounds(example))
      if (std::isfinite(bounds.maxCoeff())) largest = std::max(largest, bounds.maxCoeff());
  const double gap = derivation::largest_gap(derivation);
  if (largest > slack * gap)
    problems.push_back("the largest rounding bound, " + numbers::shortest(largest) +
                       ", is slack: the largest gap is " + numbers::shortest(gap));
  return problems;
}

Problems prose_problems(const std::string& stem, const Derivation& derivation) {
  const prose::Prose prose = prose::load_prose(source_path("chapters/" + stem + ".md"));
  Problems problems = prose::check_numbers(prose, derivation);
  for (const std::string& problem : prose::check_transclusions({prose}, {derivation}))
    problems.push_back(problem);
  return problems;
}

std::vector<Mistake> one_entry_off(const Derivation& derivation) {
  std::vector<Mistake> mistakes;
  for (const auto& example : derivation.examples)
    for (const auto& step : example.steps)
      mistakes.push_back({example.name, step.name, [](Table<Exact>& table) {
                            table.values(0, table.cols() - 1) += Exact(1) / Exact(7);
                          }});
  return mistakes;
}

std::vector<Mistake> every_entry_off(const Derivation& derivation) {
  std::vector<Mistake> mistakes;
  for (const auto& example : derivation.examples)
    for (const auto& step : example.steps)
      for (derivation::Index i = 0; i < step.exact.rows(); ++i)
        for (derivation::Index j = 0; j < step.exact.cols(); ++j)
          for (const int sevenths : {1, -1, 1000, -1000}) {
            const Exact by = Exact(sevenths) / Exact(7);
            mistakes.push_back(
                {example.name, step.name, [i, j, by](Table<Exact>& table) { table.values(i, j) += by; }});
          }
  return mistakes;
}

Problems facts_that_cannot_fail(const std::function<void(Page&)>& write,
                                const std::vector<Mistake>& mistakes) {
  std::set<std::string> always;
  Page untouched;
  write(untouched);
  for (const auto& example : untouched.examples())
    for (const auto& fact : example.facts) always.insert(example.name + ": " + fact.claim);
  for (const Mistake& mistake : mistakes) {
    const Page page = made(write, mistake);
    for (const auto& example : page.examples())
      for (const auto& fact : example.facts)
        if (!fact.holds) always.erase(example.name + ": " + fact.claim);
  }
  return {always.begin(), always.end()};
}

}  // namespace chapter_tests
