#include "grading/whole_steps.hpp"

#include <algorithm>
#include <tuple>

#include "mistakes/replay.hpp"

namespace grading {
namespace {

using derivation::Step;
using Scope = std::set<std::string>;

/// Whether a table agrees with every entry that is written.
template <typename Scalar>
bool reproduces(const Table<Scalar>& table, const Claims& claims) {
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Claim& claim = claims[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered) continue;
      if (claim.kind == Claim::Kind::not_finite || claim.is_number() != table.visible(row, col)) return false;
      if (claim.is_number() && !claim.is_explained_by(table.values(row, col))) return false;
    }
  return true;
}

bool all_decimals(const Claims& claims) {
  for (const auto& row : claims)
    for (const Claim& claim : row)
      if (claim.kind == Claim::Kind::whole || claim.kind == Claim::Kind::closed_form) return false;
  return true;
}

/// Looks for the mistakes in whole steps that show in one step.
class Search {
 public:
  Search(const Step& step, const Evidence& evidence)
      : step_(step), evidence_(evidence), scope_(scope_of(step)) {}

  std::vector<Candidate> candidates() const {
    std::vector<Candidate> found;
    for (const mistakes::Mistake& mistake : mistakes::catalogue())
      for (const mistakes::Rule& rule : mistake.rules) {
        const auto candidate = first_that_reproduces(mistake, rule);
        if (!candidate) continue;
        if (found.empty() || found.back().mistake != &mistake)
          found.push_back(*candidate);
        else if (found.back().companions < candidate->companions)
          found.back() = *candidate;
      }
    return found;
  }

 private:
  bool is_written(const std::string& step) const {
    const auto found = evidence_.written.find(step);
    return found != evidence_.written.end() && is_answered(found->second);
  }

  /// The step, and the steps before it that lead to it and are not written, or do not decide it.
  Scope scope_of(const Step& step) const {
    Scope scope = {step.name};
    add_unwritten(step, scope);
    return scope;
  }
  void add_unwritten(const Step& step, Scope& scope) const {
    for (const std::string& operand : step.operands) {
      const Step* before = find_step(evidence_.truth, derivation::reference(operand).step);
      if (!before || before->kind == derivation::Kind::given) continue;
      if (is_written(before->name) && !evidence_.undecided.count(before->name)) continue;
      if (scope.insert(before->name).second) add_unwritten(*before, scope);
    }
  }

  std::optional<Candidate> first_that_reproduces(const mistakes::Mistake& mistake,
                                                 const mistakes::Rule& rule) const {
    const std::string site = site_of(rule);
    if (site.empty()) return std::nullopt;
    const Scope scope = rule.steps.empty() ? Scope{step_.name} : scope_;
    for (const Base& base : evidence_.bases)
      if (const auto detail = reproducing(rule, base, step_, scope))
        if (const auto companions = agreeing_companions(rule))
          return Candidate{&mistake, &rule, &base, site, *detail, site != step_.name, *companions, scope};
    return std::nullopt;
  }

  /// The first step of the scope that the rule speaks of; empty where it speaks of none.
  std::string site_of(const mistakes::Rule& rule) const {
    if (rule.steps.empty()) return step_.name;
    for (const Step& each : evidence_.truth.steps)
      if (scope_.count(each.name) && speaks_of(rule, each)) return each.name;
    return "";
  }

  bool speaks_of(const mistakes::Rule& rule, const Step& step) const {
    return mistakes::speaks_of(rule, evidence_.truth, step, evidence_.bases.back().enclosed);
  }

  /// The way to make the mistake that agrees with all that is written in the step: as far as digits go, and
  /// where something is claimed to be equal, exactly.
  std::optional<std::string> reproducing(const mistakes::Rule& rule, const Base& base, const Step& step,
                                         const Scope& scope) const {
    const Claims& claims = evidence_.written.at(step.name);
    for (const auto& outcome : mistakes::replay(evidence_.truth, rule, base.enclosed, scope)) {
      const auto table = outcome.values.find(step.name);
      if (table == outcome.values.end() || !reproduces(table->second, claims)) continue;
      if (all_decimals(claims) || reproduces_exactly(rule, base, step, scope)) return outcome.detail;
    }
    return std::nullopt;
  }

