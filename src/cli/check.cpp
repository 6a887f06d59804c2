#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "derivation/files.hpp"
#include "derivation/utf8.hpp"
#include "grading/grade.hpp"
#include "grading/report.hpp"
#include "grading/report_json.hpp"
#include "numbers/work.hpp"
#include "paper/csv.hpp"
#include "paper/inputs.hpp"
#include "program/manifest.hpp"
#include "program/options.hpp"
#include "rendering/json.hpp"
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
    "  --precision P      double (the default) or single: what that program computed in\n"
    "  --derivations DIR  where the chapters' derivations are; without this option derivations/ in the\n"
    "                     current folder, or in the nearest folder above it\n"
    "  --derivation FILE  grade against this derivation (JSON)\n"
    "  --manifest FILE    write what ran: date, versions, compiler, results\n"
    "  --help             this text\n\n"
    "Exit status: 0 all that is written is right, 1 something is wrong, or nothing is answered, 2 the file\n"
    "cannot be used.\n";

struct CheckOptions {
  std::string file, derivation, derivations, manifest, format = "text", precision = "double";
  std::vector<std::string> steps;
  bool help = false, first = false, all = false;
};

/// Where the value of an option goes; null for what is no option with a value.
std::string* value_of(CheckOptions& options, const std::string& argument) {
  if (argument == "--derivation") return &options.derivation;
  if (argument == "--derivations") return &options.derivations;
  if (argument == "--manifest") return &options.manifest;
  if (argument == "--format") return &options.format;
  if (argument == "--precision") return &options.precision;
  if (argument == "--step") return &options.steps.emplace_back();
  return nullptr;
}

void require_known(const CheckOptions& options) {
  if (options.format != "text" && options.format != "json")
    throw program::UsageError("--format " + options.format + ": choose text or json");
  if (options.precision != "double" && options.precision != "single")
    throw program::UsageError("--precision " + options.precision + ": choose double or single");
  if (options.file.empty() && !options.help)
    throw program::UsageError("check takes a file: attention-by-hand check FILE");
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
    else if (!options.file.empty())
      throw program::UsageError("check takes one file, not " + options.file + " and " + argument);
    else
      options.file = argument;
  }
  require_known(options);
  return options;
}

/// What is graded, and what it is graded against.
struct Subject {
  paper::Paper paper;
  derivation::Derivation truth;
};

/// A chapter that a program answers: there is no paper but what --step hands in.
Subject chapter_subject(const CheckOptions& options) {
  const auto found = find_derivation(options.file, options.derivations);
  if (!found)
    throw program::UsageError("no file and no chapter " + options.file + ": " +
                              why_not_found(options.file, options.derivations));
  if (options.steps.empty())
    throw program::UsageError(options.file +
                              " is a chapter: name the file with your derivation of it, or hand in a "
                              "program's answers with --step EXAMPLE.NAME=MATRIX.csv");
  return {{options.file, {}}, rendering::load_json(*found)};
}

Subject subject(const CheckOptions& options) {
  if (is_chapter_name(options.file) && options.derivation.empty()) return chapter_subject(options);
  paper::Paper paper = paper::load_paper(options.file);
  const auto json = options.derivation.empty() ? derivation_of(paper, options.derivations)
                                               : std::optional<std::string>(options.derivation);
  derivation::Derivation truth = json ? rendering::load_json(*json) : paper::derive_paper(paper);
  return {std::move(paper), std::move(truth)};
}

Subject derived_subject(const CheckOptions& options) {
  const numbers::WorkLimit limit(paper::caps::derive_work);
  return subject(options);
}

/// "lab.S=out.csv", or "S=out.csv" where there is one example alone.
struct HandedIn {
  std::string example, step, file;
};

HandedIn handed_in(const std::string& text, const Subject& subject) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw program::UsageError("--step " + text + ": write --step NAME=FILE, say --step S=scores.csv");
  const std::string name = text.substr(0, equals), file = text.substr(equals + 1);
  const std::size_t point = name.find('.');
  if (point != std::string::npos) return {name.substr(0, point), name.substr(point + 1), file};
  std::vector<std::string> examples;
  for (const auto& example : subject.paper.examples) examples.push_back(example.name);
  if (examples.empty())
    for (const auto& example : subject.truth.examples) examples.push_back(example.name);
  if (examples.size() != 1)
    throw program::UsageError("--step " + text + ": there are " + std::to_string(examples.size()) +
                              " examples, so name one: --step " + examples.front() + "." + text);
  return {examples.front(), name, file};
}

