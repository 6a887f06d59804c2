#include "numbers/decimal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "numbers/error.hpp"
#include "numbers/exact_interval.hpp"

namespace numbers {
namespace {

constexpr int most_digits = 10000;
constexpr double bits_per_digit = 3.3219280948873626;

/// ±d.ddd · 10^exponent; no digits for zero.
struct Rounded {
  bool negative = false;
  std::string digits;
  long exponent = 0;
  bool is_exact = true;  ///< nothing was rounded away
};

bool same_digits(const Rounded& a, const Rounded& b) {
  return a.negative == b.negative && a.digits == b.digits && a.exponent == b.exponent;
}

/// The integer nearest to top/bottom, half to even.
struct Nearest {
  Integer value;
  bool is_exact;
};

Nearest nearest(const Integer& top, const Integer& bottom) {
  Integer value, rest;
  divide_qr(top, bottom, value, rest);
  const int half = Integer(2 * rest).compare(bottom);
  if (half > 0 || (half == 0 && bit_test(value, 0))) ++value;
  return {value, rest == 0};
}

/// |a| · 10^places
Nearest nearest_scaled(const Rational& a, long places) {
  const Integer top = abs(numerator(a)), bottom = denominator(a);
  return places >= 0 ? nearest(top * power_of_ten(places), bottom)
                     : nearest(top, bottom * power_of_ten(-places));
}

bool is_below_power(const Rational& size, long exponent) {
  return exponent >= 0 ? size < Rational(power_of_ten(exponent))
                       : size * Rational(power_of_ten(-exponent)) < 1;
}

/// The e with 10^e <= |a| < 10^(e+1), from the number of bits and corrected.
long decimal_exponent(const Rational& a) {
  const Rational size = abs(a);
  const auto top = static_cast<double>(msb(numerator(size))),
             bottom = static_cast<double>(msb(denominator(size)));
  long exponent = static_cast<long>((top - bottom) / bits_per_digit);
  while (is_below_power(size, exponent)) --exponent;
  while (!is_below_power(size, exponent + 1)) ++exponent;
  return exponent;
}

Rounded round_to_digits(const Rational& a, int count) {
  if (is_zero(a)) return {};
  long exponent = decimal_exponent(a);
  const Nearest scaled = nearest_scaled(a, count - 1 - exponent);
  std::string digits = scaled.value.str();
  if (digits.size() > static_cast<std::size_t>(count)) {  // 9.99 became 10.0
    digits.pop_back();
    ++exponent;
  }
  return {sign(a) < 0, digits, exponent, scaled.is_exact};
}

/// The digits of every number between the two, if these are the same.
std::optional<Rounded> round_to_digits(const Interval& a, int count) {
  const Rounded left = round_to_digits(rational(a.left()), count);
  if (a.is_point()) return left;
  Rounded right = round_to_digits(rational(a.right()), count);
  if (a.sign() == 0 || !same_digits(left, right)) return std::nullopt;
  right.is_exact = false;
  return right;
}

Rounded round_to_digits(const Exact& value, int count) {
  if (const Rational* known = rational(value)) return round_to_digits(*known, count);
  for (long bits = static_cast<long>(count * bits_per_digit) + 32;; bits *= 2)
    if (const auto rounded = round_to_digits(enclose(value, bits), count)) return *rounded;
}

/// The digits with a point after so many of them; zeros are put where there is none.
std::string with_point(std::string digits, long before_point) {
  if (before_point <= 0) {
    digits.insert(0, static_cast<std::size_t>(1 - before_point), '0');
    before_point = 1;
  }
  const auto place = static_cast<std::size_t>(before_point);
  if (digits.size() < place) digits.append(place - digits.size(), '0');
  return digits.size() == place ? digits : digits.insert(place, ".");
}

std::string text_of(Rounded a) {
  if (a.digits.empty()) return "0";
  if (a.is_exact) a.digits.erase(a.digits.find_last_not_of('0') + 1);
  const std::string minus = a.negative ? "-" : "";
  if (a.exponent >= -7 && a.exponent < 21) return minus + with_point(a.digits, a.exponent + 1);
  return minus + with_point(a.digits, 1) + (a.exponent < 0 ? "e-" : "e+") +
         std::to_string(std::abs(a.exponent));
}

void check_digits(int digits, int least) {
  if (digits < least || digits > most_digits)
    throw Error("the number of digits must be " + std::to_string(least) + " to " +
                std::to_string(most_digits) + ", not " + std::to_string(digits));
}

std::string formatted(const char* format, int places, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, places, value);
  return buffer;
}

/// No more digits than this can be decided by an interval.
int most_decided(const Interval& a, int digits) {
  if (a.is_point()) return digits;
  const double decided = static_cast<double>(common_bits(a)) / bits_per_digit + 3;
  return decided < digits ? static_cast<int>(decided) : digits;
}

}  // namespace

std::string decimal(const Exact& value, int digits) {
  check_digits(digits, 1);
  return text_of(round_to_digits(value, digits));
}

std::string decimal(const Enclosure& value, int digits) {
  check_digits(digits, 1);
  const Interval& interval = value.value().interval;
  if (interval.sign() == 0 && !interval.is_point()) return "?";
  for (int count = most_decided(interval, digits); count > 0; --count)
    if (const auto rounded = round_to_digits(interval, count)) return text_of(*rounded);
  return "?";
}

std::string fixed(const Exact& value, int places) {
  check_digits(places, 0);
  Integer scaled;
  if (const Rational* known = rational(value)) {
    scaled = nearest_scaled(*known, places).value;
  } else {
    for (long bits = 64;; bits *= 2) {
      const Interval interval = enclose(value, bits);
      scaled = nearest_scaled(rational(interval.left()), places).value;
      if (nearest_scaled(rational(interval.right()), places).value == scaled) break;
    }
  }
  std::string digits = scaled.str();
  const auto wanted = static_cast<std::size_t>(places);
  if (digits.size() <= wanted) digits.insert(0, wanted + 1 - digits.size(), '0');
  const std::string minus = scaled != 0 && sign(value) < 0 ? "-" : "";
  return minus + with_point(digits, static_cast<long>(digits.size() - wanted));
}

std::string six_places(const Exact& value, Notation notation) {
  const Exact small = Exact(1) / Exact(100000);
  if (value == Exact(0) || !(abs(value) < small)) return fixed(value, 6);
  std::string text = decimal(value, 3);
  const std::size_t power = text.find('e');
  if (notation != Notation::tex || power == std::string::npos) return text;
  return text.substr(0, power) + " \\cdot 10^{" + text.substr(power + 1) + "}";
}

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  int places = 0;
  std::string scientific = formatted("%.*e", places, value);
  while (std::strtod(scientific.c_str(), nullptr) != value) scientific = formatted("%.*e", ++places, value);
  const int exponent = std::stoi(scientific.substr(scientific.find('e') + 1));
  if (exponent < -5 || exponent > 25) return scientific;  // the other form is longer
  const std::string plain = formatted("%.*f", std::max(0, places - exponent), value);
  return plain.size() <= scientific.size() ? plain : scientific;
}

}  // namespace numbers
