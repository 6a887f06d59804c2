#pragma once
#include <Eigen/Core>
#include <type_traits>

#include "numbers/enclosure.hpp"
#include "numbers/exact.hpp"

/// What Eigen has to know of the numbers here before a Matrix can hold them, and matrices of exact values as
/// others.
namespace numbers {

template <typename Scalar>
struct EigenTraits {
  using Real = Scalar;
  using NonInteger = Scalar;
  using Nested = Scalar;
  using Literal = Scalar;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 4,
    AddCost = 100,
    MulCost = 100
  };
  static Scalar epsilon() { return Scalar(0); }
  static Scalar dummy_precision() { return Scalar(0); }
  static int digits10() { return 0; }
};

}  // namespace numbers

namespace Eigen {

template <>
struct NumTraits<numbers::Exact> : numbers::EigenTraits<numbers::Exact> {};
template <>
struct NumTraits<numbers::Enclosure> : numbers::EigenTraits<numbers::Enclosure> {};

}  // namespace Eigen

namespace numbers {

/// An exact value as the scalar of a run: itself, an enclosure, or the nearest double or float.
template <typename Scalar>
Scalar as_scalar(const Exact& value) {
  if constexpr (std::is_same_v<Scalar, double>)
    return to_double(value);
  else if constexpr (std::is_same_v<Scalar, float>)
    return to_float(value);
  else
    return Scalar(value);
}

/// The same for each entry.
template <typename Scalar>
Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> as_scalars(
    const Eigen::Matrix<Exact, Eigen::Dynamic, Eigen::Dynamic>& values) {
  return values.unaryExpr([](const Exact& value) -> Scalar { return as_scalar<Scalar>(value); });
}

}  // namespace numbers
