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

template <typename Scalar>
std::string inner(const Term<Scalar>& term) {
  return term.is_atom ? term.formula : "(" + term.formula + ")";
}

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

template <typename Scalar>
Term<Scalar> make(Operation operation, const std::vector<Term<Scalar>>& operands, std::string formula,
                  Labels labels, bool is_atom) {
  Term<Scalar> result;
  std::vector<Table<Scalar>> tables;
  for (const Term<Scalar>& operand : operands) {
    tables.push_back(operand.table);
    result.operands.push_back(operand.name);
  }
  result.table = applied(operation, tables, formula);
  result.labels = std::move(labels);
  result.formula = std::move(formula);
  result.is_atom = is_atom;
  result.operation = operation;
  return result;
}

template <typename Scalar>
Term<Scalar> scalar_term(const Number& number) {
  Term<Scalar> term;
  term.table = Table<Scalar>(1, 1);
  term.table.values(0, 0) = as_scalar<Scalar>(number.value);
  term.name = print(number.value, numbers::Notation::text);
  term.formula = number.formula;
  return term;
}

/// exp(Z), rowmax(Z): a function that is named in the formula.
template <typename Scalar>
Term<Scalar> function_of(Operation operation, const Term<Scalar>& a, const std::string& function,
                         Labels labels) {
  return make<Scalar>(operation, {a}, function + "(" + a.formula + ")", std::move(labels), true);
}

}  // namespace

Number number(const std::string& name, Index value) {
  return {tex_name(name), Exact(static_cast<long>(value))};
}
Number number(const Exact& value) { return {print_factor(value, numbers::Notation::tex), value}; }
Number sqrt(const Number& number) { return {"\\sqrt{" + number.formula + "}", sqrt(number.value)}; }

template <typename Scalar>
Term<Scalar> operator*(const Term<Scalar>& a, const Term<Scalar>& b) {
  return make<Scalar>(Operation::product, {a, b}, inner(a) + " " + inner(b), {a.labels.rows, b.labels.cols},
                      true);
}

template <typename Scalar>
Term<Scalar> operator+(const Term<Scalar>& a, const Term<Scalar>& b) {
  return make<Scalar>(Operation::sum, {a, b}, a.formula + " + " + b.formula, a.labels, false);
}

template <typename Scalar>
Term<Scalar> operator-(const Term<Scalar>& a, const Term<Scalar>& b) {
  return make<Scalar>(Operation::difference, {a, b}, a.formula + " - " + inner(b), a.labels, false);
}

template <typename Scalar>
Term<Scalar> operator/(const Term<Scalar>& a, const Term<Scalar>& b) {
  return make<Scalar>(Operation::quotient, {a, b}, inner(a) + " / " + inner(b), a.labels, false);
}

template <typename Scalar>
Term<Scalar> operator/(const Term<Scalar>& a, const Number& b) {
  return a / scalar_term<Scalar>(b);
}

template <typename Scalar>
Term<Scalar> operator*(const Term<Scalar>& a, const Number& b) {
  const Term<Scalar> factor = scalar_term<Scalar>(b);
  return make<Scalar>(Operation::entrywise_product, {a, factor}, inner(a) + " \\cdot " + factor.formula,
                      a.labels, true);
}

template <typename Scalar>
Term<Scalar> transpose(const Term<Scalar>& a) {
  Term<Scalar> result =
      make<Scalar>(Operation::transpose, {a}, inner(a) + "^\\top", {a.labels.cols, a.labels.rows}, true);
  if (!a.name.empty()) result.name = a.name + "'";
  return result;
}

template <typename Scalar>
Term<Scalar> exp(const Term<Scalar>& a) {
  return function_of(Operation::exponential, a, "\\exp", a.labels);
}

template <typename Scalar>
Term<Scalar> sqrt(const Term<Scalar>& a) {
  return make<Scalar>(Operation::square_root, {a}, "\\sqrt{" + a.formula + "}", a.labels, true);
}

template <typename Scalar>
Term<Scalar> power(const Number& base, const Term<Scalar>& exponents) {
  const Term<Scalar> factor = scalar_term<Scalar>(base);
  const bool is_atom = factor.formula.find_first_of("\\-") == std::string::npos;
  const std::string below = is_atom ? factor.formula : "\\left(" + factor.formula + "\\right)";
  return make<Scalar>(Operation::power, {factor, exponents}, below + "^{" + exponents.formula + "}",
                      exponents.labels, true);
}

template <typename Scalar>
Term<Scalar> diagonal(const Term<Scalar>& column) {
  return function_of(Operation::diagonal, column, "\\operatorname{diag}",
                     {column.labels.rows, column.labels.rows});
}

template <typename Scalar>
Term<Scalar> entrywise_product(const Term<Scalar>& a, const Term<Scalar>& b) {
  return make<Scalar>(Operation::entrywise_product, {a, b}, inner(a) + " \\odot " + inner(b), a.labels, true);
}

