#include "derivation/rounding.hpp"

#include <cmath>
#include <limits>

#include "numbers/decimal.hpp"

namespace derivation {
namespace {

/// The bounds themselves are computed in double, in far fewer than 2^20 operations: this covers their own
/// rounding.
constexpr double slack = 1 + 0x1p-32;
constexpr double without_bound = std::numeric_limits<double>::infinity();

using Real = Matrix<double>;
using Bounds = std::map<std::string, Real>;

/// An operand as it entered the step: its doubles and how far each can be from the exact value.
struct Operand {
  Real values, error;
  Mask visible;
  double value_at(Index i, Index j) const { return values(row(i), col(j)); }
  double error_at(Index i, Index j) const { return error(row(i), col(j)); }
  Index row(Index i) const { return Stretched{values.rows(), values.cols()}.row(i); }
  Index col(Index j) const { return Stretched{values.rows(), values.cols()}.col(j); }
};

/// The standard model of rounding with one unit: what each operation can have done to an entry.
struct RoundingModel {
  double u;
  double smallest;  ///< what a result can lose where it is so small that its digits run out

  /// γ_n, which is no bound any more for as many operations as 1/u.
  double gamma(Index n) const {
    const double nu = static_cast<double>(n) * u;
    return nu < 1 ? nu / (1 - nu) : without_bound;
  }

  Real product_bound(const Operand& a, const Operand& b) const {
    const Real A = a.values.cwiseAbs(), B = b.values.cwiseAbs();
    const Real lost = Real::Constant(A.rows(), B.cols(), static_cast<double>(A.cols()) * smallest);
    const Real bound = gamma(A.cols()) * (A * B) + A * b.error + a.error * B + a.error * b.error + lost;
    // A computed operand has no bound: infinity times a 0 of the other operand stays without bound.
    return bound.unaryExpr([](double x) { return std::isnan(x) ? without_bound : x; });
  }

  /// The error of x / y, from (|δx| + |x / y| |δy|) / (|y| − |δy|), and one rounding.
  double quotient_bound(double x, double dx, double y, double dy) const {
    if (y == 0) return 0;  // a row that sees nothing: its weights are 0, not computed
    if (std::abs(y) <= dy) return without_bound;
    return (dx + std::abs(x / y) * dy) / (std::abs(y) - dy) + u * std::abs(x / y);
  }

  /// base^n for whole exponents that are known exactly: the base's own error n times over, and pow below one
  /// unit in the last place, 2u.
  Real power_bound(const Operand& base, const Operand& exponents) const {
    const double b = std::abs(base.values(0, 0)), db = base.error(0, 0);
    return exponents.values.unaryExpr([&](double n) -> double {
      const double value = std::pow(b, n), relative = b > 0 ? std::abs(n) * db / (b - db) : 0;
      return value * (std::expm1(relative) + 2 * u) * (1 + 2 * u);
    });
  }

  double entry_bound(Operation operation, double x, double dx, double y, double dy) const {
    switch (operation) {
      case Operation::sum:
        return dx + dy + u * std::abs(x + y);
      case Operation::difference:
        return dx + dy + u * std::abs(x - y);
      case Operation::entrywise_product:
        return std::abs(x) * dy + std::abs(y) * dx + dx * dy + u * std::abs(x * y);
      case Operation::exponential:
        return std::exp(x) * (std::expm1(dx) + 2 * u) * (1 + 2 * u);
      case Operation::square_root:
        return x > dx ? dx / (std::sqrt(x) + std::sqrt(x - dx)) + u * std::sqrt(x) : std::sqrt(x + dx);
      case Operation::mask:
        return dx;
      default:
        return quotient_bound(x, dx, y, dy);
    }
  }

  Real row_bound(Operation operation, const Operand& a) const {
    if (operation == Operation::row_maxima) return a.error.rowwise().maxCoeff();
    const Real magnitude = a.values.cwiseAbs().rowwise().sum();
    return Real(a.error.rowwise().sum()) + gamma(a.values.cols() - 1) * magnitude;
  }

  /// How far the double of each given is from its exact value is measured, since both are known; in another
  /// format each may be rounded.
  Real given_bound(const Step& step) const {
    const double stored = u == numbers::double_format.unit_of_rounding() ? 0 : u;
    Real bound(step.machine.rows(), step.machine.cols());
    for (Index i = 0; i < bound.rows(); ++i)
      for (Index j = 0; j < bound.cols(); ++j)
        bound(i, j) = entry_gap(step.machine, step.exact, i, j) +
                      (step.machine.visible(i, j) ? stored * std::abs(step.machine.values(i, j)) : 0);
    return bound;
  }

