#include "mistakes/context.hpp"

#include <algorithm>

#include "numbers/expression.hpp"

namespace mistakes {

using derivation::Example;
using derivation::Step;

StepName split_name(const std::string& name) {
  const std::size_t at = name.rfind('_');
  const bool is_index = at != std::string::npos && at + 1 < name.size() && name.size() - at <= 3 &&
                        name.find_first_not_of("0123456789", at + 1) == std::string::npos;
  if (!is_index) return {name, 0};
  return {name.substr(0, at), std::stoi(name.substr(at + 1))};
}

template <>
Values<Exact> right_values(const Example& example) {
  Values<Exact> values;
  for (const Step& step : example.steps) values[step.name] = step.exact;
  return values;
}

template <>
Values<double> right_values(const Example& example) {
  Values<double> values;
  for (const Step& step : example.steps) values[step.name] = step.machine;
  return values;
}

/// Z − m is 0 where Z is the maximum: an interval would not know it.
Table<Enclosure> with_points_of_zero(Table<Enclosure> table, const Step& step) {
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j)
      if (step.exact.visible(i, j) && step.exact.values(i, j) == 0) table.values(i, j) = 0;
  return table;
}

/// Worked out again with intervals, which is far quicker than enclosing long closed forms.
template <>
Values<Enclosure> right_values(const Example& example) {
  Values<Enclosure> values;
  for (const Step& step : example.steps) {
    const bool made = step.operation != Operation::given && step.operation != Operation::computed;
    if (made) {
      values[step.name] = with_points_of_zero(Context<Enclosure>(example, step, values).right(), step);
      continue;
    }
    Table<Enclosure> table(numbers::as_scalars<Enclosure>(step.exact.values));
    table.visible = step.exact.visible;
    values[step.name] = table;
  }
  return values;
}

template <typename Scalar>
bool Context<Scalar>::has(const std::string& name) const {
  return values_.count(name + "_" + std::to_string(name_.head)) > 0 || values_.count(name) > 0;
}

template <typename Scalar>
const Table<Scalar>& Context<Scalar>::operator()(const std::string& name) const {
  const auto own = values_.find(name + "_" + std::to_string(name_.head));
  return own != values_.end() ? own->second : whole(name);
}

template <typename Scalar>
const Table<Scalar>& Context<Scalar>::whole(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw derivation::Error("there is no " + name);
  return found->second;
}

template <typename Scalar>
int Context<Scalar>::heads() const {
  int heads = 1;
  for (const Step& step : example_.steps) heads = std::max(heads, split_name(step.name).head);
  return heads;
}

template <typename Scalar>
Table<Scalar> Context<Scalar>::operand(std::size_t k) const {
  if (k >= operands()) throw derivation::Error(step_.name + " has no such operand");
  const std::string& name = step_.operands[k];
  const derivation::Reference wanted = derivation::reference(name);
  if (find_step(example_, wanted.step)) {
    const Table<Scalar>& table = whole(wanted.step);
    return wanted.is_transposed ? derivation::transposed(table) : table;
  }
  Table<Scalar> scalar(1, 1);
  scalar.values(0, 0) = numbers::as_scalar<Scalar>(numbers::evaluate(name));
  return scalar;
}

template <typename Scalar>
Table<Scalar> Context<Scalar>::right() const {
  std::vector<Table<Scalar>> tables;
  for (std::size_t k = 0; k < operands(); ++k) tables.push_back(operand(k));
  return derivation::apply(step_.operation, tables);
}

template <typename Scalar>
void Context<Scalar>::require(Operation operation) const {
  if (step_.operation != operation) throw Elsewhere(step_.name + " is no " + to_string(operation));
}

template <typename Scalar>
void Context<Scalar>::require_made_of(const std::string& first, const std::string& second) const {
  const auto is = [&](std::size_t k, const std::string& name) {
    return k < operands() && split_name(derivation::reference(step_.operands[k]).step).base == name;
  };
  if (!is(0, first) || !is(1, second)) throw Elsewhere(step_.name + " is made of other steps");
}

template <typename Scalar>
std::vector<std::string> Context<Scalar>::others() const {
  std::vector<std::string> names;
  for (const Step& step : example_.steps) {
    if (step.name == step_.name) break;
    if (values_.count(step.name)) names.push_back(step.name);
  }
  return names;
}

template class Context<Exact>;
template class Context<Enclosure>;
template class Context<double>;

}  // namespace mistakes
