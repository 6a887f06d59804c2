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

template <typename Scalar>
Term<Scalar> softmaxed(Page<Scalar>& page, const Term<Scalar>& scores) {
  const auto m = page.step("m", usual_title("m"), row_maxima(scores));
  const auto D = page.step("D", usual_title("D"), scores - m);
  const auto E = page.step("E", usual_title("E"), exp(D));
  const auto l = page.step("l", usual_title("l"), row_sums(E));
  return page.step("A", usual_title("A"), weights(E, l));
}

template <typename Scalar>
void write_output(Page<Scalar>& page, const Terms<Scalar>& terms, const Term<Scalar>& A,
                  const Term<Scalar>& V) {
  const auto W_O = terms.find("W_O");
  if (W_O == terms.end()) {
    page.step("Y", usual_title("Y"), A * V);
    return;
  }
  const auto C = page.step("C", usual_title("C"), A * V);
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
  const auto S = page.step("S", usual_title("S"), Q * transpose(K));
  auto scores = page.step("Z", usual_title("Z"), scaled(S, inputs, K.cols()));
  if (inputs.mask) {
    const auto may_look = page.given("mask", usual_title("mask"), *inputs.mask);
    scores = page.step("M", usual_title("M"), hide(scores, may_look));
  }
  write_output(page, terms, softmaxed(page, scores), V);
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
