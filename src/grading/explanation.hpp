#pragma once
#include <set>
#include <string>
#include <vector>

#include "grading/base.hpp"
#include "grading/grade.hpp"

namespace grading {

/// What the explanations of an example are looked for with.
struct Evidence {
  const derivation::Example& truth;
  const Written& written;
  std::vector<Base> bases;  ///< the right values are the last
  /// The steps that are written and do not decide what is made of them: a mistake in them may show behind
  /// them alone.
  std::set<std::string> undecided;
};

/// A mistake of the catalogue, said of the step where it happened (`site`); `seen_in`: the written step that
/// shows it, where that is another.
Explanation explanation(const mistakes::Mistake& mistake, const std::string& site, const std::string& detail,
                        const std::string& seen_in = "");

}  // namespace grading
