#include "derivation/base_two.hpp"

#include "derivation/operation.hpp"

namespace derivation {

Exact two_to(const Exact& exponent) {
  if (!is_integer(exponent)) throw Error("a power of 2 needs a whole exponent");
  return pow(Exact(2), static_cast<int>(to_double(exponent)));
}

}  // namespace derivation
