#include "numbers/fingerprint.hpp"

namespace numbers {
namespace {

/// The greatest prime below 2^31 for which (p-1)/2 is a prime, too. The squares other than 0 are a group of
/// that order, in which a rational power has a meaning: the root of order b is the power 1/b modulo the
/// order. p leaves the rest 3 when divided by 4, so -1 has no root among the integers modulo p.
constexpr std::uint64_t prime = 2147483579;
constexpr std::uint64_t order = (prime - 1) / 2;

/// The squares of four numbers without a meaning: the images of e and of e^√n under both maps.
constexpr std::uint64_t square(std::uint64_t a) { return a * a % prime; }
constexpr std::uint64_t images_of_e[] = {square(314159265), square(141421356)};
constexpr std::uint64_t images_of_e_to_the_root[] = {square(271828182), square(161803398)};

std::uint64_t power(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
  std::uint64_t product = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) product = product * base % modulus;
    base = base * base % modulus;
  }
  return product;
}

/// The rational modulo a prime; nothing where its denominator is a multiple of it.
std::optional<std::uint64_t> reduced(const Rational& a, std::uint64_t modulus) {
  const auto rest = [&](mpz_srcptr part) {
    return static_cast<std::uint64_t>(mpz_fdiv_ui(part, static_cast<unsigned long>(modulus)));
  };
  const std::uint64_t top = rest(mpq_numref(a.backend().data()));
  if (is_integer(a)) return top;
  const std::uint64_t bottom = rest(mpq_denref(a.backend().data()));
  if (bottom == 0) return std::nullopt;
  return top * power(bottom, modulus - 2, modulus) % modulus;
}

/// A root of n: one among the integers modulo p, or else i times the root of -n.
Residue root(std::int64_t n) {
  const std::uint64_t rest = static_cast<std::uint64_t>(n) % prime;
  const std::uint64_t candidate = power(rest, (prime + 1) / 4, prime);
  if (candidate * candidate % prime == rest) return {candidate, 0};
  return {0, power(prime - rest, (prime + 1) / 4, prime)};
}

Residue add(const Residue& x, const Residue& y) { return {(x.a + y.a) % prime, (x.b + y.b) % prime}; }

Residue subtract(const Residue& x, const Residue& y) {
  return {(x.a + prime - y.a) % prime, (x.b + prime - y.b) % prime};
}

Residue multiply(const Residue& x, const Residue& y) {
  if (x.b == 0 && y.b == 0) return {x.a * y.a % prime, 0};
  return {(x.a * y.a % prime + prime - x.b * y.b % prime) % prime,
          (x.a * y.b % prime + x.b * y.a % prime) % prime};
}

bool is_zero(const Residue& x) { return x == Residue{}; }

/// y is not 0, and then its norm a² + b² is not 0, since -1 is no square.
Residue divide(const Residue& x, const Residue& y) {
  const std::uint64_t norm = (y.a * y.a % prime + y.b * y.b % prime) % prime;
  return multiply(multiply(x, {y.a, (prime - y.b) % prime}), {power(norm, prime - 2, prime), 0});
}

}  // namespace

Fingerprint::Fingerprint(const Surd& value) {
  const auto p = reduced(value.p, prime), q = reduced(value.q, prime);
  if (!p || !q) return;
  const Residue image = *q == 0 ? Residue{*p, 0} : add({*p, 0}, multiply({*q, 0}, root(value.n)));
  images_ = Images{image, image};
}

Fingerprint Fingerprint::of_exponential(const Surd& exponent) {
  const auto p = reduced(exponent.p, order), q = reduced(exponent.q, order);
  if (!p || !q) return {};
  const auto image = [&](int map) {
    return Residue{
        power(images_of_e[map], *p, prime) * power(images_of_e_to_the_root[map], *q, prime) % prime, 0};
  };
  Fingerprint result;
  result.images_ = Images{image(0), image(1)};
  return result;
}

bool Fingerprint::proves_not_zero() const {
  return images_ && !(is_zero(images_->first) && is_zero(images_->second));
}

bool Fingerprint::proves_not_algebraic() const { return images_ && images_->first != images_->second; }

Fingerprint Fingerprint::combined(const Fingerprint& a, const Fingerprint& b, Operation operation) {
  Fingerprint result;
  if (a.images_ && b.images_)
    result.images_ = Images{operation(a.images_->first, b.images_->first),
                            operation(a.images_->second, b.images_->second)};
  return result;
}

Fingerprint operator+(const Fingerprint& a, const Fingerprint& b) { return Fingerprint::combined(a, b, add); }

Fingerprint operator-(const Fingerprint& a, const Fingerprint& b) {
  return Fingerprint::combined(a, b, subtract);
}

Fingerprint operator*(const Fingerprint& a, const Fingerprint& b) {
  return Fingerprint::combined(a, b, multiply);
}

Fingerprint operator/(const Fingerprint& a, const Fingerprint& b) {
  if (!b.images_ || is_zero(b.images_->first) || is_zero(b.images_->second)) return {};
  return Fingerprint::combined(a, b, divide);
}

}  // namespace numbers
