#pragma once
#include <map>
#include <optional>
#include <string>

#include "grading/claim.hpp"

namespace grading {

/// A step as the reader's own earlier steps give it: exact as long as everything before was written in closed
/// form, an interval for each entry once a decimal (an interval itself) has entered.
///
/// Each operation takes its operands as independent of each other, which can only widen the interval: the
/// verdict may be too kind by a few units of the reader's last digit, and is never too harsh.
///
/// What the digits do not decide, nothing follows from. That is the case where something is divided by what
/// may be 0 or is not even known to a factor of three, where the exponential of an interval is not known to a
/// factor of three, and for whatever is made of such an entry. Such an entry is not known, and explains
/// nothing: what is written there is held against the right value alone.
class ChainValue {
 public:
  ChainValue() = default;  ///< not known: it cannot be computed
  ChainValue(Table<Exact> exact, bool is_right) : exact_(std::move(exact)), is_right_(is_right) {}
  /// The entries that `unknown` names are not known, whatever the table holds there.
  ChainValue(Table<Exact> exact, derivation::Mask unknown)
      : exact_(std::move(exact)), unknown_(std::move(unknown)) {}
  ChainValue(Table<Enclosure> enclosed, derivation::Mask unknown)
      : enclosed_(std::move(enclosed)), unknown_(std::move(unknown)) {}

  bool is_known() const { return exact_ || enclosed_; }
  bool is_known(Index i, Index j) const { return is_known() && (!unknown_.size() || !unknown_(i, j)); }
  bool is_right() const { return is_right_; }  ///< proved to be the derivation's own
  const std::optional<Table<Exact>>& exact() const { return exact_; }
  const Table<Enclosure>& enclosed() const;  ///< of a known value; made when it is asked for
  derivation::Mask unknown() const;          ///< of a known value: which entries are not known

  /// Whether some of the values that the entry may have would be claimed.
  bool explains(const Claim& claim, Index i, Index j) const;

  ChainValue transposed() const;
  /// Replaces entries by what is claimed of them. `zeros_stay`: a 0 that is no rounded number stays exactly 0
  /// where it is written as a decimal.
  void enter(const Claims& claims, const Table<Exact>& truth, bool zeros_stay);

 private:
  bool is_zero(Index i, Index j) const;
  void enter(const Claim& claim, Index i, Index j);

  std::optional<Table<Exact>> exact_;
  mutable std::optional<Table<Enclosure>> enclosed_;
  derivation::Mask unknown_;  ///< empty: all are known
  bool is_right_ = false;
};

class Chain {
 public:
  explicit Chain(const derivation::Example& truth) : truth_(&truth) {}  ///< truth has to outlive it

  /// What was entered.
  const std::map<std::string, ChainValue>& values() const { return values_; }

  /// What the step would be, made from its operands as they stand on the paper. A given or a computed step,
  /// which nothing before it explains, is not known.
  ChainValue from_before(const derivation::Step& step) const;

  /// Enters a step: the reader's entries where there are any, and what stands before them for the others.
  void enter(const derivation::Step& step, const ChainValue& before, const Claims& written);

 private:
  ChainValue operand(const std::string& name) const;

  const derivation::Example* truth_;
  std::map<std::string, ChainValue> values_;
};

}  // namespace grading
