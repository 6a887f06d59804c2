#pragma once
#include <optional>
#include <set>
#include <string>

#include "derivation/page.hpp"

/// The steps that several derivations write: a softmax, a head, and the way back through both.
namespace derivation {

/// Writes steps of one head, with their usual titles or titles of their own: S and Y where there is one head,
/// S_2 and Y_2 where it is the second of many.
class HeadSteps {
 public:
  HeadSteps(Page& page, std::string index = "") : page_(&page), index_(std::move(index)) {}
  Term operator()(const std::string& name, const Term& expression) const;
  Term operator()(const std::string& name, const std::string& title, const Term& expression) const;

  /// The same head, but what is written is marked as a detail: the chapter need not show it.
  HeadSteps in_brief() const;

  /// The same head, but the steps of these names are details: {"m", "D"}, where the shift is not the subject.
  HeadSteps in_brief(const std::set<std::string>& names) const;

 private:
  Page* page_;
  std::string index_;
  bool all_are_details_ = false;
  std::set<std::string> details_;
};

/// S times `scale`, or S/√d_k without it: on the way to Z, and on the way back from dZ to dS.
Term scaled(const Term& S, Index d_k, const std::optional<Number>& scale = {});

/// From scores to weights: m, D, E, l and A. A row that may see nothing has the weights 0.
Term write_softmax(const HeadSteps& step, const Term& scores);

/// The same with a title of its own for A, where all but A are details.
Term write_softmax_in_brief(const HeadSteps& step, const Term& scores, const std::string& title);

/// From queries and keys to weights: S, Z, with a mask M, and then the softmax.
Term write_weights(const HeadSteps& step, const Term& Q, const Term& K, const std::optional<Term>& mask = {},
                   const std::optional<Number>& scale = {});

/// The weights and the output of a head.
struct Attended {
  Term A, Y;
};

/// From queries, keys and values to the output: the weights, and Y = A V.
Attended write_attention(const HeadSteps& step, const Term& Q, const Term& K, const Term& V,
                         const std::optional<Term>& mask = {}, const std::optional<Number>& scale = {});

/// Back through A = softmax(Z): each row of dA times the Jacobian of its softmax, one operation a step: G, r,
/// U and dZ, which may have another name. Source: attention/backward.hpp.
Term write_softmax_backward(const HeadSteps& step, const Term& A, const Term& dA,
                            const std::string& name = "dZ");

/// What a head sends back to its projections, and what it finds on the way.
struct HeadGradients {
  Term dA, dZ, dS, dQ, dK, dV;
};

/// Back from the gradient of A V to those of Q, K and V.
HeadGradients write_head_backward(const HeadSteps& step, const Term& Q, const Term& K, const Term& V,
                                  const Term& A, const Term& dY, const std::optional<Number>& scale = {});

}  // namespace derivation
