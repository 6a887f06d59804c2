#include "rendering/heatmap.hpp"

#include <iostream>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "derivation/files.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/options.hpp"

namespace cli {
namespace {

constexpr const char* help =
    "usage: attention-by-hand heatmap [options] FILE|CHAPTER [EXAMPLE]\n"
    "Draws the attention weights of an example in FILE's paper blocks, or of a chapter (06), as SVG: the\n"
    "first example, or EXAMPLE.\n"
    "\n"
    "In the block, `tokens = I work ,` names the rows and columns: a word for each row of X or Q, with\n"
    "spaces between them. With `heads = 2` there is a panel for each head; with `mask = causal` what is\n"
    "hidden has no colour. A number stands in each cell up to 12 tokens.\n"
    "\n"
    "  --example NAME   the example to draw, the same as EXAMPLE\n"
    "  --output FILE    write the picture instead of printing it\n"
    "  --help           this text\n";

struct HeatmapOptions {
  std::string file, example, output;
  bool help = false;
};

HeatmapOptions parse(const std::vector<std::string>& arguments) {
  HeatmapOptions options;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    std::string* value = argument == "--example"  ? &options.example
                         : argument == "--output" ? &options.output
                                                  : nullptr;
    if (value && k + 1 == arguments.size())
      throw program::UsageError(argument + " needs a value; see heatmap --help");
    if (value)
      *value = arguments[++k];
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw program::UsageError("unknown option " + argument + "; see heatmap --help");
    else if (!options.file.empty() && !options.example.empty())
      throw program::UsageError("heatmap takes one file and one example, and there is " + argument +
                                " besides");
    else if (!options.file.empty())
      options.example = argument;
    else
      options.file = argument;
  }
  if (options.file.empty() && !options.help)
    throw program::UsageError("heatmap takes a file: attention-by-hand heatmap FILE");
  return options;
}

const derivation::Example& chosen(const derivation::Derivation& derived, const std::string& name) {
  if (name.empty()) return derived.examples.front();
  const derivation::Example* example = find_example(derived, name);
  if (example) return *example;
  std::string known;
  for (const derivation::Example& each : derived.examples) known += " " + each.name;
  throw program::UsageError("there is no example " + name + "; there are" + known);
}

}  // namespace

int heatmap(const std::vector<std::string>& arguments) {
  const HeatmapOptions options = parse(arguments);
  if (options.help) {
    std::cout << help;
    return 0;
  }
  const numbers::WorkLimit limit(paper::caps::derive_work);
  const derivation::Derivation derived = derivation_named(options.file, 1, paper::Passes::forward);
  const derivation::Example& example = chosen(derived, options.example);
  const std::string svg = rendering::heatmap(example, rendering::weights_figure(example, example.name));
  if (options.output.empty())
    std::cout << svg;
  else
    derivation::write_file(options.output, svg);
  return 0;
}

}  // namespace cli
