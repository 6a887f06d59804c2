#pragma once
#include <mpfr.h>

#include "numbers/rational.hpp"

namespace numbers {

/// All numbers between two ends, which MPFR rounds outwards: what an operation gives contains every result
/// for numbers out of its operands. An end may be infinite where an operation overflowed; see check_bounded.
class Interval {
 public:
  explicit Interval(long bits);  ///< [0, 0], with ends of so many bits
  Interval(const Interval& other);
  Interval(Interval&& other) noexcept;
  Interval& operator=(Interval other) noexcept;
  ~Interval();

  mpfr_ptr left() { return left_; }
  mpfr_ptr right() { return right_; }
  mpfr_srcptr left() const { return left_; }
  mpfr_srcptr right() const { return right_; }
  long bits() const { return mpfr_get_prec(left_); }

  int sign() const;         ///< -1 or 1 where it is decided; 0 where the interval contains 0
  bool is_point() const;    ///< both ends are the same
  bool is_bounded() const;  ///< both ends are numbers

 private:
  mpfr_t left_, right_;
};

void swap(Interval& a, Interval& b) noexcept;

/// Around the number: a point where so many bits hold it.
Interval interval(const Rational& value, long bits);

// Each result has ends of so many bits.
Interval rounded(const Interval& a, long bits);
Interval negative(const Interval& a, long bits);
Interval add(const Interval& a, const Interval& b, long bits);
Interval subtract(const Interval& a, const Interval& b, long bits);
Interval multiply(const Interval& a, const Interval& b, long bits);
Interval divide(const Interval& a, const Interval& b, long bits);  ///< b does not contain 0
Interval exp(const Interval& a, long bits);
Interval sqrt(const Interval& a, long bits);  ///< a is nowhere negative
Interval abs(const Interval& a, long bits);
Interval max(const Interval& a, const Interval& b, long bits);
Interval hull(const Interval& a, const Interval& b, long bits);  ///< the smallest that contains both

/// How many leading bits all its numbers share, about: the width is less than 2^-bits of each of them.
/// 0 where the interval contains 0 or is not bounded; not to be asked of a point.
long common_bits(const Interval& a);

/// The double nearest to the middle.
double middle(const Interval& a);

/// Throws where an end is infinite or not a number.
const Interval& check_bounded(const Interval& a);

/// The end as a rational.
Rational rational(mpfr_srcptr end);

/// While it lives, results beyond 2^±4000000 overflow to an infinite end (an Error for those who meet it),
/// and ends that are closer to 0 are rounded outwards. So no end is too long to be written out.
class ExponentRange {
 public:
  ExponentRange();
  ~ExponentRange();
  ExponentRange(const ExponentRange&) = delete;
  ExponentRange& operator=(const ExponentRange&) = delete;

 private:
  mpfr_exp_t least_before_, greatest_before_;
};

}  // namespace numbers
