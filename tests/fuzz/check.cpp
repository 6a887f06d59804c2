#include <cstdint>
#include <string>

#include "grading/grade.hpp"
#include "grading/report.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"

/// The whole of `check`: read, derived, graded, explained, reported. As in paper.cpp, whatever is no
/// FileError is a find; libFuzzer's own time limit finds what does not end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const numbers::WorkLimit limit(paper::caps::grade_work);
  try {
    const auto paper = paper::read_paper("p.md", std::string(reinterpret_cast<const char*>(data), size));
    grading::report("p.md", grading::grade(paper, paper::derive_paper(paper, 20)));
  } catch (const paper::FileError&) {
  }
  return 0;
}
