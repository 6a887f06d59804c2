#pragma once
#include <optional>
#include <string>

#include "grading/grade.hpp"

namespace grading {

/// Where a report finds the first slip: the first entry, in the order of the derivation, that is wrong or too
/// short.
struct Slip {
  std::string example, step;
  std::size_t row = 0, col = 0;
};
std::optional<Slip> first_slip(const Grades& grades);

/// The grades up to the first step with a slip, that step included: what stands behind it often only follows
/// from it. All of them where there is no slip.
Grades until_first_slip(const Grades& grades);

/// The grades as JSON, as docs/grades.schema.json describes them.
std::string report_json(const std::string& file, const Grades& grades);

}  // namespace grading
