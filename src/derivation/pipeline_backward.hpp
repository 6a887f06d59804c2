#pragma once
#include <map>
#include <string>
#include <vector>

#include "derivation/head_steps.hpp"
#include "derivation/pipeline.hpp"

namespace derivation {

using Terms = std::map<std::string, Term>;  ///< givens by their names

/// One head on the way forward: what its way back needs again. index is empty where it is the only head.
struct HeadTerms {
  std::string index;
  Term Q, K, V, A, Y;
};

/// The whole way forward.
struct ForwardTerms {
  std::vector<HeadTerms> heads;
  Term C;  ///< what the output weights were applied to; Y itself where there are none
};

/// The way back from dY to the gradient of every input, written as steps. dY is a given of the page; so are
/// X and the weights that the gradients are handed on to. Source: attention/backward.hpp.
void derive_backward(Page& page, const HeadInputs& inputs, const Terms& givens, const ForwardTerms& forward);

}  // namespace derivation
