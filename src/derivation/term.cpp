#include "derivation/term.hpp"

#include <algorithm>
#include <cmath>

#include "derivation/names.hpp"
#include "numbers/error.hpp"

namespace derivation {
namespace {

/// A comparison of two doubles is sure, a comparison of two enclosures need not be.
Answer answer(bool sure) { return sure ? Answer::yes : Answer::no; }
Answer equal_entries(const Exact& a, const Exact& b) { return answer(a == b); }
Answer equal_entries(double a, double b) { return answer(a == b); }
Answer equal_entries(const Enclosure& a, const Enclosure& b) { return equal(a, b); }
Answer less_entries(const Exact& a, const Exact& b) { return answer(a < b); }
Answer less_entries(double a, double b) { return answer(a < b); }
Answer less_entries(const Enclosure& a, const Enclosure& b) { return less(a, b); }

Answer negation(Answer a) {
  if (a == Answer::not_decided) return a;
  return answer(a == Answer::no);
}

/// No, if it is no anywhere; otherwise undecided, if it is undecided anywhere.
template <typename Scalar, typename Compare>
Answer everywhere(const Matrix<Scalar>& a, const Matrix<Scalar>& b, Compare compare) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return Answer::no;
  Answer all = Answer::yes;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      const Answer here = compare(a(i, j), b(i, j));
      if (here == Answer::no) return Answer::no;
      if (here == Answer::not_decided) all = here;
    }
  return all;
}

std::string inner(const Term& term) { return term.is_atom ? term.formula : "(" + term.formula + ")"; }

/// Applies the operation; what goes wrong is told with the formula in front: "Q Kᵀ: …".
template <typename Scalar>
Table<Scalar> applied(Operation operation, const std::vector<Table<Scalar>>& tables,
                      const std::string& formula) {
  try {
    return apply(operation, tables);
  } catch (const Error& error) {
    throw Error(unicode_formula(formula) + ": " + error.what());
  } catch (const numbers::Error& error) {
    throw Error(unicode_formula(formula) + ": " + error.what());
  }
}

Term make(Operation operation, const std::vector<Term>& operands, std::string formula, Labels labels,
          bool is_atom) {
  Term result;
  std::vector<Table<Exact>> exact;
  std::vector<Table<double>> machine;
  for (const Term& operand : operands) {
    exact.push_back(operand.exact);
    machine.push_back(operand.machine);
    result.operands.push_back(operand.name);
  }
  result.exact = applied(operation, exact, formula);
  result.machine = applied(operation, machine, formula);
  result.labels = std::move(labels);
  result.formula = std::move(formula);
  result.is_atom = is_atom;
  result.operation = operation;
  return result;
}

Term scalar_term(const Number& number) {
  Term term = literal(Matrix<Exact>::Constant(1, 1, number.value));
  term.name = print(number.value, numbers::Notation::text);
  term.formula = number.formula;
  return term;
}

/// exp(Z), rowmax(Z): a function that is named in the formula.
Term function_of(Operation operation, const Term& a, const std::string& function, Labels labels) {
  return make(operation, {a}, function + "(" + a.formula + ")", std::move(labels), true);
}

}  // namespace

Term literal(const Matrix<Exact>& values) {
  Term term;
  term.exact = Table<Exact>(values);
  term.machine = Table<double>(as_scalars<double>(values));
  return term;
}

Number number(const std::string& name, Index value) {
  return {tex_name(name), Exact(static_cast<long>(value))};
}
Number number(const Exact& value) { return {print_factor(value, numbers::Notation::tex), value}; }
Number sqrt(const Number& number) { return {"\\sqrt{" + number.formula + "}", sqrt(number.value)}; }

Term operator*(const Term& a, const Term& b) {
  return make(Operation::product, {a, b}, inner(a) + " " + inner(b), {a.labels.rows, b.labels.cols}, true);
}

Term operator+(const Term& a, const Term& b) {
  return make(Operation::sum, {a, b}, a.formula + " + " + b.formula, a.labels, false);
}

Term operator-(const Term& a, const Term& b) {
  return make(Operation::difference, {a, b}, a.formula + " - " + inner(b), a.labels, false);
}

Term operator/(const Term& a, const Term& b) {
  return make(Operation::quotient, {a, b}, inner(a) + " / " + inner(b), a.labels, false);
}

Term operator/(const Term& a, const Number& b) { return a / scalar_term(b); }

Term operator*(const Term& a, const Number& b) {
  const Term factor = scalar_term(b);
  return make(Operation::entrywise_product, {a, factor}, inner(a) + " \\cdot " + factor.formula, a.labels,
              true);
}

Term transpose(const Term& a) {
  Term result = make(Operation::transpose, {a}, inner(a) + "^\\top", {a.labels.cols, a.labels.rows}, true);
  if (!a.name.empty()) result.name = a.name + "'";
  return result;
}

Term exp(const Term& a) { return function_of(Operation::exponential, a, "\\exp", a.labels); }

Term sqrt(const Term& a) {
  return make(Operation::square_root, {a}, "\\sqrt{" + a.formula + "}", a.labels, true);
}

