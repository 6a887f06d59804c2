#pragma once
#include <set>
#include <string>
#include <vector>

#include "grading/explanation.hpp"

namespace grading {

/// A mistake that reproduces a step.
struct Candidate {
  const mistakes::Mistake* mistake;
  const mistakes::Rule* rule;
  const Base* base;
  std::string step, detail;     ///< where it happened
  bool indirect;                ///< in a step that is not written
  int companions;               ///< how many other steps show the same mistake
  std::set<std::string> scope;  ///< the steps that were made again
};

/// The mistakes that reproduce everything that is written in the step, the simplest first.
std::vector<Candidate> candidates_for(const derivation::Step& step, const Evidence& evidence);

/// All that is wrong in the step, explained by these candidates (one at least): those that are equally simple
/// are tied, and it is proved whether they can be told apart.
Reason reason_of(const std::vector<Candidate>& candidates, const derivation::Step& step,
                 const Evidence& evidence, std::vector<EntryPlace> wrong);

}  // namespace grading
