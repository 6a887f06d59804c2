#pragma once
#include <string>
#include <vector>

#include "derivation/derivation.hpp"

namespace mistakes {

/// Questions that were put to several candidates: a row for each candidate, a column for each question, true
/// for yes.
struct Answers {
  derivation::Labels labels;
  derivation::Mask yes;

  explicit Answers(const std::vector<std::string>& questions)
      : labels{{}, questions}, yes(0, static_cast<derivation::Index>(questions.size())) {}

  /// What a candidate answers to all the questions, in their order.
  void add(const std::string& candidate, const std::vector<bool>& answers) {
    labels.rows.push_back(candidate);
    yes.conservativeResize(yes.rows() + 1, yes.cols());
    for (derivation::Index j = 0; j < yes.cols(); ++j)
      yes(yes.rows() - 1, j) = answers.at(static_cast<std::size_t>(j));
  }
};

}  // namespace mistakes
