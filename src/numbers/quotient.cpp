#include "numbers/quotient.hpp"

#include <algorithm>
#include <string>

#include "numbers/error.hpp"
#include "numbers/expression.hpp"

namespace numbers {
namespace {

using Factors = std::vector<Factor>;

bool same(const Factor& a, const Factor& b) { return a.sum == b.sum || *a.sum == *b.sum; }

/// Adds to the power of the factor, which is put into its place where it is new.
void include(Factors& factors, const Factor& factor) {
  for (Factor& known : factors) {
    if (!same(known, factor)) continue;
    known.power += factor.power;
    if (known.power > static_cast<int>(caps::terms)) throw Error("a denominator here has too large a power");
    return;
  }
  const auto place = std::find_if(factors.begin(), factors.end(),
                                  [&](const Factor& known) { return *factor.sum < *known.sum; });
  factors.insert(place, factor);
}

int power_in(const Factors& factors, const Factor& factor) {
  for (const Factor& known : factors)
    if (same(known, factor)) return known.power;
  return 0;
}

Factors product(Factors a, const Factors& b) {
  for (const Factor& factor : b) include(a, factor);
  return a;
}

/// Each factor to the greater of its two powers.
Factors least_common_multiple(Factors a, const Factors& b) {
  for (const Factor& factor : b) {
    const int missing = factor.power - power_in(a, factor);
    if (missing > 0) include(a, {factor.sum, missing});
  }
  return a;
}

/// The sum times what the factors of `all` have more than those of `some`.
Sum multiply_missing(Sum sum, const Factors& all, const Factors& some) {
  for (const Factor& factor : all) {
    const int missing = factor.power - power_in(some, factor);
    if (missing > 0) sum = multiply(sum, power(*factor.sum, missing));
  }
  return sum;
}

Sum expand(const Factors& factors) { return multiply_missing(constant(Surd(Rational(1))), factors, {}); }

/// Divides the sum by the factor as often as it divides, and at most `limit` times; how often it did.
int divide_out(Sum& sum, const Sum& factor, int limit) {
  int count = 0;
  for (; count < limit; ++count) {
    Division division = divide(sum, factor);
    if (division.outcome != Division::divides) break;
    sum = std::move(division.quotient);
  }
  return count;
}

/// Cancels the factors that divide the numerator. One that gave up on a long sum is tried again on a shorter
/// one.
Quotient reduced(Sum numerator, Factors factors) {
  if (numerator.empty()) return {};
  for (bool again = true; again;) {
    again = false;
    for (Factor& factor : factors) {
      const int count = divide_out(numerator, *factor.sum, factor.power);
      factor.power -= count;
      again = again || count > 0;
    }
  }
  factors.erase(
      std::remove_if(factors.begin(), factors.end(), [](const Factor& factor) { return factor.power == 0; }),
      factors.end());
  return {std::move(numerator), std::move(factors)};
}

/// 1/sum: what a single term or a canonical sum leaves behind is numerator, the rest is split by known
/// factors.
Quotient inverse(const Sum& sum, const Factors& known) {
  Canonical parts = canonical(sum);
  Factors factors;
  for (const Factor& factor : known) {
    const int count = divide_out(parts.monic, *factor.sum, caps::exponent);
    if (count > 0) include(factors, {factor.sum, count});
  }
  if (parts.monic.size() > 1) {
    const Canonical rest = canonical(parts.monic);
    include(factors, {std::make_shared<const Sum>(rest.monic), 1});
    parts.coefficient = parts.coefficient * rest.coefficient;
    parts.shift = parts.shift + rest.shift;
  } else {
    parts.coefficient = parts.coefficient * parts.monic.front().coefficient;
    parts.shift = parts.shift + parts.monic.front().exponent;
  }
  return {{{-parts.shift, inverse(parts.coefficient)}}, factors};
}

/// Extremes add in a product: what every multiple by a constant fulfils, without multiplying out.
bool has_extent_of(const Sum& sum, const Factors& factors) {
  Surd least, greatest;
  for (const Factor& factor : factors) {
    const Surd power{Rational(factor.power)};
    least = least + power * factor.sum->front().exponent;
    greatest = greatest + power * factor.sum->back().exponent;
  }
  return sum.front().exponent == least && sum.back().exponent == greatest;
}

std::int64_t radicand(const Sum& sum) {
  for (const Term& term : sum) {
    if (term.exponent.n != 1) return term.exponent.n;
    if (term.coefficient.n != 1) return term.coefficient.n;
  }
  return 1;
}

}  // namespace

Quotient operator+(const Quotient& a, const Quotient& b) {
  check_radicands(radicand(a), radicand(b));
  Factors common = least_common_multiple(a.denominator, b.denominator);
  Sum sum = add(multiply_missing(a.numerator, common, a.denominator),
                multiply_missing(b.numerator, common, b.denominator));
  return reduced(std::move(sum), std::move(common));
}

Quotient operator*(const Quotient& a, const Quotient& b) {
  check_radicands(radicand(a), radicand(b));
  return reduced(multiply(a.numerator, b.numerator), product(a.denominator, b.denominator));
}

Quotient operator-(const Quotient& a) { return scale(a, Rational(-1)); }

Quotient scale(const Quotient& a, const Rational& factor) {
  if (is_zero(factor)) return {};
  return {scale(a.numerator, Surd(factor)), a.denominator};
}

Quotient divide(const Quotient& a, const Quotient& b) {
  check_radicands(radicand(a), radicand(b));
  // Factors that stand in both denominators cancel before anything is multiplied out.
  const Factors common = least_common_multiple(a.denominator, b.denominator);
  const Quotient dividend{multiply_missing(a.numerator, common, a.denominator), {}};
  Factors left;
  for (const Factor& factor : a.denominator) {
    const int power = factor.power - power_in(b.denominator, factor);
    if (power > 0) include(left, {factor.sum, power});
  }
  const Quotient inverted = inverse(b.numerator, common);
  return reduced(multiply(dividend.numerator, inverted.numerator), product(left, inverted.denominator));
}

bool equal(const Quotient& a, const Quotient& b) {
  check_radicands(radicand(a), radicand(b));
  return multiply_missing(a.numerator, b.denominator, a.denominator) ==
         multiply_missing(b.numerator, a.denominator, b.denominator);
}

bool is_algebraic(const Quotient& a) {
  if (a.denominator.empty()) return a.numerator.size() == 1 && is_zero(a.numerator.front().exponent);
  if (!has_extent_of(a.numerator, a.denominator)) return false;
  const Sum all = expand(a.denominator);
  if (all.size() != a.numerator.size()) return false;
  const Surd ratio = a.numerator.back().coefficient * inverse(all.back().coefficient);
  return a.numerator == scale(all, ratio);
}

Surd algebraic(const Quotient& a) {
  const Surd& last = a.numerator.back().coefficient;
  return a.denominator.empty() ? last : last * inverse(expand(a.denominator).back().coefficient);
}

std::int64_t radicand(const Quotient& a) {
  std::int64_t n = radicand(a.numerator);
  for (const Factor& factor : a.denominator)
    if (n == 1) n = radicand(*factor.sum);
  return n;
}

void check_radicands(std::int64_t a, std::int64_t b) {
  if (a == 1 || b == 1 || a == b) return;
  const std::string x = "√" + std::to_string(a), y = "√" + std::to_string(b);
  throw Error(x + " and " + y +
              " cannot be mixed in one value: a closed form here holds one square root only; " +
              "use values whose roots are rational multiples of each other (√2 and √8), or write decimals in "
              "their place");
}

}  // namespace numbers
