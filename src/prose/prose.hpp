#pragma once
#include <set>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "paper/error.hpp"

/// What a chapter's text says, held against its derivation. A number is followed by a comment that says what
/// it claims to be: 0.66976<!--= lab.A[0,1] -->, or <!--published--> or <!--measured-->. A decimal number
/// without one is a fault. A number in words may claim something too: six<!--= lab.count -->. What a
/// published figure came from is said with a mistake of the catalogue, which has to give that figure:
/// 0.04<!--published, by term-doubled: lab.S[0,1]-->. And a sentence may name the fact that stands behind it:
/// <!--fact lab: each row of A sums to 1-->.
namespace prose {

/// A fault of the prose, as "file:line:column: what is wrong and what to do".
using Problems = std::vector<std::string>;

/// A number in the text, and the comment right behind it.
struct Claimed {
  paper::Place place;
  std::string number;   ///< as printed
  std::string comment;  ///< "= lab.A[0,1]", "published"; empty for a decimal without a claim
};

/// A sentence, and the fact that stands behind it.
struct Backed {
  paper::Place place;
  std::string fact;  ///< "lab: each row of A sums to 1"
};

/// `[derivation: lab.S](../derivations/06-attention-by-hand.md#lab-s)`, alone in its paragraph.
struct Transclusion {
  paper::Place place;
  std::string chapter;  ///< the derivation's stem: 06-attention-by-hand
  std::string name;     ///< lab.S, lab.facts, or a whole example: lab
};

/// What is to be checked in a chapter's text.
struct Prose {
  std::string file;
  std::vector<Claimed> numbers;
  std::vector<Transclusion> transclusions;
  std::vector<Backed> facts;
};

/// Reads the document as pandoc's JSON (with sourcepos): code blocks and headings are left out.
Prose read_prose(const std::string& file, const std::string& pandoc_json);

/// Runs pandoc on the file. Throws derivation::Error where pandoc is missing or fails.
Prose load_prose(const std::string& file);

/// Holds every claim to the digits printed, every cause to the figure that it explains and every sentence to
/// its fact, and names every decimal that has no claim.
Problems check_numbers(const Prose& prose, const derivation::Derivation& derivation);

/// Names that no derivation has, and steps (no details) that no chapter shows.
Problems check_transclusions(const std::vector<Prose>& chapters,
                             const std::vector<derivation::Derivation>& derivations);

}  // namespace prose
