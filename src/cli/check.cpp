#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/derivations.hpp"
#include "cli/subject.hpp"
#include "cli/verbs.hpp"
#include "derivation/files.hpp"
#include "grading/grade.hpp"
#include "grading/report.hpp"
#include "grading/report_json.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/manifest.hpp"
#include "program/options.hpp"
#include "rendering/terminal.hpp"

namespace cli {
namespace {

constexpr const char* help =
    "usage: attention-by-hand check [options] FILE\n"
    "       attention-by-hand check [options] --step [EXAMPLE.]NAME=MATRIX.csv... FILE|CHAPTER\n"
    "Grades what stands in FILE's paper blocks, entry by entry. A file that names a chapter (chapter = "
    "NAME,\n"
    "as worksheets do), and a chapter itself, is graded against the chapter's derivation; any other file\n"
    "against the derivation of its own givens.\n"
    "The report says for each step what is right, why the rest is wrong, and shows the first three wrong\n"
    "entries with line:column; steps that only carry on what stands before share a line.\n\n"
    "  --all              show every entry that is not simply right, and every step on its own line\n"
    "  --first            stop behind the first step that has a slip\n"
    "  --format FORMAT    text (the default) or json, with every entry, which docs/grades.schema.json "
    "describes\n"
    "  --step NAME=FILE   a step that a program printed, as text or CSV, a row of the matrix a line; to be\n"
    "                     repeated. The paper then gives the givens alone, and its own answers do not "
    "count.\n"
    "                     Numbers of full length may be off by rounding; shorter ones claim their last "
    "digit.\n"
    "  --precision P      double, single, half or bfloat16: what that program computed in; without this\n"
    "                     option double. Without --step: what the paper's decimals were computed in;\n"
    "                     without this option they were computed by hand\n"
    "  --derivations DIR  where the chapters' derivations are; without this option derivations/ in the\n"
    "                     current folder, or in the nearest folder above it\n"
    "  --derivation FILE  grade against this derivation (JSON)\n"
    "  --manifest FILE    write what ran: date, versions, compiler, results\n"
    "  --help             this text\n\n"
    "Exit status: 0 all that is written is right, 1 something is wrong, or nothing is answered, 2 the file\n"
    "cannot be used.\n";

struct CheckOptions {
  SubjectSource source;
  std::string manifest, format = "text", precision;
  bool help = false, first = false, all = false;
};

/// Where the value of an option goes; null for what is no option with a value.
std::string* value_of(CheckOptions& options, const std::string& argument) {
  if (argument == "--derivation") return &options.source.derivation;
  if (argument == "--derivations") return &options.source.derivations;
  if (argument == "--manifest") return &options.manifest;
  if (argument == "--format") return &options.format;
  if (argument == "--precision") return &options.precision;
  if (argument == "--step") return &options.source.steps.emplace_back();
  return nullptr;
}

void require_known(const CheckOptions& options) {
  if (options.format != "text" && options.format != "json")
    throw program::UsageError("--format " + options.format + ": choose text or json");
  if (options.source.file.empty() && !options.help)
    throw program::UsageError("check takes a file: attention-by-hand check FILE");
}

std::optional<numbers::MachineFormat> format_named(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (const numbers::MachineFormat& format : numbers::machine_formats)
    if (format.name == name) return format;
  throw program::UsageError("--precision " + name + ": choose double, single, half or bfloat16");
}

CheckOptions parse(const std::vector<std::string>& arguments) {
  CheckOptions options;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const std::string& argument = arguments[k];
    std::string* value = value_of(options, argument);
    if (value && k + 1 == arguments.size())
      throw program::UsageError(argument + " needs a value; see check --help");
    if (value)
      *value = arguments[++k];
    else if (argument == "--first")
      options.first = true;
    else if (argument == "--all")
      options.all = true;
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument.size() > 1 && argument[0] == '-')
      throw program::UsageError("unknown option " + argument + "; see check --help");
    else if (!options.source.file.empty())
      throw program::UsageError("check takes one file, not " + options.source.file + " and " + argument);
    else
      options.source.file = argument;
  }
  require_known(options);
  options.source.format = format_named(options.precision);
  return options;
}

void write_manifest(const CheckOptions& options, const grading::Grades& grades) {
  program::Experiment experiment;
  experiment.config = {{"file", options.source.file}};
  experiment.results = {{"max_abs_diff_paper_vs_code", grades.largest_gap},
                        {"right", count(grades, grading::Verdict::right)},
                        {"right_given", count(grades, grading::Verdict::right_given)},
                        {"wrong", count(grades, grading::Verdict::wrong)},
                        {"unanswered", count(grades, grading::Verdict::unanswered)}};
  derivation::write_file(options.manifest,
                         program::manifest(derivation::stem_of(options.source.file), experiment));
}

std::string rendered(const CheckOptions& options, const grading::Grades& grades, bool has_more) {
  if (options.format == "json") return report_json(options.source.file, grades);
  const std::string more = "Stopped at the first slip: what stands behind that step was not looked at.\n";
  return report(options.source.file, grades, {options.all, rendering::wants_colour(1)}) +
         (has_more ? more : "");
}

std::string hint_at_single(const CheckOptions& options, const Subject& given, const grading::Grades& grades) {
  const int wrong = count(grades, grading::Verdict::wrong);
  if (options.source.format || wrong == 0) return "";
  const int right = right_in_single(options.source, given, wrong);
  if (right <= 0) return "";
  return "Numbers of single precision (float32)? With its rounding, " + std::to_string(right) + " of the " +
         std::to_string(wrong) + " wrong entries\nwould be right: say --precision single.\n";
}

std::size_t steps_in(const grading::Grades& grades) {
  std::size_t found = 0;
  for (const grading::ExampleGrade& example : grades.examples) found += example.steps.size();
  return found;
}

}  // namespace

int check(const std::vector<std::string>& arguments) {
  const CheckOptions options = parse(arguments);
  if (options.help) {
    std::cout << help;
    return 0;
  }
  const Subject given = subject_of(options.source);
  const numbers::WorkLimit limit(paper::caps::grade_work);
  Subject graded = given;
  hand_in(options.source, graded);
  require_comparable(graded.paper, graded.truth);
  const grading::Grades all = grading::grade(graded.paper, graded.truth);
  const grading::Grades grades = options.first ? until_first_slip(all) : all;
  std::cout << rendered(options, grades, steps_in(grades) < steps_in(all));
  if (options.format == "text") std::cout << hint_at_single(options, given, all);
  if (!options.manifest.empty()) write_manifest(options, grades);
  return all_right(grades) ? 0 : 1;
}

}  // namespace cli
