#include "mistakes/rules.hpp"

// What looks wrong and is right. The grader sees these by what they have in common with the right values
// (see harmless.hpp); no rule has to be guessed.

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
      {"masked-after-softmax-and-renormalised",
       Kind::non_mistake,
       "You masked after the softmax and divided by the new row sums: that is right, and clever.",
       "What is struck out before or after the division leaves the same proportions among the rest.",
       "08-masks",
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
