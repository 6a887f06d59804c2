#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "derivation/files.hpp"
#include "support/folder.hpp"

/// What a program did.
struct Outcome {
  int status = -1;  ///< the exit status; -1 where it crashed or did not end in time
  std::string out, err;
  double seconds = 0;
};

/// A program that takes longer is ended, and has failed.
constexpr double time_limit = 10;

namespace run_detail {

using Clock = std::chrono::steady_clock;

inline double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

inline void point_at(int descriptor, const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

inline pid_t start(const std::vector<std::string>& command, const std::string& out, const std::string& err) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  point_at(STDOUT_FILENO, out);
  point_at(STDERR_FILENO, err);
  execvp(words[0], words.data());
  _exit(127);
}

/// The exit status; -1 where the program was ended by a signal, its own or ours.
inline int wait_for(pid_t child, Clock::time_point begun, double limit) {
  int state = 0;
  while (waitpid(child, &state, WNOHANG) == 0) {
    if (since(begun) > limit) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

}  // namespace run_detail

/// Runs a program and waits for its end. What it prints goes into `out`, where a file is named for it.
inline Outcome run(const std::vector<std::string>& command, const std::string& out = "",
                   double limit = time_limit) {
  const Folder folder;
  const std::string printed = out.empty() ? folder / "out" : out;
  const auto begun = run_detail::Clock::now();
  Outcome outcome;
  outcome.status = run_detail::wait_for(run_detail::start(command, printed, folder / "err"), begun, limit);
  outcome.seconds = run_detail::since(begun);
  if (out.empty()) outcome.out = derivation::read_file(printed);
  outcome.err = derivation::read_file(folder / "err");
  return outcome;
}
