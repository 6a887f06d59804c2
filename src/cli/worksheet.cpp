#include "paper/worksheet.hpp"

#include <filesystem>
#include <iostream>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "derivation/json.hpp"
#include "derivation/options.hpp"
#include "derivation/write_file.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"

namespace cli {
namespace {

constexpr const char* help =
    "usage: attention-by-hand worksheet [options] FILE|CHAPTER [EXAMPLE...]\n"
    "Prints a blank derivation as Markdown: the givens, and each step with its formula, its shape and room "
    "to\n"
    "work, every entry a `?`. Print it, or fill it in and have it graded with attention-by-hand check.\n\n"
    "  CHAPTER            a chapter's name, or how it begins: 06-attention-by-hand, 06\n"
    "  FILE               a chapter's file, or one of your own: its givens, without its answers\n"
    "  EXAMPLE            only these examples; all of them without a name\n"
    "  --hints            what each entry is made of, and what to watch\n"
    "  --output FILE      write this file, which must not exist yet, instead of printing\n"
    "  --derivations DIR  where the chapters' derivations are; without this option derivations/ in the\n"
    "                     current folder, or in the nearest folder above it\n"
    "  --help             this text\n\n"
    "On paper: attention-by-hand worksheet 06 lab --output lab.md, and then\n"
    "  pandoc --standalone --mathml --metadata pagetitle=Worksheet lab.md --output lab.html\n";

struct WorksheetOptions {
  std::string subject, output, derivations;
  std::vector<std::string> examples;
  bool hints = false, help = false;
};

WorksheetOptions parse(const std::vector<std::string>& arguments) {
  WorksheetOptions options;
  bool has_subject = false;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    std::string* value = argument == "--output"        ? &options.output
                         : argument == "--derivations" ? &options.derivations
                                                       : nullptr;
    if (value && k + 1 == arguments.size())
      throw derivation::UsageError(argument + " needs a value; see worksheet --help");
    if (value)
      *value = arguments[++k];
    else if (argument == "--hints")
      options.hints = true;
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw derivation::UsageError("unknown option " + argument + "; see worksheet --help");
    else if (has_subject)
      options.examples.push_back(argument);
    else {
      options.subject = argument;
      has_subject = true;
    }
  }
  if (!has_subject && !options.help)
    throw derivation::UsageError(
        "worksheet takes a file or a chapter: attention-by-hand worksheet 06-attention-by-hand");
  return options;
}

std::string of_chapter(const WorksheetOptions& options) {
  const auto found = find_derivation(options.subject, options.derivations);
  if (!found)
    throw derivation::UsageError("no file and no chapter " + options.subject + ": " +
                                 why_not_found(options.subject, options.derivations));
  return paper::worksheet({derivation::load_json(*found), nullptr, options.hints}, options.examples);
}

/// The examples that a worksheet already asks for, where the file is one.
std::vector<std::string> examples_of(const paper::Paper& paper) {
  std::vector<std::string> names;
  for (const paper::WrittenExample& example : paper.examples) names.push_back(example.name);
  return names;
}

std::string of_file(const WorksheetOptions& options) {
  const paper::Paper paper = paper::load_paper(options.subject);
  const auto found = derivation_of(paper, options.derivations);
  if (!found)
    return paper::worksheet({paper::derive_paper(paper, 1), &paper, options.hints}, options.examples);
  const bool is_worksheet = paper.chapter && options.examples.empty();
  return paper::worksheet({derivation::load_json(*found), nullptr, options.hints},
                          is_worksheet ? examples_of(paper) : options.examples);
}

/// A worksheet that is being filled in must not be lost to a blank one.
void require_new(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::is_regular_file(path, unknown))
    throw derivation::FileError(path + ": is there already; name a new file, so that no work is lost");
}

}  // namespace

int worksheet(const std::vector<std::string>& arguments) {
  const WorksheetOptions options = parse(arguments);
  if (options.help) {
    std::cout << help;
    return 0;
  }
  const numbers::WorkLimit limit(paper::caps::derive_work);
  if (!options.output.empty()) require_new(options.output);
  const std::string text = is_chapter_name(options.subject) ? of_chapter(options) : of_file(options);
  if (options.output.empty())
    std::cout << text << std::flush;
  else
    derivation::write_file(options.output, text);
  if (!std::cout) throw derivation::Error("the output could not be written");
  return 0;
}

}  // namespace cli
