#include "grading/explanation.hpp"

namespace grading {

Explanation explanation(const mistakes::Mistake& mistake, const std::string& site, const std::string& detail,
                        const std::string& seen_in) {
  std::string what = mistakes::said_of(mistake.what, site);
  if (!detail.empty()) what.insert(what.size() - 1, " (" + detail + ")");
  if (!seen_in.empty()) what += " It happened in " + site + ", on the way to " + seen_in + ".";
  return {mistake.name, mistake.kind, site, what, mistakes::said_of(mistake.why, site), mistake.chapter};
}

}  // namespace grading