  bool reproduces_exactly(const mistakes::Rule& rule, const Base& base, const Step& step,
                          const Scope& scope) const {
    const auto outcomes = mistakes::replay(evidence_.truth, rule, base.exact, scope);
    if (outcomes.empty()) return !base.all_exact;  // after decimals, an interval is all there is
    return std::any_of(outcomes.begin(), outcomes.end(), [&](const mistakes::Outcome<Exact>& outcome) {
      return reproduces(outcome.values.at(step.name), evidence_.written.at(step.name));
    });
  }

  /// A mistake in several steps at once has happened only if each of them that is written shows it: then it
  /// is simpler than a mistake for each. Nothing where one of them does not show it.
  std::optional<int> agreeing_companions(const mistakes::Rule& rule) const {
    int companions = 0;
    if (rule.steps.size() < 2) return companions;
    const int head = mistakes::split_name(step_.name).head;
    for (const Step& other : evidence_.truth.steps) {
      const int others_head = mistakes::split_name(other.name).head;
      if (scope_.count(other.name) || !is_written(other.name) || (head && others_head && head != others_head))
        continue;
      if (!speaks_of(rule, other)) continue;
      if (!is_shown_in(rule, other)) return std::nullopt;
      ++companions;
    }
    return companions;
  }

  bool is_shown_in(const mistakes::Rule& rule, const Step& other) const {
    const Scope scope = scope_of(other);
    return std::any_of(evidence_.bases.begin(), evidence_.bases.end(),
                       [&](const Base& base) { return reproducing(rule, base, other, scope).has_value(); });
  }

  const Step& step_;
  const Evidence& evidence_;
  const Scope scope_;
};

// ---- Ties ----

bool are_equally_simple(const Candidate& a, const Candidate& b) {
  return a.mistake->kind == b.mistake->kind && a.companions == b.companions;
}

std::optional<Table<Exact>> exact_table(const Candidate& candidate, const Step& step,
                                        const derivation::Example& truth) {
  const auto outcomes = mistakes::replay(truth, *candidate.rule, candidate.base->exact, candidate.scope);
  for (const mistakes::Outcome<Exact>& outcome : outcomes)
    if (outcome.detail == candidate.detail) return outcome.values.at(step.name);
  return std::nullopt;
}

bool same(const Table<Exact>& a, const Table<Exact>& b) {
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (a.visible(i, j) != b.visible(i, j) || (a.visible(i, j) && a.values(i, j) != b.values(i, j)))
        return false;
  return true;
}

/// Whether the first `tied` candidates give the same here, to every digit.
bool proved_equal(const std::vector<Candidate>& candidates, std::size_t tied, const Step& step,
                  const derivation::Example& truth) {
  std::optional<Table<Exact>> first;
  for (std::size_t k = 0; k < tied; ++k) {
    const auto table = exact_table(candidates[k], step, truth);
    if (!table) return false;
    if (first && !same(*first, *table)) return false;
    first = table;
  }
  return true;
}

}  // namespace

std::vector<Candidate> candidates_for(const Step& step, const Evidence& evidence) {
  auto found = Search(step, evidence).candidates();
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.mistake->kind, -a.companions, a.indirect) <
           std::tuple(b.mistake->kind, -b.companions, b.indirect);
  });
  return found;
}

Reason reason_of(const std::vector<Candidate>& candidates, const Step& step, const Evidence& evidence,
                 std::vector<EntryPlace> wrong) {
  Reason reason{std::move(wrong), {}, 0, false};
  for (const Candidate& candidate : candidates) {
    reason.explanations.push_back(explanation(*candidate.mistake, candidate.step, candidate.detail,
                                              candidate.indirect ? step.name : ""));
    if (are_equally_simple(candidate, candidates.front())) ++reason.tied;
  }
  reason.cannot_be_told_apart =
      reason.tied > 1 && proved_equal(candidates, reason.tied, step, evidence.truth);
  return reason;
}

}  // namespace grading
