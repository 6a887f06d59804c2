#include "numbers/surd.hpp"

#include <algorithm>

#include "numbers/work.hpp"

namespace numbers {
namespace {

constexpr std::int64_t largest_radicand = 1'000'000'000'000'000'000;

/// The two parts of a number: square² · square_free.
struct SquarePart {
  std::int64_t square = 1;
  std::int64_t square_free = 1;
};

bool is_square(const Integer& a) { return mpz_perfect_square_p(a.backend().data()) != 0; }

Integer root_of_square(const Integer& a) {
  Integer root;
  mpz_sqrt(root.backend().data(), a.backend().data());
  return root;
}

/// Takes the prime out of rest, squares to one side.
void take_out(std::int64_t prime, std::int64_t& rest, SquarePart& part) {
  while (rest % prime == 0) {
    rest /= prime;
    if (rest % prime == 0) {
      rest /= prime;
      part.square *= prime;
    } else {
      part.square_free *= prime;
    }
  }
}

/// Trial division stops at the cube root (10^6 at most): what is left then has at most two prime factors.
SquarePart square_part(std::int64_t rest) {
  constexpr std::int64_t divisions_a_unit = 64;
  SquarePart part;
  std::int64_t prime = 2;
  for (; prime * prime * prime <= rest; prime += prime == 2 ? 1 : 2) take_out(prime, rest, part);
  charge(static_cast<std::size_t>(prime / 2 / divisions_a_unit));
  if (is_square(Integer(rest)))
    part.square *= static_cast<std::int64_t>(root_of_square(Integer(rest)));
  else
    part.square_free *= rest;
  return part;
}

}  // namespace

Surd::Surd(Rational rational, Rational factor, std::int64_t radicand)
    : p(std::move(rational)), q(std::move(factor)), n(is_zero(q) ? 1 : radicand) {}

Surd operator+(const Surd& a, const Surd& b) {
  if (is_rational(a) && is_rational(b)) return Surd(a.p + b.p);
  return Surd(a.p + b.p, a.q + b.q, std::max(a.n, b.n));
}

Surd operator-(const Surd& a, const Surd& b) {
  if (is_rational(a) && is_rational(b)) return Surd(a.p - b.p);
  return Surd(a.p - b.p, a.q - b.q, std::max(a.n, b.n));
}

Surd operator*(const Surd& a, const Surd& b) {
  if (is_rational(a) && is_rational(b)) return Surd(a.p * b.p);
  if (is_rational(a)) return Surd(a.p * b.p, a.p * b.q, b.n);
  if (is_rational(b)) return Surd(a.p * b.p, a.q * b.p, a.n);
  return Surd(a.p * b.p + Rational(a.n) * a.q * b.q, a.p * b.q + a.q * b.p, a.n);
}

Surd operator-(const Surd& a) { return Surd(-a.p, -a.q, a.n); }

Surd inverse(const Surd& a) {
  if (is_rational(a)) return Surd(1 / a.p);
  const Rational norm = a.p * a.p - Rational(a.n) * a.q * a.q;  // not 0, since √n is irrational
  return Surd(a.p / norm, -a.q / norm, a.n);
}

bool operator==(const Surd& a, const Surd& b) { return a.n == b.n && a.p == b.p && a.q == b.q; }

bool operator<(const Surd& a, const Surd& b) {
  const int first = mpq_cmp(a.p.backend().data(), b.p.backend().data());
  return first != 0 ? first < 0 : mpq_cmp(a.q.backend().data(), b.q.backend().data()) < 0;
}

int sign(const Surd& a) {
  const int p = sign(a.p), q = sign(a.q);
  if (q == 0 || p == q) return p;
  if (p == 0) return q;
  return a.p * a.p > Rational(a.n) * a.q * a.q ? p : q;  // the larger of |p| and |q√n| decides
}

std::optional<Surd> square_root(const Rational& a) {
  const Integer top = numerator(a), bottom = denominator(a);
  if (is_square(top) && is_square(bottom)) return Surd(Rational(root_of_square(top), root_of_square(bottom)));
  const Integer radicand = top * bottom;  // √(t/b) = √(t·b)/b
  if (radicand > largest_radicand) return std::nullopt;
  const SquarePart part = square_part(static_cast<std::int64_t>(radicand));
  return Surd(Rational(), Rational(Integer(part.square), bottom), part.square_free);
}

}  // namespace numbers
