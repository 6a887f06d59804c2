#pragma once
#include <limits>
#include <string>

#include "derivation/operation.hpp"

namespace derivation {

/// A file that cannot be read, written or understood. The message begins with its name.
struct FileError : Error {
  using Error::Error;
};

/// Writes a whole file or nothing: into a file beside it first, which then takes its name. What is no regular
/// file (/dev/null, a pipe) is written to as it is.
/// Throws FileError with the reason, and leaves no half-written file behind.
void write_file(const std::string& path, const std::string& content);

/// The whole content, or its beginning where it is longer than so many bytes (some longer than that).
/// Throws FileError where it cannot be read.
std::string read_file(const std::string& path,
                      std::size_t most_bytes = std::numeric_limits<std::size_t>::max());

}  // namespace derivation
