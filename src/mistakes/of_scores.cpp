#include "mistakes/rules.hpp"

// Scores and their scale.

namespace mistakes {
namespace {

constexpr const char* chapter = "05-scaled-dot-product";

/// S divided by what a function of the context says, at the step Z.
template <typename Divisor>
std::vector<Rule> scaled_by(Divisor divisor) {
  return at_each({"Z"}, [divisor](const auto& c) { return over(c("S"), divisor(c)); });
}

/// The scalar of a context, deduced from it.
template <typename Scalar>
Scalar root_in(const Context<Scalar>&, Index n) {
  return root<Scalar>(n);
}
template <typename Scalar>
Scalar whole_in(const Context<Scalar>&, Index n) {
  return whole_number<Scalar>(n);
}
template <typename Scalar>
Scalar inverse_root_in(const Context<Scalar>&, Index n) {
  return Scalar(1) / root<Scalar>(n);
}

}  // namespace

Mistakes mistakes_of_scores() {
  return {
      {"keys-not-transposed",
       Kind::mistake,
       "You multiplied Q K: the keys are not transposed.",
       "A score is the dot product of two rows, one of Q and one of K; Q K takes rows of Q and columns of K.",
       "02-dot-product",
       at_each({"S"},
               [](const auto& c) {
                 c.require_made_of("Q", "K");
                 return times(c("Q"), c("K"));
               }),
       {}},
      {"not-scaled",
       Kind::mistake,
       "You left out the scale: {step} is S itself.",
       "A dot product of d_k terms grows like √d_k; divided by it, the softmax keeps its spread whatever d_k "
       "is.",
       chapter,
       at_each({"Z"}, [](const auto& c) { return c("S"); }),
       {}},
      {"scaled-by-d_k",
       Kind::mistake,
       "You divided by d_k instead of √d_k: that is scaling twice.",
       "The spread of a dot product grows like √d_k, not like d_k; divided by d_k, the weights get too even.",
       chapter,
       scaled_by([](const auto& c) { return whole_in(c, c("K").cols()); }),
       {}},
      {"scaled-by-root-d_model",
       Kind::mistake,
       "You divided by √d_model instead of √d_k.",
       "The sum of a score runs over the d_k entries of a query and a key, however wide the tokens are.",
       chapter,
       scaled_by([](const auto& c) { return root_in(c, c("X").cols()); }),
       {}},
      {"scaled-by-root-T",
       Kind::mistake,
       "You divided by √T, the number of tokens, instead of √d_k.",
       "How many tokens there are does not change the size of a single score.",
       chapter,
       scaled_by([](const auto& c) { return root_in(c, c("K").rows()); }),
       {}},
      {"scaled-by-all-heads",
       Kind::mistake,
       "You divided by the root of all heads' width instead of one head's √d_k.",
       "Each head's scores are sums over its own d_k entries.",
       "11-multi-head",
       scaled_by([](const auto& c) {
         if (c.heads() == 1) throw Elsewhere("there is one head");
         return root_in(c, c("K").cols() * c.heads());
       }),
       {}},
      {"multiplied-by-the-scale",
       Kind::mistake,
       "You multiplied by √d_k instead of dividing by it.",
       "The scale has to take back the growth of the dot products, not to double it.",
       chapter,
       scaled_by([](const auto& c) { return inverse_root_in(c, c("K").cols()); }),
       {}},
  };
}

}  // namespace mistakes
