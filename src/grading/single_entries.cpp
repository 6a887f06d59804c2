#include "grading/single_entries.hpp"

#include "numbers/error.hpp"

namespace grading {
namespace {

using derivation::Step;

/// Looks for the slips that reproduce one entry.
class EntrySearch {
 public:
  EntrySearch(const Step& step, const EntryPlace& place, const Evidence& evidence)
      : step_(step), place_(place), evidence_(evidence), claim_(claim_at(evidence.written, step, place)) {}

  std::vector<Explanation> slips() const {
    std::vector<Explanation> found;
    if (step_.operation == Operation::given || step_.operation == Operation::computed) return found;
    for (const mistakes::Mistake& mistake : mistakes::catalogue()) {
      if (!mistake.entry_rule) continue;
      for (const Base& base : evidence_.bases)
        if (const auto detail = reproducing(mistake.entry_rule, base)) {
          found.push_back(explanation(mistake, step_.name, *detail));
          break;
        }
    }
    return found;
  }

 private:
  static const Claim& claim_at(const Written& written, const Step& step, const EntryPlace& place) {
    return written.at(step.name)[static_cast<std::size_t>(place.row)][static_cast<std::size_t>(place.col)];
  }

  std::optional<std::string> reproducing(const mistakes::EntryRule& rule, const Base& base) const {
    const auto rough = entry_that_fits(rule, base.enclosed);
    if (!rough || claim_.kind == Claim::Kind::decimal || claim_.kind == Claim::Kind::hidden) return rough;
    bool left_the_field = false;
    const auto exact = entry_that_fits(rule, base.exact, &left_the_field);
    return left_the_field && !base.all_exact ? rough : exact;
  }

  template <typename Scalar>
  std::optional<std::string> entry_that_fits(const mistakes::EntryRule& rule,
                                             const mistakes::Values<Scalar>& values,
                                             bool* failed = nullptr) const {
    try {
      const mistakes::Context<Scalar> context(evidence_.truth, step_, values);
      const bool visible = context.right().visible(place_.row, place_.col);
      for (const auto& entry : rule.in<Scalar>()(context, place_.row, place_.col)) {
        if (!visible && step_.operation != Operation::mask) continue;
        const bool fits = entry.hidden ? claim_.kind == Claim::Kind::hidden : claim_.is_explained_by(entry.value);
        if (fits) return entry.detail;
      }
    } catch (const derivation::Error&) {
      if (failed) *failed = true;
    } catch (const numbers::Error&) {
      if (failed) *failed = true;
    }
    return std::nullopt;
  }

  const Step& step_;
  const EntryPlace& place_;
  const Evidence& evidence_;
  const Claim& claim_;
};

}  // namespace

std::vector<Reason> slips_in_entries(const Step& step, const std::vector<EntryPlace>& wrong,
                                     const Evidence& evidence) {
  std::vector<Reason> reasons;
  for (const EntryPlace& place : wrong) {
    Reason reason{{place}, EntrySearch(step, place, evidence).slips(), 0, false};
    if (reason.explanations.empty()) return {};
    reason.tied = reason.explanations.size();
    reasons.push_back(reason);
  }
  return reasons;
}

}  // namespace grading
