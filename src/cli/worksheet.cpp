#include "exercises/worksheet.hpp"

#include <charconv>
#include <iostream>
#include <iterator>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "derivation/files.hpp"
#include "exercises/exercise.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/options.hpp"
#include "rendering/json.hpp"

namespace cli {
namespace {

constexpr const char* help =
    "usage: attention-by-hand worksheet [options] FILE|CHAPTER [EXAMPLE...]\n"
    "       attention-by-hand worksheet [options] --new T d_model d_k d_v\n"
    "Prints a blank derivation as Markdown: the givens, and each step with its formula, its shape and room "
    "to\n"
    "work, every entry a `?`. Print it, or fill it in and have it graded with attention-by-hand check.\n\n"
    "  CHAPTER            a chapter's name, or how it begins: 06-attention-by-hand, 06\n"
    "  FILE               a chapter's file, or one of your own: its givens, without its answers\n"
    "  EXAMPLE            only these examples (--example EXAMPLE, too); all of them without a name\n"
    "  --new              a fresh exercise of small whole numbers that is strong: every mistake of the "
    "catalogue\n"
    "                     that can be made in it changes Y by 1e-3 or more; with these options:\n"
    "    --heads H        H heads, each with d_k and d_v of its own, and output weights\n"
    "    --mask causal    each token sees itself and what stands before it\n"
    "    --seed N         another exercise for each N, the same on every machine; 1 without it\n"
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
  std::vector<std::string> sizes;  ///< of a new exercise: T d_model d_k d_v
  std::string heads, mask, seed;
  bool hints = false, help = false;
};

constexpr const char* size_names[] = {"T", "d_model", "d_k", "d_v"};

/// Where the value of an option goes; null where it takes none.
std::string* value_of(WorksheetOptions& options, const std::string& option) {
  if (option == "--output") return &options.output;
  if (option == "--example") return &options.examples.emplace_back();
  if (option == "--derivations") return &options.derivations;
  if (option == "--heads") return &options.heads;
  if (option == "--mask") return &options.mask;
  return option == "--seed" ? &options.seed : nullptr;
}

/// Takes the four sizes behind --new, and leaves k at the last of them.
void read_sizes(WorksheetOptions& options, const std::vector<std::string>& arguments, std::size_t& k) {
  if (k + std::size(size_names) >= arguments.size())
    throw program::UsageError("--new needs four sizes, T d_model d_k d_v: worksheet --new 3 2 4 2");
  options.sizes.clear();
  for (std::size_t n = 0; n < std::size(size_names); ++n) options.sizes.push_back(arguments[++k]);
}

/// A new exercise has no file and no chapter, and nothing else has its options.
void require_consistent(const WorksheetOptions& options, bool has_subject) {
  const bool is_new = !options.sizes.empty();
  if (is_new && has_subject)
    throw program::UsageError("--new makes an exercise of its own; it takes no " + options.subject);
  if (!is_new && !(options.heads + options.mask + options.seed).empty())
    throw program::UsageError("--heads, --mask and --seed belong to --new; see worksheet --help");
  if (!is_new && !has_subject)
    throw program::UsageError(
        "worksheet takes a file or a chapter: attention-by-hand worksheet 06-attention-by-hand");
}

WorksheetOptions parse(const std::vector<std::string>& arguments) {
  WorksheetOptions options;
  bool has_subject = false;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    std::string* value = value_of(options, argument);
    if (value && k + 1 == arguments.size())
      throw program::UsageError(argument + " needs a value; see worksheet --help");
    if (value)
      *value = arguments[++k];
    else if (argument == "--new")
      read_sizes(options, arguments, k);
    else if (argument == "--hints")
      options.hints = true;
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw program::UsageError("unknown option " + argument + "; see worksheet --help");
    else if (has_subject)
      options.examples.push_back(argument);
    else {
      options.subject = argument;
      has_subject = true;
    }
  }
  if (!options.help) require_consistent(options, has_subject);
  return options;
}

std::string of_chapter(const WorksheetOptions& options) {
  const auto found = find_derivation(options.subject, options.derivations);
  if (!found)
    throw program::UsageError("no file and no chapter " + options.subject + ": " +
                              why_not_found(options.subject, options.derivations));
  return exercises::worksheet({rendering::load_json(*found), nullptr, options.hints}, options.examples);
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
    return exercises::worksheet({paper::derive_paper(paper), &paper, options.hints}, options.examples);
  const derivation::Derivation truth = rendering::load_json(*found);
  const bool is_worksheet = paper.chapter && options.examples.empty();
  if (is_worksheet) require_comparable(paper, truth);
  return exercises::worksheet({truth, nullptr, options.hints},
                              is_worksheet ? examples_of(paper) : options.examples);
}

template <typename Number>
Number whole_number(const std::string& name, const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw program::UsageError(name + " = " + text + ": give a whole number" +
                              (error == std::errc::result_out_of_range ? " that is not so large" : ""));
  return number;
}

std::string of_new_exercise(const WorksheetOptions& options) {
  int sizes[std::size(size_names)];
  for (std::size_t n = 0; n < std::size(size_names); ++n)
    sizes[n] = whole_number<int>(size_names[n], options.sizes[n]);
  if (!options.mask.empty() && options.mask != "causal" && options.mask != "none")
    throw program::UsageError("--mask " + options.mask + ": a new exercise has causal or none");
  exercises::ExerciseShape shape{sizes[0], sizes[1], sizes[2], sizes[3]};
  shape.causal = options.mask == "causal";
  if (!options.heads.empty()) shape.heads = whole_number<int>("heads", options.heads);
  const auto seed = options.seed.empty() ? 1 : whole_number<std::uint64_t>("seed", options.seed);
  const exercises::Exercise exercise = exercises::new_exercise(shape, seed);
  return exercises::worksheet({exercise.truth, &exercise.paper, options.hints}, {});
}

std::string text_for(const WorksheetOptions& options) {
  if (!options.sizes.empty()) return of_new_exercise(options);
  return is_chapter_name(options.subject) ? of_chapter(options) : of_file(options);
}

}  // namespace

int worksheet(const std::vector<std::string>& arguments) {
  const WorksheetOptions options = parse(arguments);
  if (options.help) {
    std::cout << help;
    return 0;
  }
  const numbers::WorkLimit limit(paper::caps::derive_work);
  const std::string text = text_for(options);
  if (options.output.empty())
    std::cout << text;
  else
    derivation::write_new_file(options.output, text);  // no filled-in sheet is lost to a blank one
  return 0;
}

}  // namespace cli
