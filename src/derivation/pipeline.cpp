#include "derivation/pipeline.hpp"

#include "derivation/names.hpp"
#include "derivation/pipeline_backward.hpp"

namespace derivation {
namespace {

Terms write_givens(Page& page, const HeadInputs& inputs) {
  Terms terms;
  for (const HeadInputs::Given& given : inputs.givens)
    terms[given.name] = page.given(given.name, usual_title(given.name), given.values);
  return terms;
}

/// Q (or K, or V): given itself, or the tokens times its weights.
Term projected(Page& page, const Terms& terms, const std::string& name) {
  const std::string weights = "W_" + name;
  const auto given = terms.find(name);
  if (given != terms.end()) return given->second;
  if (!terms.count("X") || !terms.count(weights))
    throw Error(name + " is missing: give " + name + " itself, or X and " + weights);
  return page.step(name, usual_title(name), terms.at("X") * terms.at(weights));
}

/// Each head from its block of the columns of Q, K and V, to its output A_h V_h.
std::vector<HeadTerms> derive_each(Page& page, const HeadInputs& inputs, const std::optional<Term>& may_look,
                                   const Term& Q, const Term& K, const Term& V) {
  std::vector<HeadTerms> heads;
  for (int h = 1; h <= inputs.heads; ++h) {
    const std::string index = "_" + std::to_string(h);
    const HeadSteps step(page, index);
    const auto Q_h = step("Q", head(Q, h, inputs.heads));
    const auto K_h = step("K", head(K, h, inputs.heads));
    const auto V_h = step("V", head(V, h, inputs.heads));
    const auto [A_h, Y_h] = write_attention(step, Q_h, K_h, V_h, may_look, inputs.scale);
    heads.push_back({index, Q_h, K_h, V_h, A_h, Y_h});
  }
  return heads;
}

Term concatenated(const std::vector<HeadTerms>& heads) {
  std::vector<Term> outputs;
  for (const HeadTerms& each : heads) outputs.push_back(each.Y);
  return concatenate(outputs);
}

/// Y = C W_O where W_O is given; without it Y is what C would be. Returns C, or that Y.
Term write_output(Page& page, const Terms& terms, const std::string& title, const Term& weighted_values) {
  const auto W_O = terms.find("W_O");
  if (W_O == terms.end()) return page.step("Y", usual_title("Y"), weighted_values);
  const auto C = page.step("C", title, weighted_values);
  page.step("Y", usual_title("Y"), C * W_O->second);
  return C;
}

/// Back from dY, which has to have the shape of Y.
void write_backward(Page& page, const HeadInputs& inputs, const Terms& terms, const ForwardTerms& forward) {
  const auto dY = terms.find("dY");
  if (dY == terms.end()) return;
  const auto W_O = terms.find("W_O");
  const Index cols = W_O == terms.end() ? forward.C.cols() : W_O->second.cols();
  if (dY->second.rows() != forward.C.rows() || dY->second.cols() != cols)
    throw Error("dY is " + attention::shape(dY->second.values()) + " and must have the shape of Y, " +
                std::to_string(forward.C.rows()) + "×" + std::to_string(cols));
  derive_backward(page, inputs, terms, forward);
}

}  // namespace

const Matrix<Exact>* HeadInputs::find(const std::string& wanted) const {
  for (const Given& given : givens)
    if (given.name == wanted) return &given.values;
  return nullptr;
}

void derive_head(Page& page, const HeadInputs& inputs) {
  page.example(inputs.name, inputs.title);
  page.tokens(inputs.tokens);
  const Terms terms = write_givens(page, inputs);
  const auto Q = projected(page, terms, "Q");
  const auto K = projected(page, terms, "K");
  const auto V = projected(page, terms, "V");
  std::optional<Term> may_look;
  if (inputs.mask) may_look = page.given("mask", usual_title("mask"), *inputs.mask);
  ForwardTerms forward;
  if (inputs.heads > 1) {
    forward.heads = derive_each(page, inputs, may_look, Q, K, V);
    forward.C = write_output(page, terms, "The heads side by side", concatenated(forward.heads));
  } else {
    const auto A = write_weights(page, Q, K, may_look, inputs.scale);
    forward.heads = {{"", Q, K, V, A, {}}};
    forward.C = write_output(page, terms, usual_title("C"), A * V);
  }
  write_backward(page, inputs, terms, forward);
}

Derivation derive_heads(const std::string& chapter, const std::string& title,
                        const std::vector<HeadInputs>& examples, int digits) {
  return derive(chapter, title, digits, [&](Page& page) {
    for (const HeadInputs& inputs : examples) derive_head(page, inputs);
  });
}

}  // namespace derivation
