#pragma once
#include <Eigen/Core>
#include <cmath>

namespace numbers {

/// How many operations of each kind were done.
struct Operations {
  long additions = 0;  ///< and subtractions
  long multiplications = 0;
  long divisions = 0;
  long exponentials = 0;
  long square_roots = 0;
  long comparisons = 0;

  bool operator==(const Operations&) const = default;
};

/// What both do together.
inline Operations operator+(const Operations& a, const Operations& b) {
  return {.additions = a.additions + b.additions,
          .multiplications = a.multiplications + b.multiplications,
          .divisions = a.divisions + b.divisions,
          .exponentials = a.exponentials + b.exponentials,
          .square_roots = a.square_roots + b.square_roots,
          .comparisons = a.comparisons + b.comparisons};
}

/// A double that counts what is done with it: run the mechanism on it, and read how much work it is.
/// Products must be plain sums of products for the count to mean anything. Eigen computes small ones that way
/// (rows + columns + inner size below 20); its blocked product for larger ones does extra work.
class Counting {
 public:
  Counting() = default;
  Counting(int value) : value_(value) {}  // NOLINT: implicit, so that Scalar(1) reads as it does for a double
  explicit Counting(double value) : value_(value) {}

  double value() const { return value_; }

  Counting& operator+=(const Counting& b) { return *this = *this + b; }
  Counting& operator-=(const Counting& b) { return *this = *this - b; }
  Counting& operator*=(const Counting& b) { return *this = *this * b; }
  Counting& operator/=(const Counting& b) { return *this = *this / b; }

  friend Counting operator+(const Counting& a, const Counting& b) {
    ++done().additions;
    return Counting(a.value_ + b.value_);
  }
  friend Counting operator-(const Counting& a, const Counting& b) {
    ++done().additions;
    return Counting(a.value_ - b.value_);
  }
  friend Counting operator*(const Counting& a, const Counting& b) {
    ++done().multiplications;
    return Counting(a.value_ * b.value_);
  }
  friend Counting operator/(const Counting& a, const Counting& b) {
    ++done().divisions;
    return Counting(a.value_ / b.value_);
  }
  friend Counting operator-(const Counting& a) { return Counting(-a.value_); }

  friend Counting exp(const Counting& a) {
    ++done().exponentials;
    return Counting(std::exp(a.value_));
  }
  friend Counting sqrt(const Counting& a) {
    ++done().square_roots;
    return Counting(std::sqrt(a.value_));
  }
  friend Counting abs(const Counting& a) { return Counting(std::abs(a.value_)); }

  friend bool operator<(const Counting& a, const Counting& b) {
    ++done().comparisons;
    return a.value_ < b.value_;
  }
  friend bool operator==(const Counting& a, const Counting& b) { return a.value_ == b.value_; }

  /// What the body does, counted.
  template <typename Body>
  static Operations count(Body body) {
    const Operations before = done();
    done() = {};
    body();
    const Operations counted = done();
    done() = before;
    return counted;
  }

 private:
  static Operations& done() {
    thread_local Operations operations;
    return operations;
  }

  double value_ = 0;
};

}  // namespace numbers

namespace Eigen {

template <>
struct NumTraits<numbers::Counting> : NumTraits<double> {
  using Real = numbers::Counting;
  using NonInteger = numbers::Counting;
  using Nested = numbers::Counting;
  using Literal = numbers::Counting;
  enum { RequireInitialization = 1, ReadCost = 1, AddCost = 1, MulCost = 1 };
};

}  // namespace Eigen
