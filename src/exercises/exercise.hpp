#pragma once
#include <cstdint>
#include <string>

#include "derivation/derivation.hpp"
#include "paper/paper.hpp"

namespace exercises {

using derivation::Index;
using derivation::Table;
using numbers::Exact;

/// The sizes of a new exercise. With several heads d_k and d_v are those of one head.
struct ExerciseShape {
  int tokens = 0, d_model = 0, d_k = 0, d_v = 0;
  int heads = 1;
  bool causal = false;
};

namespace caps {
constexpr int exercise_tokens = 6, exercise_width = 6, exercise_heads = 4, exercise_attempts = 3000;
}  // namespace caps

/// An exercise that is strong counts on every mistake to change an entry of Y by so much.
inline Exact strong_change() { return Exact(1) / 1000; }

/// Why no numbers at all make an exercise of these sizes strong; empty where some may.
std::string never_strong(const ExerciseShape& shape);

struct Exercise {
  paper::Paper paper;  ///< the givens, as if they had been read from a file
  derivation::Derivation truth;
};

/// An exercise of small whole numbers in which every mistake of the catalogue that can be made changes Y by
/// strong_change() or more. The same shape and seed give the same exercise on every machine.
/// Throws derivation::Error where the sizes are out of range or can never be strong, and where so many
/// attempts found none.
Exercise new_exercise(const ExerciseShape& shape, std::uint64_t seed,
                      int most_attempts = caps::exercise_attempts);

}  // namespace exercises
