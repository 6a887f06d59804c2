#include <cmath>

#include "attention/backward.hpp"
#include "derivation/names.hpp"
#include "numbers/dual.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 10: the gradients of attention, each pass the answer to one pass forward.

using namespace derivation;
using attention::Mask;
using numbers::Dual;

namespace {

// ---- Forward: what the earlier chapters did. ----

/// The matrices that the backward pass needs again.
struct Forward {
  Term Q, K, V, A;
};

Term softmax(Page& page, const Term& scores) {
  const auto m = page.step("m", "Row maxima", row_maxima(scores));
  const auto D = page.step("D", "Shifted scores", scores - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  return page.step("A", "Weights", weights(E, l));
}

Term scaled_scores(Page& page, const Term& Q, const Term& K) {
  const auto S = page.step("S", "Scores", Q * transpose(K));
  return page.step("Z", "Scaled scores", S / sqrt(number("d_k", K.cols())));
}

/// What a head starts from: the tokens and three weight matrices.
struct Inputs {
  Term X, W_Q, W_K, W_V;
};

/// Queries, keys and values. The weights A are still to come.
Forward<Scalar> project(Page& page, const Inputs<Scalar>& in) {
  const auto Q = page.step("Q", "Queries", in.X * in.W_Q);
  const auto K = page.step("K", "Keys", in.X * in.W_K);
  const auto V = page.step("V", "Values", in.X * in.W_V);
  return {Q, K, V, {}};
}

// ---- Backward: each pass answers one pass forward. ----

/// Forward was A = softmax(Z), so now dZ. Where the scores were not scaled, it is their own gradient, dS.
Term backward_through_softmax(Page& page, const Term& A, const Term& dA, const std::string& name = "dZ") {
  const auto G = page.step("G", "Weights times their gradients", entrywise_product(A, dA));
  const auto r = page.step("r", "Row sums of G: each row's mean gradient", row_sums(G));
  const auto U = page.step("U", "Gradients of the weights, less that mean", dA - r);
  return page.step(name, usual_title(name), entrywise_product(A, U));
}

/// What a head sends back to its projections, and the gradient of its scores.
struct HeadGradients {
  Term dA, dZ, dQ, dK, dV;
};

/// attention_backward(), the code, against the steps on the page.
void hold_against_code(Page& page, const Forward<Scalar>& head, const Term& dY,
                       const HeadGradients<Scalar>& g, const Term& dS) {
  const auto code = attention::attention_backward(head.Q.values(), head.K.values(), head.V.values(),
                                                  head.A.values(), dY.values());
  page.fact("attention_backward(), the code, gives the same dV", g.dV == code.dV);
  page.fact("attention_backward(), the code, gives the same dA", g.dA == code.dA);
  page.fact("attention_backward(), the code, gives the same dZ", g.dZ == code.dZ);
  page.fact("attention_backward(), the code, gives the same dS", dS == code.dS);
  page.fact("attention_backward(), the code, gives the same dQ", g.dQ == code.dQ);
  page.fact("attention_backward(), the code, gives the same dK", g.dK == code.dK);
}

template <typename Scalar>
Matrix<Scalar> zeros(Index rows, Index cols) {
  return Matrix<Scalar>::Constant(rows, cols, Scalar(0));
}

/// From the gradient of A V, dY, back to dQ, dK and dV.
HeadGradients<Scalar> backward_through_head(Page& page, const Forward<Scalar>& head, const Term& dY) {
  const auto dV = page.step("dV", usual_title("dV"), transpose(head.A) * dY);
  const auto dA = page.step("dA", usual_title("dA"), dY * transpose(head.V));
  const auto dZ = backward_through_softmax(page, head.A, dA);
  const auto dS = page.step("dS", usual_title("dS"), dZ / sqrt(number("d_k", head.K.cols())));
  const auto dQ = page.step("dQ", usual_title("dQ"), dS * head.K);
  const auto dK = page.step("dK", usual_title("dK"), transpose(dS) * head.Q);
  const HeadGradients<Scalar> gradients = {dA, dZ, dQ, dK, dV};
  hold_against_code(page, head, dY, gradients, dS);
  page.fact("each row of dZ sums to 0", row_sums(dZ) == zeros<Scalar>(dZ.rows(), 1));
  return gradients;
}

struct InputGradients {
  Term dX, dW_Q, dW_K, dW_V;
};

/// Forward was Q = X W_Q, K = X W_K and V = X W_V, so now their weights' gradients, and that of the tokens.
InputGradients<Scalar> backward_through_projections(Page& page, const Inputs<Scalar>& in,
                                                    const HeadGradients<Scalar>& g) {
  const auto dW_Q = page.step("dW_Q", usual_title("dW_Q"), transpose(in.X) * g.dQ);
  const auto dW_K = page.step("dW_K", usual_title("dW_K"), transpose(in.X) * g.dK);
  const auto dW_V = page.step("dW_V", usual_title("dW_V"), transpose(in.X) * g.dV);
  const auto dX_Q =
      page.step("dX_Q", "Gradient of the tokens, through the queries", g.dQ * transpose(in.W_Q));
  const auto dX_K = page.step("dX_K", "Gradient of the tokens, through the keys", g.dK * transpose(in.W_K));
  const auto dX_V = page.step("dX_V", "Gradient of the tokens, through the values", g.dV * transpose(in.W_V));
  const auto dX_QK = page.step("dX_QK", "The first two of these", dX_Q + dX_K);
  const auto dX = page.step("dX", usual_title("dX"), dX_QK + dX_V);

  const auto code = attention::projection_backward(in.X.values(), in.W_Q.values(), g.dQ.values());
  page.fact("projection_backward(), the code, gives the same dX_Q", dX_Q == code.dX);
  page.fact("projection_backward(), the code, gives the same dW_Q", dW_Q == code.dW);
  return {dX, dW_Q, dW_K, dW_V};
}

// ---- The judge: derivatives by dual numbers, which know nothing of the passes above. ----

template <typename Scalar>
Matrix<Dual<Scalar>> constants(const Matrix<Scalar>& M) {
  return M.unaryExpr([](const Scalar& value) { return Dual<Scalar>(value); });
}

/// L: the sum of the output's entries, each times its entry of dY. So its gradient with respect to Y is dY.
template <typename Scalar>
Dual<Scalar> loss(const Matrix<Dual<Scalar>>& Y, const Matrix<Scalar>& dY) {
  return Y.cwiseProduct(constants(dY)).sum();
}

/// Every entry of dQ, dK and dV against the derivative of the forward pass `output(Q, K, V)`.
template <typename Scalar, typename Output>
void hold_against_duals(Page& page, const Forward<Scalar>& head, const Term& dY,
                        const HeadGradients<Scalar>& g, Output output) {
  using M = Matrix<Dual<Scalar>>;
  const M Q = constants(head.Q.values()), K = constants(head.K.values()), V = constants(head.V.values());
  const auto L = [&](const M& q, const M& k, const M& v) {
    return loss<Scalar>(output(q, k, v), dY.values());
  };
  page.fact("dual numbers give the same dQ",
            g.dQ == numbers::gradient(head.Q.values(), [&](const M& q) { return L(q, K, V); }));
  page.fact("dual numbers give the same dK",
            g.dK == numbers::gradient(head.K.values(), [&](const M& k) { return L(Q, k, V); }));
  page.fact("dual numbers give the same dV",
            g.dV == numbers::gradient(head.V.values(), [&](const M& v) { return L(Q, K, v); }));
}

/// Every entry of dX and of the weights' gradients against the derivative of `output(X, W_Q, W_K, W_V)`.
template <typename Scalar, typename Output>
void hold_inputs_against_duals(Page& page, const Inputs<Scalar>& in, const Term& dY,
                               const InputGradients<Scalar>& g, Output output) {
  using M = Matrix<Dual<Scalar>>;
  const M X = constants(in.X.values()), Q = constants(in.W_Q.values()), K = constants(in.W_K.values()),
          V = constants(in.W_V.values());
  const auto L = [&](const M& x, const M& q, const M& k, const M& v) {
    return loss<Scalar>(output(x, q, k, v), dY.values());
  };
  page.fact("dual numbers give the same dX",
            g.dX == numbers::gradient(in.X.values(), [&](const M& x) { return L(x, Q, K, V); }));
  page.fact("dual numbers give the same dW_Q",
            g.dW_Q == numbers::gradient(in.W_Q.values(), [&](const M& q) { return L(X, q, K, V); }));
  page.fact("dual numbers give the same dW_K",
            g.dW_K == numbers::gradient(in.W_K.values(), [&](const M& k) { return L(X, Q, k, V); }));
  page.fact("dual numbers give the same dW_V",
            g.dW_V == numbers::gradient(in.W_V.values(), [&](const M& v) { return L(X, Q, K, v); }));
}

// ---- The idea. ----

/// One score, a row times a row: the rule for a product, in its smallest case.
void one_score(Page& page) {
  page.example("score", "One query and one key");
  const auto q = page.given("q", "Query", {{"1", "2"}});
  const auto k = page.given("k", "Key", {{"3", "5"}});
  const auto S = page.step("S", "Score", q * transpose(k));
  const auto dS = page.given("dS", "Gradient of the score", {{"4"}});
  const auto dq = page.step("dq", "Gradient of the query", dS * k);
  const auto dk = page.step("dk", "Gradient of the key", transpose(dS) * q);
  page.fact("the score is 13", S == Matrix<Scalar>::Constant(1, 1, Scalar(13)));
  const auto L = [&](const auto& row, const auto& other) {
    return Dual<Scalar>((row * other.transpose())(0, 0)) * Dual<Scalar>(dS.values()(0, 0));
  };
  const auto Q = constants(q.values()), K = constants(k.values());
  page.fact("dual numbers give the same dq",
            dq == numbers::gradient(q.values(), [&](const auto& row) { return L(row, K); }));
  page.fact("dual numbers give the same dk",
            dk == numbers::gradient(k.values(), [&](const auto& row) { return L(Q, row); }));
}

/// One row of weights: the Jacobian written out, and the compact form that gives the same.
void one_row(Page& page) {
  page.example("row", "One row of weights");
  const auto A = page.given("A", "Weights", {{"1/2", "1/4", "1/4"}});
  const auto dA = page.given("dA", "Gradient of the weights", {{"4", "0", "8"}});
  const auto F = page.step("F", "The weights on a diagonal", diagonal(transpose(A)));
  const auto O = page.step("O", "All products of two weights", transpose(A) * A);
  const auto J = page.step("J", "Jacobian of softmax", F - O);
  const auto P = page.step("P", "Gradient of the scaled scores, by the Jacobian", dA * J);
  const auto dZ = backward_through_softmax(page, A, dA);
  page.fact("the compact form gives what the Jacobian gives", dZ == P);
  page.fact("the Jacobian is symmetric", J == transpose(J));
  page.fact("each row of the Jacobian sums to 0",
            row_sums(J) == Matrix<Scalar>::Constant(J.rows(), 1, Scalar(0)));
}

// ---- Four tokens, and a gradient for the last one only. ----

Entries scaled_identity(const std::string& entry) {
  Entries entries(4, std::vector<std::string>(4, "0"));
  for (std::size_t k = 0; k < 4; ++k) entries[k][k] = entry;
  return entries;
}

/// The sentence of chapter 9.
Inputs<Scalar> four_tokens(Page& page) {
  page.tokens({"I", "will", "work", "."});
  return {page.given("X", {{"0.50", "0.30", "-0.20", "0.10"},
                           {"-0.10", "0.40", "0.20", "-0.30"},
                           {"0.20", "-0.10", "0.50", "0.10"},
                           {"0", "0", "0", "0.20"}}),
          page.given("W_Q", scaled_identity("1/2")), page.given("W_K", scaled_identity("1/2")),
          page.given("W_V", scaled_identity("1"))};
}

/// Its forward pass under a causal mask, as chapter 9 derives it.
Forward<Scalar> forward_causally(Page& page, const Inputs<Scalar>& in) {
  auto head = project(page, in);
  const auto Z = scaled_scores(page, head.Q, head.K);
  const auto mask =
      page.given("mask", "Mask: 1 may look",
                 {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  head.A = softmax(page, page.step("M", "Masked scores", hide(Z, mask)));
  page.step("Y", "Output", head.A * head.V);
  return head;
}

template <typename Scalar>
Matrix<Scalar> above_diagonal(const Matrix<Scalar>& M) {
  return M.template triangularView<Eigen::StrictlyUpper>();
}

/// Backward from dY; dQ, dK and dV are held against dual numbers.
InputGradients<Scalar> backward_causally(Page& page, const Inputs<Scalar>& in, const Forward<Scalar>& head,
                                         const Term& dY) {
  const auto g = backward_through_head(page, head, dY);
  page.fact("where the mask hides a score, its gradient is exactly 0",
            all_equal(above_diagonal(g.dZ.values()), zeros<Scalar>(4, 4)));
  hold_against_duals(page, head, dY, g, [](const auto& Q, const auto& K, const auto& V) {
    return attention::attention(Q, K, V, attention::causal_mask(4)).Y;
  });
  return backward_through_projections(page, in, g);
}

void last_token(Page& page) {
  page.example("walk", "Four tokens, and a gradient for the last one");
  const auto in = four_tokens(page);
  const auto head = forward_causally(page, in);
  const auto dY =
      page.given("dY", usual_title("dY"),
                 {{"0", "0", "0", "0"}, {"0", "0", "0", "0"}, {"0", "0", "0", "0"}, {"1", "0", "0", "0"}});
  backward_causally(page, in, head, dY);
}

// ---- Three tokens, output weights, and a gradient for all. ----

Inputs<Scalar> three_tokens(Page& page) {
  return {page.given("X", {{"0", "2"}, {"1", "0"}, {"0", "1"}}),
          page.given("W_Q", {{"1", "1", "0", "1"}, {"1", "0", "1", "0"}}),
          page.given("W_K", {{"0", "0", "1", "1"}, {"1", "1", "0", "1"}}),
          page.given("W_V", {{"3", "3"}, {"0", "3"}})};
}

/// dX and all dW against dual numbers, W_O's own gradient among them.
void hold_strong_against_duals(Page& page, const Inputs<Scalar>& in, const Term& W_O, const Term& dY,
                               const Term& dW_O, const InputGradients<Scalar>& g) {
  using M = Matrix<Dual<Scalar>>;
  const M output_weights = constants(W_O.values());
  const auto C = [](const M& X, const M& W_Q, const M& W_K, const M& W_V) {
    return attention::attention<Dual<Scalar>>(X * W_Q, X * W_K, X * W_V).Y;
  };
  hold_inputs_against_duals(page, in, dY, g, [&](const M& X, const M& W_Q, const M& W_K, const M& W_V) {
    return M(C(X, W_Q, W_K, W_V) * output_weights);
  });
  const M fixed = C(constants(in.X.values()), constants(in.W_Q.values()), constants(in.W_K.values()),
                    constants(in.W_V.values()));
  const auto L = [&](const M& w) { return loss<Scalar>(fixed * w, dY.values()); };
  page.fact("dual numbers give the same dW_O", dW_O == numbers::gradient(W_O.values(), L));
}

/// The published compact form, read as a matrix product: all of dA Aᵀ is subtracted, not its diagonal.
void read_as_a_product(Page& page, const Term& A, const HeadGradients<Scalar>& g) {
  const auto B = page.step("B", "Each row of dA times each row of A", g.dA * transpose(A));
  const auto N = page.step("N", "All of B subtracted", g.dA - B);
  const auto wrong =
      page.step("dZ_read", "The compact form read as a matrix product", entrywise_product(A, N));
  page.fact("the row sums of A ⊙ dA are the diagonal of dA Aᵀ",
            row_sums(entrywise_product(A, g.dA)) == Matrix<Scalar>(B.values().diagonal()));
  page.fact("read as a matrix product, the form moves an entry of dZ by more than 1",
            differ_by_more_than(Exact(1), wrong.values(), g.dZ.values()));
  page.fact("and its rows no longer sum to 0: one sum is further from it than 1",
            differ_by_more_than(Exact(1), row_sums(wrong).values(), zeros<Scalar>(3, 1)));
}

// ---- Finite differences: computed exactly in both runs, since truncation is no rounding. ----

/// The entry of Q that is moved.
constexpr Index moved_row = 1, moved_col = 0;

Exact exactly(const Exact& value) { return value; }
Exact exactly(double value) { return numbers::exactly(value); }

Matrix<Exact> exact_values(const Term& M) {
  return M.values().unaryExpr([](const Scalar& value) { return exactly(value); });
}

struct Differences {
  Matrix<Exact> Q, K, V, dY;
  Exact slope;  ///< the derivative of L by the moved entry

  /// The part of L that depends on the moved entry: that of its row of Y.
  Exact L(const Exact& step) const {
    Matrix<Exact> q = Q.row(moved_row);
    q(0, moved_col) += step;
    return attention::attention(q, K, V).Y.row(0).cwiseProduct(dY.row(moved_row)).sum();
  }
  Exact one_sided_error(const Exact& h) const { return abs((L(h) - L(0)) / h - slope); }
  Exact central_error(const Exact& h) const { return abs((L(h) - L(-h)) / (h + h) - slope); }
  Exact whole_L() const { return attention::attention(Q, K, V).Y.cwiseProduct(dY).sum(); }
};

/// From the gradient that the page found; the run with doubles, whose page has it rounded, finds it exactly.
Differences differences(const Forward<Scalar>& head, const Term& dY, const Term& dQ) {
  Differences d{exact_values(head.Q), exact_values(head.K), exact_values(head.V), exact_values(dY), 0};
  if constexpr (std::is_same_v<Scalar, Exact>)
    d.slope = dQ.values()(moved_row, moved_col);
  else
    d.slope = attention::attention_backward(d.Q, d.K, d.V, attention::attention(d.Q, d.K, d.V).A, d.dY)
                  .dQ(moved_row, moved_col);
  return d;
}

/// The steps h = 10^-1 … 10^-10, and what a difference quotient over each of them loses: the doubles nearest
/// to the exact errors, which are the same on every machine.
struct Losses {
  std::vector<int> exponent;
  std::vector<double> one_sided, central, storing;
};

Losses losses(const Differences& d) {
  const double unit = 0x1p-53 * std::abs(to_double(d.whole_L()));
  Losses loss;
  for (int exponent = -1; exponent >= -10; --exponent) {
    const Exact h = pow(Exact(10), exponent);
    loss.exponent.push_back(exponent);
    loss.one_sided.push_back(to_double(d.one_sided_error(h)));
    loss.central.push_back(to_double(d.central_error(h)));
    loss.storing.push_back(unit / to_double(h));
  }
  return loss;
}

/// log10 to two decimals: far coarser than the difference of two machines' log10.
Matrix<Exact> rounded_log10(const std::vector<double>& values) {
  Matrix<Exact> column(static_cast<Index>(values.size()), 1);
  for (std::size_t k = 0; k < values.size(); ++k)
    column(static_cast<Index>(k), 0) = Exact(std::lround(100 * std::log10(values[k]))) / Exact(100);
  return column;
}

/// Whether every error is the one before it divided by `least` to `most`.
Condition falls_by(const std::vector<double>& errors, double least, double most) {
  const Index rest = static_cast<Index>(errors.size()) - 1;
  const Eigen::Map<const attention::Vector<double>> all(errors.data(), rest + 1);
  Matrix<double> low(2 * rest, 1), high(2 * rest, 1);
  low << all.tail(rest) * least, all.head(rest);
  high << all.head(rest), all.tail(rest) * most;
  return all_at_most(low, high);
}

void finite_differences(Page& page, const Differences& d) {
  const Losses loss = losses(d);
  Matrix<Exact> powers(10, 3), exponents(10, 1);
  powers << rounded_log10(loss.one_sided), rounded_log10(loss.central), rounded_log10(loss.storing);
  Labels labels{{}, {"one-sided", "central", "storing $L$"}};
  for (Index k = 0; k < powers.rows(); ++k) {
    const int exponent = loss.exponent[static_cast<std::size_t>(k)];
    exponents(k, 0) = exponent;
    labels.rows.push_back("$h = 10^{" + std::to_string(exponent) + "}$");
  }
  page.computed("t", "The power of ten of the error of a difference quotient", "", {"Q", "K", "V", "dC"},
                as_scalars<Scalar>(powers), labels);
  const auto column = [&](const std::string& name, const std::string& title, const Matrix<Exact>& values) {
    page.computed(name, title, "\\log_{10}", {"t"}, as_scalars<Scalar>(values), {});
    page.mark_detail();
  };
  column("h", "Power of ten of the step h", exponents);
  column("t_1", "Truncation of the one-sided quotient", powers.col(0));
  column("t_2", "Truncation of the central quotient", powers.col(1));
  column("t_u", "What storing L in a double can cost", powers.col(2));
  page.fact("a tenth of the step divides the error of the one-sided quotient by 9 to 11",
            falls_by(loss.one_sided, 9, 11));
  page.fact("a tenth of the step divides the error of the central quotient by 99 to 101",
            falls_by(loss.central, 99, 101));
  page.figure(
      {"differences",
       Figure::Kind::lines,
       "Error of a difference quotient against its step, both as powers of ten: the truncation of the "
       "one-sided quotient falls with slope one, that of the central quotient with slope two, and the "
       "rounding of a double rises with slope one as the step gets smaller",
       "step h, as a power of ten",
       "error, as a power of ten",
       {{"truncation, one-sided", "h", "t_1"},
        {"truncation, central", "h", "t_2"},
        {"storing L in a double: u |L| / h", "h", "t_u"}}});
}

void all_tokens(Page& page) {
  page.example("strong", "Three tokens, output weights, and a gradient for all");
  const auto in = three_tokens(page);
  const auto W_O = page.given("W_O", {{"1", "3"}, {"2", "1"}});
  auto head = project(page, in);
  head.A = softmax(page, scaled_scores(page, head.Q, head.K));
  const auto C = page.step("C", usual_title("C"), head.A * head.V);
  page.step("Y", usual_title("Y"), C * W_O);

  const auto dY = page.given("dY", {{"1", "-1"}, {"2", "0"}, {"-1", "3"}});
  const auto dC = page.step("dC", usual_title("dC"), dY * transpose(W_O));
  const auto dW_O = page.step("dW_O", usual_title("dW_O"), transpose(C) * dY);
  const auto g = backward_through_head(page, head, dC);
  hold_against_duals(page, head, dC, g, [](const auto& Q, const auto& K, const auto& V) {
    return attention::attention(Q, K, V).Y;
  });
  const auto inputs = backward_through_projections(page, in, g);
  hold_strong_against_duals(page, in, W_O, dY, dW_O, inputs);
  read_as_a_product(page, head.A, g);
  finite_differences(page, differences(head, dC, g.dQ));
}

// ---- The scale: forgotten on both sides, and on one. ----

void unscaled(Page& page) {
  page.example("unscaled", "The same three tokens, with scores that are not scaled");
  const auto Q = page.given("Q", {{"2", "0", "2", "0"}, {"1", "1", "0", "1"}, {"1", "0", "1", "0"}});
  const auto K = page.given("K", {{"2", "2", "0", "2"}, {"0", "0", "1", "1"}, {"1", "1", "0", "1"}});
  const auto V = page.given("V", {{"0", "6"}, {"3", "3"}, {"0", "3"}});
  const auto A = softmax(page, page.step("S", "Scores", Q * transpose(K)));
  page.step("Y", usual_title("Y"), A * V);
  const auto dY = page.given("dY", {{"-2", "1"}, {"2", "4"}, {"8", "1"}});
  const auto dV = page.step("dV", usual_title("dV"), transpose(A) * dY);
  const auto dA = page.step("dA", usual_title("dA"), dY * transpose(V));
  const auto dS = backward_through_softmax(page, A, dA, "dS");
  const auto dQ = page.step("dQ", usual_title("dQ"), dS * K);
  const auto dK = page.step("dK", usual_title("dK"), transpose(dS) * Q);
  using M = Matrix<Dual<Scalar>>;
  hold_against_duals<Scalar>(page, {Q, K, V, A}, dY, {dA, dS, dQ, dK, dV},
                             [](const M& q, const M& k, const M& v) {
                               return M(attention::softmax_rows<Dual<Scalar>>(q * k.transpose()) * v);
                             });

  const auto half =
      page.step("dS_mixed", "The scale put in on the way back only", dS / sqrt(number("d_k", K.cols())));
  const auto dQ_mixed = page.step("dQ_mixed", "What becomes of the queries' gradient", half * K);
  const auto dK_mixed = page.step("dK_mixed", "What becomes of the keys' gradient", transpose(half) * Q);
  page.fact("with the scale on the way back only, dQ is exactly half of what it should be",
            dQ_mixed + dQ_mixed == dQ);
  page.fact("and so is dK", dK_mixed + dK_mixed == dK);
  page.fact("that moves an entry of dQ by more than 1",
            differ_by_more_than(Exact(1), dQ_mixed.values(), dQ.values()));
  page.fact("and one of dK by more than 1", differ_by_more_than(Exact(1), dK_mixed.values(), dK.values()));
}

// ---- The exercises. ----

Forward<Scalar> forward(Page& page, const Term& Q, const Term& K, const Term& V) {
  const auto A = softmax(page, scaled_scores(page, Q, K));
  page.step("Y", usual_title("Y"), A * V);
  return {Q, K, V, A};
}

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: two equal scores");
  page.details();
  const auto q = page.given("Q", {{"2", "0", "1", "1"}});
  const auto k = page.given("K", {{"1", "1", "0", "0"}, {"0", "5", "1", "1"}});
  const auto v = page.given("V", {{"4", "0"}, {"0", "2"}});
  const auto one = forward(page, q, k, v);
  backward_through_head(page, one, page.given("dY", {{"1", "3"}}));

  page.example("ex2", "Exercise 2: backward from chapter 6");
  page.details();
  const auto Q = page.given("Q", {{"1", "1", "0", "1"}, {"1", "1", "2", "0"}});
  const auto K = page.given("K", {{"1", "1", "0", "0"}, {"0", "0", "2", "0"}});
  const auto V = page.given("V", {{"3"}, {"1"}});
  const auto two = forward(page, Q, K, V);
  backward_through_head(page, two, page.given("dY", {{"1"}, {"2"}}));
}

/// Column sums of the gradients, and what they mean.
void sums(Page& page) {
  page.example("ex3", "Exercise 3: sums that are known beforehand");
  page.details();
  const auto Q = page.given("Q", {{"2", "0", "2", "0"}, {"1", "1", "0", "1"}, {"1", "0", "1", "0"}});
  const auto K = page.given("K", {{"2", "2", "0", "2"}, {"0", "0", "1", "1"}, {"1", "1", "0", "1"}});
  const auto V = page.given("V", {{"0", "6"}, {"3", "3"}, {"0", "3"}});
  const auto head = forward(page, Q, K, V);
  const auto dY = page.given("dY", {{"-2", "1"}, {"2", "4"}, {"8", "1"}});
  const auto g = backward_through_head(page, head, dY);
  const auto one = page.given("one", "A row of ones", {{"1", "1", "1"}});
  const auto y = page.step("s_Y", "Sum of the rows of dY", one * dY);
  const auto v = page.step("s_V", "Sum of the rows of dV", one * g.dV);
  const auto k = page.step("s_K", "Sum of the rows of dK", one * g.dK);
  page.fact("the rows of dV sum to those of dY", v == y);
  page.fact("the rows of dK sum to 0", k == zeros<Scalar>(1, 4));

  const auto moved = page.given("K_c", "Keys, each moved by (1, -2, 0, 3)",
                                {{"3", "0", "0", "5"}, {"1", "-2", "1", "4"}, {"2", "-1", "0", "4"}});
  page.fact("the moved keys give the same weights",
            head.A == attention::attention(Q.values(), moved.values(), V.values()).A);
}

const auto derivations = [](Page& page) {
  one_score(page);
  one_row(page);
  last_token(page);
  all_tokens(page);
  unscaled(page);
  exercises(page);
  sums(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "10-backward", derivations); }
