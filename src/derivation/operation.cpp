#include "derivation/operation.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace derivation {
namespace {

using attention::shape;

constexpr std::array<std::pair<Operation, const char*>, 18> names = {{
    {Operation::given, "given"},
    {Operation::product, "product"},
    {Operation::transpose, "transpose"},
    {Operation::sum, "sum"},
    {Operation::difference, "difference"},
    {Operation::entrywise_product, "entrywise product"},
    {Operation::quotient, "quotient"},
    {Operation::normalise, "normalise"},
    {Operation::exponential, "exponential"},
    {Operation::square_root, "square root"},
    {Operation::power, "power"},
    {Operation::diagonal, "diagonal"},
    {Operation::head, "head"},
    {Operation::concatenation, "concatenation"},
    {Operation::row_maxima, "row maxima"},
    {Operation::row_sums, "row sums"},
    {Operation::mask, "mask"},
    {Operation::computed, "computed"},
}};

template <typename Scalar>
void require_visible(const Table<Scalar>& table, Operation operation) {
  if (!table.visible.all()) throw Error("a " + to_string(operation) + " cannot take a hidden entry (-inf)");
}

template <typename Scalar>
Table<Scalar> product(const Table<Scalar>& a, const Table<Scalar>& b) {
  if (a.cols() != b.rows())
    throw Error("a " + shape(a.values) + " matrix times a " + shape(b.values) + " matrix: the first has " +
                std::to_string(a.cols()) + " columns and the second " + std::to_string(b.rows()) +
                " rows; these two must be equal");
  require_visible(a, Operation::product);
  require_visible(b, Operation::product);
  return Table<Scalar>(a.values * b.values);
}

template <typename Scalar>
void require_stretchable(const Table<Scalar>& a, const Table<Scalar>& b, Operation operation) {
  const bool rows_fit = b.rows() == a.rows() || (b.rows() == 1 && b.cols() == 1);
  const bool cols_fit = b.cols() == a.cols() || b.cols() == 1;
  if (!rows_fit || !cols_fit)
    throw Error("the " + to_string(operation) + " of a " + shape(a.values) + " and a " + shape(b.values) +
                " matrix: the second must have the first one's shape, or one column, or one entry");
}

/// Entry by entry; a hidden entry on the left stays hidden.
template <typename Scalar, typename Function>
Table<Scalar> entrywise(Operation operation, const Table<Scalar>& a, const Table<Scalar>& b,
                        Function function) {
  require_stretchable(a, b, operation);
  const Stretched opposite{b.rows(), b.cols()};
  Table<Scalar> result = a;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (a.visible(i, j)) {
        const Index row = opposite.row(i), col = opposite.col(j);
        if (!b.visible(row, col))
          throw Error("a " + to_string(operation) + " of a visible entry and a hidden one (-inf)");
        result.values(i, j) = function(a.values(i, j), b.values(row, col));
      }
  return result;
}

bool is_zero(double value) { return value == 0; }
bool is_zero(const Exact& value) { return value == 0; }
bool is_zero(const Enclosure& value) { return equal(value, Enclosure(0)) == numbers::Answer::yes; }

/// Weights. A row sum is 0 only where the row may see nothing: any other holds exp(0) = 1 at its maximum.
template <typename Scalar>
Table<Scalar> normalise(const Table<Scalar>& E, const Table<Scalar>& l) {
  return entrywise(Operation::normalise, E, l, [](const Scalar& e, const Scalar& sum) -> Scalar {
    return is_zero(sum) ? Scalar(0) : Scalar(e / sum);
  });
}

template <typename Scalar>
Table<Scalar> exponential(const Table<Scalar>& a) {
  using std::exp;
  Table<Scalar> result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (a.visible(i, j)) result.values(i, j) = exp(a.values(i, j));
  return result;
}

template <typename Scalar>
Table<Scalar> square_root(const Table<Scalar>& a) {
  using std::sqrt;
  require_visible(a, Operation::square_root);
  return Table<Scalar>(Matrix<Scalar>(a.values.unaryExpr([](const Scalar& x) -> Scalar { return sqrt(x); })));
}

/// base^exponent by repeated multiplication, as long as the exponent is a whole number.
template <typename Scalar>
Scalar whole_power(const Scalar& base, int exponent) {
  if (exponent < 0) return Scalar(1) / whole_power(base, -exponent);
  Scalar result(1);
  for (int k = 0; k < exponent; ++k) result *= base;
  return result;
}

Exact power_of(const Exact& base, const Exact& exponent) {
  if (!is_integer(exponent) || abs(exponent) > 1000)
    throw Error("a power needs a whole exponent of at most 1000, not " +
                print(exponent, numbers::Notation::unicode));
  return whole_power(base, static_cast<int>(to_double(exponent)));
}
double power_of(double base, double exponent) { return std::pow(base, exponent); }
Enclosure power_of(const Enclosure& base, const Enclosure& exponent) {
  if (!(exponent == exponent))
    throw Error("a power of an interval needs a whole exponent that is known exactly");
  const Exact whole = lower(exponent);
  if (!is_integer(whole) || abs(whole) > 1000)
    throw Error("a power of an interval needs a whole exponent, at most 1000");
  return whole_power(base, static_cast<int>(to_double(whole)));
}

template <typename Scalar>
Table<Scalar> power(const Table<Scalar>& base, const Table<Scalar>& exponents) {
  if (base.rows() != 1 || base.cols() != 1) throw Error("a power needs one number as its base");
  require_visible(exponents, Operation::power);
  return Table<Scalar>(Matrix<Scalar>(exponents.values.unaryExpr(
      [&](const Scalar& exponent) -> Scalar { return power_of(base.values(0, 0), exponent); })));
}

template <typename Scalar>
Table<Scalar> diagonal(const Table<Scalar>& a) {
  if (a.cols() != 1) throw Error("a diagonal is made of a column, not of a " + shape(a.values) + " matrix");
  require_visible(a, Operation::diagonal);
  Table<Scalar> result(a.rows(), a.rows());
  for (Index i = 0; i < a.rows(); ++i) result.values(i, i) = a.values(i, 0);
  return result;
}

double as_double(double value) { return value; }
double as_double(const Exact& value) { return numbers::to_double(value); }
double as_double(const Enclosure& value) { return numbers::to_double(lower(value)); }

/// A block of columns, hidden entries and all.
template <typename Scalar>
Table<Scalar> head(const Table<Scalar>& a, const Table<Scalar>& which, const Table<Scalar>& of) {
  const Index h = static_cast<Index>(as_double(which.values(0, 0)));
  const Index H = static_cast<Index>(as_double(of.values(0, 0)));
  if (h < 1 || h > H) throw Error("there is no head " + std::to_string(h) + " of " + std::to_string(H));
  if (a.cols() % H != 0)
    throw Error("the " + std::to_string(a.cols()) + " columns of a " + shape(a.values) +
                " matrix cannot be dealt out to " + std::to_string(H) +
                " heads: the number of heads must divide them");
  const Index d = a.cols() / H;
  Table<Scalar> result;
  result.values = a.values.middleCols((h - 1) * d, d);
  result.visible = a.visible.middleCols((h - 1) * d, d);
  return result;
}

template <typename Scalar>
Table<Scalar> concatenation(const std::vector<Table<Scalar>>& parts) {
  Index cols = 0;
  for (const Table<Scalar>& part : parts) {
    if (part.rows() != parts[0].rows())
      throw Error("a " + shape(parts[0].values) + " and a " + shape(part.values) +
                  " matrix do not stand side by side: they need the same number of rows");
    cols += part.cols();
  }
  Table<Scalar> result(parts.at(0).rows(), cols);
  Index next = 0;
  for (const Table<Scalar>& part : parts) {
    result.values.middleCols(next, part.cols()) = part.values;
    result.visible.middleCols(next, part.cols()) = part.visible;
    next += part.cols();
  }
  return result;
}

/// The maximum of a row that may see nothing is hidden too: −∞.
template <typename Scalar>
Table<Scalar> row_maxima(const Table<Scalar>& a) {
  using std::max;
  Table<Scalar> result(a.rows(), 1);
  for (Index i = 0; i < a.rows(); ++i) {
    result.visible(i, 0) = false;
    for (Index j = 0; j < a.cols(); ++j) {
      if (!a.visible(i, j)) continue;
      result.values(i, 0) = result.visible(i, 0) ? max(result.values(i, 0), a.values(i, j)) : a.values(i, j);
      result.visible(i, 0) = true;
    }
  }
  return result;
}

template <typename Scalar>
Table<Scalar> row_sums(const Table<Scalar>& a) {
  require_visible(a, Operation::row_sums);
  return Table<Scalar>(Matrix<Scalar>(a.values.rowwise().sum()));
}

template <typename Scalar>
Table<Scalar> mask(const Table<Scalar>& a, const Table<Scalar>& may_look) {
  if (a.rows() != may_look.rows() || a.cols() != may_look.cols())
    throw Error("a mask of " + shape(may_look.values) + " for a " + shape(a.values) +
                " matrix: it needs one entry for each");
  Table<Scalar> result = a;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (is_zero(may_look.values(i, j))) result.visible(i, j) = false;
  return result;
}

template <typename Scalar>
Table<Scalar> apply_entrywise(Operation operation, const Table<Scalar>& a, const Table<Scalar>& b) {
  switch (operation) {
    case Operation::sum:
      return entrywise(operation, a, b, [](const Scalar& x, const Scalar& y) -> Scalar { return x + y; });
    case Operation::difference:
      return entrywise(operation, a, b, [](const Scalar& x, const Scalar& y) -> Scalar { return x - y; });
    case Operation::entrywise_product:
      return entrywise(operation, a, b, [](const Scalar& x, const Scalar& y) -> Scalar { return x * y; });
    default:
      return entrywise(operation, a, b, [](const Scalar& x, const Scalar& y) -> Scalar { return x / y; });
  }
}

}  // namespace

