#pragma once
#include <string>

#include "grading/grade.hpp"

namespace grading {

struct ReportStyle {
  bool all = false;     ///< each entry that is not simply right, and each step on a line of its own
  bool colour = false;  ///< for a terminal
};

/// The grades in words, for a terminal: the file, and for each example a line a step, what explains wrong
/// entries, the first few of them with their places (line:column), and a summary. Steps in which all is right
/// given what stands before share a line.
std::string report(const std::string& file, const Grades& grades, const ReportStyle& style = {});

}  // namespace grading
