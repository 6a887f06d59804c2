#pragma once
#include <bit>
#include <cstdint>
#include <random>

#include "attention/matrix.hpp"

/// Random numbers that are the same on every machine. The C++ standard specifies the generator
/// std::mt19937_64 to the bit, but not the standard library's distributions: so this is a distribution of our
/// own.
namespace attention {

/// The ones among 64 coin flips, less the 32 expected: a whole number from -32 to 32 with mean 0 and variance
/// 16. Divided by 4, it has mean 0 and variance exactly 1, is a fraction that every scalar holds exactly, and
/// its distribution is close to the normal one.
inline std::int64_t draw_entry(std::mt19937_64& random) { return std::popcount(random()) - 32; }

/// A matrix of independent entries with mean 0 and variance 1/n, drawn row by row.
template <typename Scalar>
Matrix<Scalar> draw_matrix(std::mt19937_64& random, Index rows, Index cols, Index n) {
  const Scalar divisor = Scalar(4) * sqrt_of<Scalar>(n);
  Matrix<Scalar> entries(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) entries(i, j) = Scalar(static_cast<int>(draw_entry(random))) / divisor;
  return entries;
}

/// A small whole number for a pencil: -1, 0, 1 or 2, each as likely; sparse: -1, 0, 0 or 1. Four of them
/// divide the generator's 2^64 numbers evenly.
inline int draw_small(std::mt19937_64& random, bool sparse) {
  const int number = static_cast<int>(random() % 4) - 1;
  return sparse && number == 2 ? 0 : number;
}

}  // namespace attention