Term power(const Number& base, const Term& exponents) {
  const Term factor = scalar_term(base);
  const bool is_atom = factor.formula.find_first_of("\\-") == std::string::npos;
  const std::string below = is_atom ? factor.formula : "\\left(" + factor.formula + "\\right)";
  return make(Operation::power, {factor, exponents}, below + "^{" + exponents.formula + "}", exponents.labels,
              true);
}

Term diagonal(const Term& column) {
  return function_of(Operation::diagonal, column, "\\operatorname{diag}",
                     {column.labels.rows, column.labels.rows});
}

Term entrywise_product(const Term& a, const Term& b) {
  return make(Operation::entrywise_product, {a, b}, inner(a) + " \\odot " + inner(b), a.labels, true);
}

Term head(const Term& a, int h, int H) {
  const auto whole = [](int n) { return scalar_term(number(Exact(n))); };
  Term result = make(Operation::head, {a, whole(h), whole(H)},
                     a.formula + "\\text{, block " + std::to_string(h) + " of " + std::to_string(H) + "}",
                     {a.labels.rows, {}}, false);
  const Index first = (h - 1) * result.cols();
  for (Index j = 0; j < result.cols() && !a.labels.cols.empty(); ++j)
    result.labels.cols.push_back(a.labels.cols[static_cast<std::size_t>(first + j)]);
  return result;
}

Term concatenate(const std::vector<Term>& parts) {
  std::string formulas;
  Labels labels;
  bool all_named = true;
  for (const Term& part : parts) {
    formulas += (formulas.empty() ? "" : ", ") + part.formula;
    all_named = all_named && !part.labels.cols.empty();
    labels.cols.insert(labels.cols.end(), part.labels.cols.begin(), part.labels.cols.end());
  }
  if (!all_named) labels.cols.clear();
  labels.rows = parts.at(0).labels.rows;
  return make(Operation::concatenation, parts, "\\operatorname{concat}(" + formulas + ")", labels, true);
}

Term row_maxima(const Term& a) {
  return function_of(Operation::row_maxima, a, "\\operatorname{rowmax}", {a.labels.rows, {}});
}

Term row_sums(const Term& a) {
  return function_of(Operation::row_sums, a, "\\operatorname{rowsum}", {a.labels.rows, {}});
}

Term hide(const Term& scores, const Term& may_look) {
  const std::string formula = scores.formula + " \\text{ where allowed, else } -\\infty";
  return make(Operation::mask, {scores, may_look}, formula, scores.labels, false);
}

Term weights(const Term& E, const Term& l) {
  return make(Operation::normalise, {E, l}, inner(E) + " / " + inner(l), E.labels, false);
}

template <typename Scalar>
Condition all_equal(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  return Condition(everywhere(a, b, [](const Scalar& x, const Scalar& y) { return equal_entries(x, y); }));
}

template <typename Scalar>
Condition all_at_most(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  return Condition(
      everywhere(a, b, [](const Scalar& x, const Scalar& y) { return negation(less_entries(y, x)); }));
}

template <typename Scalar>
Condition differ_by_more_than(const Exact& bound, const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  const Scalar limit = as_scalar<Scalar>(bound);
  const auto within = [&](const Scalar& x, const Scalar& y) {
    using std::abs;
    return negation(less_entries(limit, Scalar(abs(Scalar(x - y)))));
  };
  return Condition(negation(everywhere(a, b, within)));
}

Condition all_equal(const Matrix<Exact>& a, const Matrix<Exact>& b) { return all_equal<Exact>(a, b); }
Condition all_at_most(const Matrix<Exact>& a, const Matrix<Exact>& b) { return all_at_most<Exact>(a, b); }
Condition differ_by_more_than(const Exact& bound, const Matrix<Exact>& a, const Matrix<Exact>& b) {
  return differ_by_more_than<Exact>(bound, a, b);
}

namespace {

template <typename Scalar>
Scalar greatest_difference(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    throw Error("matrices of different shapes have no largest difference");
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

Exact largest_difference(const Matrix<Exact>& a, const Matrix<Exact>& b) { return greatest_difference(a, b); }
double largest_difference(const Matrix<double>& a, const Matrix<double>& b) {
  return greatest_difference(a, b);
}

Exact entry(const Term& table, const std::string& row, const std::string& col) {
  const auto place = [](const std::vector<std::string>& labels, const std::string& label) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    if (found == labels.end()) throw Error("no row and no column is called " + label);
    return found - labels.begin();
  };
  return table.values()(place(table.labels.rows, row), place(table.labels.cols, col));
}

#define DERIVATION_INSTANTIATE(Scalar)                                          \
  template Condition all_equal(const Matrix<Scalar>&, const Matrix<Scalar>&);   \
  template Condition all_at_most(const Matrix<Scalar>&, const Matrix<Scalar>&); \
  template Condition differ_by_more_than(const Exact&, const Matrix<Scalar>&, const Matrix<Scalar>&);

DERIVATION_INSTANTIATE(double)
DERIVATION_INSTANTIATE(Enclosure)

#undef DERIVATION_INSTANTIATE

}  // namespace derivation
