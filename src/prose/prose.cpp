#include "prose/prose.hpp"

#include "numbers/decimal.hpp"
#include "numbers/expression.hpp"
#include "prose/causes.hpp"
#include "prose/named_entry.hpp"
#include "prose/number_words.hpp"

namespace prose {
namespace {

using derivation::Derivation;
using derivation::Exact;
using derivation::Step;

std::string at(const std::string& file, paper::Place place, const std::string& message) {
  return paper::FileError(file, place, message).what();
}

/// A minus sign is typed as a hyphen or as U+2212.
std::string with_hyphen(std::string number) {
  const std::string minus = "−";
  if (number.rfind(minus, 0) == 0) number.replace(0, minus.size(), "-");
  return number;
}

bool holds(const std::string& number, const Exact& value) {
  if (const auto literal = numbers::decimal_literal(number))
    return abs(Exact(value - literal->value)) <= literal->half_unit;
  if (const auto words = number_in_words(number)) return value == Exact(*words);
  return numbers::evaluate(number) == value;
}

/// What is wrong with one number of the text; empty if nothing is.
std::string fault(const Claimed& claimed, const Derivation& derivation) {
  if (claimed.comment.empty())
    return "the number " + claimed.number + " has no claim: write " + claimed.number +
           "<!--= EXPRESSION -->, <!--published--> or <!--measured--> behind it";
  if (claimed.number.empty())
    return "a claim (" + claimed.comment +
           ") needs a number right in front of it; a formula holds that one literal";
  const std::string by = "published, by ";
  try {
    if (claimed.comment.rfind(by, 0) == 0)
      return cause_fault(with_hyphen(claimed.number), claimed.comment.substr(by.size()), derivation);
    if (claimed.comment[0] != '=') return "";
    const std::string expression = claimed.comment.substr(1);
    const Exact value = numbers::evaluate(expression, [&](const numbers::Name& name) -> Exact {
      const NamedEntry entry = find_entry(derivation, name);
      return entry.step.exact.values(entry.row, entry.col);
    });
    if (holds(with_hyphen(claimed.number), value)) return "";
    return claimed.number + " is claimed to be" + expression + ", which is " + numbers::decimal(value, 12);
  } catch (const numbers::Error& error) {
    return "the claim of " + claimed.number + ": " + error.what();
  }
}

/// What is wrong with a sentence that a fact is to stand behind: "lab: each row of A sums to 1".
std::string fault(const Backed& backed, const Derivation& derivation) {
  const std::size_t colon = backed.fact.find(": ");
  const auto* example = find_example(derivation, backed.fact.substr(0, colon));
  if (!example || colon == std::string::npos)
    return "say which example's fact stands behind the sentence: <!--fact lab: each row of A sums to 1-->";
  for (const derivation::Fact& fact : example->facts)
    if (fact.claim == backed.fact.substr(colon + 2))
      return fact.holds ? "" : "this fact does not hold: " + fact.claim;
  return "the example " + example->name + " has no fact " + backed.fact.substr(colon + 2);
}

bool knows(const Derivation& derivation, const std::string& name) {
  const std::size_t dot = name.find('.');
  const auto* example = find_example(derivation, name.substr(0, dot));
  if (!example || dot == std::string::npos) return example != nullptr;
  const std::string section = name.substr(dot + 1);
  for (const derivation::Figure& figure : example->figures)
    if (figure.kind == derivation::Figure::Kind::heatmap && section == picture_name(figure)) return true;
  return section == "facts" || find_step(*example, section) != nullptr;
}

const Derivation* derivation_of(const std::vector<Derivation>& derivations, const std::string& chapter) {
  for (const Derivation& derivation : derivations)
    if (derivation.chapter == chapter) return &derivation;
  return nullptr;
}

}  // namespace

Problems check_numbers(const Prose& prose, const Derivation& derivation) {
  Problems problems;
  for (const Claimed& claimed : prose.numbers)
    if (const std::string found = fault(claimed, derivation); !found.empty())
      problems.push_back(at(prose.file, claimed.place, found));
  for (const Backed& backed : prose.facts)
    if (const std::string found = fault(backed, derivation); !found.empty())
      problems.push_back(at(prose.file, backed.place, found));
  return problems;
}

Problems check_transclusions(const std::vector<Prose>& chapters, const std::vector<Derivation>& derivations) {
  Problems problems;
  std::set<std::string> shown;
  for (const Prose& prose : chapters)
    for (const Transclusion& transclusion : prose.transclusions) {
      const Derivation* derivation = derivation_of(derivations, transclusion.chapter);
      if (!derivation || !knows(*derivation, transclusion.name))
        problems.push_back(
            at(prose.file, transclusion.place,
               "unknown name: the derivation of " + transclusion.chapter + " has no " + transclusion.name));
      shown.insert(transclusion.chapter + "/" + transclusion.name);
    }
  for (const Derivation& derivation : derivations)
    for (const auto& example : derivation.examples)
      for (const Step& step : example.steps) {
        const std::string whole = derivation.chapter + "/" + example.name;
        if (!step.detail && !shown.count(whole) && !shown.count(whole + "." + step.name))
          problems.push_back(derivation.chapter + ": no chapter shows " + example.name + "." + step.name +
                             ": show it ([derivation: " + example.name + "." + step.name +
                             "](…)), or mark it as a detail in the program");
      }
  return problems;
}

}  // namespace prose
