#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace rendering {

struct TerminalStyle {
  int width = 80;  ///< columns
  bool colour = false;
  bool arithmetic = false;  ///< write out each entry's own sum
};

/// The derivation as text: for each step its formula, the exact matrix, the decimals, the doubles and their
/// gap.
std::string to_terminal(const derivation::Derivation& derivation, const TerminalStyle& style);

/// Whether a stream's file descriptor is a terminal that wants colour (NO_COLOR is not set).
bool wants_colour(int file_descriptor);

}  // namespace rendering
