#include "numbers/enclosure.hpp"

#include <ostream>
#include <string>

#include "numbers/enclosure_value.hpp"
#include "numbers/error.hpp"
#include "numbers/interval.hpp"

namespace numbers {
namespace {

thread_local long working_precision = usual_bits;

std::string text_of(mpfr_srcptr end, const char* format) {
  if (mpfr_zero_p(end) != 0) return "0";  // MPFI's upper zero is -0
  char buffer[64];
  mpfr_snprintf(buffer, sizeof buffer, format, end);
  return buffer;
}

/// Rounded outwards, so that what is shown contains the value, too.
std::string text_of(const Enclosure& a) {
  const Interval& interval = a.value().interval;
  return "[" + text_of(interval.left(), "%.17RDg") + ", " + text_of(interval.right(), "%.17RUg") + "]";
}

Enclosure enclosure(const Interval& interval) {
  return Enclosure(std::make_shared<const Enclosure::Value>(Enclosure::Value{check_bounded(interval)}));
}

using Unary = int (*)(mpfi_ptr, mpfi_srcptr);
using Binary = int (*)(mpfi_ptr, mpfi_srcptr, mpfi_srcptr);

Enclosure apply(Unary operation, const Enclosure& a) {
  const ExponentRange range;
  Interval result(working_precision);
  operation(result.raw(), a.value().interval.raw());
  return enclosure(result);
}

Enclosure apply(Binary operation, const Enclosure& a, const Enclosure& b) {
  const ExponentRange range;
  Interval result(working_precision);
  operation(result.raw(), a.value().interval.raw(), b.value().interval.raw());
  return enclosure(result);
}

/// A matrix is made of zeros before its entries are written: they are one.
Enclosure zero() {
  static const Enclosure zero(0);
  return zero;
}

bool is_point(const Interval& a) { return mpfr_equal_p(a.left(), a.right()) != 0; }

}  // namespace

Enclosure::Precision::Precision(long bits) : before_(working_precision) {
  if (bits < 2 || bits > most_bits)
    throw Error("the precision of an enclosure must be 2 to " + std::to_string(most_bits) + " bits, not " +
                std::to_string(bits));
  working_precision = bits;
}

Enclosure::Precision::~Precision() { working_precision = before_; }

Enclosure::Enclosure() : Enclosure(zero()) {}
Enclosure::Enclosure(int value) : Enclosure(Exact(value)) {}
Enclosure::Enclosure(const Exact& value)
    : Enclosure(apply(mpfi_set,
                      Enclosure(std::make_shared<const Value>(Value{enclose(value, working_precision)})))) {}
Enclosure::Enclosure(const Exact& lower, const Exact& upper)
    : Enclosure(hull(Enclosure(lower), Enclosure(upper))) {
  if (upper < lower)
    throw Error("an interval cannot reach from " + shown(lower) + " down to " + shown(upper));
}
Enclosure::Enclosure(std::shared_ptr<const Value> value) : value_(std::move(value)) {}

Enclosure& Enclosure::operator+=(const Enclosure& other) { return *this = *this + other; }
Enclosure& Enclosure::operator-=(const Enclosure& other) { return *this = *this - other; }
Enclosure& Enclosure::operator*=(const Enclosure& other) { return *this = *this * other; }
Enclosure& Enclosure::operator/=(const Enclosure& other) { return *this = *this / other; }

Enclosure operator+(const Enclosure& a, const Enclosure& b) { return apply(mpfi_add, a, b); }
Enclosure operator-(const Enclosure& a, const Enclosure& b) { return apply(mpfi_sub, a, b); }
Enclosure operator*(const Enclosure& a, const Enclosure& b) { return apply(mpfi_mul, a, b); }
Enclosure operator-(const Enclosure& a) { return apply(mpfi_neg, a); }

Enclosure operator/(const Enclosure& a, const Enclosure& b) {
  if (b.value().interval.sign() == 0)
    throw Error("division by what may be zero: " + text_of(b) +
                "; raise the precision or change the numbers");
  return apply(mpfi_div, a, b);
}

Enclosure exp(const Enclosure& a) { return apply(mpfi_exp, a); }
Enclosure abs(const Enclosure& a) { return apply(mpfi_abs, a); }

Enclosure sqrt(const Enclosure& a) {
  if (mpfr_sgn(a.value().interval.left()) < 0)
    throw Error("sqrt of what may be negative: " + text_of(a) +
                "; raise the precision or change the numbers");
  return apply(mpfi_sqrt, a);
}

Enclosure max(const Enclosure& a, const Enclosure& b) {
  const Interval &x = a.value().interval, &y = b.value().interval;
  Interval result(working_precision);
  mpfr_max(&result.raw()->left, x.left(), y.left(), MPFR_RNDD);
  mpfr_max(&result.raw()->right, x.right(), y.right(), MPFR_RNDU);
  return enclosure(result);
}

Enclosure hull(const Enclosure& a, const Enclosure& b) { return apply(mpfi_union, a, b); }

Answer equal(const Enclosure& a, const Enclosure& b) {
  if (!overlap(a, b)) return Answer::no;
  return is_point(a.value().interval) && is_point(b.value().interval) ? Answer::yes : Answer::not_decided;
}

Answer less(const Enclosure& a, const Enclosure& b) {
  const Interval &x = a.value().interval, &y = b.value().interval;
  if (mpfr_less_p(x.right(), y.left()) != 0) return Answer::yes;
  return mpfr_lessequal_p(y.right(), x.left()) != 0 ? Answer::no : Answer::not_decided;
}

bool overlap(const Enclosure& a, const Enclosure& b) {
  const Interval &x = a.value().interval, &y = b.value().interval;
  return mpfr_lessequal_p(x.left(), y.right()) != 0 && mpfr_lessequal_p(y.left(), x.right()) != 0;
}

Exact lower(const Enclosure& a) { return exact(rational(a.value().interval.left())); }
Exact upper(const Enclosure& a) { return exact(rational(a.value().interval.right())); }
double midpoint(const Enclosure& a) { return mpfi_get_d(a.value().interval.raw()); }

std::ostream& operator<<(std::ostream& out, const Enclosure& a) { return out << text_of(a); }

}  // namespace numbers
