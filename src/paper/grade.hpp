#pragma once
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "paper/paper.hpp"

namespace paper {

enum class Verdict {
  unanswered,   ///< ?
  right,        ///< proved equal, or right to the digits written
  right_given,  ///< not the true value, but what follows from what stands before it on the same paper
  too_short,    ///< a whole number where the value is not whole but rounds to it: more digits have to tell
  wrong,
};

/// One entry of a paper, graded.
struct EntryGrade {
  Place place;
  std::string written;
  Verdict verdict = Verdict::unanswered;
  bool few_digits =
      false;             ///< right, but one significant digit tells little: a wrong value would pass as well
  std::string expected;  ///< the true value, as the report shows it
  std::string
      given_before;  ///< what the entry would be, given what stands before it; empty where that is the same
};

struct StepGrade {
  std::string name;
  bool is_given = false;  ///< the entry repeats an input: it is compared, but is no answer
  std::vector<std::vector<EntryGrade>> entries;
  std::string file = {};  ///< where it was handed in
};

struct ExampleGrade {
  std::string name;
  std::vector<StepGrade> steps;
};

struct Grades {
  std::vector<ExampleGrade> examples;
  double largest_gap = 0;  ///< the largest |paper − double| over the answers
};

/// How many answers (entries that are no givens) have this verdict.
int count(const Grades& grades, Verdict verdict);

/// Whether something is answered, and all that is answered is right.
bool all_right(const Grades& grades);

/// Grades what is written against a derivation of the same examples. Throws FileError where the paper cannot
/// be compared: an example or a step that the derivation does not have, another shape, a malformed entry.
Grades grade(const Paper& paper, const derivation::Derivation& derivation);

}  // namespace paper
