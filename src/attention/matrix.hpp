#pragma once
#include <Eigen/Core>
#include <cmath>
#include <stdexcept>
#include <string>

namespace attention {

/// Rows are tokens: row i of X is token i, and x W (not W x) is its projection.
template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// A column: one value for each row of a matrix.
template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

using Eigen::Index;

/// √n, in the scalar's own arithmetic: never a double by accident.
template <typename Scalar>
Scalar sqrt_of(Index n) {
  using std::sqrt;
  return sqrt(Scalar(static_cast<int>(n)));
}

/// "3×2", for messages.
template <typename Derived>
std::string shape(const Eigen::DenseBase<Derived>& matrix) {
  return std::to_string(matrix.rows()) + "×" + std::to_string(matrix.cols());
}

/// Throws std::invalid_argument with the message, unless the shapes fit.
inline void require_shapes(bool fit, const std::string& message) {
  if (!fit) throw std::invalid_argument(message);
}

}  // namespace attention
