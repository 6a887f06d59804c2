#include "numbers/work.hpp"

#include <limits>

namespace numbers {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

thread_local std::size_t left = no_limit;

}  // namespace

WorkLimit::WorkLimit(std::size_t units) : before_(left) { left = units; }
WorkLimit::~WorkLimit() { left = before_; }

void charge(std::size_t units) {
  if (left == no_limit) return;
  if (units > left) {
    left = 0;
    throw TooMuchWork(
        "this takes too much calculation in closed form (the cap): use fewer tokens, columns or "
        "exponentials, "
        "or shorter numbers");
  }
  left -= units;
}

}  // namespace numbers
