#include "mistakes/rules.hpp"

// The way back.

namespace mistakes {
namespace {

constexpr const char* chapter = "10-backward";

/// The two factors of a gradient that is a product, the first one without its transposition or with one that
/// does not belong there; the same of the second one.
const auto first_turned = [](const auto& c) {
  c.require(Operation::product);
  return times(flip(c.operand(0)), c.operand(1));
};
const auto second_turned = [](const auto& c) {
  c.require(Operation::product);
  return times(c.operand(0), flip(c.operand(1)));
};

/// The whole gradient mirrored: the factors of P = B C undone in the wrong order.
const auto mirrored = [](const auto& c) {
  c.require(Operation::product);
  return flip(c.right());
};

std::vector<Rule> second_term_forgotten() {
  return {rule({"dZ"}, [](const auto& c) { return entrywise(c("A"), c("dA")); }),
          also_seen({"U"}, [](const auto& c) { return c("dA"); })};
}

/// a (1 − a) for each weight: the derivative by the own score alone.
const auto diagonal_alone = [](const auto& c) {
  auto slope = c("A");
  for (Index i = 0; i < slope.rows(); ++i)
    for (Index j = 0; j < slope.cols(); ++j) slope.values(i, j) -= slope.values(i, j) * slope.values(i, j);
  return entrywise(slope, c("dA"));
};

/// "A (dA − dA Aᵀ)", the compact form, with all of dA Aᵀ subtracted instead of its diagonal.
const auto compact_form_as_product = [](const auto& c) {
  return entrywise(c("A"), minus(c("dA"), times(c("dA"), flip(c("A")))));
};

/// The factor 1/√d_k as this derivation has it.
template <typename Scalar>
Table<Scalar> scaled_again(const Context<Scalar>& c, const Table<Scalar>& a) {
  return derivation::apply<Scalar>(c.step().operation, {a, c.operand(1)});
}

/// A gradient of X that comes back through one or two projections alone.
const auto paths_forgotten = [](const auto& c) {
  c.require(Operation::sum);
  decltype(as_list(c.right())) wrong;
  for (const std::string path : {"Q", "K", "V"})
    if (c.has("dX_" + path)) wrong.push_back({c("dX_" + path), "only the one through " + path + " is there"});
  if (!c.has("dX_Q") || !c.has("dX_K") || !c.has("dX_V")) return wrong;
  wrong.push_back({plus(c("dX_Q"), c("dX_K")), "the one through V is missing"});
  wrong.push_back({plus(c("dX_Q"), c("dX_V")), "the one through K is missing"});
  wrong.push_back({plus(c("dX_K"), c("dX_V")), "the one through Q is missing"});
  return wrong;
};

}  // namespace

Mistakes mistakes_of_gradients() {
  return {
      {"dV-without-the-transpose",
       Kind::mistake,
       "You multiplied A dY instead of Aᵀ dY.",
       "Value j has gone into every row of Y with the weights of column j of A, so its gradient collects "
       "that column.",
       chapter,
       at_each({"dV"}, first_turned),
       {}},
      {"values-not-transposed-in-dA",
       Kind::mistake,
       "You multiplied by V instead of Vᵀ.",
       "dA[i,j] is the dot product of row i of the output's gradient and row j of V.",
       chapter,
       at_each({"dA"}, second_turned),
       {}},
      {"gradient-mirrored",
       Kind::mistake,
       "Your {step} is mirrored: its rows are the columns of the right one.",
       "A gradient has the shape of its matrix: where P = B C, dB is dP Cᵀ and dC is Bᵀ dP.",
       chapter,
       at_each({"dA", "dW_Q", "dW_K", "dW_V", "dW_O"}, mirrored),
       {}},
      {"second-term-forgotten",
       Kind::mistake,
       "You forgot the second term of the softmax's Jacobian: A ⊙ dA alone.",
       "The weights of a row share a sum of 1; the row sum of A ⊙ dA is what the others take back.",
       chapter,
       second_term_forgotten(),
       {}},
      {"diagonal-of-the-Jacobian-alone",
       Kind::mistake,
       "You took a(1 − a) alone, as if every weight depended on its own score alone.",
       "A score moves all the weights of its row, not its own alone: the Jacobian has entries beside its "
       "diagonal.",
       chapter,
       at_each({"dZ"}, diagonal_alone),
       {}},
      {"compact-form-as-a-product",
       Kind::mistake,
       "You subtracted the matrix product dA Aᵀ instead of its diagonal.",
       "Every row is to lose one number, its own sum of A ⊙ dA; the other entries of the product belong to "
       "pairs of rows.",
       chapter,
       at_each({"dZ"}, compact_form_as_product),
       {}},
      {"softmax-skipped-backward",
       Kind::mistake,
       "You handed dA on as dZ: the softmax is skipped on the way back.",
       "What the forward pass went through, the backward pass has to go through too.",
       chapter,
       at_each({"dZ"}, [](const auto& c) { return c("dA"); }),
       {}},
      {"row-sums-without-the-weights",
       Kind::mistake,
       "You summed the rows of dA instead of A ⊙ dA.",
       "What is subtracted is the mean of a row's gradients under its own weights.",
       chapter,
       at_each({"r"}, [](const auto& c) { return sums_of_rows(c("dA")); }),
       {}},
      {"scale-lost-backward",
       Kind::mistake,
       "You lost the scale 1/√d_k on the way back: {step} is dZ itself.",
       "Z is S/√d_k, so a change of S moves Z by 1/√d_k of it.",
       chapter,
       at_each({"dS"}, [](const auto& c) { return c("dZ"); }),
       {}},
      {"scaled-twice-backward",
       Kind::mistake,
       "You scaled twice on the way back.",
       "The scale stands once on the way forward, and once on the way back.",
       chapter,
       at_each({"dS"}, [](const auto& c) { return scaled_again(c, c.right()); }),
       {}},
      {"dK-without-the-transpose",
       Kind::mistake,
       "You multiplied dS Q instead of dSᵀ Q.",
       "Key j has made column j of the scores, so its gradient collects that column of dS.",
       chapter,
       at_each({"dK"}, first_turned),
       {}},
      {"dQ-with-a-transpose",
       Kind::mistake,
       "You multiplied dSᵀ K instead of dS K.",
       "Query i has made row i of the scores, so its gradient collects that row of dS.",
       chapter,
       at_each({"dQ"}, first_turned),
       {}},
      {"dQ-and-dK-swapped",
       Kind::mistake,
       "You took queries for keys in {step}.",
       "S = Q Kᵀ: the gradient of one factor is made with the other one.",
       chapter,
       {rule({"dQ"},
             [](const auto& c) {
               c.require_made_of("dS", "K");
               return times(c("dS"), c("Q"));
             }),
        rule({"dK"},
             [](const auto& c) {
               c.require_made_of("dS", "Q");
               return times(flip(c("dS")), c("K"));
             })},
       {}},
      {"weights-not-transposed-backward",
       Kind::mistake,
       "You multiplied by the weights instead of the weights transposed in {step}.",
       "Where P = X W, dX is dP Wᵀ: column j of P goes back to the row of features that made it.",
       chapter,
       at_each({"dC", "dX", "dX_Q", "dX_K", "dX_V"}, second_turned),
       {}},
      {"inputs-not-transposed-backward",
       Kind::mistake,
       "You left out the first factor's transpose in {step}.",
       "Where P = X W, dW is Xᵀ dP: every token adds its share.",
       chapter,
       at_each({"dW_Q", "dW_K", "dW_V", "dW_O"}, first_turned),
       {}},
      {"paths-forgotten",
       Kind::mistake,
       "You forgot ways by which X acts: it goes into Q, K and V.",
       "A gradient is the sum over all the ways from its matrix to the result.",
       chapter,
       at_each({"dX"}, paths_forgotten),
       {}},
  };
}

}  // namespace mistakes
