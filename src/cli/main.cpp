#include <iostream>

#include "cli/verbs.hpp"
#include "program/options.hpp"

namespace {

constexpr const char* usage =
    "usage: attention-by-hand VERB [options] FILE\n"
    "\n"
    "  derive FILE     derive the examples whose givens stand in FILE's paper blocks, step by step\n"
    "  worksheet FILE  print a blank derivation of the same examples, or of a chapter's, to fill in;\n"
    "                  with --new, of a fresh exercise that no mistake passes unseen\n"
    "  check FILE      grade the steps that stand in FILE's paper blocks\n"
    "  strength FILE   say which mistakes an example can reveal, and which it cannot\n"
    "  heatmap FILE    draw the attention weights of an example as SVG\n"
    "  prose FILE...   hold the numbers in a chapter's prose against its derivation\n"
    "\n"
    "Where a FILE is asked for (not by prose) a chapter's name will do: 06. Behind -- a file may begin\n"
    "with -.\n"
    "attention-by-hand VERB --help says more. Exit status: 0 all is right, 1 something is wrong or\n"
    "nothing is answered, 2 the file or the command line cannot be used.\n";

constexpr const char* verbs = "derive, worksheet, check, strength, heatmap or prose";

/// The arguments of a verb. Behind -- there are no options: a file that begins with - gets a name that does
/// not.
std::vector<std::string> behind_verb(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest;
  bool are_files = false;
  for (std::size_t k = 1; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    if (argument == "--" && !are_files)
      are_files = true;
    else
      rest.push_back((are_files && argument[0] == '-' ? "./" : "") + argument);
  }
  return rest;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw program::UsageError("say what to do: " + std::string(verbs) + "; see --help");
  const std::vector<std::string> rest = behind_verb(arguments);
  if (arguments[0] == "--help" || arguments[0] == "-h") {
    std::cout << usage;
    return 0;
  }
  if (arguments[0] == "derive") return cli::derive(rest);
  if (arguments[0] == "check") return cli::check(rest);
  if (arguments[0] == "worksheet") return cli::worksheet(rest);
  if (arguments[0] == "strength") return cli::strength(rest);
  if (arguments[0] == "heatmap") return cli::heatmap(rest);
  if (arguments[0] == "prose") return cli::prose(rest);
  throw program::UsageError("unknown verb '" + arguments[0] + "': " + verbs + "; see --help");
}

}  // namespace

int main(int argc, char** argv) {
  return program::run_guarded("attention-by-hand", [&] { return run({argv + 1, argv + argc}); });
}
