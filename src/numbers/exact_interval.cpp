#include "numbers/exact_interval.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

/// Evaluates with so many bits; a square root that stands in many terms is taken once.
class Evaluation {
 public:
  Evaluation(long bits, std::int64_t radicand)
      : bits_(bits), root_(sqrt(interval(Rational(radicand), bits), bits)) {}

  Interval surd(const Surd& a) const {
    if (is_zero(a.q)) return interval(a.p, bits_);
    const Interval multiple = multiply(root_, interval(a.q, bits_), bits_);
    return is_zero(a.p) ? multiple : add(multiple, interval(a.p, bits_), bits_);
  }

  Interval sum(const Sum& a) const {
    charge(a.size() * (10 + static_cast<std::size_t>(bits_) / 32) + bits(a) / bits_a_unit);
    Interval total(bits_);
    for (const Term& term : a)
      total = add(total, multiply(exponential(term.exponent), surd(term.coefficient), bits_), bits_);
    return total;
  }

  Interval fraction(const Fraction& a) const {
    Interval value = sum(a.numerator);
    for (const Factor& factor : a.denominator) {
      const Interval divisor = sum(*factor.sum);
      for (int i = 0; i < factor.power; ++i) value = divide(value, divisor, bits_);
    }
    return value;
  }

  Interval fractions(const Fractions& a) const {
    Interval total(bits_);
    for (const Fraction& next : a) total = add(total, fraction(next), bits_);
    return total;
  }

 private:
  /// Remembered: a derivation has few different exponents, and each of them in many values.
  const Interval& exponential(const Surd& exponent) const {
    using Key = std::tuple<long, std::int64_t, Surd>;
    thread_local std::map<Key, Interval> known;
    constexpr std::size_t most_known = 4096;
    const Key key{bits_, exponent.n, exponent};
    if (const auto place = known.find(key); place != known.end()) return place->second;
    if (known.size() == most_known) known.clear();
    return known.emplace(key, exp(surd(exponent), bits_)).first->second;
  }

  long bits_;
  Interval root_;
};

bool is_tight(const Interval& a, long bits) {
  return a.is_bounded() && a.sign() != 0 && (a.is_point() || common_bits(a) >= bits);
}

}  // namespace

struct Enclosed {
  long bits;
  Interval interval;
};

Interval enclose(const Exact& value, long bits) {
  bits = std::max(bits, usual_bits);  // most questions about a value share one answer
  const ExponentRange range;
  if (const Rational* known = rational(value)) return check_bounded(interval(*known, bits + 2));
  const Exact::Value& number = value.value();
  if (const auto known = number.enclosed(); known && known->bits == bits) return known->interval;
  const Fractions& all = std::get<Fractions>(number.number);
  for (long working = bits + 32; working <= 2 * most_bits; working *= 2) {
    const Interval found = Evaluation(working, radicand(all)).fractions(all);
    if (!is_tight(found, bits)) continue;
    number.set_enclosed(std::make_shared<const Enclosed>(Enclosed{bits, found}));
    return found;
  }
  throw Error("the size of " + shown(value) + " cannot be told with " + std::to_string(most_bits) + " bits");
}

}  // namespace numbers
