#include <algorithm>
#include <map>

#include "numbers/sum.hpp"
#include "numbers/work.hpp"

namespace numbers {
namespace {

/// A quotient of more terms is no simpler than the fraction.
constexpr std::size_t longest_quotient = 256;

/// Bits moved in one division before it is given up.
constexpr std::size_t largest_work = 100'000'000;

/// Where the exponents of a sum lie: in both coordinates p and q.
struct Box {
  Rational least_p, greatest_p, least_q, greatest_q;
};

Box box_of(const Sum& a) {
  Box box{a.front().exponent.p, a.back().exponent.p, a.front().exponent.q, a.front().exponent.q};
  for (const Term& term : a) {
    box.least_q = std::min(box.least_q, term.exponent.q);
    box.greatest_q = std::max(box.greatest_q, term.exponent.q);
  }
  return box;
}

/// Extremes add in a product, so this is where all exponents of a quotient must lie. It makes the division
/// finite.
Box quotient_box(const Sum& dividend, const Sum& divisor) {
  const Box a = box_of(dividend), b = box_of(divisor);
  return {a.least_p - b.least_p, a.greatest_p - b.greatest_p, a.least_q - b.least_q,
          a.greatest_q - b.greatest_q};
}

bool contains(const Box& box, const Surd& exponent) {
  return box.least_p <= exponent.p && exponent.p <= box.greatest_p && box.least_q <= exponent.q &&
         exponent.q <= box.greatest_q;
}

using Remainder = std::map<Surd, Surd>;

/// Takes factor · e^shift · divisor away from the remainder; the bits moved.
std::size_t take_away(Remainder& remainder, const Sum& divisor, const Surd& factor, const Surd& shift) {
  std::size_t work = 0;
  for (const Term& term : divisor) {
    const Surd product = term.coefficient * factor;
    Surd& left = remainder[term.exponent + shift];
    left = left - product;
    work += bits(left.p) + bits(left.q);
    if (is_zero(left)) remainder.erase(term.exponent + shift);
  }
  return work;
}

}  // namespace

Division divide(const Sum& dividend, const Sum& divisor) {
  if (dividend.size() < 2)
    return {Division::does_not_divide, {}};  // a product by a sum has two terms or more
  constexpr std::size_t beginning = 8;  // finding out that nothing divides takes as long as so many terms
  charge(beginning + dividend.size() + divisor.size());
  const Box box = quotient_box(dividend, divisor);
  const Surd leading = inverse(divisor.back().coefficient);
  Remainder remainder;
  for (const Term& term : dividend) remainder.emplace_hint(remainder.end(), term.exponent, term.coefficient);
  Sum quotient;
  std::size_t work = 0;
  while (!remainder.empty()) {
    const auto& [exponent, coefficient] = *remainder.rbegin();
    const Term next{exponent - divisor.back().exponent, coefficient * leading};
    if (!contains(box, next.exponent)) return {Division::does_not_divide, {}};
    if (quotient.size() == longest_quotient || work > largest_work) return {Division::too_long, {}};
    const std::size_t moved = take_away(remainder, divisor, next.coefficient, next.exponent);
    charge(divisor.size() + moved / bits_a_unit);
    work += moved;
    quotient.push_back(next);
  }
  std::reverse(quotient.begin(), quotient.end());
  return {Division::divides, quotient};
}

}  // namespace numbers
