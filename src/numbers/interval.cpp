#include "numbers/interval.hpp"

#include <algorithm>
#include <string>

#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

constexpr mpfr_exp_t largest_exponent = 4'000'000;

/// Evaluates sums and quotients with so many bits; a square root that stands in many terms is taken once.
class Evaluation {
 public:
  Evaluation(long bits, std::int64_t radicand) : bits_(bits), root_(bits) {
    mpfi_set_q(root_.raw(), Rational(radicand).backend().data());
    mpfi_sqrt(root_.raw(), root_.raw());
  }

  Interval surd(const Surd& a) const {
    Interval value(bits_);
    if (!is_zero(a.q)) mpfi_mul_q(value.raw(), root_.raw(), a.q.backend().data());
    if (is_zero(a.q)) mpfi_set_q(value.raw(), a.p.backend().data());
    if (!is_zero(a.q) && !is_zero(a.p)) mpfi_add_q(value.raw(), value.raw(), a.p.backend().data());
    return value;
  }

  Interval sum(const Sum& a) const {
    charge(a.size() * (10 + static_cast<std::size_t>(bits_) / 32) + bits(a) / bits_a_unit);
    Interval total(bits_);
    mpfi_set_si(total.raw(), 0);
    for (const Term& term : a) {
      Interval value = surd(term.exponent);
      mpfi_exp(value.raw(), value.raw());
      mpfi_mul(value.raw(), value.raw(), surd(term.coefficient).raw());
      mpfi_add(total.raw(), total.raw(), value.raw());
    }
    return total;
  }

  Interval quotient(const Quotient& a) const {
    Interval value = sum(a.numerator);
    for (const Factor& factor : a.denominator) {
      const Interval divisor = sum(*factor.sum);
      for (int i = 0; i < factor.power; ++i) mpfi_div(value.raw(), value.raw(), divisor.raw());
    }
    return value;
  }

 private:
  long bits_;
  Interval root_;
};

Interval point_or_neighbours(const Rational& value, long bits) {
  Interval interval(bits);
  mpfi_set_q(interval.raw(), value.backend().data());
  return check_bounded(interval);
}

/// The width is less than 2^-bits of the value.
bool is_tight(const Interval& a, long bits) {
  if (mpfi_bounded_p(a.raw()) == 0 || a.sign() == 0) return false;
  mpfr_t width;
  mpfr_init2(width, 64);
  mpfi_diam_rel(width, a.raw());
  const bool tight = mpfr_cmp_si_2exp(width, 1, -bits) < 0;
  mpfr_clear(width);
  return tight;
}

}  // namespace

int Interval::sign() const {
  if (mpfr_sgn(left()) > 0) return 1;
  return mpfr_sgn(right()) < 0 ? -1 : 0;
}

ExponentRange::ExponentRange() : least_before_(mpfr_get_emin()), greatest_before_(mpfr_get_emax()) {
  mpfr_set_emin(-largest_exponent);
  mpfr_set_emax(largest_exponent);
}

ExponentRange::~ExponentRange() {
  mpfr_set_emin(least_before_);
  mpfr_set_emax(greatest_before_);
}

const Interval& check_bounded(const Interval& a) {
  if (mpfi_bounded_p(a.raw()) == 0)
    throw Error(
        "the result of a calculation with intervals is too large (beyond 2^4000000): use smaller numbers");
  return a;
}

struct Enclosed {
  long bits;
  Interval interval;
};

Interval enclose(const Exact& value, long bits) {
  bits = std::max(bits, usual_bits);  // most questions about a value share one answer
  const ExponentRange range;
  if (const Rational* known = rational(value)) return point_or_neighbours(*known, bits + 2);
  auto& last = value.value().enclosed;
  if (const auto known = last.load(); known && known->bits == bits) return known->interval;
  const Quotient number = quotient(value);
  for (long working = bits + 32; working <= 2 * most_bits; working *= 2) {
    const Interval interval = Evaluation(working, radicand(number)).quotient(number);
    if (!is_tight(interval, bits)) continue;
    last = std::make_shared<const Enclosed>(Enclosed{bits, interval});
    return interval;
  }
  throw Error("the size of " + shown(value) + " cannot be told with " + std::to_string(most_bits) + " bits");
}

Rational rational(mpfr_srcptr end) {
  Rational value;
  mpfr_get_q(value.backend().data(), end);
  return value;
}

}  // namespace numbers
