#pragma once
#include <string>
#include <utility>
#include <vector>

namespace numbers {

/// The libraries that compute here, and the version of each: {"eigen", "3.4.0"}, …
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace numbers
