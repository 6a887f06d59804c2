#include "numbers/decimal.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include "numbers/error.hpp"
#include "numbers/expression.hpp"
#include "random_numbers.hpp"
#include "support/big.hpp"
#include "support/closed_form.hpp"
#include "support/text.hpp"

using numbers::decimal;
using numbers::Enclosure;
using numbers::evaluate;
using numbers::Exact;
using numbers::fixed;
using numbers::Notation;
using numbers::six_places;

namespace {

/// The digits alone, without the zeros at both ends.
std::string bare_digits(const std::string& text) {
  std::string digits;
  for (const char c : text.substr(0, text.find('e')))
    if (c >= '0' && c <= '9') digits += c;
  digits.erase(0, digits.find_first_not_of('0'));
  return digits.erase(digits.find_last_not_of('0') + 1);
}

std::string reference_digits(const Big& value, int digits) {
  mpfr_exp_t exponent = 0;
  char* const text =
      mpfr_get_str(nullptr, &exponent, 10, static_cast<std::size_t>(digits), value.raw, MPFR_RNDN);
  const std::string result = text;
  mpfr_free_str(text);
  return bare_digits(result);
}

double reference_double(const std::string& text) {
  Big value;
  mpfr_set_str(value.raw, text.c_str(), 10, MPFR_RNDN);
  return mpfr_get_d(value.raw, MPFR_RNDN);
}

std::size_t count_significant(const std::string& text) {
  const std::string mantissa = text.substr(0, text.find('e'));
  std::size_t count = 0;
  for (const char c : mantissa) count += (c >= '1' && c <= '9') || (c == '0' && count > 0);
  return count;
}

Exact ten_to(int exponent) { return pow(Exact(10), exponent); }

/// The e with 10^e <= |value| < 10^(e+1).
int decimal_exponent(const Exact& value) {
  int exponent = 0;
  while (abs(value) >= ten_to(exponent + 1)) ++exponent;
  while (abs(value) < ten_to(exponent)) --exponent;
  return exponent;
}

bool is_even(const Exact& integer) { return is_integer(integer / 2); }

/// 1 + 1 + 1/2! + … + 1/n!, so close below e that it stands for it.
Exact partial_sum_of_e(int n) {
  Exact sum = 1, term = 1;
  for (int k = 1; k <= n; ++k) sum += term = term / k;
  return sum;
}

}  // namespace

TEST_CASE("a value that ends has no more digits than it needs, another one has all that are asked for") {
  CHECK(decimal(Exact(0)) == "0");
  CHECK(decimal(Exact(1)) == "1");
  CHECK(decimal(Exact(-1)) == "-1");
  CHECK(decimal(Exact(1) / 4) == "0.25");
  CHECK(decimal(Exact(100)) == "100");
  CHECK(decimal(Exact(1) / 3, 5) == "0.33333");
  CHECK(decimal(Exact(-2) / 3, 5) == "-0.66667");
  CHECK(decimal(evaluate("0.1250001"), 4) == "0.1250");
  CHECK(decimal(evaluate("0.125"), 4) == "0.125");
  CHECK(decimal(exp(Exact(1)), 4) == "2.718");
  CHECK(decimal(sqrt(Exact(2)), 1) == "1");
  CHECK(decimal(evaluate("1/(1+exp(-sqrt(2)/2))"), 5) == "0.66976");
}

TEST_CASE("ties of rationals round to even, and a carry moves the point") {
  CHECK(decimal(evaluate("0.125"), 2) == "0.12");
  CHECK(decimal(evaluate("0.375"), 2) == "0.38");
  CHECK(decimal(evaluate("-0.125"), 2) == "-0.12");
  CHECK(decimal(evaluate("2.5"), 1) == "2");
  CHECK(decimal(evaluate("3.5"), 1) == "4");
  CHECK(decimal(evaluate("9.96"), 2) == "10");
  CHECK(decimal(evaluate("0.9999"), 3) == "1.00");
  CHECK(decimal(evaluate("99999"), 2) == "100000");
}

TEST_CASE("very small and very large values are written with a power of ten") {
  CHECK(decimal(evaluate("1.5e-7")) == "0.00000015");
  CHECK(decimal(evaluate("1.5e-8")) == "1.5e-8");
  CHECK(decimal(evaluate("-1.5e-8")) == "-1.5e-8");
  CHECK(decimal(evaluate("1e-7")) == "0.0000001");
  CHECK(decimal(evaluate("1e20")) == "100000000000000000000");
  CHECK(decimal(evaluate("1e21")) == "1e+21");
  CHECK(decimal(evaluate("1.25e21")) == "1.25e+21");
  CHECK(decimal(evaluate("1.25e30"), 2) == "1.2e+30");
  CHECK(decimal(evaluate("123456"), 3) == "123000");
}

