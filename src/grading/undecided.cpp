#include "grading/undecided.hpp"

namespace grading {
namespace {

using derivation::Index;

/// Exactly 0.
bool is_nothing(const Exact& value) { return value == 0; }
bool is_nothing(const Enclosure& value) { return value == Enclosure(0); }

bool divides(Operation operation) {
  return operation == Operation::quotient || operation == Operation::normalise;
}

template <typename Scalar>
bool sees_nothing(const Table<Scalar>& E, const Table<Scalar>& l, Index i) {
  if (l.rows() != E.rows() || !is_nothing(l.values(i, 0))) return false;
  for (Index j = 0; j < E.cols(); ++j)
    if (E.visible(i, j) && !is_nothing(E.values(i, j))) return false;
  return true;
}

/// 1 where an entry is not known, 0 elsewhere.
Table<double> marks(const Mask& unknown) { return Table<double>(unknown.cast<double>()); }

Mask marked(const Table<double>& marks) { return (marks.values.array() > 0).matrix(); }

/// An operation that spreads marks as `operation` spreads values.
Table<double> spread(Operation operation, const std::vector<Mask>& unknown) {
  const auto applied = [](Operation what, const std::vector<Table<double>>& operands) {
    return derivation::apply(what, operands);
  };
  const Table<double> first = marks(unknown.at(0));
  std::vector<Table<double>> all;
  for (const Mask& each : unknown) all.push_back(marks(each));
  switch (operation) {
    case Operation::product: {
      const auto ones = [](const Mask& like) {
        return Table<double>(derivation::Matrix<double>::Ones(like.rows(), like.cols()));
      };
      return applied(Operation::sum, {applied(Operation::product, {first, ones(unknown.at(1))}),
                                      applied(Operation::product, {ones(unknown.at(0)), all.at(1)})});
    }
    case Operation::transpose:
    case Operation::concatenation:
    case Operation::diagonal:
      return applied(operation, all);
    case Operation::row_maxima:
    case Operation::row_sums:
      return applied(Operation::row_sums, {first});
    case Operation::sum:
    case Operation::difference:
    case Operation::entrywise_product:
    case Operation::quotient:
    case Operation::normalise:
      return applied(Operation::sum, all);
    default:
      return first;
  }
}

/// Everything that such an entry could have gone into.
bool any(const std::vector<Mask>& unknown) {
  for (const Mask& each : unknown)
    if (each.any()) return true;
  return false;
}

}  // namespace

bool is_decided(const Exact& value) { return value != 0; }

/// The quotient of an interval by itself is one of its ends by the other, since it takes both as independent.
bool is_decided(const Enclosure& value) {
  return !overlap(value, Enclosure(0)) && less(value / value, Enclosure(3)) == numbers::Answer::yes;
}

template <typename Scalar>
void set_aside_undecided_divisors(Operation operation, std::vector<Table<Scalar>>& operands,
                                  std::vector<Mask>& unknown) {
  if (!divides(operation)) return;
  Table<Scalar>& divisors = operands.at(1);
  for (Index i = 0; i < divisors.rows(); ++i)
    for (Index j = 0; j < divisors.cols(); ++j) {
      if (!divisors.visible(i, j) || is_decided(divisors.values(i, j))) continue;
      if (operation == Operation::normalise && sees_nothing(operands[0], divisors, i)) continue;
      divisors.values(i, j) = Scalar(1);
      unknown.at(1)(i, j) = true;
    }
}

template <typename Scalar>
Mask not_known_in(Operation operation, const Table<Scalar>& result, const std::vector<Mask>& unknown) {
  Mask found = Mask::Constant(result.rows(), result.cols(), false);
  if (any(unknown)) {
    const Mask reached = marked(spread(operation, unknown));
    if (reached.rows() == found.rows() && reached.cols() == found.cols())
      found = reached;
    else
      found.fill(true);  // a head of a matrix: which columns it takes does not matter here
  }
  if (operation != Operation::exponential) return found;
  for (Index i = 0; i < found.rows(); ++i)
    for (Index j = 0; j < found.cols(); ++j)
      if (!is_nothing(result.values(i, j)) && !is_decided(result.values(i, j))) found(i, j) = true;
  return found;
}

template void set_aside_undecided_divisors(Operation, std::vector<Table<Exact>>&, std::vector<Mask>&);
template void set_aside_undecided_divisors(Operation, std::vector<Table<Enclosure>>&, std::vector<Mask>&);
template Mask not_known_in(Operation, const Table<Exact>&, const std::vector<Mask>&);
template Mask not_known_in(Operation, const Table<Enclosure>&, const std::vector<Mask>&);

}  // namespace grading
