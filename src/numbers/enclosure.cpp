#include "numbers/enclosure.hpp"

#include <ostream>
#include <string>

#include "numbers/error.hpp"
#include "numbers/exact_interval.hpp"

namespace numbers {
namespace {

thread_local long working_precision = usual_bits;

std::string text_of(mpfr_srcptr end, const char* format) {
  if (mpfr_zero_p(end) != 0) return "0";  // without the sign that a zero has
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

using Unary = Interval (*)(const Interval&, long);
using Binary = Interval (*)(const Interval&, const Interval&, long);

/// What an operation on intervals gives, with the bits that new enclosures have.
Enclosure apply(Unary operation, const Enclosure& a) {
  const ExponentRange range;
  return enclosure(operation(a.value().interval, working_precision));
}

Enclosure apply(Binary operation, const Enclosure& a, const Enclosure& b) {
  const ExponentRange range;
  return enclosure(operation(a.value().interval, b.value().interval, working_precision));
}

/// A matrix is made of zeros before its entries are written: they are one.
Enclosure zero() {
  static const Enclosure zero(0);
  return zero;
}

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
    : Enclosure(enclosure(rounded(enclose(value, working_precision), working_precision))) {}
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

Enclosure operator+(const Enclosure& a, const Enclosure& b) { return apply(add, a, b); }
Enclosure operator-(const Enclosure& a, const Enclosure& b) { return apply(subtract, a, b); }
Enclosure operator*(const Enclosure& a, const Enclosure& b) { return apply(multiply, a, b); }
Enclosure operator-(const Enclosure& a) { return apply(negative, a); }

Enclosure operator/(const Enclosure& a, const Enclosure& b) {
  if (b.value().interval.sign() == 0)
    throw Error("division by what may be zero: " + text_of(b) +
                "; raise the precision or change the numbers");
  return apply(divide, a, b);
}

Enclosure exp(const Enclosure& a) { return apply(exp, a); }

Enclosure abs(const Enclosure& a) { return apply(abs, a); }

Enclosure sqrt(const Enclosure& a) {
  if (mpfr_sgn(a.value().interval.left()) < 0)
    throw Error("sqrt of what may be negative: " + text_of(a) +
                "; raise the precision or change the numbers");
  return apply(sqrt, a);
}

Enclosure max(const Enclosure& a, const Enclosure& b) { return apply(max, a, b); }

Enclosure hull(const Enclosure& a, const Enclosure& b) { return apply(hull, a, b); }

Answer equal(const Enclosure& a, const Enclosure& b) {
  if (!overlap(a, b)) return Answer::no;
  return a.value().interval.is_point() && b.value().interval.is_point() ? Answer::yes : Answer::not_decided;
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
double midpoint(const Enclosure& a) { return middle(a.value().interval); }

std::ostream& operator<<(std::ostream& out, const Enclosure& a) { return out << text_of(a); }

}  // namespace numbers