TEST_CASE("fixed keeps every place") {
  CHECK(six_places(Exact(2) / 3, Notation::tex) == "0.666667");
  CHECK(six_places(0, Notation::tex) == "0.000000");
  CHECK(six_places(evaluate("0.00001"), Notation::tex) == "0.000010");
  CHECK(six_places(evaluate("0.0000099999"), Notation::tex) == "0.0000100");
  CHECK(six_places(evaluate("-0.00000123456"), Notation::tex) == "-0.00000123");
  CHECK(six_places(evaluate("79955/10^12"), Notation::tex) == "8.00 \\cdot 10^{-8}");
  CHECK(six_places(evaluate("-79955/10^12"), Notation::unicode) == "-8.00e-8");
  CHECK(fixed(0, 3) == "0.000");
  CHECK(fixed(Exact(1) / 2, 6) == "0.500000");
  CHECK(fixed(Exact(-1) / 4, 6) == "-0.250000");
  CHECK(fixed(12, 0) == "12");
  CHECK(fixed(evaluate("0.125"), 2) == "0.12");
  CHECK(fixed(evaluate("0.375"), 2) == "0.38");
  CHECK(fixed(evaluate("9.995"), 2) == "10.00");
  CHECK(fixed(evaluate("-0.0001"), 2) == "0.00");
  CHECK(fixed(exp(Exact(1)), 3) == "2.718");
  CHECK(fixed(-exp(Exact(-20)), 3) == "0.000");
}

TEST_CASE("next to a rounding boundary every side is right") {
  const Exact half = Exact(1) / 2, tiny = ten_to(-60);
  CHECK(fixed(half - tiny, 0) == "0");
  CHECK(fixed(half, 0) == "0");
  CHECK(fixed(half + tiny, 0) == "1");
  CHECK(fixed(1 + half, 0) == "2");
  const Exact irrational = exp(Exact(1)) - partial_sum_of_e(58);  // positive, less than 1e-80
  CHECK(fixed(half - irrational, 0) == "0");
  CHECK(fixed(half + irrational, 0) == "1");
  CHECK(decimal(Exact(1) / 8 - irrational, 2) == "0.12");
  CHECK(decimal(Exact(1) / 8 + irrational, 2) == "0.13");
  CHECK(decimal(Exact(3) / 8 - irrational, 2) == "0.37");
  CHECK(decimal(1 - irrational, 5) == "1.0000");
  CHECK(decimal(1 + irrational, 5) == "1.0000");
}

TEST_CASE("sums that cancel to almost nothing keep all their digits") {
  const Exact e = exp(Exact(1));
  for (int n = 20; n <= 60; ++n) {
    CAPTURE(n);
    // e's own tail, by rational arithmetic: what comes after 1/150! changes none of 40 digits.
    const Exact tail = partial_sum_of_e(150) - partial_sum_of_e(n);
    CHECK(decimal(e - partial_sum_of_e(n), 40) == decimal(tail, 40));
    CHECK(decimal(partial_sum_of_e(n) - e, 40) == decimal(-tail, 40));
  }
}

TEST_CASE("random decimals agree with plain arithmetic of many more bits") {
  Random random(31);
  int checked = 0;
  for (int i = 0; i < 2000; ++i) {
    random.next_radicand();
    Exact value = random.value();
    if (random.one_in(3)) value = value * value / random.not_zero(random.sum(2)) - random.value();
    if (is_rational(value)) continue;
    ++checked;
    const int digits = random.between(1, 60);
    const std::string text = print(value, numbers::Notation::text), written = decimal(value, digits);
    CAPTURE(text);
    CAPTURE(digits);
    CAPTURE(written);
    const Big reference = ClosedForm<Big>(text).sum();
    CHECK(bare_digits(written) == reference_digits(reference, digits));
    CHECK(std::abs(reference_double(written) / mpfr_get_d(reference.raw, MPFR_RNDN) - 1) <
          std::pow(10.0, 1 - digits));
    const int before_point = std::max(decimal_exponent(value) + 1, 1);
    if (decimal_exponent(value) >= -7 && before_point <= digits)
      CHECK(count_significant(written) == static_cast<std::size_t>(digits));
  }
  CHECK(checked > 1000);
}

