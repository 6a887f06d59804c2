#include "derivation/manifest.hpp"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "numbers/versions.hpp"

namespace derivation {
namespace {

using Json = nlohmann::ordered_json;

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

Json versions() {
  Json json = Json::object();
  for (const auto& [library, version] : numbers::library_versions()) json[library] = version;
  return json;
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
