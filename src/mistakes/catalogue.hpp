#pragma once
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "mistakes/context.hpp"

/// The catalogue of mistakes: its rules, what an example comes to when one is made in it, and which an
/// example reveals.
namespace mistakes {

/// What a rule makes of a step: the wrong table, and what has to be added to the sentence about it ("rows 0
/// and 1"), which may be nothing.
template <typename Scalar>
struct Wrong {
  Table<Scalar> table;
  std::string detail;
};

/// The same of a single entry.
template <typename Scalar>
struct WrongEntry {
  Scalar value;
  std::string detail;
  bool hidden = false;  ///< −∞: value means nothing
};

template <typename Scalar>
using RuleFor = std::function<std::vector<Wrong<Scalar>>(const Context<Scalar>&)>;
template <typename Scalar>
using EntryRuleFor = std::function<std::vector<WrongEntry<Scalar>>(const Context<Scalar>&, Index i, Index j)>;

/// A wrong way to do one step, or several steps at once (Q and K swapped), in each kind of number. It throws
/// derivation::Error where the shapes do not allow it, Elsewhere where it does not speak of the step.
struct Rule {
  std::vector<std::string> steps;  ///< base names; all of these steps are done wrongly, in every head
  RuleFor<Exact> exact;
  RuleFor<Enclosure> enclosed;
  RuleFor<double> machine;
  bool second = false;  ///< the same mistake seen from elsewhere, or a part of it that stands on paper alone

  template <typename Scalar>
  const RuleFor<Scalar>& in() const {
    if constexpr (std::is_same_v<Scalar, Exact>) return exact;
    if constexpr (std::is_same_v<Scalar, Enclosure>) return enclosed;
    if constexpr (std::is_same_v<Scalar, double>) return machine;
  }
  bool speaks_of(const std::string& base) const;
};

struct EntryRule {
  EntryRuleFor<Exact> exact;
  EntryRuleFor<Enclosure> enclosed;
  EntryRuleFor<double> machine;

  explicit operator bool() const { return static_cast<bool>(exact); }
  template <typename Scalar>
  const EntryRuleFor<Scalar>& in() const {
    if constexpr (std::is_same_v<Scalar, Exact>) return exact;
    if constexpr (std::is_same_v<Scalar, Enclosure>) return enclosed;
    if constexpr (std::is_same_v<Scalar, double>) return machine;
  }
};

enum class Kind {
  mistake,      ///< a wrong rule: a program makes it as easily as a pencil
  slip,         ///< the rule was right, and the pencil slipped: a sign, a term, two rows
  non_mistake,  ///< looks wrong, and is right
};

/// One entry of the catalogue. `what` and `why` may hold {step}, {base}: S_2, S.
struct Mistake {
  std::string name;  ///< not-scaled
  Kind kind = Kind::mistake;
  std::string what;         ///< what happened, one sentence
  std::string why;          ///< why it is wrong (or right), one sentence
  std::string chapter;      ///< the chapter to read again: 05-scaled-dot-product
  std::vector<Rule> rules;  ///< each by itself is this mistake
  EntryRule entry_rule;     ///< of a slip in a single entry
};

/// All mistakes, slips and non-mistakes: the order of the steps, and among those of a step the simplest
/// first. The grader names them, the tests inject them, and appendix a1 shows them.
const std::vector<Mistake>& catalogue();

/// Null where there is none of this name.
const Mistake* find_mistake(const std::string& name);

/// A sentence of the catalogue, said of a step.
std::string said_of(const std::string& sentence, const std::string& step);

}  // namespace mistakes
