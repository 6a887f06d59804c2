#pragma once
#include <string>

namespace rendering {

/// Colours text for a terminal, or leaves it as it is.
class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  std::string bold(const std::string& text) const { return paint("1", text); }
  std::string faint(const std::string& text) const { return paint("2", text); }
  std::string good(const std::string& text) const { return paint("32", text); }
  std::string bad(const std::string& text) const { return paint("31", text); }

 private:
  std::string paint(const std::string& code, const std::string& text) const {
    return colour_ ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
  bool colour_;
};

}  // namespace rendering