TEST_CASE("random rationals are rounded to the nearest, ties to even") {
  Random random(32);
  for (int i = 0; i < 2000; ++i) {
    const int digits = random.between(1, 6);
    Exact value = Exact(random.between(1, 2000000)) * ten_to(random.between(-30, 30)) / random.between(1, 40);
    if (random.one_in(2)) value = -value;
    const std::string written = decimal(value, digits);
    CAPTURE(value);
    CAPTURE(digits);
    CAPTURE(written);
    const Exact unit = ten_to(decimal_exponent(value) - digits + 1), error = abs(evaluate(written) - value);
    CHECK(2 * error <= unit);
    if (2 * error == unit) CHECK(is_even(evaluate(written) / unit));
    const int places = random.between(0, 12);
    const Exact places_unit = ten_to(-places), places_error = abs(evaluate(fixed(value, places)) - value);
    CHECK(2 * places_error <= places_unit);
    if (2 * places_error == places_unit) CHECK(is_even(evaluate(fixed(value, places)) / places_unit));
  }
}

TEST_CASE("random values are within half a unit of their fixed decimals") {
  Random random(33);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact value = random.value();
    const int places = random.between(0, 30);
    const std::string written = fixed(value, places);
    CAPTURE(value);
    CAPTURE(written);
    CHECK(2 * abs(evaluate(written) - value) <= ten_to(-places));
    const std::size_t point = written.find('.');
    CHECK((point == std::string::npos ? 0 : written.size() - point - 1) == static_cast<std::size_t>(places));
  }
}

TEST_CASE("an interval prints the digits that it decides, and no other") {
  const auto between = [](const char* lower, const char* upper) {
    return decimal(Enclosure(evaluate(lower), evaluate(upper)));
  };
  CHECK(between("0.66976", "0.66977") == "0.6698");
  CHECK(between("0.669761", "0.669769") == "0.6698");
  CHECK(between("0.1", "0.9") == "?");
  CHECK(between("-1", "1") == "?");
  CHECK(between("0", "1/10^9") == "?");
  CHECK(between("0.25", "0.25") == "0.25");
  CHECK(between("0", "0") == "0");
  CHECK(between("-0.300001", "-0.299999") == "-0.30000");
  CHECK(between("0.49999996", "0.5") == "0.5000000");
  CHECK(decimal(Enclosure(exp(Exact(1))), 5) == "2.7183");
}

TEST_CASE("every value of a random interval rounds to what is printed, and one digit more is not decided") {
  Random random(34);
  int decided = 0;
  for (int i = 0; i < 2000; ++i) {
    const Exact middle = Exact(random.between(-8000000, 8000000)) / 1000003;
    const Exact radius = Exact(random.between(1, 9)) * ten_to(-random.between(0, 9));
    const Enclosure interval(middle - radius, middle + radius);
    const Exact lower = numbers::lower(interval), upper = numbers::upper(interval);
    const std::string written = decimal(interval, 10);
    CAPTURE(interval);
    CAPTURE(written);
    if (written == "?") {
      CHECK((sign(lower) != sign(upper) || decimal(lower, 1) != decimal(upper, 1)));
      continue;
    }
    ++decided;
    const int digits = static_cast<int>(count_significant(written));
    for (const Exact& value : {lower, upper, middle})
      CHECK(evaluate(decimal(value, digits)) == evaluate(written));
    if (digits < 10) CHECK(evaluate(decimal(lower, digits + 1)) != evaluate(decimal(upper, digits + 1)));
  }
  CHECK(decided > 1000);
}

TEST_CASE("the number of digits is capped") {
  CHECK(error_of([] { decimal(Exact(1), 0); }) == "the number of digits must be 1 to 10000, not 0");
  CHECK(error_of([] { decimal(Exact(1), 10001); }) == "the number of digits must be 1 to 10000, not 10001");
  CHECK(error_of([] { fixed(Exact(1), -1); }) == "the number of digits must be 0 to 10000, not -1");
  CHECK(decimal(exp(Exact(1)), 10000).size() == 10001);
}

TEST_CASE("the shortest text reads back to the same double") {
  CHECK(numbers::shortest(0.1) == "0.1");
  CHECK(numbers::shortest(1e-9) == "1e-09");
  CHECK(numbers::shortest(-std::numeric_limits<double>::infinity()) == "-inf");
  Random random(35);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t bits = random.bits();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isnan(value)) continue;
    const std::string written = numbers::shortest(value);
    CAPTURE(written);
    CHECK(std::strtod(written.c_str(), nullptr) == value);
  }
}
