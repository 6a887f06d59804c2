#include "numbers/fraction.hpp"

#include <algorithm>
#include <string>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

bool same(const Factor& a, const Factor& b) { return a.sum == b.sum || *a.sum == *b.sum; }

bool have_same_powers(const Factors& a, const Factors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Factor& x, const Factor& y) { return x.power == y.power && same(x, y); });
}

/// Where the factor stands, or would stand.
template <typename Place>
Place place_of(Place begin, Place end, const Factor& factor) {
  charge(1);
  return std::lower_bound(begin, end, factor,
                          [](const Factor& a, const Factor& b) { return a.sum != b.sum && *a.sum < *b.sum; });
}

/// Adds to the power of the factor, which is put into its place where it is new.
void include(Factors& factors, const Factor& factor) {
  const auto place = place_of(factors.begin(), factors.end(), factor);
  if (place == factors.end() || !same(*place, factor)) {
    factors.insert(place, factor);
    return;
  }
  place->power += factor.power;
  if (place->power > static_cast<int>(caps::terms)) throw Error("a denominator here has too large a power");
}

int power_in(const Factors& factors, const Factor& factor) {
  const auto place = place_of(factors.begin(), factors.end(), factor);
  return place != factors.end() && same(*place, factor) ? place->power : 0;
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
Fraction reduced(Sum numerator, Factors factors) {
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
Fraction inverse(const Sum& sum, const Factors& known) {
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

std::int64_t radicand(const Sum& sum) {
  for (const Term& term : sum) {
    if (term.exponent.n != 1) return term.exponent.n;
    if (term.coefficient.n != 1) return term.coefficient.n;
  }
  return 1;
}

}  // namespace

bool have_same_factors(const Factors& a, const Factors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

bool stands_before(const Factors& a, const Factors& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const Factor& x, const Factor& y) { return x.sum != y.sum && *x.sum < *y.sum; });
}

Fraction add(const Fraction& a, const Fraction& b) {
  if (have_same_powers(a.denominator, b.denominator))
    return reduced(add(a.numerator, b.numerator), a.denominator);
  Factors common = least_common_multiple(a.denominator, b.denominator);
  Sum sum = add(multiply_missing(a.numerator, common, a.denominator),
                multiply_missing(b.numerator, common, b.denominator));
  return reduced(std::move(sum), std::move(common));
}

Fraction multiply(const Fraction& a, const Fraction& b) {
  return reduced(multiply(a.numerator, b.numerator), product(a.denominator, b.denominator));
}

Fraction divide(const Fraction& a, const Fraction& b) {
  // Factors that stand in both denominators cancel before anything is multiplied out.
  const Factors common = least_common_multiple(a.denominator, b.denominator);
  const Sum dividend = multiply_missing(a.numerator, common, a.denominator);
  Factors left;
  for (const Factor& factor : a.denominator) {
    const int power = factor.power - power_in(b.denominator, factor);
    if (power > 0) include(left, {factor.sum, power});
  }
  const Fraction inverted = inverse(b.numerator, common);
  return reduced(multiply(dividend, inverted.numerator), product(left, inverted.denominator));
}

bool is_algebraic(const Fraction& a) {
  if (a.denominator.empty()) return a.numerator.size() == 1 && is_zero(a.numerator.front().exponent);
  const Sum all = expand(a.denominator);
  if (all.size() != a.numerator.size()) return false;
  const Surd ratio = a.numerator.back().coefficient * inverse(all.back().coefficient);
  return a.numerator == scale(all, ratio);
}

Surd algebraic(const Fraction& a) {
  const Surd& last = a.numerator.back().coefficient;
  return a.denominator.empty() ? last : last * inverse(expand(a.denominator).back().coefficient);
}

std::int64_t radicand(const Fraction& a) {
  std::int64_t n = radicand(a.numerator);
  for (const Factor& factor : a.denominator)
    if (n == 1) n = radicand(*factor.sum);
  return n;
}

}  // namespace numbers
