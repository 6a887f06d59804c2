#pragma once
#include <gmp.h>
#include <mpfr.h>
// MPFI declares what takes mpfr_t only after mpfr.h.
#include <mpfi.h>

#include "numbers/exact_value.hpp"

namespace numbers {

/// An mpfi_t that cleans up after itself.
class Interval {
 public:
  explicit Interval(long bits) { mpfi_init2(raw_, bits); }
  Interval(const Interval& other) : Interval(other.bits()) { mpfi_set(raw_, other.raw_); }
  Interval& operator=(const Interval& other) = delete;
  ~Interval() { mpfi_clear(raw_); }

  mpfi_ptr raw() { return raw_; }
  mpfi_srcptr raw() const { return raw_; }
  mpfr_srcptr left() const { return &raw_->left; }
  mpfr_srcptr right() const { return &raw_->right; }
  long bits() const { return mpfi_get_prec(raw_); }
  int sign() const;  ///< -1 or 1 where it is decided; 0 where the interval contains 0

 private:
  mpfi_t raw_;
};

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

/// As many as certified values have, unless more or fewer are asked for.
constexpr long usual_bits = 256;

/// No value here needs more bits to be told from another one.
constexpr long most_bits = 1L << 22;

/// Throws where an end is infinite or not a number.
const Interval& check_bounded(const Interval& a);

/// An interval around the value whose width is less than 2^-bits of it, and that does not contain 0 unless
/// the value is 0.
Interval enclose(const Exact& value, long bits);

/// The end as a rational.
Rational rational(mpfr_srcptr end);

}  // namespace numbers
