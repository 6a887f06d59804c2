#pragma once
#include <string>

#include "derivation/files.hpp"

namespace paper {

/// Where something stands in a file: line and column, both counted from 1.
struct Place {
  int line = 0;
  int column = 0;
};

/// A file that cannot be used: "file:line:column: what is wrong and what to do".
struct FileError : derivation::FileError {
  FileError(const std::string& file, Place place, const std::string& message)
      : derivation::FileError(file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
                              ": " + message) {}
};

}  // namespace paper
