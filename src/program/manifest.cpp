#include "program/manifest.hpp"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "numbers/versions.hpp"

namespace program {

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

std::string manifest(const std::string& name, const Experiment& experiment) {
  Json json = {{"experiment", name},
               {"date", today()},
               {"seed", nullptr},
               {"versions", versions()},
               {"compiler", __VERSION__},
               {"config", Json::object()},
               {"results_summary", Json::object()}};
  if (experiment.seed) json["seed"] = *experiment.seed;
  for (const auto& [key, value] : experiment.config)
    std::visit([&, &key = key](const auto& setting) { json["config"][key] = setting; }, value);
  for (const auto& [key, value] : experiment.results) json["results_summary"][key] = value;
  return json.dump(2) + "\n";
}

}  // namespace program
