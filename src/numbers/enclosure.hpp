#pragma once
#include <iosfwd>
#include <memory>

#include "numbers/exact.hpp"

namespace numbers {

/// The three answers to a question about enclosures.
enum class Answer { no, yes, not_decided };

/// An interval that is sure to contain the value: every operation rounds its lower end down and its upper end
/// up.
///
/// It has no operator<: two intervals that overlap decide nothing, so less() and equal() have three answers.
/// What the mechanism needs, max(), is sure: it encloses the larger of the two values.
class Enclosure {
 public:
  struct Value;

  /// The bits with which new enclosures are made, while an object of this class lives (256 without one).
  class Precision {
   public:
    explicit Precision(long bits);
    ~Precision();
    Precision(const Precision&) = delete;
    Precision& operator=(const Precision&) = delete;

   private:
    long before_;
  };

  Enclosure();           ///< 0
  Enclosure(int value);  // NOLINT: implicit, so that Scalar(1) reads as it does for a double
  Enclosure(double) = delete;
  explicit Enclosure(const Exact& value);  ///< contains the value; a single point where that is possible
  Enclosure(const Exact& lower, const Exact& upper);  ///< contains both; throws where lower > upper
  explicit Enclosure(std::shared_ptr<const Value> value);

  const Value& value() const { return *value_; }

  Enclosure& operator+=(const Enclosure& other);
  Enclosure& operator-=(const Enclosure& other);
  Enclosure& operator*=(const Enclosure& other);
  Enclosure& operator/=(const Enclosure& other);

 private:
  std::shared_ptr<const Value> value_;
};

Enclosure operator+(const Enclosure& a, const Enclosure& b);
Enclosure operator-(const Enclosure& a, const Enclosure& b);
Enclosure operator*(const Enclosure& a, const Enclosure& b);
Enclosure operator/(const Enclosure& a, const Enclosure& b);  ///< throws where b may be zero
Enclosure operator-(const Enclosure& a);

Enclosure exp(const Enclosure& a);
Enclosure sqrt(const Enclosure& a);  ///< throws where a may be negative
Enclosure abs(const Enclosure& a);
Enclosure max(const Enclosure& a, const Enclosure& b);
Enclosure hull(const Enclosure& a, const Enclosure& b);  ///< the smallest interval that contains both

Answer equal(const Enclosure& a, const Enclosure& b);  ///< yes only for two equal points
Answer less(const Enclosure& a, const Enclosure& b);
bool overlap(const Enclosure& a, const Enclosure& b);

/// Sure to be equal: two equal points. Eigen's products ask this of their factor 1. Its negation would mean
/// nothing.
inline bool operator==(const Enclosure& a, const Enclosure& b) { return equal(a, b) == Answer::yes; }
bool operator!=(const Enclosure& a, const Enclosure& b) = delete;

Exact lower(const Enclosure& a);  ///< the lower end, a rational
Exact upper(const Enclosure& a);
double midpoint(const Enclosure& a);

std::ostream& operator<<(std::ostream& out, const Enclosure& a);  ///< [lower, upper], 17 digits

}  // namespace numbers
