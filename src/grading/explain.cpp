#include "grading/explain.hpp"

#include <algorithm>
#include <tuple>

#include "derivation/arithmetic.hpp"
#include "mistakes/replay.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace grading {
namespace {

using derivation::Example;
using derivation::Step;
using Written = std::map<std::string, Claims>;

/// Units of numbers::WorkLimit for the explanations of one example: about a second.
constexpr std::size_t explanation_work = 5'000'000;

/// More wrong entries than this are no slips of single entries.
constexpr std::size_t most_slips = 2;

/// What a step is worked out from: the right values, or the reader's own.
struct Base {
  mistakes::Values<Enclosure> enclosed;
  mistakes::Values<Exact> exact;  ///< of the steps that are known in closed form
  bool all_exact = true;
};

Base right_base(const Example& truth) {
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

bool is_answered(const Claims& claims) {
  for (const auto& row : claims)
    for (const Claim& claim : row)
      if (claim.kind != Claim::Kind::unanswered) return true;
  return false;
}

/// Whether a table agrees with every entry that is written.
template <typename Scalar>
bool reproduces(const Table<Scalar>& table, const Claims& claims) {
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Claim& claim = claims[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered) continue;
      if (claim.kind == Claim::Kind::not_finite || claim.is_number() != table.visible(row, col)) return false;
      if (claim.is_number() && !claim.allows(table.values(row, col))) return false;
    }
  return true;
}

bool all_decimals(const Claims& claims) {
  for (const auto& row : claims)
    for (const Claim& claim : row)
      if (claim.kind == Claim::Kind::whole || claim.kind == Claim::Kind::closed_form) return false;
  return true;
}

/// A mistake that reproduces a step.
struct Candidate {
  const mistakes::Mistake* mistake;
  const mistakes::Rule* rule;
  const Base* base;
  std::string step, detail;  ///< where it happened
  bool indirect;             ///< in a step that is not written
  int companions;            ///< how many other steps show the same mistake
  Table<Enclosure> table;
};

/// Looks for what explains the wrong steps of one example.
class Explainer {
 public:
  Explainer(const Example& truth, const Chain& chain, const Written& written)
      : truth_(truth), written_(written) {
    const Base right = right_base(truth);
    if (!all_right(chain)) bases_.push_back(readers_base(chain, right));
    bases_.push_back(right);
  }

