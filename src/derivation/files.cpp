#include "derivation/files.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace derivation {
namespace {

/// A device or a pipe: to put a file in its place would take it away.
bool is_special(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::is_other(path, unknown);
}

void write_into(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  out << content;
  out.close();
  if (!out) throw FileError(path + ": cannot be written (" + std::strerror(errno) + ")");
}

}  // namespace

void write_file(const std::string& path, const std::string& content) {
  if (is_special(path)) return write_into(path, content);
  const std::string beside = path + ".new" + std::to_string(getpid());
  std::ofstream out(beside, std::ios::binary);
  out << content;
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(beside, path, failed);
  if (out && !failed) return;
  const std::string reason = failed ? failed.message() : std::strerror(errno);
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  throw FileError(path + ": cannot be written (" + reason +
                  "); choose a folder that exists and that you may write to");
}

std::string read_file(const std::string& path, std::size_t most_bytes) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) throw FileError(path + ": is a folder; name a file");
  std::ifstream in(path, std::ios::binary);
  std::string content;
  std::array<char, 65536> buffer{};
  while (in && content.size() <= most_bytes) {
    in.read(buffer.data(), buffer.size());
    content.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) throw FileError(path + ": cannot be read (" + std::strerror(errno) + ")");
  return content;
}

}  // namespace derivation
