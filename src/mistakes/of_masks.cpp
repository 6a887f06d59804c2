#include "mistakes/rules.hpp"

// Who may look at whom.

namespace mistakes {
namespace {

constexpr const char* chapter = "08-masks";

/// The mask moved by `by` columns to the right; what comes in at the edge is the edge's own neighbour: at the
/// left a key that may be seen where the first one may, at the right one that may not be seen.
template <typename Scalar>
Table<Scalar> moved(const Table<Scalar>& mask, Index by) {
  Table<Scalar> result(mask.rows(), mask.cols());
  for (Index i = 0; i < mask.rows(); ++i)
    for (Index j = 0; j < mask.cols(); ++j) {
      const Index from = j - by;
      if (from >= mask.cols()) continue;
      result.values(i, j) = mask.values(i, from < 0 ? 0 : from);
    }
  return result;
}

/// The scores hidden by another mask, made of the right one.
template <typename Change>
std::vector<Rule> hidden_by_another(Change change) {
  return at_each({"M"}, [change](const auto& c) { return hidden_by(c("Z"), change(c("mask"))); });
}

template <typename Scalar>
Table<Scalar> inverted(const Table<Scalar>& mask) {
  Table<Scalar> result = mask;
  for (Index i = 0; i < mask.rows(); ++i)
    for (Index j = 0; j < mask.cols(); ++j) result.values(i, j) = Scalar(1) - mask.values(i, j);
  return result;
}

/// Weights of an unmasked softmax, with the forbidden ones struck out afterwards.
const auto struck_out_afterwards = [](const auto& c) {
  if (!c.has("mask")) throw Elsewhere("there is no mask");
  return entrywise(softmax_of_rows(c("Z")), c("mask"));
};

/// The steps before that, which know of no mask.
const auto unmasked = [](const auto& c) {
  if (c.base() == "A") return struck_out_afterwards(c);
  if (!c.has("mask")) throw Elsewhere("there is no mask");
  const auto m = maxima_of_rows(c("Z")), D = minus(c("Z"), m), E = exponentials(D);
  if (c.base() == "m") return m;
  if (c.base() == "D") return D;
  return c.base() == "E" ? E : sums_of_rows(E);
};

}  // namespace

Mistakes mistakes_of_masks() {
  return {
      {"mask-forgotten",
       Kind::mistake,
       "You forgot the mask: every query sees every key.",
       "A hidden key must weigh 0, so its score has to become −∞ before the softmax.",
       chapter,
       at_each({"M"}, [](const auto& c) { return c("Z"); }),
       {}},
      {"mask-too-strict",
       Kind::mistake,
       "Your mask is off by one: each query sees one key too few, and a causal one not itself.",
       "A token may look at itself and at what stands before it; the diagonal stays visible.",
       chapter,
       hidden_by_another([](const auto& mask) { return moved(mask, -1); }),
       {}},
      {"mask-too-loose",
       Kind::mistake,
       "Your mask is off by one: each query sees one key too many, the next one.",
       "A token that sees the next one sees what it is to predict.",
       chapter,
       hidden_by_another([](const auto& mask) { return moved(mask, 1); }),
       {}},
      {"mask-transposed",
       Kind::mistake,
       "Your mask is transposed: keys stand in its rows and queries in its columns.",
       "Rows are queries; transposed, a causal mask shows the future and hides the past.",
       chapter,
       hidden_by_another([](const auto& mask) { return flip(mask); }),
       {}},
      {"mask-inverted",
       Kind::mistake,
       "You read the mask the wrong way round: you hid what may be seen.",
       "Here 1 means: may look. Some libraries mark with 1 what is to be hidden.",
       chapter,
       hidden_by_another([](const auto& mask) { return inverted(mask); }),
       {}},
      {"mask-as-zero-scores",
       Kind::mistake,
       "You set hidden scores to 0 instead of −∞.",
       "A score of 0 is a score like any other: its exponential is 1, and the key is seen.",
       chapter,
       at_each({"M"}, [](const auto& c) { return entrywise(c("Z"), c("mask")); }),
       {}},
      {"masked-after-softmax",
       Kind::mistake,
       "You masked after the softmax, and did not divide by the new row sums.",
       "The weights that are struck out are missing: what is left of a row no longer sums to 1.",
       chapter,
       {rule({"A"}, struck_out_afterwards), also_seen({"m", "D", "E", "l", "A"}, unmasked)},
       {}},
  };
}

}  // namespace mistakes
