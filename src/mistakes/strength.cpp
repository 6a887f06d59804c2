#include "mistakes/strength.hpp"

#include <algorithm>

#include "derivation/names.hpp"
#include "mistakes/replay.hpp"
#include "numbers/decimal.hpp"

namespace mistakes {
namespace {

using derivation::Example;
using derivation::Step;
using numbers::Answer;
using Names = std::set<std::string>;

/// What a mistake on the way back is measured by.
const Names gradients = {"dX", "dW_Q", "dW_K", "dW_V", "dW_O", "dQ", "dK", "dV"};

struct Result {
  std::string name;
  Names steps;  ///< what is compared
  Names scope;  ///< what has to be made again for it
};

Names present(const Example& example, const Names& names) {
  Names found;
  for (const std::string& name : names)
    if (find_step(example, name)) found.insert(name);
  return found;
}

/// The largest difference of the entries of some steps.
Enclosure largest_change(const Values<Enclosure>& right, const Values<Enclosure>& wrong, const Names& steps) {
  Enclosure largest(0);
  for (const std::string& name : steps) {
    const auto &a = right.at(name).values, &b = wrong.at(name).values;
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j) largest = max(largest, abs(Enclosure(a(i, j) - b(i, j))));
  }
  return largest;
}

bool same(const Values<Exact>& right, const Values<Exact>& wrong, const Names& steps) {
  return std::all_of(steps.begin(), steps.end(), [&](const std::string& name) {
    const auto &a = right.at(name).values, &b = wrong.at(name).values;
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j)
        if (a(i, j) != b(i, j)) return false;
    return true;
  });
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Tries the mistakes on one example.
class Trial {
 public:
  explicit Trial(const Example& example)
      : example_(example), right_(right_values<Enclosure>(example)), exact_(right_values<Exact>(example)) {
    for (const Result& each :
         {Result{"Y", present(example, {"Y"}), {}}, {"gradients", present(example, gradients), {}}})
      if (!each.steps.empty())
        results_.push_back({each.name, each.steps, steps_towards(example, each.steps)});
  }

  /// Rules that show the same from elsewhere are asked only where the others have nothing to say.
  std::vector<Strength> of(const Mistake& mistake) const {
    for (const bool second : {false, true}) {
      std::vector<Strength> found;
      for (const Rule& rule : mistake.rules)
        if (rule.second == second)
          for (Strength& each : of(mistake, rule)) found.push_back(std::move(each));
      if (!found.empty()) return found;
    }
    Strength none;
    none.mistake = &mistake;
    none.reason = can_be_made(mistake) ? "the shapes do not allow it" : "no such step here";
    return {none};
  }

 private:
  std::vector<Strength> of(const Mistake& mistake, const Rule& rule) const {
    std::vector<Strength> found;
    for (const Result& result : results_) {
      if (!found.empty()) break;
      for (const auto& outcome : outcomes(rule, result)) {
        Strength strength;
        strength.mistake = &mistake;
        strength.where = joined(rule.steps);
        strength.detail = outcome.detail;
        strength.result = result.name;
        strength.largest_change = largest_change(right_, outcome.values, result.steps);
        strength.answer = answer(strength, rule, result);
        found.push_back(strength);
      }
    }
    return found;
  }

  /// With intervals; in closed form where an interval has no answer, such as for a division by what may be 0.
  std::vector<Outcome<Enclosure>> outcomes(const Rule& rule, const Result& result) const {
    auto found = replay(example_, rule, right_, result.scope);
    if (!found.empty()) return found;
    for (const auto& exact : replay(example_, rule, exact_, result.scope)) {
      found.push_back({right_, exact.detail});
      for (const std::string& name : result.steps)
        found.back().values[name].values = numbers::as_scalars<Enclosure>(exact.values.at(name).values);
    }
    return found;
  }

  /// What an interval does not decide is decided in closed form, where there is one.
  Strength::Answer answer(const Strength& strength, const Rule& rule, const Result& result) const {
    if (less(Enclosure(0), strength.largest_change) == Answer::yes) return Strength::Answer::changes;
    for (const auto& outcome : replay(example_, rule, exact_, result.scope))
      if (outcome.detail == strength.detail)
        return same(exact_, outcome.values, result.steps) ? Strength::Answer::nothing
                                                          : Strength::Answer::changes;
    return Strength::Answer::not_decided;
  }

  bool can_be_made(const Mistake& mistake) const {
    for (const Step& step : example_.steps)
      for (const Rule& rule : mistake.rules)
        if (speaks_of(rule, example_, step, right_)) return true;
    return false;
  }

  const Example& example_;
  Values<Enclosure> right_;
  Values<Exact> exact_;
  std::vector<Result> results_;
};

std::string verdict(const Strength& strength) {
  switch (strength.answer) {
    case Strength::Answer::changes:
      return numbers::decimal(numbers::exactly(midpoint(strength.largest_change)), 3) +
             (strength.result == "Y" ? "" : " of the gradients");
    case Strength::Answer::nothing:
      return "0 exactly: it does not show";
    case Strength::Answer::not_decided:
      return "too small to be told from 0";
    case Strength::Answer::not_applicable:
      break;
  }
  return "not applicable: " + strength.reason;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t has = derivation::width_of(text);
  return text + std::string(has < width ? width - has : 1, ' ');
}

std::size_t count(const std::vector<Strength>& strengths, Strength::Answer answer) {
  return static_cast<std::size_t>(std::count_if(strengths.begin(), strengths.end(),
                                                [&](const Strength& each) { return each.answer == answer; }));
}

std::string ways(std::size_t number) { return std::to_string(number) + (number == 1 ? " way" : " ways"); }

}  // namespace

std::vector<Strength> strength(const Example& example) {
  const Trial trial(example);
  std::vector<Strength> all;
  for (const Mistake& mistake : catalogue())
    if (mistake.kind == Kind::mistake)
      for (Strength& each : trial.of(mistake)) all.push_back(std::move(each));
  return all;
}

bool is_strong(const std::vector<Strength>& strengths, const Exact& least) {
  return std::all_of(strengths.begin(), strengths.end(), [&](const Strength& each) {
    if (each.answer == Strength::Answer::not_applicable) return true;
    return each.answer == Strength::Answer::changes &&
           less(each.largest_change, Enclosure(least)) == Answer::no;
  });
}

std::string strength_in_words(const std::string& example, const std::vector<Strength>& strengths) {
  std::string text =
      example + "\n  " + padded("mistake", 33) + padded("made in", 9) + "largest change of Y\n";
  for (const Strength& each : strengths) {
    text += "  " + padded(each.mistake->name, 33) + padded(each.where.empty() ? "-" : each.where, 9) +
            verdict(each) + "\n";
    if (!each.detail.empty()) text += "    " + each.detail + "\n";
  }
  const std::size_t shown = count(strengths, Strength::Answer::changes),
                    hidden = count(strengths, Strength::Answer::nothing);
  const std::size_t small = count(strengths, Strength::Answer::not_decided);
  text += "\n" + ways(shown + hidden + small) + " to go wrong here: " + std::to_string(shown) +
          " change the result, " + std::to_string(hidden) + " do not";
  return text + (small > 0 ? ", " + std::to_string(small) + " cannot be decided.\n" : ".\n");
}

}  // namespace mistakes
