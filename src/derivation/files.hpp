#pragma once
#include <limits>
#include <string>

#include "derivation/operation.hpp"

namespace derivation {

/// A file that cannot be read, written or understood. The message begins with its name.
struct FileError : Error {
  using Error::Error;
};

/// Writes a whole file or nothing. A link is followed, and what it leads to is written. The content goes into
/// a file beside it first, which then takes its name, with the mode and the owner of what stood there. Where
/// that would break something (other names for the same file, an owner that cannot be kept, a folder that
/// takes no new file), it is written in place: room is reserved first, and what stood there comes back if the
/// writing fails, so that only the machine's own end can leave a part. What is no regular file (/dev/stdout,
/// a pipe) is written to as it is.
/// Throws FileError with the reason, and leaves no half-written file behind.
void write_file(const std::string& path, const std::string& content);

/// The same for a file that must not be there yet: of several that write it at once one alone succeeds.
/// Throws FileError where it is there already.
void write_new_file(const std::string& path, const std::string& content);

/// The whole content, or its beginning where it is longer than so many bytes (some longer than that).
/// Throws FileError where it cannot be read.
std::string read_file(const std::string& path,
                      std::size_t most_bytes = std::numeric_limits<std::size_t>::max());

}  // namespace derivation
