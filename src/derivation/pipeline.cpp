#include "derivation/pipeline.hpp"

#include <map>

#include "derivation/names.hpp"

namespace derivation {
namespace {

template <typename Scalar>
using Terms = std::map<std::string, Term<Scalar>>;

template <typename Scalar>
Terms<Scalar> write_givens(Page<Scalar>& page, const HeadInputs& inputs) {
  Terms<Scalar> terms;
  for (const HeadInputs::Given& given : inputs.givens)
    terms[given.name] = page.given(given.name, usual_title(given.name), given.values);
  return terms;
}

/// Q (or K, or V): given itself, or the tokens times its weights.
template <typename Scalar>
Term<Scalar> projected(Page<Scalar>& page, const Terms<Scalar>& terms, const std::string& name) {
  const std::string weights = "W_" + name;
  const auto given = terms.find(name);
  if (given != terms.end()) return given->second;
  if (!terms.count("X") || !terms.count(weights))
    throw Error(name + " is missing: give " + name + " itself, or X and " + weights);
  return page.step(name, usual_title(name), terms.at("X") * terms.at(weights));
}

template <typename Scalar>
Term<Scalar> scaled(const Term<Scalar>& S, const HeadInputs& inputs, Index key_size) {
  if (inputs.scale) return S * *inputs.scale;
  return S / sqrt(number("d_k", key_size));
}

/// The steps of one head are named Q, S, Y where it is the only one, and Q_2, S_2, Y_2 where it is the second
/// of many.
template <typename Scalar>
class HeadSteps {
 public:
  HeadSteps(Page<Scalar>& page, const std::string& index) : page_(page), index_(index) {}
  Term<Scalar> operator()(const std::string& name, const Term<Scalar>& expression) const {
    return page_.step(name + index_, usual_title(name + index_), expression);
  }

 private:
  Page<Scalar>& page_;
  std::string index_;
};

/// The weights of one head.
template <typename Scalar>
Term<Scalar> attention_weights(const HeadSteps<Scalar>& step, const HeadInputs& inputs,
                               const std::optional<Term<Scalar>>& may_look, const Term<Scalar>& Q,
                               const Term<Scalar>& K) {
  const auto S = step("S", Q * transpose(K));
  auto scores = step("Z", scaled(S, inputs, K.cols()));
  if (may_look) scores = step("M", hide(scores, *may_look));
  const auto m = step("m", row_maxima(scores));
  const auto D = step("D", scores - m);
  const auto E = step("E", exp(D));
  const auto l = step("l", row_sums(E));
  return step("A", weights(E, l));
}

/// Each head's output A_h V_h, from its block of the columns of Q, K and V.
template <typename Scalar>
std::vector<Term<Scalar>> outputs_of_heads(Page<Scalar>& page, const HeadInputs& inputs,
                                           const std::optional<Term<Scalar>>& may_look, const Term<Scalar>& Q,
                                           const Term<Scalar>& K, const Term<Scalar>& V) {
  std::vector<Term<Scalar>> outputs;
  for (int h = 1; h <= inputs.heads; ++h) {
    const HeadSteps<Scalar> step(page, "_" + std::to_string(h));
    const auto Q_h = step("Q", head(Q, h, inputs.heads));
    const auto K_h = step("K", head(K, h, inputs.heads));
    const auto V_h = step("V", head(V, h, inputs.heads));
    outputs.push_back(step("Y", attention_weights(step, inputs, may_look, Q_h, K_h) * V_h));
  }
  return outputs;
}

/// Y = C W_O where W_O is given; without it Y is what C would be.
template <typename Scalar>
void write_output(Page<Scalar>& page, const Terms<Scalar>& terms, const std::string& title,
                  const Term<Scalar>& weighted_values) {
  const auto W_O = terms.find("W_O");
  if (W_O == terms.end()) {
    page.step("Y", usual_title("Y"), weighted_values);
    return;
  }
  const auto C = page.step("C", title, weighted_values);
  page.step("Y", usual_title("Y"), C * W_O->second);
}

}  // namespace

const Matrix<Exact>* HeadInputs::find(const std::string& wanted) const {
  for (const Given& given : givens)
    if (given.name == wanted) return &given.values;
  return nullptr;
}

template <typename Scalar>
void derive_head(Page<Scalar>& page, const HeadInputs& inputs) {
  page.example(inputs.name, inputs.title);
  page.tokens(inputs.tokens);
  const Terms<Scalar> terms = write_givens(page, inputs);
  const auto Q = projected(page, terms, "Q");
  const auto K = projected(page, terms, "K");
  const auto V = projected(page, terms, "V");
  std::optional<Term<Scalar>> may_look;
  if (inputs.mask) may_look = page.given("mask", usual_title("mask"), *inputs.mask);
  if (inputs.heads > 1) {
    const auto outputs = outputs_of_heads(page, inputs, may_look, Q, K, V);
    write_output(page, terms, "The heads side by side", concatenate(outputs));
  } else {
    const auto A = attention_weights(HeadSteps<Scalar>(page, ""), inputs, may_look, Q, K);
    write_output(page, terms, usual_title("C"), A * V);
  }
}

Derivation derive_heads(const std::string& chapter, const std::string& title,
                        const std::vector<HeadInputs>& examples, int digits) {
  return derive(chapter, title, digits, [&](auto& page) {
    for (const HeadInputs& inputs : examples) derive_head(page, inputs);
  });
}

template void derive_head(Page<Exact>&, const HeadInputs&);
template void derive_head(Page<double>&, const HeadInputs&);

}  // namespace derivation
