#pragma once
#include <stdexcept>

namespace numbers {

/// What a number or an expression cannot do: a division by zero, a value outside the field, a cap.
/// The message names the value and says what to do.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace numbers
