#include "derivation/causality.hpp"

#include "derivation/mechanism.hpp"
#include "numbers/dual.hpp"

namespace derivation {

using numbers::Dual;

template <typename Scalar>
Matrix<Scalar> from_prefixes(const Head<Scalar>& head) {
  Matrix<Scalar> result(head.X.rows(), head.W_V.cols());
  Head<Scalar> prefix = head;
  for (Index i = 0; i < head.X.rows(); ++i) {
    prefix.X = head.X.topRows(i + 1);
    result.row(i) = attention::attention(prefix, attention::no_mask(i + 1, i + 1)).Y.row(i);
  }
  return result;
}

template Matrix<Exact> from_prefixes(const Head<Exact>&);
template Matrix<double> from_prefixes(const Head<double>&);

Matrix<Exact> replaced(const Matrix<Exact>& X, Index t) {
  Matrix<Exact> other = X;
  for (Index k = 0; k < X.cols(); ++k) other(t, k) = Exact(k % 2 == 0 ? 5 + static_cast<int>(k) : -3);
  return other;
}

Mask changed_rows(const Head<Exact>& head, const std::function<Matrix<Exact>(const Head<Exact>&)>& output) {
  const Matrix<Exact> Y = output(head);
  Mask changed(Y.rows(), Y.rows());
  Head<Exact> other = head;
  for (Index t = 0; t < Y.rows(); ++t) {
    other.X = replaced(head.X, t);
    const Matrix<Exact> Y_other = output(other);
    for (Index i = 0; i < Y.rows(); ++i) changed(i, t) = Y_other.row(i) != Y.row(i);
  }
  return changed;
}

Mask dependent_rows(const Head<Exact>& head, const Mask& may_look) {
  const auto constant = [](const Exact& value) { return Dual<Exact>(value); };
  Head<Dual<Exact>> varied = {head.X.unaryExpr(constant), head.W_Q.unaryExpr(constant),
                              head.W_K.unaryExpr(constant), head.W_V.unaryExpr(constant)};
  Mask depends = Mask::Constant(head.X.rows(), head.X.rows(), false);
  for (Index t = 0; t < head.X.rows(); ++t)
    for (Index k = 0; k < head.X.cols(); ++k) {
      varied.X(t, k).derivative = 1;
      const Matrix<Dual<Exact>> Y = attention::attention(varied, may_look).Y;
      for (Index i = 0; i < Y.rows(); ++i)
        for (Index c = 0; c < Y.cols(); ++c)
          if (Y(i, c).derivative != 0) depends(i, t) = true;
      varied.X(t, k).derivative = 0;
    }
  return depends;
}

void prove_causal(Page& page, const HeadGivens& givens, const Term& mask, const Term& Y) {
  const Head<Exact> head = givens.exact();
  const std::vector<std::string> inputs = {givens.X.name, givens.W_Q.name, givens.W_K.name, givens.W_V.name};
  const Mask causal = attention::causal_mask(head.X.rows());

  const Term P = page.computed("P", "Row i from the tokens 0 to i alone, without a mask", "Y",
                               {from_prefixes(head), from_prefixes(givens.machine()), inputs});
  page.fact("each row of Y is what the tokens up to it give alone", P == Y);

  const auto output = [&](const Head<Exact>& other) { return attention::attention(other, causal).Y; };
  const Term changed =
      page.computed("changed", "1 where row i of Y changes when token j is replaced", "",
                    made_of(inputs, zeros_and_ones(changed_rows(head, output))), mask.labels);
  page.fact("a row of Y changes with each token up to it, and with no later one", changed == mask);

  const Term depends =
      page.computed("depends", "1 where row i of Y has a derivative by token j that is not 0", "",
                    made_of(inputs, zeros_and_ones(dependent_rows(head, causal))), mask.labels);
  page.fact("the derivative of a row of Y by every later token is 0, exactly", depends == mask);
}

}  // namespace derivation
