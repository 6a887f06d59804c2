#include "derivation/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace derivation {
namespace {

namespace fs = std::filesystem;

/// Why the system refused something: errno's number, or 0 where it did not.
using Reason = int;

[[noreturn]] void fail(const std::string& path, Reason reason) {
  const bool has_advice = reason == ENOENT || reason == EACCES || reason == EROFS || reason == ENOTDIR;
  throw FileError(path + ": cannot be written (" + std::strerror(reason) + ")" +
                  (has_advice ? "; choose a folder that exists and that you may write to" : ""));
}

/// An open file, closed at the end.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

  /// Closing, too, can be refused: some file systems write no earlier.
  Reason finish() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return close(descriptor) == 0 ? 0 : errno;
  }

 private:
  int descriptor_;
};

Reason write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// N where a path is this process's own descriptor N, as /dev/stdout and /dev/fd/N lead to /proc/self/fd/N.
std::optional<int> descriptor_of(const fs::path& path) {
  std::error_code unknown;
  const fs::path own = fs::canonical("/proc/self/fd", unknown);
  if (unknown || fs::canonical(path.parent_path(), unknown) != own || unknown) return std::nullopt;
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

/// Where a path leads: to an open descriptor, or through its links to a file that may not be there yet.
struct Target {
  std::string path;
  std::optional<int> descriptor = {};
};

Target target_of(const std::string& path) {
  constexpr int most_links = 40;  // as many as Linux follows
  fs::path target = path;
  std::error_code failed;
  for (int k = 0; k < most_links; ++k) {
    if (const auto descriptor = descriptor_of(target)) return {path, descriptor};
    if (!fs::is_symlink(target, failed)) return {target.string()};
    const fs::path next = fs::read_symlink(target, failed);
    if (failed) fail(path, failed.value());
    target = target.parent_path() / next;
  }
  fail(path, ELOOP);
}

/// A file beside another, which nobody else has, and which goes unless it takes the other's name.
class Beside {
 public:
  explicit Beside(const std::string& path) {
    const std::string own = ".new-" + std::to_string(getpid()) + "-";
    for (int k = 0; file_ < 0; ++k) {
      name_ = (fs::path(path).parent_path() / (own + std::to_string(k))).string();
      file_ = open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (file_ < 0 && errno != EEXIST) {
        reason_ = errno;
        name_.clear();
        return;
      }
    }
  }
  ~Beside() {
    if (file_ >= 0) close(file_);
    if (!name_.empty()) unlink(name_.c_str());
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  /// Why there is none.
  Reason reason() const { return reason_; }

  bool takes_owner_and_mode(const struct stat& old) {
    const bool same = old.st_uid == geteuid() && old.st_gid == getegid();
    return (same || fchown(file_, old.st_uid, old.st_gid) == 0) && fchmod(file_, old.st_mode & 07777) == 0;
  }

  Reason fill(const std::string& content) {
    File file(file_);
    file_ = -1;
    const Reason reason = write_all(file.get(), content);
    const Reason at_end = file.finish();
    return reason != 0 ? reason : at_end;
  }

  Reason replace(const std::string& path) {
    if (std::rename(name_.c_str(), path.c_str()) != 0) return errno;
    name_.clear();
    return 0;
  }

  /// Takes the name where nothing has it, EEXIST where something has.
  Reason take_free_name(const std::string& path) {
    if (link(name_.c_str(), path.c_str()) == 0) return 0;
    const bool has_links = errno != EPERM && errno != ENOTSUP && errno != ENOSYS && errno != EMLINK;
    if (has_links) return errno;
    return access(path.c_str(), F_OK) == 0 ? EEXIST : replace(path);
  }

 private:
  std::string name_;
  int file_ = -1;
  Reason reason_ = 0;
};

/// Reserves room for so many bytes. A file system that cannot promise any is taken as it is.
Reason reserve(int descriptor, std::size_t bytes) {
  if (bytes == 0) return 0;
  const int refused = posix_fallocate(descriptor, 0, static_cast<off_t>(bytes));
  return refused == ENOSPC || refused == EFBIG ? refused : 0;
}

Reason overwrite(int descriptor, const std::string& content) {
  if (lseek(descriptor, 0, SEEK_SET) < 0) return errno;
  if (const Reason reason = write_all(descriptor, content)) return reason;
  return ftruncate(descriptor, static_cast<off_t>(content.size())) == 0 ? 0 : errno;
}

/// Over what stands there, which keeps its names and its owner.
void write_in_place(const std::string& path, const std::string& target, const std::string& content) {
  const std::string old = read_file(target);
  File file(open(target.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) fail(path, errno);
  Reason reason = reserve(file.get(), content.size());
  if (reason == 0) reason = overwrite(file.get(), content);
  if (reason != 0) overwrite(file.get(), old);
  const Reason at_end = file.finish();
  if (reason != 0 || at_end != 0) fail(path, reason != 0 ? reason : at_end);
}

/// A device or a pipe: to put a file in its place would take it away.
void write_into(const std::string& path, int descriptor, const std::string& content) {
  File file(descriptor);
  if (!file.is_open()) fail(path, errno);
  const Reason reason = write_all(file.get(), content);
  const Reason at_end = file.finish();
  if (reason != 0 || at_end != 0) fail(path, reason != 0 ? reason : at_end);
}

void replace_regular(const std::string& path, const std::string& target, const struct stat& old,
                     const std::string& content) {
  if (access(target.c_str(), W_OK) != 0) fail(path, errno);
  if (old.st_nlink > 1) return write_in_place(path, target, content);
  Beside beside(target);
  if (beside.reason() != 0 || !beside.takes_owner_and_mode(old)) return write_in_place(path, target, content);
  if (const Reason reason = beside.fill(content)) fail(path, reason);
  if (const Reason reason = beside.replace(target)) fail(path, reason);
}

/// Writes what is not there yet; EEXIST where it came meanwhile.
Reason create(const std::string& target, const std::string& content) {
  Beside beside(target);
  if (beside.reason() != 0) return beside.reason();
  if (const Reason reason = beside.fill(content)) return reason;
  return beside.take_free_name(target);
}

/// What stands at the end of a path's links; nothing where nothing does.
std::optional<struct stat> standing(const std::string& path, const std::string& target) {
  struct stat found {};
  if (stat(target.c_str(), &found) == 0) return found;
  if (errno != ENOENT) fail(path, errno);
  return std::nullopt;
}

/// Writes what is no regular file; whether the target is such a one.
bool write_special(const std::string& path, const Target& target, const std::string& content) {
  if (target.descriptor) {
    write_into(path, dup(*target.descriptor), content);
    return true;
  }
  const auto old = standing(path, target.path);
  if (!old || S_ISREG(old->st_mode)) return false;
  if (S_ISDIR(old->st_mode)) fail(path, EISDIR);
  write_into(path, open(target.path.c_str(), O_WRONLY | O_CLOEXEC), content);
  return true;
}

}  // namespace

void write_file(const std::string& path, const std::string& content) {
  const Target target = target_of(path);
  if (write_special(path, target, content)) return;
  const auto old = standing(path, target.path);
  if (old) return replace_regular(path, target.path, *old, content);
  const Reason reason = create(target.path, content);
  if (reason == EEXIST) return write_file(path, content);  // someone else was quicker: the last one stays
  if (reason != 0) fail(path, reason);
}

void write_new_file(const std::string& path, const std::string& content) {
  const Target target = target_of(path);
  if (write_special(path, target, content)) return;
  const Reason reason = standing(path, target.path) ? EEXIST : create(target.path, content);
  if (reason == EEXIST)
    throw FileError(path + ": is there already; name a new file, so that no work is lost");
  if (reason != 0) fail(path, reason);
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
