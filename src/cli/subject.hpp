#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "numbers/machine_format.hpp"
#include "paper/paper.hpp"

namespace cli {

/// What is graded, and what it is graded against.
struct Subject {
  paper::Paper paper;
  derivation::Derivation truth;
};

/// Where a subject comes from, as the options of check say it.
struct SubjectSource {
  std::string file;                ///< or a chapter's name, where steps are handed in
  std::string derivation;          ///< a JSON file to grade against; empty: the file's own
  std::string derivations;         ///< the folder of the chapters' derivations; empty: the nearest one
  std::vector<std::string> steps;  ///< [EXAMPLE.]NAME=MATRIX.csv: what a program printed
  /// What the numbers were computed in; nothing: a program's in double, a person's by hand.
  std::optional<numbers::MachineFormat> format;
};

/// Reads and derives. Throws UsageError, FileError and derivation::FileError.
Subject subject_of(const SubjectSource& source);

/// Puts what a program printed in the place of the paper's own answers; where nothing is handed in and a
/// format is declared, takes the paper's decimals for a program's.
void hand_in(const SubjectSource& source, Subject& subject);

/// How many entries that are graded wrong would be right if the numbers, which nobody declared, were computed
/// in single precision. 0 where too few digits stand there to tell.
int right_in_single(const SubjectSource& source, const Subject& before, int wrong);

}  // namespace cli
