#include "mistakes/replay.hpp"

#include <optional>

#include "numbers/error.hpp"

namespace mistakes {
namespace {

using derivation::Example;
using derivation::Step;

template <typename Scalar>
bool has_shape_of(const Table<Scalar>& table, const Step& step) {
  return table.rows() == step.exact.rows() && table.cols() == step.exact.cols();
}

bool can_be_made(const Step& step) {
  return step.operation != Operation::given && step.operation != Operation::computed;
}

/// Goes through the steps of an example once, from a place on.
template <typename Scalar>
class Replay {
 public:
  Replay(const Example& example, const Rule& rule, const std::set<std::string>& scope)
      : example_(example), rule_(rule), scope_(scope) {}

  std::vector<Outcome<Scalar>> from(const Values<Scalar>& base) {
    run(0, {base, ""}, {}, std::nullopt);
    return std::move(outcomes_);
  }

 private:
  using Changed = std::set<std::string>;

  /// `variant`: which way to be wrong was chosen at the first step that the rule speaks of.
  void run(std::size_t first, Outcome<Scalar> now, Changed changed, std::optional<std::size_t> variant) {
    for (std::size_t k = first; k < example_.steps.size(); ++k) {
      const Step& step = example_.steps[k];
      if (!scope_.count(step.name) || !can_be_made(step)) continue;
      if (const auto wrong = wrong_ways(step, now.values)) {
        if (!variant) return branch(k, now, changed, *wrong);
        if (*variant >= wrong->size() || !has_shape_of((*wrong)[*variant].table, step)) return;
        now.values[step.name] = (*wrong)[*variant].table;
        changed.insert(step.name);
      } else if (follows(step, changed)) {
        now.values[step.name] = Context<Scalar>(example_, step, now.values).right();
        changed.insert(step.name);
      }
    }
    if (variant) outcomes_.push_back(std::move(now));
  }

  void branch(std::size_t k, const Outcome<Scalar>& now, const Changed& changed,
              const std::vector<Wrong<Scalar>>& wrong) {
    for (std::size_t variant = 0; variant < wrong.size(); ++variant) {
      if (!has_shape_of(wrong[variant].table, example_.steps[k])) continue;
      Outcome<Scalar> next{now.values, wrong[variant].detail};
      Changed also = changed;
      next.values[example_.steps[k].name] = wrong[variant].table;
      also.insert(example_.steps[k].name);
      attempt([&] { run(k + 1, std::move(next), std::move(also), variant); });
    }
  }

  /// Nothing where the rule does not speak of the step.
  std::optional<std::vector<Wrong<Scalar>>> wrong_ways(const Step& step, const Values<Scalar>& values) const {
    if (!rule_.steps.empty() && !rule_.speaks_of(split_name(step.name).base)) return std::nullopt;
    try {
      return rule_.in<Scalar>()(Context<Scalar>(example_, step, values));
    } catch (const Elsewhere&) {
      return std::nullopt;
    }
  }

  static bool follows(const Step& step, const Changed& changed) {
    for (const std::string& operand : step.operands)
      if (changed.count(derivation::reference(operand).step)) return true;
    return false;
  }

 public:
  /// What the shapes or the numbers do not allow comes to nothing.
  template <typename Action>
  static void attempt(Action action) {
    try {
      action();
    } catch (const derivation::Error&) {
    } catch (const numbers::Error&) {
    }
  }

 private:
  const Example& example_;
  const Rule& rule_;
  const std::set<std::string>& scope_;
  std::vector<Outcome<Scalar>> outcomes_;
};

}  // namespace

template <typename Scalar>
std::vector<Outcome<Scalar>> replay(const Example& example, const Rule& rule, const Values<Scalar>& base,
                                    const std::set<std::string>& scope) {
  Replay<Scalar> runs(example, rule, scope);
  std::vector<Outcome<Scalar>> outcomes;
  Replay<Scalar>::attempt([&] { outcomes = runs.from(base); });
  return outcomes;
}

bool speaks_of(const Rule& rule, const Example& example, const Step& step, const Values<Enclosure>& right) {
  if (!can_be_made(step) || !rule.speaks_of(split_name(step.name).base)) return false;
  try {
    rule.enclosed(Context<Enclosure>(example, step, right));
  } catch (const Elsewhere&) {
    return false;
  } catch (const derivation::Error&) {
  } catch (const numbers::Error&) {
  }
  return true;
}

std::set<std::string> steps_towards(const Example& example, const std::set<std::string>& targets) {
  std::set<std::string> needed = targets;
  for (auto step = example.steps.rbegin(); step != example.steps.rend(); ++step)
    if (needed.count(step->name))
      for (const std::string& operand : step->operands) needed.insert(derivation::reference(operand).step);
  std::set<std::string> steps;
  for (const Step& step : example.steps)
    if (needed.count(step.name) && step.kind == derivation::Kind::step) steps.insert(step.name);
  return steps;
}

template std::vector<Outcome<Exact>> replay(const Example&, const Rule&, const Values<Exact>&,
                                            const std::set<std::string>&);
template std::vector<Outcome<Enclosure>> replay(const Example&, const Rule&, const Values<Enclosure>&,
                                                const std::set<std::string>&);
template std::vector<Outcome<double>> replay(const Example&, const Rule&, const Values<double>&,
                                             const std::set<std::string>&);

}  // namespace mistakes
