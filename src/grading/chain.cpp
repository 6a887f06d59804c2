#include "grading/chain.hpp"

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
  return std::nullopt;  // the reader's own values lead out of the field, or to a division by zero
}

bool may_be_zero(const Enclosure& value) { return overlap(value, Enclosure(0)); }

/// Wide enough for whatever a quotient of two numbers on paper can be.
const Enclosure& anything() {
  static const Enclosure wide(-pow(Exact(10), 40), pow(Exact(10), 40));
  return wide;
}

/// |e| / |l| is this at least, where l may be 0 and e may not; nothing where l is 0 and no other number.
ChainValue::Quotient least_quotient(const Enclosure& e, const Enclosure& l) {
  const Exact greatest = upper(abs(l));
  if (greatest == 0) return {};
  return {lower(abs(e)) / greatest};
}

/// Weights where a row sum may be 0. In such a row an entry that may be 0 as well may have any weight, and
/// any other a large one. The other rows are what they are.
ChainValue divided_row_by_row(const std::vector<Table<Enclosure>>& operands) {
  const Table<Enclosure>&E = operands[0], &l = operands[1];
  if (l.cols() != 1 || l.rows() != E.rows() || !E.visible.all() || !l.visible.all()) return {};
  Table<Enclosure> result(E.rows(), E.cols());
  ChainValue::Quotients quotients;
  for (Index i = 0; i < E.rows(); ++i)
    for (Index j = 0; j < E.cols(); ++j) {
      const Enclosure &e = E.values(i, j), &sum = l.values(i, 0);
      const bool by_zero = may_be_zero(sum);
      if (by_zero && !may_be_zero(e)) quotients[{i, j}] = least_quotient(e, sum);
      result.values(i, j) = by_zero ? anything() : e / sum;
    }
  ChainValue value{std::optional(result)};
  value.divide_by_zero(quotients);
  return value;
}

}  // namespace

const Table<Enclosure>& ChainValue::enclosed() const {
  if (!enclosed_) enclosed_ = enclose(*exact_);
  return *enclosed_;
}

bool ChainValue::explains(const Claim& claim, Index i, Index j) const {
  if (!is_known()) return false;
  const auto quotient = by_zero_.find({i, j});
  if (quotient != by_zero_.end())
    return claim.is_number() && quotient->second.least &&
           upper(abs(claim.interval())) >= *quotient->second.least;
  const derivation::Mask& visible = exact_ ? exact_->visible : enclosed_->visible;
  if (!visible(i, j)) return claim.kind == Claim::Kind::hidden;
  return exact_ ? claim.allows(exact_->values(i, j)) : claim.allows(enclosed_->values(i, j));
}

ChainValue ChainValue::transposed() const {
  ChainValue turned = *this;
  if (exact_) turned.exact_ = derivation::transposed(*exact_);
  if (enclosed_) turned.enclosed_ = derivation::transposed(*enclosed_);
  turned.by_zero_.clear();  // an operand: its entries are what they may be
  return turned;
}

void ChainValue::enter(const Claims& claims, const Table<Exact>& truth) {
  bool has_decimal = false;
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Claim& claim = claims[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered) continue;
      has_decimal = has_decimal || claim.kind == Claim::Kind::decimal;
      is_right_ = is_right_ && is_the_entry(claim, truth, row, col);
    }
  if (is_right_ || claims.empty()) return;
  enclosed();
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Claim& claim = claims[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered || claim.kind == Claim::Kind::not_finite) continue;
      enclosed_->visible(row, col) = claim.is_number();
      if (claim.is_number()) enclosed_->values(row, col) = claim.interval();
      if (!exact_) continue;
      exact_->visible(row, col) = claim.is_number();
      if (claim.is_number()) exact_->values(row, col) = claim.value;
    }
  if (has_decimal) exact_.reset();
}

ChainValue Chain::operand(const std::string& name) const {
  const derivation::Reference wanted = derivation::reference(name);
  const auto found = values_.find(wanted.step);
  if (found == values_.end()) return ChainValue(derivation::exact_operand(truth_, name), true);
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
  for (const ChainValue& value : values) {
    if (all_exact) exact.push_back(*value.exact());
    enclosed.push_back(value.enclosed());
  }
  if (all_exact)
    if (const auto result = applied(step.operation, exact)) return ChainValue(*result, false);
  if (const auto result = applied(step.operation, enclosed)) return ChainValue(result);
  return step.operation == Operation::normalise ? divided_row_by_row(enclosed) : ChainValue();
}

void Chain::enter(const Step& step, const ChainValue& before, const Claims& written) {
  ChainValue value = before.is_known() ? before : ChainValue(step.exact, true);
  value.enter(written, step.exact);
  values_[step.name] = value;
}

}  // namespace grading
