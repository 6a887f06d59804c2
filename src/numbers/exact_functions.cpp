#include <cstdlib>
#include <optional>
#include <string>

#include "numbers/caps.hpp"
#include "numbers/error.hpp"
#include "numbers/exact_value.hpp"

namespace numbers {
namespace {

Error not_algebraic(const Exact& a) {
  return Error(
      "exp of " + shown(a) +
      ": only an exponent p + q√n, with rational p and q, has a closed form here; write a decimal in "
      "place of this closed form, or of those that it comes from");
}

/// The value where it is p + q√n. (It is held as that number, and not as fractions that add up to it.)
std::optional<Surd> as_surd(const Exact& a) {
  if (const Rational* known = rational(a)) return Surd(*known);
  const AsFractions fractions(a);
  const Fractions& value = *fractions;
  if (value.size() > 1 || !value.front().denominator.empty()) return std::nullopt;
  return algebraic(value);
}

}  // namespace

Exact exp(const Exact& a) {
  const std::optional<Surd> exponent = as_surd(a);
  if (!exponent) throw not_algebraic(a);
  if (is_zero(*exponent)) return Exact(1);
  const Surd limit{Rational(caps::exp_argument)};
  if (sign(limit - *exponent) < 0 || sign(limit + *exponent) < 0)
    throw Error("exp of " + shown(a) + " is too large: its argument may be at most " +
                std::to_string(caps::exp_argument) + " (or minus that)");
  return exact(Fractions{{{{*exponent, Surd(Rational(1))}}, {}}}, Fingerprint::of_exponential(*exponent));
}

Exact sqrt(const Exact& a) {
  const Rational* known = rational(a);
  if (known == nullptr)
    throw Error("sqrt of " + shown(a) + ": only the root of a rational number has a closed form here");
  if (sign(*known) < 0) throw Error("sqrt of " + shown(a) + ": a negative number has no real square root");
  if (is_zero(*known)) return a;
  const std::optional<Surd> root = square_root(*known);
  if (!root)
    throw Error("sqrt of " + shown(a) +
                " is too large to simplify: numerator times denominator may be at most 10^18");
  return exact(*root);
}

Exact pow(const Exact& a, int power) {
  if (power > caps::exponent || power < -caps::exponent)
    throw Error("the power " + std::to_string(power) + " is too large: at most " +
                std::to_string(caps::exponent));
  Exact base = power < 0 ? Exact(1) / a : a, product = 1;
  for (int left = std::abs(power); left > 0; left /= 2) {
    if (left % 2 == 1) product *= base;
    if (left > 1) base *= base;
  }
  return product;
}

}  // namespace numbers
