#pragma once
#include <cstddef>

#include "numbers/error.hpp"

namespace numbers {

/// More calculation than a WorkLimit allows.
struct TooMuchWork : Error {
  using Error::Error;
};

/// While an object of this class lives, exact calculations of this thread may do so much work and no more:
/// what would pass it throws TooMuchWork. Without one there is no limit. A unit is a term of a sum that is
/// touched, or so many bits of a number; a machine does three to five million of them in a second, when it is
/// slow. The count is the same on every machine, so what one refuses, all refuse.
class WorkLimit {
 public:
  explicit WorkLimit(std::size_t units);
  ~WorkLimit();
  WorkLimit(const WorkLimit&) = delete;
  WorkLimit& operator=(const WorkLimit&) = delete;

 private:
  std::size_t before_;
};

constexpr std::size_t bits_a_unit = 256;

/// Counts so much work. Throws TooMuchWork past the limit.
void charge(std::size_t units);

}  // namespace numbers
