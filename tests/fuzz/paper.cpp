#include "paper/paper.hpp"

#include <cstdint>
#include <string>

#include "paper/error.hpp"

/// The reader of paper takes any bytes: a paper, or a message that says where and what. Anything else, a
/// crash or an exception of another kind, is a find. (libFuzzer calls this; see tests/CMakeLists.txt.)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    paper::read_paper("p.md", std::string(reinterpret_cast<const char*>(data), size));
  } catch (const paper::FileError&) {
  }
  return 0;
}
