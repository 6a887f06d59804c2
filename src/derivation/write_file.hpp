#pragma once
#include <string>

namespace derivation {

/// Writes a whole file or nothing: into a file beside it first, which then takes its name.
/// Throws Error that names the file and the reason, and leaves no half-written file behind.
void write_file(const std::string& path, const std::string& content);

/// The whole content. Throws Error that names the file where it cannot be read.
std::string read_file(const std::string& path);

}  // namespace derivation
