#include "grading/explain.hpp"

#include <algorithm>

#include "grading/own_sum.hpp"
#include "grading/single_entries.hpp"
#include "grading/whole_steps.hpp"
#include "numbers/work.hpp"

namespace grading {
namespace {

/// Units of numbers::WorkLimit for the explanations of one example: about a second.
constexpr std::size_t explanation_work = 5'000'000;

/// More wrong entries than this are no slips of single entries.
constexpr std::size_t most_slips = 2;

bool is_wrong(const StepGrade& step) { return !step.is_given && !step.wrong_entries().empty(); }

/// A mistake in the whole step is simpler than slips in its entries; a slip that gives the same stands behind
/// it.
void explain_step(StepGrade& grade, const Evidence& evidence) {
  const derivation::Step& step = *find_step(evidence.truth, grade.name);
  const auto wrong = grade.wrong_entries();
  grade.own_sum = own_sum(step, wrong.front(), evidence);
  const auto candidates = candidates_for(step, evidence);
  auto slips = wrong.size() <= most_slips ? slips_in_entries(step, wrong, evidence) : std::vector<Reason>{};
  if (candidates.empty()) {
    grade.reasons = std::move(slips);
    return;
  }
  grade.reasons = {reason_of(candidates, step, evidence, wrong)};
  auto& explanations = grade.reasons[0].explanations;
  if (wrong.size() == 1 && !slips.empty())
    explanations.insert(explanations.end(), slips[0].explanations.begin(), slips[0].explanations.end());
}

}  // namespace

void explain(ExampleGrade& grade, const derivation::Example& truth, const Chain& chain,
             const Written& written) {
  if (std::none_of(grade.steps.begin(), grade.steps.end(), is_wrong)) return;
  const numbers::WorkLimit limit(explanation_work);
  try {
    const auto undecided = undecided_steps(truth, chain);
    const Evidence evidence{truth, written, bases(truth, chain, written, undecided), undecided};
    for (StepGrade& step : grade.steps)
      if (is_wrong(step)) explain_step(step, evidence);
  } catch (const numbers::TooMuchWork&) {
    // What is wrong is known; why it is so would take too long.
  }
}

}  // namespace grading
