#include "mistakes/rules.hpp"

// Where Q, K and V come from.

namespace mistakes {
namespace {

constexpr const char* chapter = "04-query-key-value";

/// The weights that this projection is made with: W_Q for Q. Only a projection of X is meant.
template <typename Scalar>
const Table<Scalar>& weights_of(const Context<Scalar>& c) {
  c.require_made_of("X", "W_" + c.base());
  return c("W_" + c.base());
}

/// The projection with each of the two other weight matrices.
const auto others_weights = [](const auto& c) {
  weights_of(c);
  decltype(as_list(c.right())) wrong;
  for (const std::string other : {"Q", "K", "V"})
    if (other != c.base() && c.has("W_" + other)) {
      const auto table = times(c("X"), c("W_" + other));
      if (table.cols() == c.step().exact.cols()) wrong.push_back({table, "with W_" + other});
    }
  return wrong;
};

/// X times the weights of the other one of two projections.
const auto exchanged = [](const std::string& one, const std::string& two) {
  return [one, two](const auto& c) {
    weights_of(c);
    return times(c("X"), c("W_" + (c.base() == one ? two : one)));
  };
};

std::vector<Rule> queries_and_keys_swapped() {
  return {rule({"Q", "K"}, exchanged("Q", "K")), also_seen({"S"}, [](const auto& c) {
            c.require_made_of("Q", "K");
            return times(c("K"), flip(c("Q")));
          })};
}

std::vector<Rule> keys_and_values_mixed_up() {
  return {rule({"K", "V"}, exchanged("K", "V")), also_seen({"S", "Y", "C"}, [](const auto& c) {
            if (c.base() == "S") {
              c.require_made_of("Q", "K");
              return times(c("Q"), flip(c("V")));
            }
            c.require_made_of("A", "V");
            return times(c("A"), c("K"));
          })};
}

}  // namespace

Mistakes mistakes_of_projections() {
  return {
      {"weights-transposed",
       Kind::mistake,
       "You multiplied by the weights transposed: X W_{base}ᵀ instead of X W_{base}.",
       "Row i of W_{base} says what feature i of a token is worth; transposed, the sums run over the wrong "
       "index.",
       chapter,
       at_each({"Q", "K", "V"}, [](const auto& c) { return times(c("X"), flip(weights_of(c))); }),
       {}},
      {"weights-first",
       Kind::mistake,
       "You multiplied from the other side: W_{base} X instead of X W_{base}.",
       "Here a token is a row, x W; a product from the left mixes the tokens with each other, not the "
       "features of one.",
       chapter,
       at_each({"Q", "K", "V"}, [](const auto& c) { return times(weights_of(c), c("X")); }),
       {}},
      {"Q-and-K-swapped",
       Kind::mistake,
       "You swapped queries and keys: who asks is now asked.",
       "Rows of the scores belong to the queries; swapped, every score stands at its mirror image and the "
       "softmax runs over the askers.",
       chapter,
       queries_and_keys_swapped(),
       {}},
      {"K-and-V-mixed-up",
       Kind::mistake,
       "You mixed up keys and values.",
       "Keys are compared with the queries, values are what is averaged; each has weights of its own.",
       chapter,
       keys_and_values_mixed_up(),
       {}},
      {"other-weights",
       Kind::mistake,
       "You used the weights of another projection for {step}.",
       "{base} is made with W_{base}; with other weights it is another projection's matrix.",
       chapter,
       at_each({"Q", "K", "V"}, others_weights),
       {}},
      {"weights-forgotten",
       Kind::mistake,
       "You took X itself for {step}: the weights W_{base} are forgotten.",
       "Without its weights a projection has nothing to learn, and {step} is the tokens once more.",
       chapter,
       at_each({"Q", "K", "V"},
               [](const auto& c) {
                 weights_of(c);
                 return c("X");
               }),
       {}},
      {"tokens-ignored",
       Kind::mistake,
       "You took W_{base} itself for {step}: the tokens X are forgotten.",
       "The weights are the same for every text; only X says which text it is.",
       chapter,
       at_each({"Q", "K", "V"}, [](const auto& c) { return weights_of(c); }),
       {}},
  };
}

}  // namespace mistakes
