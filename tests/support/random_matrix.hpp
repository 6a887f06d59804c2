#pragma once
#include "attention/matrix.hpp"
#include "numbers/eigen.hpp"
#include "numbers/random_numbers.hpp"

/// A matrix of rationals p/q with |p| <= size and q <= denominator.
inline attention::Matrix<numbers::Exact> random_matrix(Random& random, attention::Index rows,
                                                       attention::Index cols, int size, int denominator) {
  attention::Matrix<numbers::Exact> matrix(rows, cols);
  for (attention::Index i = 0; i < rows; ++i)
    for (attention::Index j = 0; j < cols; ++j)
      matrix(i, j) = numbers::Exact(random.between(-size, size)) / random.between(1, denominator);
  return matrix;
}
