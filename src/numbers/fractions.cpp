#include "numbers/fractions.hpp"

#include <algorithm>
#include <string>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"

namespace numbers {
namespace {

/// Adds the fraction to the one with the same factors. Where these cancel, their sum belongs elsewhere.
void include(Fractions& fractions, Fraction fraction) {
  const auto place = std::lower_bound(
      fractions.begin(), fractions.end(), fraction,
      [](const Fraction& a, const Fraction& b) { return stands_before(a.denominator, b.denominator); });
  if (place == fractions.end() || !have_same_factors(place->denominator, fraction.denominator)) {
    fractions.insert(place, std::move(fraction));
    return;
  }
  Fraction both = add(*place, fraction);
  if (have_same_factors(both.denominator, fraction.denominator) && !both.numerator.empty()) {
    *place = std::move(both);
    return;
  }
  fractions.erase(place);
  if (!both.numerator.empty()) include(fractions, std::move(both));
}

void check_terms(const Fractions& fractions) {
  std::size_t terms = 0;
  for (const Fraction& fraction : fractions) terms += fraction.numerator.size();
  if (terms > caps::terms)
    throw Error("a value here would pass " + std::to_string(caps::terms) +
                " terms (the cap): use fewer exponentials or smaller powers");
}

}  // namespace

Fractions add(Fractions a, const Fractions& b) {
  check_radicands(radicand(a), radicand(b));
  for (const Fraction& fraction : b) include(a, fraction);
  check_terms(a);
  return a;
}

Fractions multiply(const Fractions& a, const Fractions& b) {
  check_radicands(radicand(a), radicand(b));
  Fractions product;
  for (const Fraction& x : a)
    for (const Fraction& y : b) {
      include(product, multiply(x, y));
      check_terms(product);
    }
  return product;
}

Fractions divide(const Fractions& a, const Fractions& b) {
  check_radicands(radicand(a), radicand(b));
  const Fraction divisor = together(b);
  Fractions quotient;
  for (const Fraction& fraction : a) include(quotient, divide(fraction, divisor));
  check_terms(quotient);
  return quotient;
}

Fractions scale(const Fractions& a, const Surd& factor) {
  Fractions product = a;
  for (Fraction& fraction : product) fraction.numerator = scale(fraction.numerator, factor);
  return product;
}

Fraction together(const Fractions& a) {
  Fraction total;
  for (const Fraction& fraction : a) total = total.numerator.empty() ? fraction : add(total, fraction);
  return total;
}

bool is_zero(const Fractions& a) { return a.size() != 1 && together(a).numerator.empty(); }

std::optional<Surd> algebraic(const Fractions& a) {
  const Fraction total = together(a);
  if (!is_algebraic(total)) return std::nullopt;
  return algebraic(total);
}

std::int64_t radicand(const Fractions& a) {
  std::int64_t n = 1;
  for (const Fraction& fraction : a)
    if (n == 1) n = radicand(fraction);
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
