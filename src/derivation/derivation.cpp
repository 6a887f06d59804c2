#include "derivation/derivation.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "numbers/decimal.hpp"
#include "numbers/expression.hpp"

namespace derivation {
namespace {

/// The step's table that `table_of` picks, transposed if the operand says so; a scalar where no step has the
/// name.
template <typename Scalar, typename Pick>
Table<Scalar> operand_table(const Example& example, const std::string& operand, Pick table_of) {
  const Reference wanted = reference(operand);
  if (const Step* step = find_step(example, wanted.step))
    return wanted.is_transposed ? transposed<Scalar>(table_of(*step)) : table_of(*step);
  Table<Scalar> scalar(1, 1);
  try {
    scalar.values(0, 0) = as_scalar<Scalar>(numbers::evaluate(operand));
  } catch (const numbers::Error&) {
    throw Error("example " + example.name + ": '" + operand + "' is neither a step nor a number");
  }
  return scalar;
}

}  // namespace

const Example* find_example(const Derivation& derivation, const std::string& name) {
  const auto found = std::find_if(derivation.examples.begin(), derivation.examples.end(),
                                  [&](const Example& example) { return example.name == name; });
  return found == derivation.examples.end() ? nullptr : &*found;
}

const Step* find_step(const Example& example, const std::string& name) {
  const auto found = std::find_if(example.steps.begin(), example.steps.end(),
                                  [&](const Step& step) { return step.name == name; });
  return found == example.steps.end() ? nullptr : &*found;
}

Reference reference(const std::string& operand) {
  const bool is_transposed = !operand.empty() && operand.back() == '\'';
  return {is_transposed ? operand.substr(0, operand.size() - 1) : operand, is_transposed};
}

Table<Exact> exact_operand(const Example& example, const std::string& operand) {
  return operand_table<Exact>(example, operand, [](const Step& step) { return step.exact; });
}

Table<double> machine_operand(const Example& example, const std::string& operand) {
  return operand_table<double>(example, operand, [](const Step& step) { return step.machine; });
}

std::vector<std::vector<std::string>> decimals(const Table<Exact>& table, int digits) {
  std::vector<std::vector<std::string>> result(static_cast<std::size_t>(table.rows()));
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j)
      result[static_cast<std::size_t>(i)].push_back(
          table.visible(i, j) ? numbers::decimal(table.values(i, j), digits) : "-inf");
  return result;
}

double distance(double machine, const Exact& exact) {
  if (!std::isfinite(machine)) return std::numeric_limits<double>::infinity();
  const Exact point = numbers::exactly(machine);
  if (is_rational(exact)) return numbers::to_double(abs(point - exact));
  // The distance is enclosed until both ends are the same double. (The value is irrational: it is not 0.)
  for (long bits = 256;; bits *= 2) {
    const numbers::Enclosure::Precision precision(bits);
    const Enclosure distance = abs(Enclosure(exact) - Enclosure(point));
    const double least = numbers::to_double(lower(distance));
    if (least == numbers::to_double(upper(distance))) return least;
  }
}

std::string two_digits(double distance) {
  return std::isfinite(distance) ? numbers::decimal(numbers::exactly(distance), 2) : "without limit";
}

double entry_gap(const Table<double>& machine, const Table<Exact>& exact, Index i, Index j) {
  if (!machine.visible(i, j) && !exact.visible(i, j)) return 0;
  if (machine.visible(i, j) != exact.visible(i, j)) return std::numeric_limits<double>::infinity();
  return distance(machine.values(i, j), exact.values(i, j));
}

double gap(const Table<double>& machine, const Table<Exact>& exact) {
  double largest = 0;
  for (Index i = 0; i < exact.rows(); ++i)
    for (Index j = 0; j < exact.cols(); ++j) largest = std::max(largest, entry_gap(machine, exact, i, j));
  return largest;
}

double largest_gap(const Derivation& derivation) {
  double largest = 0;
  for (const Example& example : derivation.examples)
    for (const Step& step : example.steps) largest = std::max(largest, step.gap);
  return largest;
}

std::string to_string(Figure::Kind kind) {
  switch (kind) {
    case Figure::Kind::lines:
      return "lines";
    case Figure::Kind::points:
      return "points";
    case Figure::Kind::bars:
      return "bars";
    case Figure::Kind::arrows:
      return "arrows";
    case Figure::Kind::heatmap:
      break;
  }
  return "heatmap";
}

Figure::Kind figure_kind_named(const std::string& name) {
  for (const Figure::Kind kind : {Figure::Kind::lines, Figure::Kind::points, Figure::Kind::bars,
                                  Figure::Kind::arrows, Figure::Kind::heatmap})
    if (to_string(kind) == name) return kind;
  throw Error("unknown kind of figure '" + name + "'");
}

std::string stem_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

Matrix<Enclosure> enclosed(const Matrix<Exact>& values) { return values.cast<Enclosure>(); }

}  // namespace derivation
