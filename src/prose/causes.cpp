#include "prose/causes.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "mistakes/replay.hpp"
#include "numbers/error.hpp"
#include "prose/named_entry.hpp"

namespace prose {
namespace {

using derivation::Exact;

/// What the text says: this mistake, made at this entry.
struct Cause {
  const mistakes::Mistake& mistake;
  NamedEntry entry;
};

Cause cause_in(const std::string& text, const derivation::Derivation& derivation) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const mistakes::Mistake* mistake = mistakes::find_mistake(name);
  if (!mistake) throw numbers::Error("the catalogue has no mistake named " + name);
  if (colon == std::string::npos) throw numbers::Error("say where: " + name + ": lab.A[0,1]");
  std::optional<numbers::Name> entry;
  numbers::evaluate(text.substr(colon + 1), [&](const numbers::Name& found) -> Exact {
    entry = found;
    return 0;
  });
  if (!entry) throw numbers::Error("say where: " + name + ": lab.A[0,1]");
  return {*mistake, find_entry(derivation, *entry)};
}

/// What the entry becomes by a slip in it alone.
std::vector<Exact> after_slips(const Cause& cause, const mistakes::Values<Exact>& right) {
  std::vector<Exact> values;
  if (!cause.mistake.entry_rule) return values;
  const auto& [example, step, row, col] = cause.entry;
  const mistakes::Context<Exact> context(example, step, right);
  for (const auto& wrong : cause.mistake.entry_rule.in<Exact>()(context, row, col))
    if (!wrong.hidden) values.push_back(wrong.value);
  return values;
}

/// What the entry becomes by the mistake in a whole step, its own or one before it.
std::vector<Exact> after_rules(const Cause& cause, const mistakes::Values<Exact>& right) {
  std::vector<Exact> values;
  const auto& [example, step, row, col] = cause.entry;
  const auto scope = mistakes::steps_towards(example, {step.name});
  for (const mistakes::Rule& rule : cause.mistake.rules)
    for (const auto& outcome : mistakes::replay(example, rule, right, scope)) {
      const auto& table = outcome.values.at(step.name);
      if (table.visible(row, col)) values.push_back(table.values(row, col));
    }
  return values;
}

}  // namespace

std::string cause_fault(const std::string& number, const std::string& cause,
                        const derivation::Derivation& derivation) {
  const Cause named = cause_in(cause, derivation);
  const auto literal = numbers::decimal_literal(number);
  const Exact value = literal ? literal->value : numbers::evaluate(number);
  const Exact half_unit = literal ? literal->half_unit : Exact(0);
  const auto gives = [&](const Exact& wrong) { return abs(Exact(wrong - value)) <= half_unit; };
  const auto right = mistakes::right_values<Exact>(named.entry.example);
  const auto slips = after_slips(named, right), rules = after_rules(named, right);
  if (std::any_of(slips.begin(), slips.end(), gives) || std::any_of(rules.begin(), rules.end(), gives))
    return "";
  return number + " is said to come from " + cause + ", which does not give it";
}

}  // namespace prose
