#pragma once
#include <map>
#include <optional>
#include <string>

#include "derivation/derivation.hpp"
#include "paper/claim.hpp"

namespace paper {

using derivation::Index;
using derivation::Table;

/// A step as the reader's own earlier steps give it: exact as long as everything before was written in closed
/// form, an interval for each entry once a decimal (an interval itself) has entered.
///
/// Each operation takes its operands as independent of each other, which can only widen the interval: the
/// verdict may be too kind by a few units of the reader's last digit, and is never too harsh.
struct ChainValue {
  std::optional<Table<Exact>> exact;
  std::optional<Table<Enclosure>> enclosed;  ///< always there when exact is; neither: it cannot be computed

  bool is_known() const { return enclosed.has_value(); }
};

class Chain {
 public:
  explicit Chain(const derivation::Example& truth) : truth_(truth) {}

  /// What the step would be, made from its operands as they stand on the paper. A given or a computed step,
  /// which nothing before it explains, is not known.
  ChainValue from_before(const derivation::Step& step) const;

  /// Enters a step: the reader's entries where there are any, and what stands before them for the others.
  void enter(const derivation::Step& step, const ChainValue& before,
             const std::vector<std::vector<Claim>>& written);

 private:
  ChainValue operand(const std::string& name) const;

  const derivation::Example& truth_;
  std::map<std::string, ChainValue> values_;
};

}  // namespace paper
