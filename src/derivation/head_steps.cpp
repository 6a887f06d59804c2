#include "derivation/head_steps.hpp"

#include "derivation/names.hpp"

namespace derivation {

Term HeadSteps::operator()(const std::string& name, const Term& expression) const {
  return (*this)(name, usual_title(name + index_), expression);
}

Term HeadSteps::operator()(const std::string& name, const std::string& title, const Term& expression) const {
  return all_are_details_ || details_.count(name) ? page_->detail(name + index_, title, expression)
                                                  : page_->step(name + index_, title, expression);
}

HeadSteps HeadSteps::in_brief() const {
  HeadSteps brief = *this;
  brief.all_are_details_ = true;
  return brief;
}

HeadSteps HeadSteps::in_brief(const std::set<std::string>& names) const {
  HeadSteps brief = *this;
  brief.details_ = names;
  return brief;
}

Term scaled(const Term& S, Index d_k, const std::optional<Number>& scale) {
  if (scale) return S * *scale;
  return S / sqrt(number("d_k", d_k));
}

namespace {

/// E and l of a softmax.
struct Exponentials {
  Term E, l;
};

Exponentials write_exponentials(const HeadSteps& step, const Term& scores) {
  const Term m = step("m", row_maxima(scores));
  const Term D = step("D", scores - m);
  const Term E = step("E", exp(D));
  const Term l = step("l", row_sums(E));
  return {E, l};
}

}  // namespace

Term write_softmax(const HeadSteps& step, const Term& scores) {
  const auto [E, l] = write_exponentials(step, scores);
  return step("A", weights(E, l));
}

Term write_softmax_in_brief(const HeadSteps& step, const Term& scores, const std::string& title) {
  const auto [E, l] = write_exponentials(step.in_brief(), scores);
  return step("A", title, weights(E, l));
}

Term write_weights(const HeadSteps& step, const Term& Q, const Term& K, const std::optional<Term>& mask,
                   const std::optional<Number>& scale) {
  const Term S = step("S", Q * transpose(K));
  const Term Z = step("Z", scaled(S, K.cols(), scale));
  return write_softmax(step, mask ? step("M", hide(Z, *mask)) : Z);
}

Attended write_attention(const HeadSteps& step, const Term& Q, const Term& K, const Term& V,
                         const std::optional<Term>& mask, const std::optional<Number>& scale) {
  const Term A = write_weights(step, Q, K, mask, scale);
  return {A, step("Y", A * V)};
}

Term write_softmax_backward(const HeadSteps& step, const Term& A, const Term& dA, const std::string& name) {
  const Term G = step("G", "Weights times their gradients", entrywise_product(A, dA));
  const Term r = step("r", "Row sums of G: each row's mean gradient", row_sums(G));
  const Term U = step("U", "Gradients of the weights, less that mean", dA - r);
  return step(name, entrywise_product(A, U));
}

HeadGradients write_head_backward(const HeadSteps& step, const Term& Q, const Term& K, const Term& V,
                                  const Term& A, const Term& dY, const std::optional<Number>& scale) {
  const Term dV = step("dV", transpose(A) * dY);
  const Term dA = step("dA", dY * transpose(V));
  const Term dZ = write_softmax_backward(step, A, dA);
  const Term dS = step("dS", scaled(dZ, K.cols(), scale));
  const Term dQ = step("dQ", dS * K);
  const Term dK = step("dK", transpose(dS) * Q);
  return {dA, dZ, dS, dQ, dK, dV};
}

}  // namespace derivation
