#include "numbers/exact.hpp"

#include <ostream>
#include <string>

#include "numbers/check_caps.hpp"
#include "numbers/error.hpp"
#include "numbers/exact_value.hpp"

namespace numbers {
namespace {

std::shared_ptr<const Exact::Value> shared(Rational value) {
  return std::make_shared<const Exact::Value>(std::move(value));
}

/// Zeros and ones are most of a small matrix: they are made once.
std::shared_ptr<const Exact::Value> shared(long long value) {
  static const auto zero = shared(Rational(0)), one = shared(Rational(1));
  if (value == 0) return zero;
  return value == 1 ? one : shared(Rational(value));
}

/// An irrational value times a rational: irrational, or 0.
Exact scaled(const Exact& a, const Rational& factor) {
  if (is_zero(factor)) return Exact(0);
  if (is_one(factor)) return a;
  Fractions product = scale(*AsFractions(a), Surd(factor));
  check_caps(product);
  return Exact(
      std::make_shared<const Exact::Value>(std::move(product), fingerprint(a) * Fingerprint(Surd(factor))));
}

}  // namespace

Exact::Exact() : value_(shared(0LL)) {}
Exact::Exact(int value) : value_(shared(static_cast<long long>(value))) {}
Exact::Exact(long value) : value_(shared(static_cast<long long>(value))) {}
Exact::Exact(long long value) : value_(shared(value)) {}
Exact::Exact(std::shared_ptr<const Value> value) : value_(std::move(value)) {}

Exact& Exact::operator+=(const Exact& other) { return *this = *this + other; }
Exact& Exact::operator-=(const Exact& other) { return *this = *this - other; }
Exact& Exact::operator*=(const Exact& other) { return *this = *this * other; }
Exact& Exact::operator/=(const Exact& other) { return *this = *this / other; }

AsFractions::AsFractions(const Exact& a) : own_(std::get_if<Fractions>(&a.value().number)) {
  const Rational* known = rational(a);
  if (known != nullptr && !is_zero(*known)) made_ = {{constant(Surd(*known)), {}}};
}

Fingerprint fingerprint(const Exact& a) {
  const Rational* known = rational(a);
  return known != nullptr ? Fingerprint(Surd(*known)) : a.value().fingerprint;
}

Exact exact(Rational value) {
  check_caps(value);
  if (is_zero(value)) return Exact(0);
  return is_one(value) ? Exact(1) : Exact(shared(std::move(value)));
}

Exact exact(const Surd& value) {
  if (is_rational(value)) return exact(value.p);
  Fractions fractions{{constant(value), {}}};
  check_caps(fractions);
  return Exact(std::make_shared<const Exact::Value>(std::move(fractions), Fingerprint(value)));
}

Exact exact(Fractions value, const Fingerprint& fingerprint) {
  if (!fingerprint.proves_not_zero() && is_zero(value)) return Exact(0);
  if (!fingerprint.proves_not_algebraic())
    if (const auto surd = algebraic(value)) return exact(*surd);
  check_caps(value);
  return Exact(std::make_shared<const Exact::Value>(std::move(value), fingerprint));
}

std::string shown(const Exact& a) {
  constexpr std::size_t longest = 80;
  const std::string text = print(a, Notation::text);
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

Exact operator+(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (x != nullptr && y != nullptr) return exact(*x + *y);
  if (x != nullptr && is_zero(*x)) return b;
  if (y != nullptr && is_zero(*y)) return a;
  return exact(add(*AsFractions(a), *AsFractions(b)), fingerprint(a) + fingerprint(b));
}

Exact operator-(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (x != nullptr && y != nullptr) return exact(*x - *y);
  return a + -b;
}

Exact operator*(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (x != nullptr && y != nullptr) return exact(*x * *y);
  if (x != nullptr) return scaled(b, *x);
  if (y != nullptr) return scaled(a, *y);
  return exact(multiply(*AsFractions(a), *AsFractions(b)), fingerprint(a) * fingerprint(b));
}

Exact operator/(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (y != nullptr && is_zero(*y)) throw Error("division by zero: " + print_factor(a, Notation::text) + "/0");
  if (x != nullptr && y != nullptr) return exact(*x / *y);
  if (y != nullptr) return scaled(a, 1 / *y);
  return exact(divide(*AsFractions(a), *AsFractions(b)), fingerprint(a) / fingerprint(b));
}

Exact operator-(const Exact& a) {
  if (const Rational* known = rational(a)) return exact(-*known);
  return scaled(a, Rational(-1));
}

bool is_integer(const Exact& a) { return rational(a) != nullptr && is_integer(*rational(a)); }
bool is_rational(const Exact& a) { return rational(a) != nullptr; }

std::ostream& operator<<(std::ostream& out, const Exact& a) { return out << print(a, Notation::unicode); }

}  // namespace numbers
