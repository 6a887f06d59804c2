#include "mistakes/demonstration.hpp"

#include <algorithm>
#include <cmath>

#include "mistakes/replay.hpp"
#include "mistakes/trial.hpp"

namespace mistakes {
namespace {

using derivation::Example;
using derivation::Step;
using Demonstrations = std::vector<Demonstration>;

/// Good enough to choose by what a reader sees.
double roughly(const Enclosure& value) { return midpoint(value); }
double roughly(const Exact& value) { return numbers::to_double(value); }
double roughly(double value) { return value; }

template <typename Scalar>
bool differ_in_row(const Table<Scalar>& a, const Table<Scalar>& b, Index i) {
  for (Index j = 0; j < a.cols(); ++j) {
    if (a.visible(i, j) != b.visible(i, j)) return true;
    if (a.visible(i, j) && std::abs(roughly(a.values(i, j)) - roughly(b.values(i, j))) > 1e-6) return true;
  }
  return false;
}

template <typename Scalar>
bool differ(const Table<Scalar>& a, const Table<Scalar>& b) {
  for (Index i = 0; i < a.rows(); ++i)
    if (differ_in_row(a, b, i)) return true;
  return false;
}

/// See Demonstration::step; empty where nothing is to be seen.
std::string step_to_show(const Example& example, const Rule& rule, const Values<Enclosure>& right,
                         const Values<Enclosure>& wrong) {
  for (const Step& step : example.steps) {
    const std::string base = split_name(step.name).base;
    if (!rule.speaks_of(base) || !differ(right.at(step.name), wrong.at(step.name))) continue;
    if (base == "M") return "A" + step.name.substr(1);
    if (base == "D") return "E" + step.name.substr(1);
    return step.name;
  }
  return "";
}

/// The effect as the machine computes it.
Values<double> machine_values(const Example& example, const Rule& rule, const Effect& effect) {
  for (const auto& outcome : replay(example, rule, right_values<double>(example), effect.result.scope))
    if (outcome.detail == effect.detail) return outcome.values;
  throw derivation::Error("example " + example.name + ": a mistake that doubles do not make");
}

Demonstration demonstration(const Trial& trial, const Rule& rule, const Effect& effect,
                            const std::string& mistake, const std::string& step) {
  const auto right = right_values<double>(trial.example()),
             wrong = machine_values(trial.example(), rule, effect);
  const bool is_unchanged = effect.changes == numbers::Answer::no;
  return {
      mistake,
      effect.detail,
      trial.example().name,
      step,
      effect.result.name,
      {trial.right().at(step), effect.values.at(step), is_unchanged ? Enclosure(0) : effect.largest_change},
      {right.at(step), wrong.at(step), largest_change(right, wrong, effect.result)}};
}

/// A rule made in all its ways, where they show.
Demonstrations made(const Trial& trial, const std::string& mistake, const Rule& rule) {
  Demonstrations all;
  for (const Effect& effect : trial.effects(rule)) {
    const std::string step = step_to_show(trial.example(), rule, trial.right(), effect.values);
    if (!step.empty()) all.push_back(demonstration(trial, rule, effect, mistake, step));
  }
  return all;
}

/// A slip in one entry as a rule: in the first entry of the row, and in the first way, that comes to
/// something.
Rule rule_of(const EntryRule& slip, const Place& place) {
  const auto with = [slip, i = place.row]<typename Scalar>(const Context<Scalar>& c) {
    const auto right = c.right();
    for (Index j = 0; j < right.cols(); ++j)
      for (const auto& entry : slip.template in<Scalar>()(c, i, j)) {
        Wrong<Scalar> wrong{right, "[" + std::to_string(i) + "," + std::to_string(j) + "]"};
        wrong.table.values(i, j) = entry.value;
        wrong.table.visible(i, j) = !entry.hidden;
        if (!entry.detail.empty()) wrong.detail += " " + entry.detail;
        if (differ(wrong.table, right)) return std::vector<Wrong<Scalar>>{wrong};
      }
    return std::vector<Wrong<Scalar>>{};
  };
  return {{place.step},
          [with](const Context<Exact>& c) { return with(c); },
          [with](const Context<Enclosure>& c) { return with(c); },
          [with](const Context<double>& c) { return with(c); }};
}

Rule rule_of(const Mistake& slip, const Place& place) {
  if (slip.entry_rule) return rule_of(slip.entry_rule, place);
  Rule rule = slip.rules.front();
  rule.steps = {place.step};
  return rule;
}

Demonstrations slipped(const Trial& trial, const Mistake& slip, const std::vector<Place>& places) {
  for (const Place& place : places)
    for (const Demonstration& each : made(trial, slip.name, rule_of(slip, place)))
      if (each.shows_in_row(place.row)) return {each};
  return {};
}

Demonstrations first_that_shows(const std::vector<Trial>& trials, const std::string& mistake,
                                const Rule& rule) {
  for (const Trial& trial : trials) {
    Demonstrations shown = made(trial, mistake, rule);
    if (!shown.empty()) return shown;
  }
  return {};
}

}  // namespace

bool Demonstration::shows_in_row(Index i) const {
  return i < enclosed.right.rows() && differ_in_row(enclosed.right, enclosed.wrong, i);
}

Demonstrations demonstrations(const std::vector<Example>& examples,
                              const std::vector<Place>& places_of_slips) {
  const std::vector<Trial> trials(examples.begin(), examples.end());
  Demonstrations all;
  const auto keep = [&](const Demonstrations& some) { all.insert(all.end(), some.begin(), some.end()); };
  for (const Mistake& mistake : catalogue()) {
    if (mistake.kind == Kind::slip) keep(slipped(trials.front(), mistake, places_of_slips));
    if (mistake.kind != Kind::mistake) continue;
    for (const Rule& rule : mistake.rules)
      if (!rule.second) keep(first_that_shows(trials, mistake.name, rule));
  }
  return all;
}

}  // namespace mistakes
