#pragma once
#include <map>
#include <stdexcept>
#include <string>

#include "grading/grade.hpp"
#include "paper/inputs.hpp"

/// A paper and its grades, and short ways to ask about them.
struct Graded {
  explicit Graded(const std::string& markdown, grading::Reasons reasons = grading::Reasons::given)
      : Graded(paper::read_paper("p.md", markdown), reasons) {}
  explicit Graded(const paper::Paper& paper, grading::Reasons reasons = grading::Reasons::given)
      : grades(grading::grade(paper, paper::derive_paper(paper, 20), reasons)) {}

  const grading::EntryGrade& entry(const std::string& step, std::size_t i, std::size_t j) const {
    for (const grading::StepGrade& grade : grades.examples.at(0).steps)
      if (grade.name == step) return grade.entries.at(i).at(j);
    throw std::out_of_range("no grades of " + step);
  }

  int count(grading::Verdict verdict) const { return grading::count(grades, verdict); }

  /// "3 right, 1 wrong": the verdicts that occur.
  std::string tally() const {
    static const std::pair<grading::Verdict, const char*> names[] = {
        {grading::Verdict::right, "right"},
        {grading::Verdict::right_given, "right given"},
        {grading::Verdict::too_short, "too short"},
        {grading::Verdict::wrong, "wrong"},
        {grading::Verdict::unanswered, "unanswered"}};
    std::string text;
    for (const auto& [verdict, name] : names)
      if (count(verdict) > 0)
        text += (text.empty() ? "" : ", ") + std::to_string(count(verdict)) + " " + name;
    return text;
  }

  /// The wrong entries: "S[0,1] A[1,0]".
  std::string wrong() const {
    std::string text;
    for (const auto& step : grades.examples.at(0).steps)
      for (std::size_t i = 0; i < step.entries.size(); ++i)
        for (std::size_t j = 0; j < step.entries[i].size(); ++j)
          if (step.entries[i][j].verdict == grading::Verdict::wrong)
            text += (text.empty() ? "" : " ") + step.name + "[" + std::to_string(i) + "," +
                    std::to_string(j) + "]";
    return text;
  }

  /// Whether a mistake is named in a step, first or tied with the first.
  bool is_named(const std::string& step, const std::string& mistake) const {
    for (const auto& grade : grades.examples.at(0).steps)
      for (const grading::Reason& reason : grade.reasons)
        for (std::size_t k = 0; k < reason.tied; ++k)
          if (grade.name == step && reason.explanations[k].mistake == mistake) return true;
    return false;
  }

  grading::Grades grades;
};
