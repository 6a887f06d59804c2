#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/verbs.hpp"
#include "derivation/json.hpp"
#include "derivation/manifest.hpp"
#include "derivation/options.hpp"
#include "derivation/write_file.hpp"
#include "paper/grade.hpp"
#include "paper/inputs.hpp"
#include "paper/report.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* help =
    "usage: attention-by-hand check [options] FILE\n"
    "Grades what stands in FILE's paper blocks, entry by entry. A chapter (a file with a derivation in\n"
    "../derivations/) is graded against that; any other file against the derivation of its own givens.\n\n"
    "  --derivation FILE  grade against this derivation (JSON)\n"
    "  --manifest FILE    write what ran: date, versions, compiler, results\n"
    "  --help             this text\n";

struct CheckOptions {
  std::string file, derivation, manifest;
  bool help = false;
};

CheckOptions parse(const std::vector<std::string>& arguments) {
  CheckOptions options;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    std::string* value = argument == "--derivation" ? &options.derivation
                         : argument == "--manifest" ? &options.manifest
                                                    : nullptr;
    if (value && k + 1 == arguments.size())
      throw derivation::UsageError(argument + " needs a file behind it");
    if (value)
      *value = arguments[++k];
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw derivation::UsageError("unknown option " + argument + "; see check --help");
    else if (!options.file.empty())
      throw derivation::UsageError("check takes one file, not " + options.file + " and " + argument);
    else
      options.file = argument;
  }
  if (options.file.empty() && !options.help)
    throw derivation::UsageError("check takes a file: attention-by-hand check FILE");
  return options;
}

/// The derivation that a chapter is graded against: ../derivations/STEM.json, where there is one.
std::string chapter_derivation(const std::string& file) {
  const fs::path beside = fs::path(file).parent_path() / ".." / "derivations";
  const fs::path found = beside / (derivation::stem_of(file) + ".json");
  return fs::exists(found) ? found.string() : "";
}

derivation::Derivation truth_for(const CheckOptions& options, const paper::Paper& paper) {
  const std::string json = options.derivation.empty() ? chapter_derivation(options.file) : options.derivation;
  return json.empty() ? paper::derive_paper(paper, 20) : derivation::load_json(json);
}

}  // namespace

int check(const std::vector<std::string>& arguments) {
  const CheckOptions options = parse(arguments);
  if (options.help) {
    std::cout << help;
    return 0;
  }
  const paper::Paper paper = paper::load_paper(options.file);
  const paper::Grades grades = paper::grade(paper, truth_for(options, paper));
  std::cout << paper::report(options.file, grades) << std::flush;
  if (!std::cout) throw derivation::Error("the output could not be written");
  if (!options.manifest.empty())
    derivation::write_file(
        options.manifest,
        derivation::manifest(derivation::stem_of(options.file),
                             {{},
                              {{"file", options.file}},
                              {{"max_abs_diff_paper_vs_code", grades.largest_gap},
                               {"right", count(grades, paper::Verdict::right)},
                               {"right_given", count(grades, paper::Verdict::right_given)},
                               {"wrong", count(grades, paper::Verdict::wrong)},
                               {"unanswered", count(grades, paper::Verdict::unanswered)}}}));
  return all_right(grades) ? 0 : 1;
}

}  // namespace cli
