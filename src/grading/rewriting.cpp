#include "grading/rewriting.hpp"

namespace grading {
namespace {

Table<double> doubles(const Table<Exact>& exact) {
  Table<double> machine(numbers::as_scalars<double>(exact.values));
  machine.visible = exact.visible;
  return machine;
}

}  // namespace

void Rewriting::add(const std::string& name, Operation operation, const std::vector<std::string>& operands) {
  std::vector<Table<Exact>> values;
  for (const std::string& operand : operands) values.push_back(derivation::exact_operand(example_, operand));
  push(name, operation, operands, derivation::apply(operation, values));
}

void Rewriting::add_equal(const std::string& name, Operation operation,
                          const std::vector<std::string>& operands, const std::string& like) {
  push(name, operation, operands, find_step(truth_, like)->exact);
}

void Rewriting::given(const std::string& name, const Table<Exact>& values) {
  push(name, Operation::given, {}, values);
}

void Rewriting::push(const std::string& name, Operation operation, const std::vector<std::string>& operands,
                     Table<Exact> exact) {
  const Step* book = find_step(truth_, name);
  Step step = book ? *book : Step{};
  step.name = name;
  step.operation = operation;
  step.operands = operands;
  step.exact = std::move(exact);
  step.machine = doubles(step.exact);
  example_.steps.push_back(std::move(step));
}

}  // namespace grading
