#include "derivation/write_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "derivation/operation.hpp"

namespace derivation {

void write_file(const std::string& path, const std::string& content) {
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
  throw Error(path + ": cannot be written (" + reason +
              "); choose a folder that exists and that you may write to");
}

std::string read_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw Error(path + ": is a folder; name a file");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  if (in) content << in.rdbuf();
  if (!in) throw Error(path + ": cannot be read (" + std::strerror(errno) + ")");
  return content.str();
}

}  // namespace derivation