  void explain(StepGrade& grade) const {
    const Step& step = *find_step(truth_, grade.name);
    const auto wrong = grade.wrong_entries();
    grade.own_sum = own_sum(step, wrong.front());
    auto candidates = candidates_for(step);
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(a.mistake->kind, -a.companions, a.indirect) <
             std::tuple(b.mistake->kind, -b.companions, b.indirect);
    });
    auto slips = wrong.size() <= most_slips ? reasons_of_entries(step, wrong) : std::vector<Reason>{};
    if (candidates.empty()) {
      grade.reasons = std::move(slips);
      return;
    }
    grade.reasons = {reason_of(candidates, step, wrong)};
    if (wrong.size() == 1 && !slips.empty()) append(grade.reasons[0], slips[0]);
  }

 private:
  // ---- Mistakes in whole steps ----

  bool is_written(const std::string& step) const {
    const auto found = written_.find(step);
    return found != written_.end() && is_answered(found->second);
  }

  /// The step, and the steps before it that lead to it and are not written.
  std::set<std::string> scope_of(const Step& step) const {
    std::set<std::string> scope = {step.name};
    add_unwritten(step, scope);
    return scope;
  }
  void add_unwritten(const Step& step, std::set<std::string>& scope) const {
    for (const std::string& operand : step.operands) {
      const Step* before = find_step(truth_, derivation::reference(operand).step);
      if (!before || before->kind == derivation::Kind::given || is_written(before->name)) continue;
      if (scope.insert(before->name).second) add_unwritten(*before, scope);
    }
  }

  std::vector<Candidate> candidates_for(const Step& step) const {
    std::vector<Candidate> found;
    const auto scope = scope_of(step);
    for (const mistakes::Mistake& mistake : mistakes::catalogue())
      for (const mistakes::Rule& rule : mistake.rules) {
        const auto candidate = first_that_reproduces(mistake, rule, step, scope);
        if (!candidate) continue;
        if (found.empty() || found.back().mistake != &mistake)
          found.push_back(*candidate);
        else if (found.back().companions < candidate->companions)
          found.back() = *candidate;
      }
    return found;
  }

  std::optional<Candidate> first_that_reproduces(const mistakes::Mistake& mistake, const mistakes::Rule& rule,
                                                 const Step& step, const std::set<std::string>& scope) const {
    const std::string site = site_of(rule, step, scope);
    if (site.empty()) return std::nullopt;
    const std::set<std::string> here = {step.name};
    for (const Base& base : bases_)
      if (const auto outcome = reproducing(rule, base, step, rule.steps.empty() ? here : scope))
        if (const auto companions = agreeing_companions(rule, step, scope))
          return Candidate{&mistake,        &rule,
                           &base,           site,
                           outcome->detail, site != step.name,
                           *companions,     outcome->values.at(step.name)};
    return std::nullopt;
  }

  /// The first step of the scope that the rule speaks of; empty where it speaks of none.
  std::string site_of(const mistakes::Rule& rule, const Step& step,
                      const std::set<std::string>& scope) const {
    if (rule.steps.empty()) return step.name;
    for (const Step& each : truth_.steps)
      if (scope.count(each.name) && speaks_of(rule, each)) return each.name;
    return "";
  }

  bool speaks_of(const mistakes::Rule& rule, const Step& step) const {
    return mistakes::speaks_of(rule, truth_, step, bases_.back().enclosed);
  }

  /// The outcome that agrees with all that is written in the step: as far as digits go, and where something
  /// is claimed to be equal, exactly.
  std::optional<mistakes::Outcome<Enclosure>> reproducing(const mistakes::Rule& rule, const Base& base,
                                                          const Step& step,
                                                          const std::set<std::string>& scope) const {
    const Claims& claims = written_.at(step.name);
    for (auto& outcome : mistakes::replay(truth_, rule, base.enclosed, scope)) {
      const auto table = outcome.values.find(step.name);
      if (table == outcome.values.end() || !reproduces(table->second, claims)) continue;
      if (all_decimals(claims) || reproduces_exactly(rule, base, step, scope)) return std::move(outcome);
    }
    return std::nullopt;
  }

  bool reproduces_exactly(const mistakes::Rule& rule, const Base& base, const Step& step,
                          const std::set<std::string>& scope) const {
    const auto outcomes = mistakes::replay(truth_, rule, base.exact, scope);
    if (outcomes.empty()) return !base.all_exact;  // after decimals, an interval is all there is
    return std::any_of(outcomes.begin(), outcomes.end(), [&](const mistakes::Outcome<Exact>& outcome) {
      return reproduces(outcome.values.at(step.name), written_.at(step.name));
    });
  }

  /// A mistake in several steps at once has happened only if each of them that is written shows it: then it
  /// is simpler than a mistake for each. Nothing where one of them does not show it.
  std::optional<int> agreeing_companions(const mistakes::Rule& rule, const Step& step,
                                         const std::set<std::string>& scope) const {
    int companions = 0;
    if (rule.steps.size() < 2) return companions;
    const int head = mistakes::split_name(step.name).head;
    for (const Step& other : truth_.steps) {
      const int others_head = mistakes::split_name(other.name).head;
      if (scope.count(other.name) || !is_written(other.name) || (head && others_head && head != others_head))
        continue;
      if (!speaks_of(rule, other)) continue;
      const auto others_scope = scope_of(other);
      if (std::none_of(bases_.begin(), bases_.end(), [&](const Base& base) {
            return reproducing(rule, base, other, others_scope).has_value();
          }))
        return std::nullopt;
      ++companions;
    }
    return companions;
  }

  // ---- Ties ----

  Reason reason_of(const std::vector<Candidate>& candidates, const Step& step,
                   std::vector<EntryPlace> wrong) const {
    Reason reason{std::move(wrong), {}, 0, false};
    for (const Candidate& candidate : candidates) {
      reason.explanations.push_back(explanation(*candidate.mistake, candidate.step, candidate.detail,
                                                candidate.indirect ? step.name : ""));
      if (is_as_simple(candidate, candidates.front())) ++reason.tied;
    }
    reason.cannot_be_told_apart = reason.tied > 1 && proved_equal(candidates, reason.tied, step);
    return reason;
  }

  static bool is_as_simple(const Candidate& a, const Candidate& b) {
    return a.mistake->kind == b.mistake->kind && a.companions == b.companions;
  }

  bool proved_equal(const std::vector<Candidate>& candidates, std::size_t tied, const Step& step) const {
    std::optional<Table<Exact>> first;
    for (std::size_t k = 0; k < tied; ++k) {
      const auto table = exact_table(candidates[k], step);
      if (!table) return false;
      if (first && !same(*first, *table)) return false;
      first = table;
    }
    return true;
  }

  std::optional<Table<Exact>> exact_table(const Candidate& candidate, const Step& step) const {
    const std::set<std::string> here = {step.name};
    const auto outcomes = mistakes::replay(truth_, *candidate.rule, candidate.base->exact,
                                           candidate.rule->steps.empty() ? here : scope_of(step));
    for (const mistakes::Outcome<Exact>& outcome : outcomes)
      if (outcome.detail == candidate.detail) return outcome.values.at(step.name);
    return std::nullopt;
  }

  static bool same(const Table<Exact>& a, const Table<Exact>& b) {
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j)
        if (a.visible(i, j) != b.visible(i, j) || (a.visible(i, j) && a.values(i, j) != b.values(i, j)))
          return false;
    return true;
  }

  static Explanation explanation(const mistakes::Mistake& mistake, const std::string& site,
                                 const std::string& detail, const std::string& seen_in) {
    std::string what = mistakes::said_of(mistake.what, site);
    if (!detail.empty()) what.insert(what.size() - 1, " (" + detail + ")");
    if (!seen_in.empty())
      what += " It happened in " + site + ", which is not written, on the way to " + seen_in + ".";
    return {mistake.name, mistake.kind, site, what, mistakes::said_of(mistake.why, site), mistake.chapter};
  }

  /// The same again by a slip: it stands behind what is simpler.
  static void append(Reason& reason, const Reason& more) {
    reason.explanations.insert(reason.explanations.end(), more.explanations.begin(), more.explanations.end());
  }

  // ---- Slips in single entries ----

  /// A reason for each wrong entry; none at all where one of them has none.
  std::vector<Reason> reasons_of_entries(const Step& step, const std::vector<EntryPlace>& wrong) const {
    std::vector<Reason> reasons;
    for (const EntryPlace& place : wrong) {
      Reason reason{{place}, slips_in(step, place), 0, false};
      if (reason.explanations.empty()) return {};
      reason.tied = reason.explanations.size();
      reasons.push_back(reason);
    }
    return reasons;
  }

  std::vector<Explanation> slips_in(const Step& step, const EntryPlace& place) const {
    std::vector<Explanation> found;
    if (step.operation == Operation::given || step.operation == Operation::computed) return found;
    for (const mistakes::Mistake& mistake : mistakes::catalogue()) {
      if (!mistake.entry_rule) continue;
      for (const Base& base : bases_)
        if (const auto detail = reproducing_entry(mistake.entry_rule, base, step, place)) {
          found.push_back(explanation(mistake, step.name, *detail, ""));
          break;
        }
    }
    return found;
  }

  std::optional<std::string> reproducing_entry(const mistakes::EntryRule& rule, const Base& base,
                                               const Step& step, const EntryPlace& place) const {
    const Claim& claim = claim_at(step, place);
    const auto rough = entry_that_fits(rule, base.enclosed, step, place);
    if (!rough || claim.kind == Claim::Kind::decimal || claim.kind == Claim::Kind::hidden) return rough;
    bool left_the_field = false;
    const auto exact = entry_that_fits(rule, base.exact, step, place, &left_the_field);
    return left_the_field && !base.all_exact ? rough : exact;
  }

  const Claim& claim_at(const Step& step, const EntryPlace& place) const {
    return written_.at(step.name)[static_cast<std::size_t>(place.row)][static_cast<std::size_t>(place.col)];
  }

  template <typename Scalar>
  std::optional<std::string> entry_that_fits(const mistakes::EntryRule& rule,
                                             const mistakes::Values<Scalar>& values, const Step& step,
                                             const EntryPlace& place, bool* failed = nullptr) const {
    const Claim& claim = claim_at(step, place);
    try {
      const mistakes::Context<Scalar> context(truth_, step, values);
      const bool visible = context.right().visible(place.row, place.col);
      for (const auto& entry : rule.in<Scalar>()(context, place.row, place.col)) {
        if (!visible && step.operation != Operation::mask) continue;
        const bool fits = entry.hidden ? claim.kind == Claim::Kind::hidden : claim.allows(entry.value);
        if (fits) return entry.detail;
      }
    } catch (const derivation::Error&) {
      if (failed) *failed = true;
    } catch (const numbers::Error&) {
      if (failed) *failed = true;
    }
    return std::nullopt;
  }

  // ---- The entry's own sum ----

  /// With the reader's own numbers where they are known in closed form, and with the right ones where not.
  std::string own_sum(const Step& step, const EntryPlace& place) const {
    const auto& own = bases_.front().exact;
    Example readers = truth_;
    for (Step& each : readers.steps) {
      const auto found = own.find(each.name);
      if (found == own.end())
        return derivation::equation(truth_, step, place.row, place.col, numbers::Notation::unicode);
      if (each.name != step.name) each.exact = found->second;
    }
    try {
      Step mine = step;
      mine.exact = mistakes::Context<Exact>(readers, step, own).right();
      return derivation::equation(readers, mine, place.row, place.col, numbers::Notation::unicode);
    } catch (const derivation::Error&) {
    } catch (const numbers::Error&) {
    }
    return derivation::equation(truth_, step, place.row, place.col, numbers::Notation::unicode);
  }

  const Example& truth_;
  const Written& written_;
  std::vector<Base> bases_;
};

bool has_wrong(const ExampleGrade& grade) {
  return std::any_of(grade.steps.begin(), grade.steps.end(),
                     [](const StepGrade& step) { return !step.is_given && !step.wrong_entries().empty(); });
}

}  // namespace

void explain(ExampleGrade& grade, const Example& truth, const Chain& chain, const Written& written) {
  if (!has_wrong(grade)) return;
  const numbers::WorkLimit limit(explanation_work);
  try {
    const Explainer explainer(truth, chain, written);
    for (StepGrade& step : grade.steps)
      if (!step.is_given && !step.wrong_entries().empty()) explainer.explain(step);
  } catch (const numbers::TooMuchWork&) {
    // What is wrong is known; why it is so would take too long.
  }
}

}  // namespace grading
