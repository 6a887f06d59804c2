#pragma once
#include <string>

#include "numbers/error.hpp"

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The message of the Error that the calculation throws; nothing where it does not.
template <typename Calculation>
std::string error_of(Calculation calculation) {
  try {
    calculation();
  } catch (const numbers::Error& error) {
    return error.what();
  }
  return "";
}
