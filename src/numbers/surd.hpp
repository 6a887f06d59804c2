#pragma once
#include <cstdint>
#include <optional>
#include <utility>

#include "numbers/rational.hpp"

namespace numbers {

/// p + q√n, with n square-free and greater than 1, or n = 1 and q = 0.
///
/// Two surds that meet in an operation have the same n, or one of them is rational: Quotient sees to it.
struct Surd {
  Rational p;
  Rational q;
  std::int64_t n = 1;

  Surd() = default;
  Surd(Rational rational) : p(std::move(rational)) {}  // NOLINT: a rational is a surd
  Surd(Rational rational, Rational factor, std::int64_t radicand);
};

Surd operator+(const Surd& a, const Surd& b);
Surd operator-(const Surd& a, const Surd& b);
Surd operator*(const Surd& a, const Surd& b);
Surd operator-(const Surd& a);
Surd inverse(const Surd& a);

inline bool is_zero(const Surd& a) { return is_zero(a.p) && is_zero(a.q); }
inline bool is_rational(const Surd& a) { return is_zero(a.q); }
inline bool is_one(const Surd& a) { return is_rational(a) && is_one(a.p); }

bool operator==(const Surd& a, const Surd& b);
inline bool operator!=(const Surd& a, const Surd& b) { return !(a == b); }

/// By p and then q: an order that addition keeps, as the division of sums needs it, and cheap to decide.
bool operator<(const Surd& a, const Surd& b);

/// The sign of the real number, decided exactly.
int sign(const Surd& a);

/// The square root of a positive rational; nothing where numerator times denominator is too large (beyond
/// 10^18) to take the squares out of it.
std::optional<Surd> square_root(const Rational& a);

}  // namespace numbers