  /// Entry by entry, with a second operand where the operation has one. A hidden entry stays hidden, and its
  /// exponential is 0: nothing is rounded.
  Real entrywise_bound(Operation operation, const Operand& a, const Operand& b) const {
    Real bound(a.values.rows(), a.values.cols());
    for (Index i = 0; i < bound.rows(); ++i)
      for (Index j = 0; j < bound.cols(); ++j)
        bound(i, j) = !a.visible(i, j) ? 0
                                       : entry_bound(operation, a.value_at(i, j), a.error_at(i, j),
                                                     b.value_at(i, j), b.error_at(i, j));
    return bound;
  }
};

Operand operand_named(const RoundingModel& model, const Example& example, const Bounds& earlier,
                      const std::string& name) {
  const Reference wanted = reference(name);
  const Table<double> table = machine_operand(example, name);
  if (!find_step(example, wanted.step))
    return {table.values, model.u * table.values.cwiseAbs(), table.visible};
  const Real& error = earlier.at(wanted.step);
  return {table.values, wanted.is_transposed ? Real(error.transpose()) : error, table.visible};
}

/// A head or a concatenation copies entries: their bounds are copied along.
Real copied_bound(const RoundingModel& model, const Example& example, const Bounds& earlier,
                  const Step& step) {
  std::vector<Table<double>> tables;
  for (const std::string& operand : step.operands)
    tables.push_back(find_step(example, reference(operand).step)
                         ? Table<double>(operand_named(model, example, earlier, operand).error)
                         : machine_operand(example, operand));
  return derivation::apply(step.operation, tables).values;  // not std::apply
}

Real step_bound(const RoundingModel& model, const Example& example, const Bounds& earlier, const Step& step) {
  if (step.operation == Operation::given) return model.given_bound(step);
  if (step.operation == Operation::computed)
    return Real::Constant(step.machine.rows(), step.machine.cols(), without_bound);
  if (step.operation == Operation::head || step.operation == Operation::concatenation)
    return copied_bound(model, example, earlier, step);
  const Operand a = operand_named(model, example, earlier, step.operands.at(0));
  const Operand none{Real::Zero(1, 1), Real::Zero(1, 1), attention::no_mask(1, 1)};
  const Operand b =
      step.operands.size() > 1 ? operand_named(model, example, earlier, step.operands[1]) : none;
  switch (step.operation) {
    case Operation::transpose:
      return a.error.transpose();
    case Operation::product:
      return model.product_bound(a, b);
    case Operation::power:
      return model.power_bound(a, b);
    case Operation::diagonal:
      return a.error.col(0).asDiagonal();
    case Operation::row_maxima:
    case Operation::row_sums:
      return model.row_bound(step.operation, a);
    default:
      return model.entrywise_bound(step.operation, a, b);
  }
}

}  // namespace

std::map<std::string, Matrix<double>> rounding_bounds(const Example& example,
                                                      const numbers::MachineFormat& format) {
  const RoundingModel model{format.unit_of_rounding(), format.smallest()};
  Bounds bounds;
  for (const Step& step : example.steps) {
    const double lost = step.kind == Kind::given ? 0 : format.smallest();
    bounds[step.name] = (step_bound(model, example, bounds, step) * slack).array() + lost;
  }
  return bounds;
}

std::string rounding_fault(const Derivation& derivation) {
  for (const Example& example : derivation.examples) {
    const Bounds bounds = rounding_bounds(example);
    for (const Step& step : example.steps)
      for (Index i = 0; i < step.machine.rows(); ++i)
        for (Index j = 0; j < step.machine.cols(); ++j) {
          const double bound = bounds.at(step.name)(i, j);
          if (std::isinf(bound)) continue;  // a computed step: nothing is claimed
          const double off = entry_gap(step.machine, step.exact, i, j);
          if (!(off <= bound))  // a bound that is no number explains nothing
            return example.name + "." + step.name + "[" + std::to_string(i) + "," + std::to_string(j) +
                   "]: the double is " + numbers::shortest(off) +
                   " away from the exact value, and rounding explains " + numbers::shortest(bound) +
                   " at most";
        }
  }
  return "";
}

}  // namespace derivation
