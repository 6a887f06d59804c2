#pragma once
#include <atomic>
#include <utility>
#include <variant>

#include "numbers/exact.hpp"
#include "numbers/quotient.hpp"

namespace numbers {

struct Enclosed;

/// A rational value is always held as a Rational, so the common case is cheap and "is it rational" is
/// decided.
struct Exact::Value {
  explicit Value(std::variant<Rational, Quotient> number_) : number(std::move(number_)) {}

  std::variant<Rational, Quotient> number;
  /// What enclose() found last: one value is compared and written many times, perhaps in several threads.
  mutable std::atomic<std::shared_ptr<const Enclosed>> enclosed;
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
