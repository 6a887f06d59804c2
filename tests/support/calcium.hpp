#pragma once
#include <memory>
#include <string>

#include "numbers/eigen.hpp"
#include "support/calcium.h"

/// A number of Calcium: an exact field with decided equality that shares nothing with ours.
/// Johansson 2021, "Calcium: computing in exact real and complex fields".
class Calcium {
 public:
  Calcium() : Calcium(0) {}
  Calcium(int value) : Calcium(calcium_integer(std::to_string(value).c_str())) {}  // NOLINT: Scalar(1)
  explicit Calcium(const std::string& digits) : Calcium(calcium_integer(digits.c_str())) {}

  Calcium& operator+=(const Calcium& other) { return *this = *this + other; }
  Calcium& operator-=(const Calcium& other) { return *this = *this - other; }
  Calcium& operator*=(const Calcium& other) { return *this = *this * other; }
  Calcium& operator/=(const Calcium& other) { return *this = *this / other; }

  friend Calcium operator+(const Calcium& a, const Calcium& b) {
    return Calcium(calcium_sum(a.raw(), b.raw()));
  }
  friend Calcium operator-(const Calcium& a, const Calcium& b) {
    return Calcium(calcium_difference(a.raw(), b.raw()));
  }
  friend Calcium operator*(const Calcium& a, const Calcium& b) {
    return Calcium(calcium_product(a.raw(), b.raw()));
  }
  friend Calcium operator/(const Calcium& a, const Calcium& b) {
    return Calcium(calcium_quotient(a.raw(), b.raw()));
  }
  friend Calcium operator-(const Calcium& a) { return Calcium(0) - a; }
  friend Calcium exp(const Calcium& a) { return Calcium(calcium_exponential(a.raw())); }
  friend Calcium sqrt(const Calcium& a) { return Calcium(calcium_square_root(a.raw())); }

  // What Calcium is sure of: it may also say that it does not know.
  friend bool operator==(const Calcium& a, const Calcium& b) { return calcium_equal(a.raw(), b.raw()) == 1; }
  friend bool operator!=(const Calcium& a, const Calcium& b) { return calcium_equal(a.raw(), b.raw()) == 0; }
  friend bool operator<(const Calcium& a, const Calcium& b) { return calcium_less(a.raw(), b.raw()) == 1; }
  friend bool operator>(const Calcium& a, const Calcium& b) { return b < a; }

 private:
  explicit Calcium(calcium_number* raw) : number_(raw, calcium_free) {}
  const calcium_number* raw() const { return number_.get(); }

  std::shared_ptr<calcium_number> number_;
};

namespace Eigen {

template <>
struct NumTraits<Calcium> : numbers::EigenTraits<Calcium> {};

}  // namespace Eigen
