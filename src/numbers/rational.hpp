#pragma once
#include <boost/multiprecision/gmp.hpp>
#include <cstddef>

namespace numbers {

// Without expression templates: with them, `auto` and Eigen's lambdas would hold references to dead
// temporaries.
using Integer = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;
using Rational =
    boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

inline int sign(const Rational& a) { return mpq_sgn(a.backend().data()); }
inline bool is_zero(const Rational& a) { return sign(a) == 0; }
inline bool is_integer(const Rational& a) { return mpz_cmp_ui(mpq_denref(a.backend().data()), 1) == 0; }
inline bool is_one(const Rational& a) { return mpq_cmp_ui(a.backend().data(), 1, 1) == 0; }

/// The bits of numerator and denominator together.
inline std::size_t bits(const Rational& a) {
  return mpz_sizeinbase(mpq_numref(a.backend().data()), 2) +
         mpz_sizeinbase(mpq_denref(a.backend().data()), 2);
}

inline Integer power_of_ten(long exponent) {
  Integer power;
  mpz_ui_pow_ui(power.backend().data(), 10, static_cast<unsigned long>(exponent));
  return power;
}

}  // namespace numbers
