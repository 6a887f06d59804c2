#pragma once
#include <memory>
#include <string>

#include "grading/attempt.hpp"

namespace grading {

/// The way on which a paper is best understood, and its grades on it.
struct Chosen {
  std::shared_ptr<const Way> way;
  Attempt attempt;
};

/// Grades a paper on the book's way; and where something is wrong there, on other ways that lead to the same
/// weights: scaled before the product, masked before scaling, another constant or none taken off a row of
/// scores, hidden keys struck out later and the rows divided by what is left.
///
/// Another way is taken for a row only if everything that is written of that row from the scores on follows
/// on it, from the reader's own earlier steps; so made-up entries are on no way. What is not the book's is
/// called right, and is said to be another way.
Chosen best_way(const std::string& file, const paper::WrittenExample& written,
                const derivation::Example& books);

}  // namespace grading
