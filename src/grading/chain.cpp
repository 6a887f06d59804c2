#include "grading/chain.hpp"

#include "grading/undecided.hpp"
#include "numbers/work.hpp"

namespace grading {
namespace {

using derivation::Operation;
using derivation::Step;

Table<Enclosure> enclose(const Table<Exact>& table) {
  Table<Enclosure> result(numbers::as_scalars<Enclosure>(table.values));
  result.visible = table.visible;
  return result;
}

/// Whether the claim is the true entry itself: a decimal stands for others as well.
bool is_the_entry(const Claim& claim, const Table<Exact>& truth, Index i, Index j) {
  if (!truth.visible(i, j)) return claim.kind == Claim::Kind::hidden;
  return claim.kind != Claim::Kind::decimal && claim.is_number() && claim.value == truth.values(i, j);
}

template <typename Scalar>
std::optional<Table<Scalar>> applied(Operation operation, const std::vector<Table<Scalar>>& operands) {
  try {
    return derivation::apply(operation, operands);
  } catch (const numbers::TooMuchWork&) {
    throw;
  } catch (const numbers::Error&) {
  } catch (const derivation::Error&) {
  }
  return std::nullopt;  // the reader's own values lead out of the field
}

/// The step from operands of which some entries are not known.
template <typename Scalar>
std::optional<ChainValue> made(Operation operation, std::vector<Table<Scalar>> operands,
                               std::vector<derivation::Mask> unknown) {
  set_aside_undecided_divisors(operation, operands, unknown);
  const auto result = applied(operation, operands);
  if (!result) return std::nullopt;
  return ChainValue(*result, not_known_in(operation, *result, unknown));
}

}  // namespace

const Table<Enclosure>& ChainValue::enclosed() const {
  if (!enclosed_) enclosed_ = enclose(*exact_);
  return *enclosed_;
}

derivation::Mask ChainValue::unknown() const {
  if (unknown_.size()) return unknown_;
  const auto& values = exact_ ? exact_->visible : enclosed_->visible;
  return derivation::Mask::Constant(values.rows(), values.cols(), false);
}

bool ChainValue::explains(const Claim& claim, Index i, Index j) const {
  if (!is_known(i, j)) return false;
  const derivation::Mask& visible = exact_ ? exact_->visible : enclosed_->visible;
  if (!visible(i, j)) return claim.kind == Claim::Kind::hidden;
  return exact_ ? claim.allows(exact_->values(i, j)) : claim.allows(enclosed_->values(i, j));
}

ChainValue ChainValue::transposed() const {
  ChainValue turned = *this;
  if (exact_) turned.exact_ = derivation::transposed(*exact_);
  if (enclosed_) turned.enclosed_ = derivation::transposed(*enclosed_);
  if (unknown_.size()) turned.unknown_ = unknown_.transpose();
  return turned;
}

bool ChainValue::is_zero(Index i, Index j) const {
  if (!is_known(i, j)) return false;
  if (exact_) return exact_->visible(i, j) && exact_->values(i, j) == 0;
  return enclosed_->visible(i, j) && enclosed_->values(i, j) == Enclosure(0);
}

void ChainValue::enter(const Claim& claim, Index i, Index j) {
  enclosed_->visible(i, j) = claim.is_number();
  if (claim.is_number()) enclosed_->values(i, j) = claim.interval();
  if (unknown_.size()) unknown_(i, j) = false;
  if (!exact_) return;
  exact_->visible(i, j) = claim.is_number();
  if (claim.is_number()) exact_->values(i, j) = claim.value;
}

void ChainValue::enter(const Claims& claims, const Table<Exact>& truth, bool zeros_stay) {
  std::vector<std::pair<Index, Index>> entered;
  bool has_decimal = false, all_right = is_right_;
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Claim& claim = claims[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered) continue;
      all_right = all_right && is_the_entry(claim, truth, row, col);
      if (claim.kind == Claim::Kind::not_finite) continue;
      if (zeros_stay && claim.kind == Claim::Kind::decimal && claim.value == 0 && is_zero(row, col)) continue;
      has_decimal = has_decimal || claim.kind == Claim::Kind::decimal;
      entered.emplace_back(row, col);
    }
  is_right_ = all_right;
  if (is_right_ || entered.empty()) return;
  enclosed();
  for (const auto& [i, j] : entered)
    enter(claims[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)], i, j);
  if (has_decimal) exact_.reset();
}

ChainValue Chain::operand(const std::string& name) const {
  const derivation::Reference wanted = derivation::reference(name);
  const auto found = values_.find(wanted.step);
  if (found == values_.end()) return ChainValue(derivation::exact_operand(*truth_, name), true);
  return wanted.is_transposed ? found->second.transposed() : found->second;
}

ChainValue Chain::from_before(const Step& step) const {
  if (step.operation == Operation::given || step.operation == Operation::computed) return {};
  std::vector<ChainValue> values;
  bool all_right = true, all_exact = true;
  for (const std::string& name : step.operands) {
    values.push_back(operand(name));
    if (!values.back().is_known()) return {};
    all_right = all_right && values.back().is_right();
    all_exact = all_exact && values.back().exact();
  }
  if (all_right) return ChainValue(step.exact, true);
  std::vector<Table<Exact>> exact;
  std::vector<Table<Enclosure>> enclosed;
  std::vector<derivation::Mask> unknown;
  for (const ChainValue& value : values) {
    if (all_exact) exact.push_back(*value.exact());
    enclosed.push_back(value.enclosed());
    unknown.push_back(value.unknown());
  }
  if (all_exact)
    if (const auto result = made(step.operation, exact, unknown)) return *result;
  return made(step.operation, enclosed, unknown).value_or(ChainValue());
}

/// The exponential of −∞ is 0 and no rounded number, and so are what is struck out, the sum of such zeros and
/// their part of it.
bool zeros_stay_in(Operation operation) {
  return operation == Operation::exponential || operation == Operation::entrywise_product ||
         operation == Operation::row_sums || operation == Operation::normalise;
}

void Chain::enter(const Step& step, const ChainValue& before, const Claims& written) {
  ChainValue value = before.is_known() ? before : ChainValue(step.exact, true);
  value.enter(written, step.exact, zeros_stay_in(step.operation));
  values_[step.name] = value;
}

}  // namespace grading
