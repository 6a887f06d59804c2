#include "mistakes/strength.hpp"

#include <iostream>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/options.hpp"

namespace cli {
namespace {

constexpr const char* help =
    "usage: attention-by-hand strength FILE|CHAPTER [EXAMPLE]\n"
    "Tries every mistake of the catalogue on each example in FILE's paper blocks, or of a chapter (06), and\n"
    "says by how much it changes the output: what the example can reveal, and what it cannot. A change of\n"
    "exactly 0 is proved.\n";

std::string table(const derivation::Derivation& derived, const std::string& chosen) {
  std::string text;
  for (const derivation::Example& example : derived.examples)
    if (chosen.empty() || chosen == example.name)
      text +=
          (text.empty() ? "" : "\n") + mistakes::strength_in_words(example.name, mistakes::strength(example));
  if (text.empty()) throw program::UsageError("there is no example " + chosen + " in " + derived.chapter);
  return text;
}

}  // namespace

int strength(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
    std::cout << help;
    return 0;
  }
  for (const std::string& argument : arguments)
    if (argument.size() > 1 && argument[0] == '-')
      throw program::UsageError("unknown option " + argument + "; see strength --help");
  if (arguments.empty() || arguments.size() > 2)
    throw program::UsageError(
        "strength takes a file or a chapter, and an example: attention-by-hand strength 06 lab");
  const numbers::WorkLimit limit(paper::caps::derive_work);
  std::cout << table(derivation_named(arguments[0]), arguments.size() == 2 ? arguments[1] : "");
  return 0;
}

}  // namespace cli