template <typename Scalar>
Term<Scalar> head(const Term<Scalar>& a, int h, int H) {
  const auto whole = [](int n) { return scalar_term<Scalar>(number(Exact(n))); };
  Term<Scalar> result =
      make<Scalar>(Operation::head, {a, whole(h), whole(H)},
                   a.formula + "\\text{, block " + std::to_string(h) + " of " + std::to_string(H) + "}",
                   {a.labels.rows, {}}, false);
  const Index first = (h - 1) * result.cols();
  for (Index j = 0; j < result.cols() && !a.labels.cols.empty(); ++j)
    result.labels.cols.push_back(a.labels.cols[static_cast<std::size_t>(first + j)]);
  return result;
}

template <typename Scalar>
Term<Scalar> concatenate(const std::vector<Term<Scalar>>& parts) {
  std::string formulas;
  Labels labels;
  bool all_named = true;
  for (const Term<Scalar>& part : parts) {
    formulas += (formulas.empty() ? "" : ", ") + part.formula;
    all_named = all_named && !part.labels.cols.empty();
    labels.cols.insert(labels.cols.end(), part.labels.cols.begin(), part.labels.cols.end());
  }
  if (!all_named) labels.cols.clear();
  labels.rows = parts.at(0).labels.rows;
  return make<Scalar>(Operation::concatenation, parts, "\\operatorname{concat}(" + formulas + ")", labels,
                      true);
}

template <typename Scalar>
Term<Scalar> row_maxima(const Term<Scalar>& a) {
  return function_of(Operation::row_maxima, a, "\\operatorname{rowmax}", {a.labels.rows, {}});
}

template <typename Scalar>
Term<Scalar> row_sums(const Term<Scalar>& a) {
  return function_of(Operation::row_sums, a, "\\operatorname{rowsum}", {a.labels.rows, {}});
}

template <typename Scalar>
Term<Scalar> hide(const Term<Scalar>& scores, const Term<Scalar>& may_look) {
  const std::string formula = scores.formula + " \\text{ where allowed, else } -\\infty";
  return make<Scalar>(Operation::mask, {scores, may_look}, formula, scores.labels, false);
}

template <typename Scalar>
Term<Scalar> weights(const Term<Scalar>& E, const Term<Scalar>& l) {
  return make<Scalar>(Operation::normalise, {E, l}, inner(E) + " / " + inner(l), E.labels, false);
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

template <typename Scalar>
Scalar largest_difference(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols())
    throw Error("matrices of different shapes have no largest difference");
  return (a - b).cwiseAbs().maxCoeff();
}

#define DERIVATION_INSTANTIATE(Scalar)                                                                \
  template Term<Scalar> operator*(const Term<Scalar>&, const Term<Scalar>&);                          \
  template Term<Scalar> operator+(const Term<Scalar>&, const Term<Scalar>&);                          \
  template Term<Scalar> operator-(const Term<Scalar>&, const Term<Scalar>&);                          \
  template Term<Scalar> operator/(const Term<Scalar>&, const Term<Scalar>&);                          \
  template Term<Scalar> operator/(const Term<Scalar>&, const Number&);                                \
  template Term<Scalar> operator*(const Term<Scalar>&, const Number&);                                \
  template Term<Scalar> transpose(const Term<Scalar>&);                                               \
  template Term<Scalar> exp(const Term<Scalar>&);                                                     \
  template Term<Scalar> sqrt(const Term<Scalar>&);                                                    \
  template Term<Scalar> power(const Number&, const Term<Scalar>&);                                    \
  template Term<Scalar> diagonal(const Term<Scalar>&);                                                \
  template Term<Scalar> entrywise_product(const Term<Scalar>&, const Term<Scalar>&);                  \
  template Term<Scalar> head(const Term<Scalar>&, int, int);                                          \
  template Term<Scalar> concatenate(const std::vector<Term<Scalar>>&);                                \
  template Term<Scalar> row_maxima(const Term<Scalar>&);                                              \
  template Term<Scalar> row_sums(const Term<Scalar>&);                                                \
  template Term<Scalar> hide(const Term<Scalar>&, const Term<Scalar>&);                               \
  template Term<Scalar> weights(const Term<Scalar>&, const Term<Scalar>&);                            \
  template Condition all_equal(const Matrix<Scalar>&, const Matrix<Scalar>&);                         \
  template Condition all_at_most(const Matrix<Scalar>&, const Matrix<Scalar>&);                       \
  template Condition differ_by_more_than(const Exact&, const Matrix<Scalar>&, const Matrix<Scalar>&); \
  template Scalar largest_difference(const Matrix<Scalar>&, const Matrix<Scalar>&);

DERIVATION_INSTANTIATE(double)
DERIVATION_INSTANTIATE(Exact)
DERIVATION_INSTANTIATE(Enclosure)

}  // namespace derivation
