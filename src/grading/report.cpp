#include "grading/report.hpp"

#include "grading/report_reasons.hpp"
#include "numbers/decimal.hpp"

namespace grading {
namespace {

std::string entries(int number) { return std::to_string(number) + (number == 1 ? " entry" : " entries"); }

int count_in(const StepGrade& step, Verdict verdict) {
  int found = 0;
  for (const auto& row : step.entries)
    for (const EntryGrade& entry : row) found += entry.verdict == verdict ? 1 : 0;
  return found;
}

/// "3 right, 1 wrong": only the verdicts that occur.
std::string tally(const StepGrade& step) {
  static const std::pair<Verdict, const char*> words[] = {
      {Verdict::right, " right"},
      {Verdict::right_given, " right, given what stands before"},
      {Verdict::too_short, " too short"},
      {Verdict::wrong, " wrong"},
      {Verdict::unanswered, " unanswered"}};
  std::string text;
  for (const auto& [verdict, word] : words)
    if (const int found = count_in(step, verdict); found > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(found) + word;
  return text;
}

/// What is to be said of an entry; empty for one that is right without a remark.
std::string remark(const EntryGrade& entry) {
  switch (entry.verdict) {
    case Verdict::wrong:
      return "wrong: you have " + entry.written + "; it is " + entry.expected +
             (entry.given_before.empty() ? "" : " (given what stands before it, " + entry.given_before + ")");
    case Verdict::too_short:
      return "too short: " + entry.written + " is a whole number, and it is " + entry.expected +
             "; write it with more digits, or in closed form";
    case Verdict::right_given:
      return "right, given what stands before it (truly " + entry.expected + ")";
    case Verdict::right:
      return entry.few_digits
                 ? "right, but too short to tell much: " + entry.written + " for " + entry.expected
                 : "";
    case Verdict::unanswered:
      break;
  }
  return "";
}

std::string remarks(const std::string& file, const ExampleGrade& example, const StepGrade& step) {
  std::string text;
  for (std::size_t i = 0; i < step.entries.size(); ++i)
    for (std::size_t j = 0; j < step.entries[i].size(); ++j) {
      const EntryGrade& entry = step.entries[i][j];
      const std::string words = remark(entry);
      if (words.empty()) continue;
      text += (step.file.empty() ? file : step.file) + ":" + std::to_string(entry.place.line) + ":" +
              std::to_string(entry.place.column) + ": " + example.name + "." + step.name + "[" +
              std::to_string(i) + "," + std::to_string(j) + "] " + words + "\n";
    }
  return text;
}

std::string summary(const Grades& grades) {
  const int right = count(grades, Verdict::right), given = count(grades, Verdict::right_given);
  const int too_short = count(grades, Verdict::too_short), wrong = count(grades, Verdict::wrong);
  const int answered = right + given + too_short + wrong;
  std::string text = entries(answered) + " answered, " + std::to_string(count(grades, Verdict::unanswered)) +
                     " unanswered: " + std::to_string(right) + " right, " + std::to_string(given) +
                     " right given what stands before,\n" + std::to_string(too_short) + " too short, " +
                     std::to_string(wrong) + " wrong.";
  if (answered == 0) return text + "\nNothing is answered yet.\n";
  text += " Largest |paper - double|: " + derivation::two_digits(grades.largest_gap) + "\n";
  return text + (all_right(grades) ? "All that is written is right.\n" : "Not all is right yet.\n");
}

}  // namespace

std::string report(const std::string& file, const Grades& grades) {
  std::string text;
  for (const ExampleGrade& example : grades.examples) {
    text += example.name + "\n";
    std::set<std::string> told;
    for (const StepGrade& step : example.steps) {
      const std::string name = step.name + std::string(step.name.size() < 5 ? 5 - step.name.size() : 0, ' ');
      text += "  " + name + " " + (step.is_given ? "given: " : "") + tally(step) + "\n" +
              remarks(file, example, step) + reasons_in_words(step, told) + praise_in_words(step, told);
    }
  }
  return text + "\n" + summary(grades);
}

}  // namespace grading
