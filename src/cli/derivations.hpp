#pragma once
#include <optional>
#include <string>

#include "derivation/derivation.hpp"
#include "paper/inputs.hpp"
#include "paper/paper.hpp"

/// Where the program finds the derivation of a chapter, so that a chapter can be called by its name.
namespace cli {

/// The derivation that stands beside a chapter's own file: ../derivations/STEM.json. Nothing where there is
/// none.
std::optional<std::string> derivation_beside(const std::string& file);

/// DERIVATIONS/NAME.json, where DERIVATIONS is `folder`, or where that is empty, derivations/ in the current
/// folder or the nearest one above it. NAME may be the beginning of one stem alone: 06.
std::optional<std::string> find_derivation(const std::string& name, const std::string& folder);

/// Why find_derivation found nothing, and what to do: for a message.
std::string why_not_found(const std::string& name, const std::string& folder);

/// Whether an argument names a chapter and not a file: no such file is there, and it has no ending.
bool is_chapter_name(const std::string& argument);

/// The file of the derivation that a paper is graded against: that of the chapter it names, or of the one it
/// is; nothing for a reader's file, whose own givens lead to its derivation. Throws paper::FileError for a
/// chapter that is not found.
std::optional<std::string> derivation_of(const paper::Paper& paper, const std::string& folder);

/// The derivation of what a verb is called with: a chapter's, by its name; that of the chapter that a file
/// names or is; or that of the givens of any other file. digits and passes are for the last of these. Throws
/// program::UsageError for a chapter that is not found, and FileError.
derivation::Derivation derivation_named(const std::string& subject, int digits = 1,
                                        paper::Passes passes = paper::Passes::both);

/// Whether what is written can be held against a derivation: throws paper::FileError where an example is not
/// named or unknown, and where a column was written as a row.
void require_comparable(const paper::Paper& paper, const derivation::Derivation& truth);

}  // namespace cli
