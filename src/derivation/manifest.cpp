#include "derivation/manifest.hpp"

#include <Eigen/Core>
#include <boost/version.hpp>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

namespace derivation {
namespace {

using Json = nlohmann::ordered_json;

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

Json versions() {
  return {{"eigen", dotted(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)}};
}

}  // namespace

std::string manifest(const std::string& experiment,
                     const std::vector<std::pair<std::string, std::string>>& config,
                     const std::vector<std::pair<std::string, double>>& results) {
  Json json = {{"experiment", experiment},         {"date", today()},         {"seed", nullptr},
               {"versions", versions()},           {"compiler", __VERSION__}, {"config", Json::object()},
               {"results_summary", Json::object()}};
  for (const auto& [key, value] : config) json["config"][key] = value;
  for (const auto& [key, value] : results) json["results_summary"][key] = value;
  return json.dump(2) + "\n";
}

}  // namespace derivation
