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
class ChainValue {
 public:
  ChainValue() = default;  ///< not known: it cannot be computed
  ChainValue(Table<Exact> exact, bool is_right) : exact_(std::move(exact)), is_right_(is_right) {}
  explicit ChainValue(std::optional<Table<Enclosure>> enclosed) : enclosed_(std::move(enclosed)) {}

  bool is_known() const { return exact_ || enclosed_; }
  bool is_right() const { return is_right_; }  ///< proved to be the derivation's own
  const std::optional<Table<Exact>>& exact() const { return exact_; }
  const Table<Enclosure>& enclosed() const;  ///< of a known value; made when it is asked for

  /// Whether some of the values that the entry may have would be claimed.
  bool explains(const Claim& claim, Index i, Index j) const;

  /// Quotients by what may be 0: how large they are at least, entry by entry; nothing where they are no
  /// number.
  struct Quotient {
    std::optional<Exact> least;
  };
  using Quotients = std::map<std::pair<Index, Index>, Quotient>;
  bool is_divided_by_zero(Index i, Index j) const { return by_zero_.count({i, j}) > 0; }
  void divide_by_zero(Quotients quotients) { by_zero_ = std::move(quotients); }

  ChainValue transposed() const;
  /// Replaces entries by what is claimed of them.
  void enter(const Claims& claims, const Table<Exact>& truth);

 private:
  std::optional<Table<Exact>> exact_;
  mutable std::optional<Table<Enclosure>> enclosed_;
  Quotients by_zero_;
  bool is_right_ = false;
};

class Chain {
 public:
  explicit Chain(const derivation::Example& truth) : truth_(truth) {}

  /// What was entered.
  const std::map<std::string, ChainValue>& values() const { return values_; }

  /// What the step would be, made from its operands as they stand on the paper. A given or a computed step,
  /// which nothing before it explains, is not known.
  ChainValue from_before(const derivation::Step& step) const;

  /// Enters a step: the reader's entries where there are any, and what stands before them for the others.
  void enter(const derivation::Step& step, const ChainValue& before, const Claims& written);

 private:
  ChainValue operand(const std::string& name) const;

  const derivation::Example& truth_;
  std::map<std::string, ChainValue> values_;
};

}  // namespace grading
