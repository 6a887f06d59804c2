#include "mistakes/strength.hpp"

#include <algorithm>

#include "derivation/names.hpp"
#include "mistakes/replay.hpp"
#include "mistakes/trial.hpp"
#include "numbers/decimal.hpp"

namespace mistakes {
namespace {

using derivation::Example;
using derivation::Step;
using numbers::Answer;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Strength::Answer answer(const Effect& effect) {
  switch (effect.changes) {
    case Answer::yes:
      return Strength::Answer::changes;
    case Answer::no:
      return Strength::Answer::nothing;
    case Answer::not_decided:
      break;
  }
  return Strength::Answer::not_decided;
}

Strength strength_of(const Mistake& mistake, const Rule& rule, const Effect& effect) {
  Strength strength;
  strength.mistake = &mistake;
  strength.where = joined(rule.steps);
  strength.detail = effect.detail;
  strength.answer = answer(effect);
  strength.result = effect.result.name;
  strength.largest_change = effect.largest_change;
  return strength;
}

bool can_be_made(const Trial& trial, const Mistake& mistake) {
  for (const Step& step : trial.example().steps)
    for (const Rule& rule : mistake.rules)
      if (speaks_of(rule, trial.example(), step, trial.right())) return true;
  return false;
}

/// Rules that show the same from elsewhere are asked only where the others have nothing to say.
std::vector<Strength> strengths_of(const Trial& trial, const Mistake& mistake) {
  for (const bool second : {false, true}) {
    std::vector<Strength> found;
    for (const Rule& rule : mistake.rules)
      if (rule.second == second)
        for (const Effect& effect : trial.effects(rule)) found.push_back(strength_of(mistake, rule, effect));
    if (!found.empty()) return found;
  }
  Strength none;
  none.mistake = &mistake;
  none.reason = can_be_made(trial, mistake) ? "the shapes do not allow it" : "no such step here";
  return {none};
}

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
      for (Strength& each : strengths_of(trial, mistake)) all.push_back(std::move(each));
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
