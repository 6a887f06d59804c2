#include "attention/backward.hpp"
#include "derivation/dual_gradients.hpp"
#include "derivation/finite_differences.hpp"
#include "derivation/head_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 10: the gradients of attention, each pass the answer to one pass forward.

using namespace derivation;
using Dual = numbers::Dual<Exact>;

namespace {

// ---- The idea: one score, and one row of weights. ----

/// One score, a row times a row: the rule for a product, in its smallest case.
void one_score(Page& page) {
  page.example("score", "One query and one key");
  const Term q = page.given("q", "Query", {{"1", "2"}});
  const Term k = page.given("k", "Key", {{"3", "5"}});
  const Term S = page.step("S", "Score", q * transpose(k));
  const Term dS = page.given("dS", "Gradient of the score", {{"4"}});
  const Term dq = page.step("dq", "Gradient of the query", dS * k);
  const Term dk = page.step("dk", "Gradient of the key", transpose(dS) * q);
  page.fact("the score is 13", S == constant(1, 1, 13));
  hold_against_duals(page, dS, {{q, dq}, {k, dk}},
                     [](const auto& input) -> DualMatrix { return input[0] * input[1].transpose(); });
}

/// One row of weights: the Jacobian written out, and the compact form that gives the same.
void one_row(Page& page) {
  page.example("row", "One row of weights");
  const Term A = page.given("A", {{"1/2", "1/4", "1/4"}});
  const Term dA = page.given("dA", {{"4", "0", "8"}});
  const Term F = page.step("F", "The weights on a diagonal", diagonal(transpose(A)));
  const Term O = page.step("O", "All products of two weights", transpose(A) * A);
  const Term J = page.step("J", "Jacobian of softmax", F - O);
  const Term P = page.step("P", "Gradient of the scaled scores, by the Jacobian", dA * J);
  const Term dZ = write_softmax_backward(page, A, dA);
  page.fact("the compact form gives what the Jacobian gives", dZ == P);
  page.fact("the Jacobian is symmetric", J == transpose(J));
  page.fact("each row of the Jacobian sums to 0", row_sums(J) == constant(J.rows(), 1, 0));
}

// ---- Four tokens, and a gradient for the last one only. ----

/// What a layer starts from, and what its way back needs again of the way forward.
struct Inputs {
  Term X, W_Q, W_K, W_V;
};
struct Head {
  Term Q, K, V, A;
};

/// Queries, keys and values. The weights A are still to come.
Head project(Page& page, const Inputs& in) {
  return {page.step("Q", in.X * in.W_Q), page.step("K", in.X * in.W_K), page.step("V", in.X * in.W_V), {}};
}

/// The sentence of chapter 9.
Inputs four_tokens(Page& page) {
  const auto identity_times = [](const std::string& x) -> Entries {
    return {{x, "0", "0", "0"}, {"0", x, "0", "0"}, {"0", "0", x, "0"}, {"0", "0", "0", x}};
  };
  page.tokens({"I", "will", "work", "."});
  return {page.given("X", {{"0.50", "0.30", "-0.20", "0.10"},
                           {"-0.10", "0.40", "0.20", "-0.30"},
                           {"0.20", "-0.10", "0.50", "0.10"},
                           {"0", "0", "0", "0.20"}}),
          page.given("W_Q", identity_times("1/2")), page.given("W_K", identity_times("1/2")),
          page.given("W_V", identity_times("1"))};
}

/// Its way forward under a causal mask, as chapter 9 derives it.
Head forward_causally(Page& page, const Inputs& in) {
  Head head = project(page, in);
  const Term S = page.step("S", head.Q * transpose(head.K));
  const Term Z = page.step("Z", scaled(S, head.K.cols()));
  const Term mask = page.given(
      "mask", {{"1", "0", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
  head.A = write_softmax(page, page.step("M", hide(Z, mask)));
  page.step("Y", head.A * head.V);
  return head;
}

/// What a function of attention/backward.hpp gives against the steps on the page.
void hold_against_code(Page& page, const std::string& function,
                       const std::vector<std::pair<Term, Matrix<Exact>>>& results) {
  for (const auto& [step, result] : results)
    page.fact(function + ", the code, gives the same " + step.name, step == result);
}

/// Passes 1 to 4: forward was Y = A V, A = softmax(Z), Z = S / √d_k and S = Q Kᵀ.
HeadGradients backward_through_head(Page& page, const Head& head, const Term& dY) {
  const HeadGradients g = write_head_backward(page, head.Q, head.K, head.V, head.A, dY);
  const auto code = attention::attention_backward(head.Q.values(), head.K.values(), head.V.values(),
                                                  head.A.values(), dY.values());
  hold_against_code(
      page, "attention_backward()",
      {{g.dV, code.dV}, {g.dA, code.dA}, {g.dZ, code.dZ}, {g.dS, code.dS}, {g.dQ, code.dQ}, {g.dK, code.dK}});
  page.fact("each row of dZ sums to 0", row_sums(g.dZ) == constant(g.dZ.rows(), 1, 0));
  return g;
}

/// Pass 5: forward was Q = X W_Q, K = X W_K and V = X W_V. X moves L in three ways, and they add up.
std::vector<InputGradient> backward_through_projections(Page& page, const Inputs& in,
                                                        const HeadGradients& g) {
  const auto [dX, dW, dX_through] =
      write_projections_backward(page, in.X, {{"Q", in.W_Q, g.dQ}, {"K", in.W_K, g.dK}, {"V", in.W_V, g.dV}});
  const auto code = attention::projection_backward(in.X.values(), in.W_Q.values(), g.dQ.values());
  hold_against_code(page, "projection_backward()", {{dX_through[0], code.dX}, {dW[0], code.dW}});
  return {{in.X, dX}, {in.W_Q, dW[0]}, {in.W_K, dW[1]}, {in.W_V, dW[2]}};
}

std::vector<InputGradient> backward_causally(Page& page, const Inputs& in, const Head& head, const Term& dY) {
  const HeadGradients g = backward_through_head(page, head, dY);
  const Matrix<Exact> hidden = g.dZ.values().triangularView<Eigen::StrictlyUpper>();
  page.fact("where the mask hides a score, its gradient is exactly 0", all_equal(hidden, constant(4, 4, 0)));
  hold_against_duals(page, dY, {{head.Q, g.dQ}, {head.K, g.dK}, {head.V, g.dV}},
                     [](const auto& input) -> DualMatrix {
                       return attention::attention(input[0], input[1], input[2], attention::causal_mask(4)).Y;
                     });
  return backward_through_projections(page, in, g);
}

void last_token(Page& page) {
  page.example("walk", "Four tokens, and a gradient for the last one");
  const Inputs in = four_tokens(page);
  const Head head = forward_causally(page, in);
  const Term dY = page.given(
      "dY", {{"0", "0", "0", "0"}, {"0", "0", "0", "0"}, {"0", "0", "0", "0"}, {"1", "0", "0", "0"}});
  backward_causally(page, in, head, dY);
}

// ---- Three tokens, output weights, and a gradient for all. ----

/// The published compact form, read as a matrix product: all of dA Aᵀ is subtracted, not its diagonal.
void read_as_a_product(Page& page, const Term& A, const HeadGradients& g) {
  const Term B = page.step("B", "Each row of dA times each row of A", g.dA * transpose(A));
  const Term N = page.step("N", "All of B subtracted", g.dA - B);
  const Term wrong =
      page.step("dZ_read", "The compact form read as a matrix product", entrywise_product(A, N));
  page.fact("the row sums of A ⊙ dA are the diagonal of dA Aᵀ",
            row_sums(entrywise_product(A, g.dA)) == Matrix<Exact>(B.values().diagonal()));
  page.fact("read as a matrix product, the form moves an entry of dZ by more than 1",
            differ_by_more_than(1, wrong.values(), g.dZ.values()));
  page.fact("and its rows no longer sum to 0: one sum is further from it than 1",
            differ_by_more_than(1, row_sums(wrong).values(), constant(3, 1, 0)));
}

/// The entry of Q that is moved, and L along it. Only the entry's own row of the output depends on it.
constexpr Index moved_row = 1, moved_col = 0;

MovedInput moved_query(const Head& head, const Term& dY, const Term& dQ) {
  const auto L = [=](const Exact& step) -> Exact {
    Matrix<Exact> q = head.Q.values().row(moved_row);
    q(0, moved_col) += step;
    const Matrix<Exact> y = attention::attention(q, head.K.values(), head.V.values()).Y;
    return y.cwiseProduct(dY.values().row(moved_row)).sum();
  };
  const Term Y = head.A * head.V;
  return {L, dQ.values()(moved_row, moved_col), Y.values().cwiseProduct(dY.values()).sum()};
}

void all_tokens(Page& page) {
  page.example("strong", "Three tokens, output weights, and a gradient for all");
  const Inputs in = {page.given("X", {{"0", "2"}, {"1", "0"}, {"0", "1"}}),
                     page.given("W_Q", {{"1", "1", "0", "1"}, {"1", "0", "1", "0"}}),
                     page.given("W_K", {{"0", "0", "1", "1"}, {"1", "1", "0", "1"}}),
                     page.given("W_V", {{"3", "3"}, {"0", "3"}})};
  const Term W_O = page.given("W_O", {{"1", "3"}, {"2", "1"}});
  Head head = project(page, in);
  head.A = write_weights(page, head.Q, head.K);
  const Term C = page.step("C", head.A * head.V);
  page.step("Y", C * W_O);

  const Term dY = page.given("dY", {{"1", "-1"}, {"2", "0"}, {"-1", "3"}});
  const Term dC = page.step("dC", dY * transpose(W_O));
  const Term dW_O = page.step("dW_O", transpose(C) * dY);
  const HeadGradients g = backward_through_head(page, head, dC);
  hold_against_duals(
      page, dC, {{head.Q, g.dQ}, {head.K, g.dK}, {head.V, g.dV}},
      [](const auto& input) -> DualMatrix { return attention::attention(input[0], input[1], input[2]).Y; });
  std::vector<InputGradient> gradients = backward_through_projections(page, in, g);
  gradients.push_back({W_O, dW_O});
  hold_against_duals(page, dY, gradients, [](const auto& input) -> DualMatrix {
    return attention::attention<Dual>(input[0] * input[1], input[0] * input[2], input[0] * input[3]).Y *
           input[4];
  });
  read_as_a_product(page, head.A, g);
  write_finite_differences(page, moved_query(head, dC, g.dQ), {"Q", "K", "V", "dC"});
}

// ---- The scale: forgotten on both sides, and on one. ----

/// Queries, keys and values of the three tokens, and the gradient of their output.
const Entries three_Q = {{"2", "0", "2", "0"}, {"1", "1", "0", "1"}, {"1", "0", "1", "0"}};
const Entries three_K = {{"2", "2", "0", "2"}, {"0", "0", "1", "1"}, {"1", "1", "0", "1"}};
const Entries three_V = {{"0", "6"}, {"3", "3"}, {"0", "3"}};
const Entries three_dY = {{"-2", "1"}, {"2", "4"}, {"8", "1"}};

void unscaled(Page& page) {
  page.example("unscaled", "The same three tokens, with scores that are not scaled");
  const Term Q = page.given("Q", three_Q), K = page.given("K", three_K), V = page.given("V", three_V);
  const Term A = write_softmax(page, page.step("S", Q * transpose(K)));
  page.step("Y", A * V);
  const Term dY = page.given("dY", three_dY);
  const Term dV = page.step("dV", transpose(A) * dY);
  const Term dA = page.step("dA", dY * transpose(V));
  const Term dS = write_softmax_backward(page, A, dA, "dS");
  const Term dQ = page.step("dQ", dS * K);
  const Term dK = page.step("dK", transpose(dS) * Q);
  hold_against_duals(page, dY, {{Q, dQ}, {K, dK}, {V, dV}}, [](const auto& input) -> DualMatrix {
    return attention::softmax_rows<Dual>(input[0] * input[1].transpose()) * input[2];
  });

  const Term half = page.step("dS_mixed", "The scale put in on the way back only", scaled(dS, K.cols()));
  const Term dQ_mixed = page.step("dQ_mixed", "What becomes of the queries' gradient", half * K);
  const Term dK_mixed = page.step("dK_mixed", "What becomes of the keys' gradient", transpose(half) * Q);
  page.fact("with the scale on the way back only, dQ is exactly half of what it should be",
            dQ_mixed + dQ_mixed == dQ);
  page.fact("and so is dK", dK_mixed + dK_mixed == dK);
  page.fact("that moves an entry of dQ by more than 1",
            differ_by_more_than(1, dQ_mixed.values(), dQ.values()));
  page.fact("and one of dK by more than 1", differ_by_more_than(1, dK_mixed.values(), dK.values()));
}

// ---- The exercises. ----

/// A head there and back.
struct Trip {
  Head head;
  Term dY;
  HeadGradients gradients;
};

Trip there_and_back(Page& page, const Entries& Q, const Entries& K, const Entries& V, const Entries& dY) {
  Trip trip;
  trip.head = {page.given("Q", Q), page.given("K", K), page.given("V", V), {}};
  trip.head.A = write_attention(page, trip.head.Q, trip.head.K, trip.head.V).A;
  trip.dY = page.given("dY", dY);
  trip.gradients = backward_through_head(page, trip.head, trip.dY);
  return trip;
}

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: two equal scores");
  page.details();
  there_and_back(page, {{"2", "0", "1", "1"}}, {{"1", "1", "0", "0"}, {"0", "5", "1", "1"}},
                 {{"4", "0"}, {"0", "2"}}, {{"1", "3"}});

  page.example("ex2", "Exercise 2: backward from chapter 6");
  page.details();
  there_and_back(page, {{"1", "1", "0", "1"}, {"1", "1", "2", "0"}},
                 {{"1", "1", "0", "0"}, {"0", "0", "2", "0"}}, {{"3"}, {"1"}}, {{"1"}, {"2"}});
}

/// Column sums of the gradients, and what they mean.
void sums(Page& page) {
  page.example("ex3", "Exercise 3: sums that are known beforehand");
  page.details();
  const auto [head, dY, g] = there_and_back(page, three_Q, three_K, three_V, three_dY);
  const Term one = page.given("one", "A row of ones", {{"1", "1", "1"}});
  const Term y = page.step("s_Y", "Sum of the rows of dY", one * dY);
  const Term v = page.step("s_V", "Sum of the rows of dV", one * g.dV);
  const Term k = page.step("s_K", "Sum of the rows of dK", one * g.dK);
  page.fact("the rows of dV sum to those of dY", v == y);
  page.fact("the rows of dK sum to 0", k == constant(1, 4, 0));

  const Term moved = page.given("K_c", "Keys, each moved by (1, -2, 0, 3)",
                                {{"3", "0", "0", "5"}, {"1", "-2", "1", "4"}, {"2", "-1", "0", "4"}});
  page.fact("the moved keys give the same weights",
            head.A == attention::attention(head.Q.values(), moved.values(), head.V.values()).A);
}

void derivations(Page& page) {
  one_score(page);
  one_row(page);
  last_token(page);
  all_tokens(page);
  unscaled(page);
  exercises(page);
  sums(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "10-backward", derivations); }
