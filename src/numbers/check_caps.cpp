#include "numbers/check_caps.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

/// Of e within a value: products pass the cap of a single exp().
constexpr long largest_exponent = 10 * caps::exp_argument;

bool is_within(const Rational& a, long limit) {
  return mpq_cmp_si(a.backend().data(), limit, 1) <= 0 && mpq_cmp_si(a.backend().data(), -limit, 1) >= 0;
}

void check_exponent(const Surd& a) {
  // Most are small, and that is quickly seen (√n is at most n); a difference of surds takes longer.
  if (is_within(a.p, largest_exponent / 2) && is_within(a.q, largest_exponent / 2 / a.n)) return;
  const Surd limit{Rational(largest_exponent)};
  if (sign(limit - a) < 0 || sign(limit + a) < 0)
    throw Error("an exponential here would pass e^" + std::to_string(largest_exponent) +
                " (or its inverse): use smaller numbers");
}

void check(const Surd& a) {
  check_caps(a.p);
  check_caps(a.q);
}

void check(const Sum& sum) {
  charge(sum.size());
  for (const Term& term : sum) {
    check(term.coefficient);
    check(term.exponent);
    check_exponent(term.exponent);
  }
}

/// The powers of the denominator are not written out, but they must be ones that could be.
void check(const std::vector<Factor>& denominator) {
  std::size_t total = 0;
  for (const Factor& factor : denominator) {
    check(*factor.sum);
    std::size_t longest = 0;
    for (const Term& term : *factor.sum)
      longest = std::max(longest, bits(term.coefficient.p) + bits(term.coefficient.q));
    total += longest * static_cast<std::size_t>(factor.power);
  }
  if (total > caps::bits)
    throw Error("a denominator here would pass " + std::to_string(caps::bits) +
                " bits (the cap): use smaller numbers or smaller powers");
}

}  // namespace

void check_caps(const Rational& a) {
  // Every result passes here, so here its size is counted as work. The fractions of long ones are reduced,
  // which takes longer than in proportion.
  const std::size_t size = bits(a);
  charge(size / bits_a_unit * (1 + size / 16384));
  if (size > caps::bits)
    throw Error("a number here would pass " + std::to_string(caps::bits) +
                " bits (the cap): use smaller numbers or smaller powers");
}

void check_caps(const Fractions& a) {
  for (const Fraction& fraction : a) {
    check(fraction.numerator);
    check(fraction.denominator);
  }
}

}  // namespace numbers
