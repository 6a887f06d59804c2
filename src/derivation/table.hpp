#pragma once
#include <string>
#include <type_traits>
#include <vector>

#include "attention/mask.hpp"
#include "attention/matrix.hpp"
#include "numbers/eigen.hpp"

namespace derivation {

using attention::Index;
using attention::Mask;
using attention::Matrix;
using numbers::Enclosure;
using numbers::Exact;

/// A matrix of which some entries may be hidden: −∞, which is no number of the field.
template <typename Scalar>
struct Table {
  Matrix<Scalar> values;
  Mask visible;  ///< false where the entry is −∞ (what values holds there means nothing)

  Table() = default;
  explicit Table(Matrix<Scalar> entries)
      : values(std::move(entries)), visible(attention::no_mask(values.rows(), values.cols())) {}
  Table(Index rows, Index cols) : Table(Matrix<Scalar>(Matrix<Scalar>::Constant(rows, cols, Scalar(0)))) {}

  Index rows() const { return values.rows(); }
  Index cols() const { return values.cols(); }
};

/// Enclosures of exact entries, for a computation without a closed form.
Matrix<Enclosure> enclosed(const Matrix<Exact>& values);

}  // namespace derivation
