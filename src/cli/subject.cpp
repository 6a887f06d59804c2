#include "cli/subject.hpp"

#include "cli/derivations.hpp"
#include "derivation/files.hpp"
#include "derivation/utf8.hpp"
#include "grading/grade.hpp"
#include "numbers/work.hpp"
#include "paper/csv.hpp"
#include "paper/inputs.hpp"
#include "paper/printed_number.hpp"
#include "program/options.hpp"
#include "rendering/json.hpp"

namespace cli {
namespace {

/// A chapter that a program answers: there is no paper but what --step hands in.
Subject chapter_subject(const SubjectSource& source) {
  const auto found = find_derivation(source.file, source.derivations);
  if (!found)
    throw program::UsageError("no file and no chapter " + source.file + ": " +
                              why_not_found(source.file, source.derivations));
  if (source.steps.empty())
    throw program::UsageError(source.file +
                              " is a chapter: name the file with your derivation of it, or hand in a "
                              "program's answers with --step EXAMPLE.NAME=MATRIX.csv");
  return {{source.file, {}}, rendering::load_json(*found)};
}

Subject subject(const SubjectSource& source) {
  if (is_chapter_name(source.file) && source.derivation.empty()) return chapter_subject(source);
  paper::Paper paper = paper::load_paper(source.file);
  const auto json = source.derivation.empty() ? derivation_of(paper, source.derivations)
                                              : std::optional<std::string>(source.derivation);
  derivation::Derivation truth = json ? rendering::load_json(*json) : paper::derive_paper(paper);
  return {std::move(paper), std::move(truth)};
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

bool is_answer(const derivation::Example* truth, const paper::WrittenMatrix& matrix) {
  const derivation::Step* step = truth ? find_step(*truth, matrix.name) : nullptr;
  return step && step->kind != derivation::Kind::given;
}

/// The paper's answers go, its givens stay.
void keep_givens(Subject& subject) {
  for (paper::WrittenExample& example : subject.paper.examples) {
    const derivation::Example* truth = find_example(subject.truth, example.name);
    std::erase_if(example.matrices,
                  [&](const paper::WrittenMatrix& matrix) { return is_answer(truth, matrix); });
  }
}

void hand_in_steps(const SubjectSource& source, Subject& subject) {
  const numbers::MachineFormat format = source.format.value_or(numbers::double_format);
  keep_givens(subject);
  for (const std::string& text : source.steps) {
    const HandedIn part = handed_in(text, subject);
    const derivation::Example& truth = example_of(part, subject);
    require_step(part, truth);
    paper::WrittenExample& example = written(subject.paper, part.example);
    if (example.matrix(part.step))
      throw program::UsageError("--step " + part.step + " stands twice: a step is handed in once");
    derivation::require_readable_name(part.file);
    const std::string csv = derivation::read_file(part.file, paper::caps::file_bytes);
    derivation::require_utf8(part.file, csv);
    example.matrices.push_back(paper::read_csv(part.step, part.file, csv, format));
    allow_rounding(example.matrices.back(), truth, format);
  }
}

/// Each decimal of a paper's answers is a number that a program computed.
void take_for_a_programs(const numbers::MachineFormat& format, Subject& subject) {
  for (paper::WrittenExample& example : subject.paper.examples) {
    const derivation::Example* truth = find_example(subject.truth, example.name);
    for (paper::WrittenMatrix& matrix : example.matrices) {
      if (!is_answer(truth, matrix)) continue;
      paper::measure_written(subject.paper.file, matrix.rows);
      allow_rounding(matrix, *truth, format);
    }
  }
}

/// Whether some number has more digits than single precision is sure of.
bool has_digits_of_single(const Subject& subject) {
  for (const paper::WrittenExample& example : subject.paper.examples)
    for (const paper::WrittenMatrix& matrix : example.matrices) {
      if (!is_answer(find_example(subject.truth, example.name), matrix)) continue;
      for (const auto& row : matrix.rows)
        for (const paper::Entry& entry : row)
          if (const auto number = paper::printed_number(entry.text);
              number && number->significant >= numbers::single_format.digits_of_full_length)
            return true;
    }
  return false;
}

}  // namespace

Subject subject_of(const SubjectSource& source) {
  const numbers::WorkLimit limit(paper::caps::derive_work);
  return subject(source);
}

void hand_in(const SubjectSource& source, Subject& subject) {
  if (!source.steps.empty())
    hand_in_steps(source, subject);
  else if (source.format)
    take_for_a_programs(*source.format, subject);
}

int right_in_single(const SubjectSource& source, const Subject& before, int wrong) {
  SubjectSource single = source;
  single.format = numbers::single_format;
  Subject again = before;
  hand_in(single, again);
  if (!has_digits_of_single(again)) return 0;
  const grading::Grades grades = grade(again.paper, again.truth, grading::Reasons::left_out);
  return wrong - count(grades, grading::Verdict::wrong);
}

}  // namespace cli
