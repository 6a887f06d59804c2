#pragma once
#include <variant>

#include "numbers/exact.hpp"
#include "numbers/quotient.hpp"

namespace numbers {

/// A rational value is always held as a Rational, so the common case is cheap and "is it rational" is
/// decided.
struct Exact::Value {
  std::variant<Rational, Quotient> number;
};

/// The rational, or nothing where the value is irrational.
inline const Rational* rational(const Exact& a) { return std::get_if<Rational>(&a.value().number); }

/// Any value as a quotient.
Quotient quotient(const Exact& a);

Exact exact(Rational value);
Exact exact(Quotient value);

/// The value for a message: print() in text, cut where it is long.
std::string shown(const Exact& a);

}  // namespace numbers
