#pragma once
#include <string>
#include <utility>
#include <vector>

namespace derivation {

/// What ran, as JSON: experiment, date, seed (null: nothing is random), versions, compiler, config and
/// results.
std::string manifest(const std::string& experiment,
                     const std::vector<std::pair<std::string, std::string>>& config,
                     const std::vector<std::pair<std::string, double>>& results);

}  // namespace derivation
