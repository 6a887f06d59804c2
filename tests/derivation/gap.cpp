#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "derivation/derivation.hpp"
#include "numbers/decimal.hpp"
#include "numbers/random_numbers.hpp"
#include "support/big.hpp"
#include "support/closed_form.hpp"

using numbers::Exact;

namespace {

/// |machine - value|, from the closed form and at 4000 bits.
double reference(double machine, const Exact& value) {
  Big distance = ClosedForm<Big>(print(value, numbers::Notation::text)).sum() - Big(machine);
  mpfr_abs(distance.raw, distance.raw, MPFR_RNDN);
  return mpfr_get_d(distance.raw, MPFR_RNDN);
}

}  // namespace

TEST_CASE(
    "every digit of a gap is right, also where the double lies in the middle of what encloses the value") {
  Random random(81);
  for (int i = 0; i < 3000; ++i) {
    random.next_radicand();
    Exact value = random.value();
    if (random.one_in(2)) {  // nearly a double, and closer than its usual enclosure is narrow
      const Exact tiny = exp(Exact(-random.between(1, 900))) * random.not_zero(random.rational());
      value = numbers::exactly(to_double(value)) + tiny / (1 + exp(random.surd(3)));
    }
    const double nearest = to_double(value);
    for (const double machine : {nearest, std::nextafter(nearest, 1e300), 1.5 * nearest, 0.0}) {
      CAPTURE(value);
      CAPTURE(machine);
      CHECK(derivation::distance(machine, value) == reference(machine, value));
    }
  }
}

TEST_CASE("the gap of a weighted value that is nearly a given one") {
  // Q = [1], K = [0; -200], V = [6; 3]: Y = (6 + 3 e^-200) / (1 + e^-200) is 3 e^-200 from 6, about.
  const Exact small = exp(Exact(-200)), Y = (6 + 3 * small) / (1 + small);
  CHECK(derivation::two_digits(derivation::distance(6, Y)) == "4.2e-87");
}
