#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "mistakes/catalogue.hpp"
#include "paper/paper.hpp"

/// What a written derivation is worth: what each entry claims, whether it is right or follows from what
/// stands before it, what explains it where it is wrong, and the report.
namespace grading {

using derivation::Index;
using mistakes::Kind;

enum class Verdict {
  unanswered,   ///< ?
  right,        ///< proved equal, or right to the digits written
  right_given,  ///< not the true value, but what follows from what stands before it on the same paper
  too_short,    ///< a whole number where the value is not whole but near it: more digits have to tell
  wrong,
};

/// One entry of a paper, graded.
struct EntryGrade {
  paper::Place place;
  std::string written;
  Verdict verdict = Verdict::unanswered;
  bool few_digits =
      false;             ///< right, but one significant digit tells little: a wrong value would pass as well
  std::string expected;  ///< the true value, as the report shows it
  std::string
      given_before;  ///< what the entry would be, given what stands before it; empty where that is the same
};

/// One entry of the catalogue of mistakes, as it was found on a paper.
struct Explanation {
  std::string mistake;        ///< its name in the catalogue: not-scaled
  Kind kind = Kind::mistake;  ///< a mistake, a slip, or something that is right after all
  std::string step;           ///< where it happened: the step itself, or one before it that is not written
  std::string what, why;      ///< one sentence each
  std::string chapter;        ///< to read again: 05-scaled-dot-product
};

struct EntryPlace {
  Index row = 0, col = 0;
};

/// What explains wrong entries of a step. Each of the explanations reproduces all that is written (of a slip
/// in one entry: that entry), the simplest first.
struct Reason {
  std::vector<EntryPlace> entries;  ///< the wrong entries that it explains
  std::vector<Explanation> explanations;
  std::size_t tied = 1;               ///< how many of them, from the first on, are equally simple
  bool cannot_be_told_apart = false;  ///< several are tied, and proved to give the same here, to every digit
};

struct StepGrade {
  std::string name;
  bool is_given = false;  ///< the entry repeats an input: it is compared, but is no answer
  std::vector<std::vector<EntryGrade>> entries;
  std::string file;             ///< where it was handed in
  std::vector<Reason> reasons;  ///< of the wrong entries; none where nothing in the catalogue explains them
  std::string own_sum;          ///< how the first wrong entry is made, rightly: "1·0 + 2·1 = 2"
  std::optional<Explanation> praise;  ///< why entries that are not the derivation's are right all the same

  std::vector<EntryPlace> wrong_entries() const;
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

/// Whether it is found out why something is wrong, which takes most of the time.
enum class Reasons { given, left_out };

/// Grades what is written against a derivation of the same examples. Throws FileError where the paper cannot
/// be compared: an example or a step that the derivation does not have, another shape, a malformed entry.
Grades grade(const paper::Paper& paper, const derivation::Derivation& derivation,
             Reasons reasons = Reasons::given);

}  // namespace grading
