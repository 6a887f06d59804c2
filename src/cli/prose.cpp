#include "prose/prose.hpp"

#include <filesystem>
#include <iostream>

#include "cli/verbs.hpp"
#include "program/options.hpp"
#include "rendering/json.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* help =
    "usage: attention-by-hand prose [--derivations DIR] FILE...\n"
    "Holds the numbers in the prose of chapters against their derivations, DIR/STEM.json (../derivations\n"
    "beside a file, without the option), and names what is shown but unknown, and what no chapter shows.\n";

struct Chapters {
  std::vector<std::string> files;
  std::string derivations;
};

Chapters parse(const std::vector<std::string>& arguments) {
  Chapters chapters;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    if (arguments[k] == "--derivations" && k + 1 < arguments.size())
      chapters.derivations = arguments[++k];
    else if (arguments[k][0] == '-')
      throw program::UsageError("unknown option " + arguments[k] + "; see prose --help");
    else
      chapters.files.push_back(arguments[k]);
  }
  if (chapters.files.empty())
    throw program::UsageError("prose takes chapters: attention-by-hand prose FILE...");
  return chapters;
}

/// A chapter without a program (an appendix, say) has an empty derivation.
derivation::Derivation derivation_for(const Chapters& chapters, const std::string& file) {
  const std::string stem = derivation::stem_of(file);
  const fs::path folder = chapters.derivations.empty() ? fs::path(file).parent_path() / ".." / "derivations"
                                                       : fs::path(chapters.derivations);
  const fs::path json = folder / (stem + ".json");
  if (!fs::exists(json)) return {stem, stem, {}};
  return rendering::load_json(json.string());
}

}  // namespace

int prose(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
    std::cout << help;
    return 0;
  }
  const Chapters chapters = parse(arguments);
  prose::Problems problems;
  std::vector<prose::Prose> texts;
  std::vector<derivation::Derivation> derivations;
  for (const std::string& file : chapters.files) {
    texts.push_back(prose::load_prose(file));
    derivations.push_back(derivation_for(chapters, file));
    const prose::Problems found = prose::check_numbers(texts.back(), derivations.back());
    problems.insert(problems.end(), found.begin(), found.end());
  }
  const prose::Problems names = prose::check_transclusions(texts, derivations);
  problems.insert(problems.end(), names.begin(), names.end());
  for (const std::string& problem : problems) std::cerr << problem << "\n";
  return problems.empty() ? 0 : 1;
}

}  // namespace cli