std::string to_string(Operation operation) {
  for (const auto& [value, name] : names)
    if (value == operation) return name;
  throw Error("an operation without a name");
}

Operation operation_named(const std::string& name) {
  for (const auto& [value, known] : names)
    if (known == name) return value;
  throw Error("unknown operation '" + name + "'");
}

template <typename Scalar>
Table<Scalar> transposed(const Table<Scalar>& table) {
  Table<Scalar> result;
  result.values = table.values.transpose();
  result.visible = table.visible.transpose();
  return result;
}

template <typename Scalar>
Table<Scalar> apply(Operation operation, const std::vector<Table<Scalar>>& operands) {
  switch (operation) {
    case Operation::product:
      return product(operands.at(0), operands.at(1));
    case Operation::transpose:
      return transposed(operands.at(0));
    case Operation::sum:
    case Operation::difference:
    case Operation::entrywise_product:
    case Operation::quotient:
      return apply_entrywise(operation, operands.at(0), operands.at(1));
    case Operation::normalise:
      return normalise(operands.at(0), operands.at(1));
    case Operation::exponential:
      return exponential(operands.at(0));
    case Operation::square_root:
      return square_root(operands.at(0));
    case Operation::power:
      return power(operands.at(0), operands.at(1));
    case Operation::diagonal:
      return diagonal(operands.at(0));
    case Operation::head:
      return head(operands.at(0), operands.at(1), operands.at(2));
    case Operation::concatenation:
      return concatenation(operands);
    case Operation::row_maxima:
      return row_maxima(operands.at(0));
    case Operation::row_sums:
      return row_sums(operands.at(0));
    case Operation::mask:
      return mask(operands.at(0), operands.at(1));
    case Operation::given:
    case Operation::computed:
      break;
  }
  throw Error("a " + to_string(operation) + " step cannot be made again from its operands");
}

template Table<double> apply(Operation, const std::vector<Table<double>>&);
template Table<Exact> apply(Operation, const std::vector<Table<Exact>>&);
template Table<Enclosure> apply(Operation, const std::vector<Table<Enclosure>>&);
template Table<double> transposed(const Table<double>&);
template Table<Exact> transposed(const Table<Exact>&);
template Table<Enclosure> transposed(const Table<Enclosure>&);

}  // namespace derivation