const derivation::Example& example_of(const HandedIn& part, const Subject& subject) {
  const derivation::Example* example = find_example(subject.truth, part.example);
  if (example) return *example;
  std::string known;
  for (const auto& each : subject.truth.examples) known += " " + each.name;
  throw program::UsageError("--step " + part.example + "." + part.step + ": there is no example " +
                            part.example + "; there are" + known);
}

void require_step(const HandedIn& part, const derivation::Example& example) {
  const derivation::Step* step = find_step(example, part.step);
  std::string known;
  for (const auto& each : example.steps)
    if (each.kind == derivation::Kind::step) known += " " + each.name;
  if (!step)
    throw program::UsageError("--step " + part.step + ": example " + example.name + " has the steps" + known);
  if (step->kind == derivation::Kind::given)
    throw program::UsageError("--step " + part.step + ": it is given; the steps are" + known);
}

paper::WrittenExample& written(paper::Paper& paper, const std::string& name) {
  for (paper::WrittenExample& example : paper.examples)
    if (example.name == name) return example;
  return paper.examples.emplace_back(paper::WrittenExample{name, {1, 1}, {}, {}});
}

/// The paper's answers go, its givens stay.
void keep_givens(Subject& subject) {
  for (paper::WrittenExample& example : subject.paper.examples) {
    const derivation::Example* truth = find_example(subject.truth, example.name);
    std::erase_if(example.matrices, [&](const paper::WrittenMatrix& matrix) {
      const derivation::Step* step = truth ? find_step(*truth, matrix.name) : nullptr;
      return step && step->kind != derivation::Kind::given;
    });
  }
}

void hand_in_steps(const CheckOptions& options, Subject& subject) {
  const auto precision =
      options.precision == "single" ? paper::Precision::single_precision : paper::Precision::double_precision;
  keep_givens(subject);
  for (const std::string& text : options.steps) {
    const HandedIn part = handed_in(text, subject);
    const derivation::Example& truth = example_of(part, subject);
    require_step(part, truth);
    paper::WrittenExample& example = written(subject.paper, part.example);
    if (example.matrix(part.step))
      throw program::UsageError("--step " + part.step + " stands twice: a step is handed in once");
    derivation::require_readable_name(part.file);
    const std::string csv = derivation::read_file(part.file, paper::caps::file_bytes);
    derivation::require_utf8(part.file, csv);
    example.matrices.push_back(paper::read_csv(part.step, part.file, csv));
    allow_rounding(example.matrices.back(), truth, precision);
  }
}

void write_manifest(const CheckOptions& options, const grading::Grades& grades) {
  program::Experiment experiment;
  experiment.config = {{"file", options.file}};
  experiment.results = {{"max_abs_diff_paper_vs_code", grades.largest_gap},
                        {"right", count(grades, grading::Verdict::right)},
                        {"right_given", count(grades, grading::Verdict::right_given)},
                        {"wrong", count(grades, grading::Verdict::wrong)},
                        {"unanswered", count(grades, grading::Verdict::unanswered)}};
  derivation::write_file(options.manifest, program::manifest(derivation::stem_of(options.file), experiment));
}

std::string rendered(const CheckOptions& options, const grading::Grades& grades, bool has_more) {
  if (options.format == "json") return report_json(options.file, grades);
  const std::string more = "Stopped at the first slip: what stands behind that step was not looked at.\n";
  return report(options.file, grades, {options.all, rendering::wants_colour(1)}) + (has_more ? more : "");
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
  Subject graded = derived_subject(options);
  const numbers::WorkLimit limit(paper::caps::grade_work);
  if (!options.steps.empty()) hand_in_steps(options, graded);
  require_comparable(graded.paper, graded.truth);
  const grading::Grades all = grading::grade(graded.paper, graded.truth);
  const grading::Grades grades = options.first ? until_first_slip(all) : all;
  std::cout << rendered(options, grades, steps_in(grades) < steps_in(all));
  if (!options.manifest.empty()) write_manifest(options, grades);
  return all_right(grades) ? 0 : 1;
}

}  // namespace cli
