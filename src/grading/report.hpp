#pragma once
#include <string>

#include "grading/grade.hpp"

namespace grading {

/// The grades in words, for a terminal: a line a step, a line for each entry that is not right, what explains
/// the wrong ones, and a summary.
std::string report(const std::string& file, const Grades& grades);

}  // namespace grading
