#pragma once
#include <mpfr.h>

#include <stdexcept>
#include <string>

/// A plain MPFR number of 4000 bits: what is held against it owes nothing to the enclosures.
class Big {
 public:
  static constexpr long bits = 4000;

  Big() { mpfr_init2(raw, bits); }
  explicit Big(const std::string& digits) : Big() {
    if (mpfr_set_str(raw, digits.c_str(), 10, MPFR_RNDN) != 0)
      throw std::logic_error("no number: '" + digits + "'");
  }
  explicit Big(double value) : Big() { mpfr_set_d(raw, value, MPFR_RNDN); }
  Big(const Big& other) : Big() { mpfr_set(raw, other.raw, MPFR_RNDN); }
  Big& operator=(const Big& other) {
    mpfr_set(raw, other.raw, MPFR_RNDN);
    return *this;
  }
  ~Big() { mpfr_clear(raw); }

  mpfr_t raw;
};

namespace big {

template <typename Operation, typename... Operands>
Big rounded(Operation operation, const Operands&... operands) {
  Big result;
  operation(result.raw, operands.raw..., MPFR_RNDN);
  return result;
}

}  // namespace big

inline Big operator+(const Big& a, const Big& b) { return big::rounded(mpfr_add, a, b); }
inline Big operator-(const Big& a, const Big& b) { return big::rounded(mpfr_sub, a, b); }
inline Big operator*(const Big& a, const Big& b) { return big::rounded(mpfr_mul, a, b); }
inline Big operator/(const Big& a, const Big& b) { return big::rounded(mpfr_div, a, b); }
inline Big operator-(const Big& a) { return Big(0.0) - a; }
inline Big exp(const Big& a) { return big::rounded(mpfr_exp, a); }
inline Big sqrt(const Big& a) { return big::rounded(mpfr_sqrt, a); }
