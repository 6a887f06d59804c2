#pragma once
#include <cmath>

#include "numbers/eigen.hpp"

namespace numbers {

/// A number and how fast it changes: its value, and its derivative by one chosen input.
///
/// Each operation computes the derivative of its result by the rule that school teaches (the product rule,
/// the quotient rule, the chain rule). So any code that runs on a Scalar gives its own derivative when it
/// runs on a Dual<Scalar> whose chosen input has derivative 1 and whose other inputs have 0. Over Exact the
/// derivative is exact. This is known as forward accumulation.
/// Griewank and Walther 2008, "Evaluating Derivatives", chapter 3.
template <typename Scalar>
struct Dual {
  Scalar value{0};
  Scalar derivative{0};

  Dual() = default;
  Dual(int number) : value(number) {}  // NOLINT: implicit, so that Scalar(1) reads as it does for a double
  explicit Dual(const Scalar& constant) : value(constant) {}
  Dual(const Scalar& number, const Scalar& its_derivative) : value(number), derivative(its_derivative) {}

  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator-=(const Dual& b) { return *this = *this - b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }
  Dual& operator/=(const Dual& b) { return *this = *this / b; }

  friend Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, a.derivative + b.derivative};
  }
  friend Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, a.derivative - b.derivative};
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const Scalar quotient = a.value / b.value;
    return {quotient, (a.derivative - quotient * b.derivative) / b.value};
  }
  friend Dual operator-(const Dual& a) { return {-a.value, -a.derivative}; }

  friend Dual exp(const Dual& a) {
    using std::exp;
    const Scalar power = exp(a.value);
    return {power, power * a.derivative};
  }
  /// The value must be positive, unless the derivative is 0: at 0 the slope of the root is infinite.
  friend Dual sqrt(const Dual& a) {
    using std::sqrt;
    const Scalar root = sqrt(a.value);
    if (a.derivative == Scalar(0)) return {root, Scalar(0)};
    return {root, a.derivative / (root + root)};
  }
  /// At 0, where abs has no derivative, this gives the one from the right.
  friend Dual abs(const Dual& a) { return a.value < Scalar(0) ? -a : a; }

  /// Order is that of the values: of several largest entries, a maximum takes the derivative of one.
  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return b < a; }
  friend bool operator<=(const Dual& a, const Dual& b) { return !(b < a); }
  friend bool operator>=(const Dual& a, const Dual& b) { return !(a < b); }

  /// Equal in value and in derivative.
  friend bool operator==(const Dual& a, const Dual& b) {
    return a.value == b.value && a.derivative == b.derivative;
  }
  friend bool operator!=(const Dual& a, const Dual& b) { return !(a == b); }
};

}  // namespace numbers

namespace Eigen {

template <typename Scalar>
struct NumTraits<numbers::Dual<Scalar>> : numbers::EigenTraits<numbers::Dual<Scalar>> {};

}  // namespace Eigen

namespace numbers {

/// How much f(M) changes per unit of each entry of M. f takes a matrix of Dual<Scalar> and returns a
/// Dual<Scalar>; it is run once for each entry.
template <typename Scalar, typename Function>
auto gradient(const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>& M, Function f) {
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> result(M.rows(), M.cols());
  Eigen::Matrix<Dual<Scalar>, Eigen::Dynamic, Eigen::Dynamic> input =
      M.unaryExpr([](const Scalar& value) { return Dual<Scalar>(value); });
  for (Eigen::Index i = 0; i < M.rows(); ++i)
    for (Eigen::Index j = 0; j < M.cols(); ++j) {
      input(i, j).derivative = Scalar(1);
      result(i, j) = f(input).derivative;
      input(i, j).derivative = Scalar(0);
    }
  return result;
}

}  // namespace numbers
