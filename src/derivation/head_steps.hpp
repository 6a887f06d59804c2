#pragma once
#include <string>

#include "derivation/names.hpp"
#include "derivation/pipeline.hpp"

namespace derivation {

/// Writes the steps of one head, with their usual titles or titles of their own: Q, S, Y where it is the only
/// head, and Q_2, S_2, Y_2 where it is the second of many.
template <typename Scalar>
class HeadSteps {
 public:
  HeadSteps(Page<Scalar>& page, const std::string& index) : page_(page), index_(index) {}
  Term<Scalar> operator()(const std::string& name, const Term<Scalar>& expression) const {
    return page_.step(name + index_, usual_title(name + index_), expression);
  }
  Term<Scalar> operator()(const std::string& name, const std::string& title,
                          const Term<Scalar>& expression) const {
    return page_.step(name + index_, title, expression);
  }

 private:
  Page<Scalar>& page_;
  std::string index_;
};

/// What multiplies S on the way to Z, and dZ on the way back to dS.
template <typename Scalar>
Term<Scalar> scaled(const Term<Scalar>& S, const HeadInputs& inputs, Index key_size) {
  if (inputs.scale) return S * *inputs.scale;
  return S / sqrt(number("d_k", key_size));
}

/// One head on the way forward: what its way back needs again. index is empty where it is the only head.
template <typename Scalar>
struct HeadTerms {
  std::string index;
  Term<Scalar> Q, K, V, A, Y;
};

/// The whole way forward.
template <typename Scalar>
struct ForwardTerms {
  std::vector<HeadTerms<Scalar>> heads;
  Term<Scalar> C;  ///< what the output weights were applied to; Y itself where there are none
};

/// The way back from dY to the gradient of every input, written as steps. dY is a given of the page; so are
/// X and the weights that the gradients are handed on to. Throws Error where dY has not the shape of Y.
/// Source: attention/backward.hpp.
template <typename Scalar>
void derive_backward(Page<Scalar>& page, const HeadInputs& inputs,
                     const std::map<std::string, Term<Scalar>>& givens, const ForwardTerms<Scalar>& forward);

}  // namespace derivation
