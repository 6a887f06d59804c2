#include <cmath>
#include <string>

#include "numbers/enclose.hpp"
#include "numbers/error.hpp"

namespace numbers {

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

double to_double(const Exact& a) {
  for (long bits = 64;; bits *= 2) {
    const Interval interval = enclose(a, bits);
    const double left = mpfr_get_d(interval.left(), MPFR_RNDN),
                 right = mpfr_get_d(interval.right(), MPFR_RNDN);
    if (left == right) return left;
  }
}

}  // namespace numbers
