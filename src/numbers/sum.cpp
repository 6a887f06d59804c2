#include "numbers/sum.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

/// Multiplications of more bits than this (about a second) are not begun.
constexpr std::size_t largest_work = 300'000'000;

/// Terms that are still being collected.
using Collection = std::map<Surd, Surd>;

void collect(Collection& terms, const Surd& exponent, const Surd& coefficient) {
  const auto [place, is_new] = terms.try_emplace(exponent, coefficient);
  if (is_new) return;
  place->second = place->second + coefficient;
  if (is_zero(place->second)) terms.erase(place);
}

Sum sum_of(const Collection& terms) {
  Sum sum;
  sum.reserve(terms.size());
  for (const auto& [exponent, coefficient] : terms) sum.push_back({exponent, coefficient});
  return sum;
}

void check_work(const Sum& a, const Sum& b) {
  const std::size_t work = a.size() * bits(b) + b.size() * bits(a);
  charge(a.size() * b.size() + work / bits_a_unit);
  if (work > largest_work)
    throw Error("a product of two sums of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                " terms is too large to be written out: use fewer exponentials or smaller powers");
}

void check_terms(std::size_t count) {
  if (count > caps::terms)
    throw Error("a sum here would pass " + std::to_string(caps::terms) +
                " terms (the cap): use fewer exponentials or smaller powers");
}

}  // namespace

bool operator==(const Term& a, const Term& b) {
  return a.exponent == b.exponent && a.coefficient == b.coefficient;
}

bool operator<(const Term& a, const Term& b) {
  return a.exponent != b.exponent ? a.exponent < b.exponent : a.coefficient < b.coefficient;
}

Sum constant(const Surd& value) {
  if (is_zero(value)) return {};
  return {{Surd(), value}};
}

Sum add(const Sum& a, const Sum& b) {
  Sum sum;
  sum.reserve(a.size() + b.size());
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() || y != b.end()) {
    if (y == b.end() || (x != a.end() && x->exponent < y->exponent)) {
      sum.push_back(*x++);
    } else if (x == a.end() || y->exponent < x->exponent) {
      sum.push_back(*y++);
    } else {
      const Surd both = x->coefficient + y->coefficient;
      if (!is_zero(both)) sum.push_back({x->exponent, both});
      ++x, ++y;
    }
  }
  check_terms(sum.size());
  return sum;
}

Sum subtract(const Sum& a, const Sum& b) { return add(a, scale(b, Surd(Rational(-1)))); }

Sum scale(const Sum& a, const Surd& factor, const Surd& shift) {
  const bool is_shifted = !is_zero(shift), is_scaled = !is_one(factor);
  Sum product = a;
  for (Term& term : product) {
    if (is_shifted) term.exponent = term.exponent + shift;
    if (is_scaled) term.coefficient = term.coefficient * factor;
  }
  return product;
}

Sum multiply(const Sum& a, const Sum& b) {
  if (a.empty() || b.empty()) return {};
  check_work(a, b);
  if (a.size() == 1) return scale(b, a.front().coefficient, a.front().exponent);
  if (b.size() == 1) return scale(a, b.front().coefficient, b.front().exponent);
  Collection product;
  for (const Term& x : a) {
    for (const Term& y : b) collect(product, x.exponent + y.exponent, x.coefficient * y.coefficient);
    check_terms(product.size());  // within the loop, so that memory stays bounded, too
  }
  return sum_of(product);
}

Sum power(const Sum& a, int exponent) {
  Sum product = constant(Surd(Rational(1)));
  for (int bit = 1 << 30; bit > 0; bit /= 2) {
    product = multiply(product, product);
    if ((exponent & bit) != 0) product = multiply(product, a);
  }
  return product;
}

const Term& dominant(const Sum& a) {
  return *std::max_element(a.begin(), a.end(),
                           [](const Term& x, const Term& y) { return sign(x.exponent - y.exponent) < 0; });
}

Rational content(const Sum& a) {
  Integer top = 0, bottom = 1;
  const auto include = [&](const Rational& part) {
    if (is_zero(part)) return;
    top = gcd(top, numerator(part));
    bottom = lcm(bottom, denominator(part));
  };
  for (const Term& term : a) {
    include(term.coefficient.p);
    include(term.coefficient.q);
  }
  return Rational(top, bottom);
}

Canonical canonical(const Sum& a) {
  const Term& first = dominant(a);
  const Sum monic = scale(a, inverse(first.coefficient), -first.exponent);
  const Rational common = content(monic);
  return {first.coefficient * Surd(common), first.exponent, scale(monic, Surd(1 / common))};
}

std::size_t bits(const Sum& a) {
  std::size_t total = 0;
  for (const Term& term : a)
    total +=
        bits(term.coefficient.p) + bits(term.coefficient.q) + bits(term.exponent.p) + bits(term.exponent.q);
  return total;
}

}  // namespace numbers
