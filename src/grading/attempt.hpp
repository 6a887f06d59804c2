#pragma once
#include <set>
#include <string>
#include <utility>

#include "grading/chain.hpp"
#include "grading/grade.hpp"

namespace grading {

/// A row of a step.
using StepRow = std::pair<std::string, Index>;

/// A way through an example that is not the book's and leads to the same weights: other steps, with what has
/// to be assumed of some that nobody writes.
struct Way {
  derivation::Example truth;
  Written assumed = {};
  /// What is written in these rows is right as it stands, and is not what this way goes on from.
  std::set<StepRow> kept = {};
  /// What the catalogue calls it, and the steps that it makes otherwise, where whole steps are meant.
  std::string name = {};
  std::set<std::string> changed = {};
};

/// A paper graded against one way.
struct Attempt {
  ExampleGrade grade;
  Chain chain;
  Written claims;
  double largest_gap = 0;
};

/// Grades an example: its steps in the order of the way, whatever their order on the paper. `way` has to
/// outlive the attempt.
Attempt attempt(const std::string& file, const paper::WrittenExample& written, const Way& way);

/// How many entries are wrong, of all steps that are answers.
int wrong_in(const ExampleGrade& grade);

StepGrade* find_grade(ExampleGrade& grade, const std::string& name);
const StepGrade* find_grade(const ExampleGrade& grade, const std::string& name);

}  // namespace grading
