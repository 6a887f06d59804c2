#include "paper/chain.hpp"

#include "numbers/work.hpp"

namespace paper {
namespace {

using derivation::Operation;
using derivation::Step;

Table<Enclosure> enclose(const Table<Exact>& table) {
  Table<Enclosure> result(derivation::as_scalars<Enclosure>(table.values));
  result.visible = table.visible;
  return result;
}

ChainValue known(const Table<Exact>& table) { return {table, enclose(table)}; }

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

}  // namespace

ChainValue Chain::operand(const std::string& name) const {
  const derivation::Reference wanted = derivation::reference(name);
  const auto found = values_.find(wanted.step);
  if (found == values_.end()) return known(derivation::exact_operand(truth_, name));
  if (!wanted.is_transposed) return found->second;
  ChainValue turned;
  if (found->second.exact) turned.exact = transposed(*found->second.exact);
  if (found->second.enclosed) turned.enclosed = transposed(*found->second.enclosed);
  return turned;
}

ChainValue Chain::from_before(const Step& step) const {
  if (step.operation == Operation::given || step.operation == Operation::computed) return {};
  std::vector<Table<Exact>> exact;
  std::vector<Table<Enclosure>> enclosed;
  for (const std::string& name : step.operands) {
    const ChainValue value = operand(name);
    if (!value.is_known()) return {};
    if (value.exact) exact.push_back(*value.exact);
    enclosed.push_back(*value.enclosed);
  }
  if (exact.size() == enclosed.size())
    if (const auto result = applied(step.operation, exact)) return known(*result);
  return {std::nullopt, applied(step.operation, enclosed)};
}

void Chain::enter(const Step& step, const ChainValue& before,
                  const std::vector<std::vector<Claim>>& written) {
  ChainValue value = before.is_known() ? before : known(step.exact);
  bool has_decimal = false;
  for (std::size_t i = 0; i < written.size(); ++i)
    for (std::size_t j = 0; j < written[i].size(); ++j) {
      const Claim& claim = written[i][j];
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      if (claim.kind == Claim::Kind::unanswered || claim.kind == Claim::Kind::not_finite) continue;
      has_decimal = has_decimal || claim.kind == Claim::Kind::decimal;
      value.enclosed->visible(row, col) = claim.is_number();
      if (claim.is_number()) value.enclosed->values(row, col) = claim.interval();
      if (!value.exact) continue;
      value.exact->visible(row, col) = claim.is_number();
      if (claim.is_number()) value.exact->values(row, col) = claim.value;
    }
  if (has_decimal) value.exact.reset();
  values_[step.name] = value;
}

}  // namespace paper
