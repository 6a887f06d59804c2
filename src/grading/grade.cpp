#include "grading/grade.hpp"

#include <algorithm>

#include "grading/explain.hpp"
#include "grading/other_ways.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"

namespace grading {
namespace {

/// The book's way first, and what looks wrong on it on other ways to the same weights; then why what is still
/// wrong is so.
ExampleGrade graded(const std::string& file, const paper::WrittenExample& written,
                    const derivation::Example& truth, Reasons reasons, double& largest_gap) {
  const Chosen chosen = best_way(file, written, truth);
  ExampleGrade grade = chosen.attempt.grade;
  largest_gap = std::max(largest_gap, chosen.attempt.largest_gap);
  if (reasons == Reasons::given)
    explain(grade, chosen.way->truth, chosen.attempt.chain, chosen.attempt.claims);
  return grade;
}

}  // namespace

std::vector<EntryPlace> StepGrade::wrong_entries() const {
  std::vector<EntryPlace> wrong;
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (std::size_t j = 0; j < entries[i].size(); ++j)
      if (entries[i][j].verdict == Verdict::wrong)
        wrong.push_back({static_cast<Index>(i), static_cast<Index>(j)});
  return wrong;
}

int count(const Grades& grades, Verdict verdict) {
  int found = 0;
  for (const ExampleGrade& example : grades.examples)
    for (const StepGrade& step : example.steps)
      for (const auto& row : step.entries)
        for (const EntryGrade& entry : row)
          if (entry.verdict == verdict && (!step.is_given || verdict == Verdict::wrong)) ++found;
  return found;
}

bool all_right(const Grades& grades) {
  const int good = count(grades, Verdict::right) + count(grades, Verdict::right_given);
  return good > 0 && count(grades, Verdict::wrong) == 0 && count(grades, Verdict::too_short) == 0;
}

Grades grade(const paper::Paper& paper, const derivation::Derivation& derivation, Reasons reasons) {
  Grades grades;
  for (const paper::WrittenExample& written : paper.examples) {
    const derivation::Example* truth = find_example(derivation, written.name);
    if (!truth)
      throw paper::FileError(paper.file, written.place,
                             "the derivation of " + derivation.chapter + " has no example " + written.name);
    try {
      grades.examples.push_back(graded(paper.file, written, *truth, reasons, grades.largest_gap));
    } catch (const numbers::TooMuchWork& error) {
      throw paper::FileError(paper.file, written.place, paper::in_example(written) + error.what());
    }
  }
  return grades;
}

}  // namespace grading
