#include "mistakes/rules.hpp"

// What looks wrong and is right. The grader sees these by what they have in common with the right values
// (see grading/other_ways.hpp); no rule has to be guessed.

namespace mistakes {

Mistakes non_mistakes() {
  return {
      {"another-constant-subtracted",
       Kind::non_mistake,
       "You subtracted another constant than the row maximum: clever.",
       "A constant taken off a whole row of scores divides its exponentials and their sum alike: the weights "
       "do not change.",
       "03-softmax",
       {},
       {}},
      {"nothing-subtracted",
       Kind::non_mistake,
       "You took exponentials of the scores as they are: nothing is subtracted first.",
       "The row maximum divides the exponentials of a row and their sum alike; without it the weights are "
       "the "
       "same, and only the numbers get larger or smaller than a machine can hold.",
       "03-softmax",
       {},
       {}},
      {"masked-after-softmax-and-renormalised",
       Kind::non_mistake,
       "You masked after the softmax and divided by the new row sums: that is right, and clever.",
       "What is struck out before or after the division leaves the same proportions among the rest.",
       "08-masks",
       {},
       {}},
      {"hidden-later",
       Kind::non_mistake,
       "You let hidden keys go along for a while, and struck them out before you divided by the row sums.",
       "A hidden key has to be out of the row sum and out of the weights; where before that it is struck out "
       "does not matter.",
       "08-masks",
       {},
       {}},
      {"low-number-for-hidden",
       Kind::non_mistake,
       "You wrote a very low number for a hidden score, where this book writes −∞.",
       "Its exponential is so small that a double holds 0: in a row that sees something, the weights are the "
       "same.",
       "08-masks",
       {},
       {}},
      {"masked-before-scaling",
       Kind::non_mistake,
       "You hid scores before you scaled them.",
       "−∞ divided by √d_k is −∞: which of the two comes first does not matter.",
       "08-masks",
       {},
       {}},
      {"scaled-before-the-product",
       Kind::non_mistake,
       "You scaled before the product of queries and keys, so that {step} has the scale in it already.",
       "A number that multiplies the queries, or the keys, multiplies each of their dot products: the scaled "
       "scores are the same.",
       "05-scaled-dot-product",
       {},
       {}},
      {"equal-closed-form",
       Kind::non_mistake,
       "Your closed form looks different from the book's and is equal to it.",
       "A number has many closed forms; equality is proved here, never read off the text.",
       "03-softmax",
       {},
       {}},
      {"rounding-carried-along",
       Kind::non_mistake,
       "You went on with rounded numbers.",
       "A decimal stands for all values that round to it, and an entry is right if some of them explain it.",
       "06-attention-by-hand",
       {},
       {}},
      {"more-or-fewer-digits",
       Kind::non_mistake,
       "You wrote more or fewer digits than the book.",
       "Every digit that you write is compared, and no other.",
       "06-attention-by-hand",
       {},
       {}},
  };
}

}  // namespace mistakes
