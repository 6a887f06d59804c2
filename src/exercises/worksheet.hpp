#pragma once
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "paper/paper.hpp"

/// What a reader works on: blank derivations, hints, and fresh exercises.
namespace exercises {

/// What a worksheet is made of.
struct WorksheetSource {
  const derivation::Derivation& truth;
  const paper::Paper* paper =
      nullptr;         ///< a reader's file: its givens and settings stand as they were written
  bool hints = false;  ///< under each step: every entry's own sum, and what to watch
};

/// A blank derivation as Markdown, which prints well and reads back: each example with its givens, and each
/// step with its shape, its formula, room to work, and a paper block of ? to fill in. Without a reader's file
/// it names its chapter, so that `check` knows what to grade it against.
///
/// A step that the chapter's code computed has no arithmetic to do by hand: it is left out, or shown as a
/// table where a later step needs it.
/// `names`: which examples; all that have something to derive where it is empty. Throws derivation::Error for
/// an example that is not there, and where nothing is left to derive.
std::string worksheet(const WorksheetSource& source, const std::vector<std::string>& names);

}  // namespace exercises
