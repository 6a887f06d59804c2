#include "numbers/rational.hpp"

namespace numbers {

std::size_t bits(const Rational& a) {
  return mpz_sizeinbase(mpq_numref(a.backend().data()), 2) +
         mpz_sizeinbase(mpq_denref(a.backend().data()), 2);
}

Integer power_of_ten(long exponent) {
  Integer power;
  mpz_ui_pow_ui(power.backend().data(), 10, static_cast<unsigned long>(exponent));
  return power;
}

}  // namespace numbers
