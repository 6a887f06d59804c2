#include <cmath>
#include <string>

#include "numbers/error.hpp"
#include "numbers/exact_interval.hpp"

namespace numbers {
namespace {

/// What both ends of an enclosure round to: so it is the value that is rounded, and once.
template <typename Machine>
Machine nearest(const Exact& a, Machine (*round)(mpfr_srcptr, mpfr_rnd_t)) {
  for (long bits = 64;; bits *= 2) {
    const Interval interval = enclose(a, bits);
    const Machine left = round(interval.left(), MPFR_RNDN);
    if (left == round(interval.right(), MPFR_RNDN)) return left;
  }
}

}  // namespace

Exact integer(const std::string& digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    throw Error("not an integer: '" + digits + "'");
  Integer value;
  mpz_set_str(value.backend().data(), digits.c_str(), 10);
  return exact(Rational(value));
}

Exact exactly(double value) {
  if (!std::isfinite(value))
    throw Error("an infinite or undefined double is no number: " + std::to_string(value));
  Rational exact_value;
  mpq_set_d(exact_value.backend().data(), value);
  return exact(exact_value);
}

double to_double(const Exact& a) { return nearest<double>(a, mpfr_get_d); }
float to_float(const Exact& a) { return nearest<float>(a, mpfr_get_flt); }

}  // namespace numbers
