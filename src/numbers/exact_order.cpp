#include <variant>

#include "numbers/exact_interval.hpp"

namespace numbers {
namespace {

/// Different radicands cannot be subtracted, but two different values can be told apart by enclosing each.
int compare_apart(const Exact& a, const Exact& b) {
  for (long bits = 64; bits <= 16384; bits *= 2) {
    const Interval x = enclose(a, bits), y = enclose(b, bits);
    if (mpfr_less_p(x.right(), y.left()) != 0) return -1;
    if (mpfr_less_p(y.right(), x.left()) != 0) return 1;
  }
  check_radicands(radicand(*AsFractions(a)), radicand(*AsFractions(b)));
  return 0;
}

bool radicands_differ(const Exact& a, const Exact& b) {
  if (rational(a) != nullptr || rational(b) != nullptr) return false;
  const auto x = radicand(*AsFractions(a)), y = radicand(*AsFractions(b));
  return x != 1 && y != 1 && x != y;
}

}  // namespace

bool operator==(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (x != nullptr || y != nullptr) return x != nullptr && y != nullptr && *x == *y;
  if (radicands_differ(a, b)) return compare_apart(a, b) == 0;
  if ((fingerprint(a) - fingerprint(b)).proves_not_zero()) return false;
  return is_zero(add(*AsFractions(a), scale(*AsFractions(b), Surd(Rational(-1)))));
}

bool operator<(const Exact& a, const Exact& b) {
  const Rational *x = rational(a), *y = rational(b);
  if (x != nullptr && y != nullptr) return *x < *y;
  if (radicands_differ(a, b)) return compare_apart(a, b) < 0;
  return sign(a - b) < 0;
}

int sign(const Exact& a) {
  if (const Rational* known = rational(a)) return sign(*known);
  return enclose(a, 2).sign();
}

Exact abs(const Exact& a) { return sign(a) < 0 ? -a : a; }

}  // namespace numbers
