#include "mistakes/trial.hpp"

#include <algorithm>
#include <cmath>

#include "mistakes/replay.hpp"

namespace mistakes {
namespace {

using derivation::Example;
using numbers::Answer;

/// Those of the steps that the example has, and what leads to them.
Result result_of(const Example& example, const std::string& name, const std::vector<std::string>& steps) {
  Result result{name, {}, {}};
  for (const std::string& step : steps)
    if (find_step(example, step)) result.steps.insert(step);
  result.scope = steps_towards(example, result.steps);
  return result;
}

bool same(const Values<Exact>& right, const Values<Exact>& wrong, const Result& result) {
  return std::all_of(result.steps.begin(), result.steps.end(),
                     [&](const std::string& step) { return right.at(step).values == wrong.at(step).values; });
}

}  // namespace

template <typename Scalar>
Scalar largest_change(const Values<Scalar>& right, const Values<Scalar>& wrong, const Result& result) {
  using std::abs, std::max;
  Scalar largest(0);
  for (const std::string& step : result.steps) {
    const auto &a = right.at(step).values, &b = wrong.at(step).values;
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j) largest = max(largest, Scalar(abs(Scalar(a(i, j) - b(i, j)))));
  }
  return largest;
}

template Enclosure largest_change(const Values<Enclosure>&, const Values<Enclosure>&, const Result&);
template double largest_change(const Values<double>&, const Values<double>&, const Result&);

Trial::Trial(const Example& example)
    : example_(example),
      right_(right_values<Enclosure>(example)),
      exact_(right_values<Exact>(example)),
      results_{result_of(example, "Y", {"Y"}),
               result_of(example, "gradients", {"dX", "dW_Q", "dW_K", "dW_V", "dW_O", "dQ", "dK", "dV"})} {}

std::vector<Effect> Trial::effects(const Rule& rule) const {
  for (const Result& result : results_) {
    std::vector<Effect> found = effects(rule, result);
    if (!found.empty()) return found;
  }
  return {};
}

/// With intervals; in closed form where an interval has no answer, such as for a division by what may be 0.
std::vector<Effect> Trial::effects(const Rule& rule, const Result& result) const {
  auto outcomes = replay(example_, rule, right_, result.scope);
  if (outcomes.empty())
    for (const auto& exact : replay(example_, rule, exact_, result.scope)) {
      outcomes.push_back({right_, exact.detail});
      for (const std::string& step : result.scope) {
        Table<Enclosure>& table = outcomes.back().values[step];
        table.values = numbers::as_scalars<Enclosure>(exact.values.at(step).values);
        table.visible = exact.values.at(step).visible;
      }
    }
  std::vector<Effect> found;
  for (auto& outcome : outcomes) {
    const Enclosure change = largest_change(right_, outcome.values, result);
    found.push_back({outcome.detail, result, std::move(outcome.values), change, Answer::not_decided});
    found.back().changes = changes(found.back(), rule);
  }
  return found;
}

/// What an interval does not decide is decided in closed form, where there is one.
Answer Trial::changes(const Effect& effect, const Rule& rule) const {
  if (less(Enclosure(0), effect.largest_change) == Answer::yes) return Answer::yes;
  for (const auto& outcome : replay(example_, rule, exact_, effect.result.scope))
    if (outcome.detail == effect.detail)
      return same(exact_, outcome.values, effect.result) ? Answer::no : Answer::yes;
  return Answer::not_decided;
}

}  // namespace mistakes
