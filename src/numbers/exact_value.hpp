#pragma once
#include <memory>
#include <mutex>
#include <utility>
#include <variant>

#include "numbers/exact.hpp"
#include "numbers/fingerprint.hpp"
#include "numbers/fractions.hpp"

namespace numbers {

struct Enclosed;

/// A rational value is always held as a Rational, so the common case is cheap and "is it rational" is
/// decided.
struct Exact::Value {
  explicit Value(Rational rational) : number(std::move(rational)) {}
  Value(Fractions fractions, const Fingerprint& image) : number(std::move(fractions)), fingerprint(image) {}

  /// What enclose() found last: one value is compared and written many times, perhaps in several threads.
  std::shared_ptr<const Enclosed> enclosed() const {
    const std::lock_guard lock(mutex_);
    return enclosed_;
  }
  void set_enclosed(std::shared_ptr<const Enclosed> found) const {
    const std::lock_guard lock(mutex_);
    enclosed_ = std::move(found);
  }

  std::variant<Rational, Fractions> number;
  Fingerprint fingerprint;  ///< of an irrational value; that of a rational is soon found

 private:
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Enclosed> enclosed_;
};

/// The rational, or nothing where the value is irrational.
inline const Rational* rational(const Exact& a) { return std::get_if<Rational>(&a.value().number); }

/// Any value as fractions: an irrational one's own, or those that a rational makes, none for 0.
class AsFractions {
 public:
  explicit AsFractions(const Exact& a);
  const Fractions& operator*() const { return own_ != nullptr ? *own_ : made_; }

 private:
  const Fractions* own_;
  Fractions made_;
};

Exact exact(Rational value);
Exact exact(const Surd& value);
Exact exact(Fractions value, const Fingerprint& fingerprint);  ///< the fingerprint is the value's

Fingerprint fingerprint(const Exact& a);

/// The value for a message: print() in text, cut where it is long.
std::string shown(const Exact& a);

}  // namespace numbers
