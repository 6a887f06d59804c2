#include "program/options.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "derivation/files.hpp"
#include "rendering/json.hpp"
#include "rendering/markdown.hpp"
#include "rendering/svg.hpp"
#include "rendering/terminal.hpp"

namespace program {

using namespace derivation;

namespace {

constexpr int most_digits = 1000;

int parse_digits(const std::string& text) {
  int digits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), digits);
  if (error != std::errc() || end != text.data() + text.size() || digits < 1 || digits > most_digits)
    throw UsageError("--digits " + text + ": give a whole number from 1 to " + std::to_string(most_digits));
  return digits;
}

std::string parse_format(const std::string& text) {
  if (text != "text" && text != "markdown" && text != "json")
    throw UsageError("--format " + text + ": choose text, markdown or json");
  return text;
}

std::string rendered(const Derivation& derivation, const Options& options) {
  if (options.format == "json") return rendering::to_json(derivation);
  if (options.format == "markdown") return rendering::to_markdown(derivation);
  return rendering::to_terminal(derivation, {80, rendering::wants_colour(1), options.arithmetic});
}

void write_derivation(const Derivation& derivation, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const std::string stem = (std::filesystem::path(folder) / derivation.chapter).string();
  write_file(stem + ".json", rendering::to_json(derivation));
  write_file(stem + ".md", rendering::to_markdown(derivation));
  for (const auto& [name, svg] : rendering::to_svg(derivation))
    write_file((std::filesystem::path(folder) / name).string(), svg);
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    const auto value = [&]() -> const std::string& {
      if (k + 1 == arguments.size()) throw UsageError(argument + " needs a value; see --help");
      return arguments[++k];
    };
    if (argument == "--format")
      options.format = parse_format(value());
    else if (argument == "--digits")
      options.digits = parse_digits(value());
    else if (argument == "--arithmetic")
      options.arithmetic = true;
    else if (argument == "--output")
      options.output = value();
    else if (argument == "--manifest")
      options.manifest = value();
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw UsageError("unknown option " + argument + "; see --help");
    else
      options.files.push_back(argument);
  }
  return options;
}

std::string options_help() {
  return "  --format FORMAT  text (the default), markdown or json\n"
         "  --digits N       significant digits of the decimals, 20 without this option\n"
         "  --arithmetic     write out each entry's own sum: S[0,1] = 1·0 + 2·1 = 2\n"
         "  --output DIR     write DIR/NAME.json, .md and pictures instead of printing\n"
         "  --manifest FILE  write what ran: date, versions, compiler, results\n"
         "  --help           this text\n";
}

void deliver(const Derivation& derivation, const Options& options, Experiment experiment) {
  if (options.output.empty())
    std::cout << rendered(derivation, options);
  else
    write_derivation(derivation, options.output);
  if (options.manifest.empty()) return;
  experiment.config.emplace_back("digits", options.digits);
  experiment.results.emplace_back("max_abs_diff_exact_vs_double", largest_gap(derivation));
  write_file(options.manifest, manifest(derivation.chapter, experiment));
}

namespace {

/// What is printed may still stand in a buffer: only once it is written has the program done its work.
void finish_output() {
  errno = 0;
  std::cout.flush();
  if (std::cout) return;
  throw FileError("standard output: cannot be written" +
                  (errno != 0 ? " (" + std::string(std::strerror(errno)) + ")" : std::string()));
}

}  // namespace

int run_guarded(const std::string& program, const std::function<int()>& body) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is then an error like a full disk
  try {
    const int status = body();
    finish_output();
    return status;
  } catch (const FileError& error) {
    std::cerr << error.what() << "\n";
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << "\n";
  }
  return 2;
}

}  // namespace program
