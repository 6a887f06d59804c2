#include "grading/base.hpp"

#include <algorithm>

namespace grading {
namespace {

Base right_base(const derivation::Example& truth) {
  return {mistakes::right_values<Enclosure>(truth), mistakes::right_values<Exact>(truth), true};
}

/// The reader's values; what is right is taken from the right ones, where it is enclosed already.
Base readers_base(const Chain& chain, const Base& right) {
  Base base;
  for (const auto& [name, value] : chain.values()) {
    if (!value.is_known()) continue;
    base.enclosed[name] = value.is_right() ? right.enclosed.at(name) : value.enclosed();
    if (value.exact()) base.exact[name] = *value.exact();
    base.all_exact = base.all_exact && value.exact();
  }
  return base;
}

bool all_right(const Chain& chain) {
  return std::all_of(chain.values().begin(), chain.values().end(),
                     [](const auto& entry) { return entry.second.is_right(); });
}

/// What follows from a paper on which these steps are not written.
Chain without(const std::set<std::string>& steps, const derivation::Example& truth, const Written& written) {
  Chain chain(truth);
  for (const derivation::Step& step : truth.steps) {
    const auto claims = written.find(step.name);
    const bool counts = claims != written.end() && !steps.count(step.name);
    chain.enter(step, chain.from_before(step), counts ? claims->second : Claims{});
  }
  return chain;
}

}  // namespace

std::vector<Base> bases(const derivation::Example& truth, const Chain& chain, const Written& written,
                        const std::set<std::string>& undecided) {
  const Base right = right_base(truth);
  if (all_right(chain)) return {right};
  if (undecided.empty()) return {readers_base(chain, right), right};
  return {readers_base(chain, right), readers_base(without(undecided, truth, written), right), right};
}

std::set<std::string> undecided_steps(const derivation::Example& truth, const Chain& chain) {
  std::set<std::string> undecided;
  for (const derivation::Step& step : truth.steps) {
    if (step.operation != Operation::quotient && step.operation != Operation::normalise) continue;
    const ChainValue before = chain.from_before(step);
    if (!before.is_known() || !before.unknown().any()) continue;
    for (const std::string& operand : step.operands) undecided.insert(derivation::reference(operand).step);
  }
  return undecided;
}

}  // namespace grading
