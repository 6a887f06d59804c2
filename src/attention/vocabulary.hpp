#pragma once
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "attention/random.hpp"

namespace attention {

/// Words that have one row of random numbers each, the same for a seed on every machine: tokens as they are
/// before anything is learned.
struct Vocabulary {
  std::vector<std::string> words;
  Index d_model;  ///< numbers in a row
  std::uint64_t seed;
};

/// The rows of these words, one below the other: independent entries with mean 0 and variance 1; a word that
/// comes twice has the same row twice. Throws std::invalid_argument for a word that the vocabulary lacks.
template <typename Scalar>
Matrix<Scalar> draw_tokens(const Vocabulary& vocabulary, const std::vector<std::string>& words) {
  std::mt19937_64 random(vocabulary.seed);
  const auto& known = vocabulary.words;
  const auto rows = draw_matrix<Scalar>(random, static_cast<Index>(known.size()), vocabulary.d_model, 1);
  Matrix<Scalar> X(static_cast<Index>(words.size()), vocabulary.d_model);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto place = std::find(known.begin(), known.end(), words[i]);
    require_shapes(place != known.end(), "draw_tokens: the vocabulary has no word " + words[i]);
    X.row(static_cast<Index>(i)) = rows.row(place - known.begin());
  }
  return X;
}

}  // namespace attention
