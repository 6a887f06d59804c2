#pragma once
#include "numbers/enclosure.hpp"
#include "numbers/interval.hpp"

namespace numbers {

struct Enclosure::Value {
  Interval interval;
};

}  // namespace numbers
