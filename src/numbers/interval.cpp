#include "numbers/interval.hpp"

#include <algorithm>

#include "numbers/error.hpp"

namespace numbers {
namespace {

constexpr mpfr_exp_t largest_exponent = 4'000'000;

bool is_negative(mpfr_srcptr a) { return mpfr_sgn(a) < 0; }

/// Both factors contain 0 within: each end of the product is the greater of two products of ends.
Interval multiply_around_zero(const Interval& a, const Interval& b, long bits) {
  Interval result(bits), other(bits);
  mpfr_mul(result.left(), a.left(), b.right(), MPFR_RNDD);
  mpfr_mul(other.left(), a.right(), b.left(), MPFR_RNDD);
  mpfr_min(result.left(), result.left(), other.left(), MPFR_RNDD);
  mpfr_mul(result.right(), a.left(), b.left(), MPFR_RNDU);
  mpfr_mul(other.right(), a.right(), b.right(), MPFR_RNDU);
  mpfr_max(result.right(), result.right(), other.right(), MPFR_RNDU);
  return result;
}

}  // namespace

void swap(Interval& a, Interval& b) noexcept {
  mpfr_swap(a.left(), b.left());
  mpfr_swap(a.right(), b.right());
}

Interval::Interval(long bits) {
  mpfr_init2(left_, bits);
  mpfr_init2(right_, bits);
  mpfr_set_zero(left_, 1);
  mpfr_set_zero(right_, 1);
}

Interval::Interval(const Interval& other) : Interval(other.bits()) {
  mpfr_set(left_, other.left_, MPFR_RNDD);
  mpfr_set(right_, other.right_, MPFR_RNDU);
}

Interval::Interval(Interval&& other) noexcept : Interval(MPFR_PREC_MIN) { swap(*this, other); }

Interval& Interval::operator=(Interval other) noexcept {
  swap(*this, other);
  return *this;
}

Interval::~Interval() {
  mpfr_clear(left_);
  mpfr_clear(right_);
}

int Interval::sign() const {
  if (mpfr_sgn(left()) > 0) return 1;
  return mpfr_sgn(right()) < 0 ? -1 : 0;
}

bool Interval::is_point() const { return mpfr_equal_p(left(), right()) != 0; }
bool Interval::is_bounded() const { return mpfr_number_p(left()) != 0 && mpfr_number_p(right()) != 0; }

Interval interval(const Rational& value, long bits) {
  Interval result(bits);
  mpfr_set_q(result.left(), value.backend().data(), MPFR_RNDD);
  mpfr_set_q(result.right(), value.backend().data(), MPFR_RNDU);
  return result;
}

Interval rounded(const Interval& a, long bits) {
  Interval result(bits);
  mpfr_set(result.left(), a.left(), MPFR_RNDD);
  mpfr_set(result.right(), a.right(), MPFR_RNDU);
  return result;
}

Interval negative(const Interval& a, long bits) {
  Interval result(bits);
  mpfr_neg(result.left(), a.right(), MPFR_RNDD);
  mpfr_neg(result.right(), a.left(), MPFR_RNDU);
  return result;
}

Interval add(const Interval& a, const Interval& b, long bits) {
  Interval result(bits);
  mpfr_add(result.left(), a.left(), b.left(), MPFR_RNDD);
  mpfr_add(result.right(), a.right(), b.right(), MPFR_RNDU);
  return result;
}

Interval subtract(const Interval& a, const Interval& b, long bits) {
  Interval result(bits);
  mpfr_sub(result.left(), a.left(), b.right(), MPFR_RNDD);
  mpfr_sub(result.right(), a.right(), b.left(), MPFR_RNDU);
  return result;
}

Interval multiply(const Interval& a, const Interval& b, long bits) {
  if (is_negative(a.left())) {
    if (mpfr_sgn(a.right()) <= 0) return negative(multiply(negative(a, a.bits()), b, bits), bits);
    const bool b_is_around_zero = is_negative(b.left()) && mpfr_sgn(b.right()) > 0;
    return b_is_around_zero ? multiply_around_zero(a, b, bits) : multiply(b, a, bits);
  }
  Interval result(bits);
  mpfr_mul(result.left(), is_negative(b.left()) ? a.right() : a.left(), b.left(), MPFR_RNDD);
  mpfr_mul(result.right(), is_negative(b.right()) ? a.left() : a.right(), b.right(), MPFR_RNDU);
  return result;
}

Interval divide(const Interval& a, const Interval& b, long bits) {
  if (b.sign() < 0) return divide(negative(a, a.bits()), negative(b, b.bits()), bits);
  Interval result(bits);
  mpfr_div(result.left(), a.left(), is_negative(a.left()) ? b.left() : b.right(), MPFR_RNDD);
  mpfr_div(result.right(), a.right(), is_negative(a.right()) ? b.right() : b.left(), MPFR_RNDU);
  return result;
}

Interval exp(const Interval& a, long bits) {
  Interval result(bits);
  mpfr_exp(result.left(), a.left(), MPFR_RNDD);
  mpfr_exp(result.right(), a.right(), MPFR_RNDU);
  return result;
}

Interval sqrt(const Interval& a, long bits) {
  Interval result(bits);
  mpfr_sqrt(result.left(), a.left(), MPFR_RNDD);
  mpfr_sqrt(result.right(), a.right(), MPFR_RNDU);
  return result;
}

Interval abs(const Interval& a, long bits) {
  if (a.sign() != 0) return a.sign() < 0 ? negative(a, bits) : rounded(a, bits);
  Interval result(bits);
  const bool is_left_farther = mpfr_cmpabs(a.left(), a.right()) > 0;
  mpfr_abs(result.right(), is_left_farther ? a.left() : a.right(), MPFR_RNDU);
  return result;
}

Interval max(const Interval& a, const Interval& b, long bits) {
  Interval result(bits);
  mpfr_max(result.left(), a.left(), b.left(), MPFR_RNDD);
  mpfr_max(result.right(), a.right(), b.right(), MPFR_RNDU);
  return result;
}

Interval hull(const Interval& a, const Interval& b, long bits) {
  Interval result(bits);
  mpfr_min(result.left(), a.left(), b.left(), MPFR_RNDD);
  mpfr_max(result.right(), a.right(), b.right(), MPFR_RNDU);
  return result;
}

long common_bits(const Interval& a) {
  if (a.sign() == 0 || !a.is_bounded()) return 0;
  Interval width(64);
  mpfr_sub(width.right(), a.right(), a.left(), MPFR_RNDU);
  mpfr_div(width.right(), width.right(), a.sign() > 0 ? a.left() : a.right(), MPFR_RNDA);
  return std::max<long>(0, -mpfr_get_exp(width.right()));
}

double middle(const Interval& a) {
  Interval sum(a.bits() + 64);
  mpfr_add(sum.left(), a.left(), a.right(), MPFR_RNDN);
  mpfr_div_2ui(sum.left(), sum.left(), 1, MPFR_RNDN);
  return mpfr_get_d(sum.left(), MPFR_RNDN);
}

const Interval& check_bounded(const Interval& a) {
  if (!a.is_bounded())
    throw Error(
        "the result of a calculation with intervals is too large (beyond 2^4000000): use smaller numbers");
  return a;
}

Rational rational(mpfr_srcptr end) {
  Rational value;
  mpfr_get_q(value.backend().data(), end);
  return value;
}

ExponentRange::ExponentRange() : least_before_(mpfr_get_emin()), greatest_before_(mpfr_get_emax()) {
  mpfr_set_emin(-largest_exponent);
  mpfr_set_emax(largest_exponent);
}

ExponentRange::~ExponentRange() {
  mpfr_set_emin(least_before_);
  mpfr_set_emax(greatest_before_);
}

}  // namespace numbers
