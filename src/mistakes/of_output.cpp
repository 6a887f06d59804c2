#include "mistakes/rules.hpp"

// From weights to the output of one head, and the output weights.

namespace mistakes {
namespace {

constexpr const char* chapter = "01-why-attention";

/// A rule for the step that is A V: Y, or C where output weights follow.
template <typename Function>
std::vector<Rule> instead_of_A_V(Function function) {
  return at_each({"Y", "C"}, [function](const auto& c) {
    c.require_made_of("A", "V");
    return function(c);
  });
}

/// A V without the last key, or without the first.
const auto one_key_too_few = [](const auto& c) {
  auto sums = [&](bool last) {
    auto A = c("A");
    const Index j = last ? A.cols() - 1 : 0;
    for (Index i = 0; i < A.rows(); ++i) A.values(i, j) -= A.values(i, j);
    return times(A, c("V"));
  };
  return std::vector<Wrong<std::decay_t<decltype(c("A").values(0, 0))>>>{
      {sums(true), "the last token is missing"}, {sums(false), "the first token is missing"}};
};

const auto output_weights = [](const auto& c) {
  c.require_made_of("C", "W_O");
  return c("W_O");
};

}  // namespace

Mistakes mistakes_of_output() {
  return {
      {"weights-of-A-transposed",
       Kind::mistake,
       "You multiplied Aᵀ V instead of A V.",
       "Row i of A says how query i looks at the keys; transposed, it says how the queries look at key i.",
       chapter,
       instead_of_A_V([](const auto& c) { return times(flip(c("A")), c("V")); }),
       {}},
      {"A-times-K",
       Kind::mistake,
       "You averaged the keys instead of the values: A K instead of A V.",
       "Keys are what the queries are compared with; what is handed on are the values.",
       "04-query-key-value",
       instead_of_A_V([](const auto& c) { return times(c("A"), c("K")); }),
       {}},
      {"one-value-too-few",
       Kind::mistake,
       "Your sum over the values has one token too few.",
       "Every token that is weighed belongs in the average, the first and the last among them.",
       chapter,
       instead_of_A_V(one_key_too_few),
       {}},
      {"W_O-forgotten",
       Kind::mistake,
       "You forgot the output weights: {step} is C itself.",
       "Y is C W_O; only the output weights mix what the heads have found.",
       "11-multi-head",
       at_each({"Y"},
               [](const auto& c) {
                 output_weights(c);
                 return c("C");
               }),
       {}},
      {"W_O-transposed",
       Kind::mistake,
       "You multiplied by the output weights transposed: C W_Oᵀ instead of C W_O.",
       "Row i of W_O says what column i of C is worth; transposed, the sums run over the wrong index.",
       "11-multi-head",
       at_each({"Y"}, [](const auto& c) { return times(c("C"), flip(output_weights(c))); }),
       {}},
  };
}

}  // namespace mistakes
