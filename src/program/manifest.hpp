#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace program {

/// What a manifest says of an experiment beyond what every program can say.
struct Experiment {
  using Setting = std::variant<std::string, std::int64_t>;
  std::optional<std::uint64_t> seed;  ///< none: nothing is random
  std::vector<std::pair<std::string, Setting>> config;
  std::vector<std::pair<std::string, double>> results;
};

/// What ran, as JSON: experiment, date, seed (null where there is none), versions, compiler, config and
/// results_summary.
std::string manifest(const std::string& name, const Experiment& experiment);

}  // namespace program
