#pragma once
#include <iosfwd>
#include <memory>
#include <string>

/// What a number can be: exact, enclosed, dual or counting; expressions, and how Eigen holds them.
namespace numbers {

/// How a number is written.
enum class Notation {
  text,     ///< 1/(1+exp(-sqrt(2)/2)), which any language can evaluate
  unicode,  ///< 1/(1+e^(-√2/2)), for a terminal
  tex,      ///< \frac{1}{1+e^{-\sqrt{2}/2}}, for the book
};

/// A real number in closed form: a quotient of finite sums of c·e^a, with c and a in Q(√n), n square-free.
///
/// Equality is decided, not approximated: for distinct algebraic exponents the e^a are linearly independent
/// over the algebraic numbers (Lindemann–Weierstrass), so a sum is zero exactly when no term is left.
/// Order is decided by enclosing the difference, once it is known not to be zero.
///
/// An Exact is a small handle on an immutable value: copying it is cheap. Whatever leaves the field (a
/// division by zero, the exponential of a value that is not algebraic, a second radicand) throws an Error
/// that names it.
class Exact {
 public:
  struct Value;

  Exact();           ///< 0
  Exact(int value);  // NOLINT: implicit, so that Scalar(1) and `x < 0` read as they do for a double
  Exact(long value);
  Exact(long long value);
  Exact(double) = delete;  ///< never a rounded number by accident: see exactly()
  explicit Exact(std::shared_ptr<const Value> value);

  const Value& value() const { return *value_; }

  Exact& operator+=(const Exact& other);
  Exact& operator-=(const Exact& other);
  Exact& operator*=(const Exact& other);
  Exact& operator/=(const Exact& other);

 private:
  std::shared_ptr<const Value> value_;
};

Exact operator+(const Exact& a, const Exact& b);
Exact operator-(const Exact& a, const Exact& b);
Exact operator*(const Exact& a, const Exact& b);
Exact operator/(const Exact& a, const Exact& b);  ///< throws on a zero divisor
Exact operator-(const Exact& a);

bool operator==(const Exact& a, const Exact& b);
inline bool operator!=(const Exact& a, const Exact& b) { return !(a == b); }
bool operator<(const Exact& a, const Exact& b);
inline bool operator>(const Exact& a, const Exact& b) { return b < a; }
inline bool operator<=(const Exact& a, const Exact& b) { return !(b < a); }
inline bool operator>=(const Exact& a, const Exact& b) { return !(a < b); }

int sign(const Exact& a);  ///< -1, 0 or 1
Exact abs(const Exact& a);
Exact exp(const Exact& a);             ///< a must be algebraic: p + q√n; |a| at most 100000
Exact sqrt(const Exact& a);            ///< a must be a rational, not negative
Exact pow(const Exact& a, int power);  ///< |power| at most 1000

/// The integer written in decimal digits, as many as there are.
Exact integer(const std::string& digits);

/// The exact value of a finite double (a dyadic fraction): exactly(0.1) is not 1/10.
Exact exactly(double value);

/// The double nearest to a (ties to even), and the float: each is one rounding of the exact value.
double to_double(const Exact& a);
float to_float(const Exact& a);

bool is_integer(const Exact& a);
bool is_rational(const Exact& a);

/// Writes a in closed form: deterministic and tidy, but no unique normal form (compare with ==, never as
/// text).
std::string print(const Exact& a, Notation notation);

/// The same as a factor of a product, or the right side of a difference: in parentheses where it needs them.
std::string print_factor(const Exact& a, Notation notation);

std::ostream& operator<<(std::ostream& out, const Exact& a);

}  // namespace numbers
