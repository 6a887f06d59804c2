#pragma once
#include <Eigen/Core>

#include "numbers/enclosure.hpp"
#include "numbers/exact.hpp"

/// What Eigen has to know of the numbers here before a Matrix can hold them.
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
