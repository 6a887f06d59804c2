#include "bench/results.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench/machine.hpp"

namespace bench {

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

double peak(const Results& results, const std::string& scalar) {
  const double operations = static_cast<double>(scalar == "float" ? MultiplyAdds<float>::operations
                                                                  : MultiplyAdds<double>::operations);
  return operations / results.seconds.at("multiply-adds/" + scalar);
}

double bandwidth(const Results& results) { return Triad::bytes / results.seconds.at("triad"); }

namespace {

/// Three digits that count, in the unit that suits.
std::string duration(double seconds) {
  const std::pair<double, const char*> units[] = {
      {1, "\u00a0s"}, {1e-3, "\u00a0ms"}, {1e-6, "\u00a0µs"}, {1e-9, "\u00a0ns"}};
  for (const auto& [size, name] : units)
    if (seconds >= size)
      return fixed(seconds / size, seconds / size < 10 ? 2 : seconds / size < 100 ? 1 : 0) + name;
  return "0 s";
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

/// A pipe table: the first column to the left, numbers to the right.
std::string head(const std::vector<std::string>& cells) {
  std::string rule = "|:--|";
  for (std::size_t k = 1; k < cells.size(); ++k) rule += "--:|";
  return row(cells) + rule + "\n";
}

/// Multiplications and additions of Q Kᵀ and A V.
double product_operations(double T) { return 4 * T * T * static_cast<double>(d); }

double tile_rate(const Results& results) {
  return 4.0 * block_queries * block_keys * static_cast<double>(d) /
         results.seconds.at("tile products/float");
}

bool has(const Results& results, const std::string& what, long T) {
  return results.seconds.count(what + "/float/" + std::to_string(T)) != 0;
}

std::string section_machine(const Results& results) {
  const auto rate = [](double per_second) { return fixed(per_second / 1e9, 1) + " · 10⁹/s"; };
  const double tile = 4.0 * block_queries * block_keys * static_cast<double>(d);
  const std::string bytes = fixed(bandwidth(results) / 1e9, 1) + " GB/s";
  return "## machine\n\n" + head({"", "float", "double"}) +
         row({"multiply-adds on registers, two operations each", rate(peak(results, "float")),
              rate(peak(results, "double"))}) +
         row({"Eigen's two products of a tile", rate(tile / results.seconds.at("tile products/float")),
              rate(tile / results.seconds.at("tile products/double"))}) +
         row({"memory: a = b + s c over 384 MiB", bytes, bytes}) + "\n";
}

std::string section_parts(const Results& results, const std::string& scalar) {
  std::vector<std::string> cells = {"T"};
  for (const std::string& part : parts) cells.push_back(part);
  std::string text = "## parts " + scalar + "\n\n" + head(cells);
  for (const long T : lengths) {
    cells = {std::to_string(T)};
    for (const std::string& part : parts) cells.push_back(duration(results.time(part, scalar, T)));
    text += row(cells);
  }
  return text + "\n";
}

std::string section_speed(const Results& results) {
  const bool torch = has(results, "torch", 512), openblas = has(results, "torch with OpenBLAS", 512);
  std::vector<std::string> cells = {
      "T", "plain", "tiled", "plain / tiled", "tiled / product", "full / causal"};
  if (torch) cells.push_back("PyTorch / tiled");
  if (openblas) cells.push_back("PyTorch with OpenBLAS / tiled");
  std::string text = "## speed\n\n" + head(cells);
  for (const long T : lengths) {
    const double plain = results.time("plain", "float", T), tiled = results.time("tiled", "float", T);
    const double rate = product_operations(static_cast<double>(T)) / tiled;
    cells = {std::to_string(T),
             duration(plain),
             duration(tiled),
             fixed(plain / tiled, 2),
             fixed(100 * rate / tile_rate(results), 0) + "\u00a0%",
             fixed(tiled / results.time("tiled causal", "float", T), 2)};
    if (torch) cells.push_back(fixed(results.time("torch", "float", T) / tiled, 2));
    if (openblas) cells.push_back(fixed(results.time("torch with OpenBLAS", "float", T) / tiled, 2));
    text += row(cells);
  }
  return text + "\n";
}

std::string section_backward(const Results& results) {
  std::string text =
      "## backward\n\n" + head({"T", "tiled, forward", "tiled, backward", "backward / forward"});
  for (const long T : lengths) {
    const double forward = results.time("tiled", "float", T),
                 backward = results.time("tiled backward", "float", T);
    text += row({std::to_string(T), duration(forward), duration(backward), fixed(backward / forward, 2)});
  }
  return text + "\n";
}

std::string section_memory(const Results& results) {
  char text[200];
  std::snprintf(text, sizeof text, "%.1e in plain and %.1e in tiled attention",
                results.values.at("error of plain"), results.values.at("error of tiled"));
  return "## memory\n\nPeak memory of a process that attends to T = 16384 tokens, tiled, in float, d = 64: " +
         fixed(results.values.at("peak memory") / 1024, 1) +
         " MiB. The weights alone would take 1024 MiB.\n\n## errors\n\nThe largest error at T = 4096 in "
         "float: " +
         text + ".\n";
}

}  // namespace

std::string to_json(const Results& results) {
  nlohmann::ordered_json json = {{"date", results.date},         {"processor", results.processor},
                                 {"compiler", results.compiler}, {"flags", results.flags},
                                 {"torch", results.torch},       {"seconds", results.seconds},
                                 {"values", results.values}};
  return json.dump(1) + "\n";
}

std::string to_markdown(const Results& results) {
  std::string torch = results.torch.empty() ? "" : " Compared with " + results.torch + ".";
  return "# Measured\n\n## source\n\nMeasured on " + results.date + ": " + results.processor + ", " +
         results.compiler + ", `" + results.flags +
         "`, one thread, processor time, the least of five repetitions." + torch + "\n\n" +
         section_machine(results) + section_parts(results, "float") + section_parts(results, "double") +
         "## shares\n\n![For each T a bar of the parts' shares of the time, in float and in "
         "double](attention-shares.svg)\n\n"
         "## roofline\n\n![The rate of each part against its arithmetic intensity, under the machine's "
         "roof](attention-roofline.svg)\n\n" +
         section_speed(results) + section_backward(results) + section_memory(results);
}

}  // namespace bench
