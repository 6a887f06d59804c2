#include "grading/report_reasons.hpp"

#include <algorithm>
#include <sstream>

#include "derivation/names.hpp"

namespace grading {
namespace {

using derivation::width_of;

constexpr std::size_t line_width = 80;
const std::string indent(8, ' ');

/// More equally simple explanations than these are counted only.
constexpr std::size_t most_told = 3;

std::string name_of(const StepGrade& step, const EntryPlace& place) {
  return step.name + "[" + std::to_string(place.row) + "," + std::to_string(place.col) + "]";
}

/// The matrix as it was written, wrong entries in brackets.
std::string marked(const StepGrade& step) {
  std::vector<std::size_t> widths(step.entries.front().size(), 0);
  const auto text = [](const EntryGrade& entry) {
    return entry.verdict == Verdict::wrong ? "[" + entry.written + "]" : " " + entry.written + " ";
  };
  for (const auto& row : step.entries)
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], width_of(text(row[j])));
  std::string all;
  for (const auto& row : step.entries) {
    std::string line = indent;
    for (std::size_t j = 0; j < row.size(); ++j) {
      const std::string entry = text(row[j]);
      line += std::string(widths[j] - width_of(entry), ' ') + entry + (j + 1 < row.size() ? " " : "");
    }
    all += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return all;
}

bool fits_a_terminal(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (width_of(line) > line_width) return false;
  return true;
}

/// The mistake by its name, and at length where that is news.
std::string told_at_length(const Explanation& explanation, std::set<std::string>& told) {
  const std::string text = explanation.mistake + ": " + explanation.what;
  if (!told.insert(explanation.mistake).second) return text;
  return text + " " + explanation.why + " See chapter " + explanation.chapter + ".";
}

std::string in_words(const StepGrade& step, const Reason& reason, std::set<std::string>& told) {
  const bool is_slip = reason.explanations.front().kind == Kind::slip && reason.entries.size() == 1;
  std::string text = wrapped((is_slip ? name_of(step, reason.entries[0]) + ", " : "") +
                             told_at_length(reason.explanations.front(), told));
  for (std::size_t k = 1; k < std::min(reason.tied, most_told); ++k)
    text += wrapped("Or " + reason.explanations[k].mistake + ": " + reason.explanations[k].what);
  if (reason.tied > most_told)
    text += wrapped("And " + std::to_string(reason.tied - most_told) + " more that give the same.");
  if (reason.tied > 1)
    text += wrapped(reason.cannot_be_told_apart || is_slip
                        ? "With this example these cannot be told apart."
                        : "Your digits fit each of these; more digits would tell them apart.");
  return text;
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// "e^(-2) = e^(-2)" tells nothing a second time, and a closed form tells little without its decimals; what
/// the report knows of the value is "0.13533528, exactly e^(-2)".
std::string with_decimals(const std::string& equation, const EntryGrade& entry) {
  const std::string equals = " = ";
  const std::size_t last = equation.rfind(equals);
  const std::string value = last == std::string::npos ? equation : equation.substr(last + equals.size());
  const std::string told = without_blanks(equation) == without_blanks(value + "=" + value) ? value : equation;
  const std::string exactly = ", exactly " + value;
  for (const std::string& known : {entry.given_before, entry.expected})
    if (known.ends_with(exactly)) return told + " ≈ " + known.substr(0, known.size() - exactly.size());
  return told;
}

bool is_sum(const std::string& equation) { return equation.find(" + ") != std::string::npos; }

std::string unexplained(const StepGrade& step) {
  if (step.own_sum.empty()) return wrapped("It would take too long to find out why.");
  const auto wrong = step.wrong_entries();
  std::string names;
  constexpr std::size_t most_named = 6;
  for (std::size_t k = 0; k < std::min(wrong.size(), most_named); ++k)
    names += (k > 0 ? ", " : "") + name_of(step, wrong[k]);
  if (wrong.size() > most_named) names += " and " + std::to_string(wrong.size() - most_named) + " more";
  return wrapped("No mistake that is known here gives what you have: " + names + ". Go through " +
                 (is_sum(step.own_sum) ? "the sum of " : "") + "the first of them again.");
}

}  // namespace

std::string wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string all, line = indent;
  for (std::string word; words >> word;) {
    if (line.size() > indent.size() && width_of(line) + 1 + width_of(word) > line_width) {
      all += line + "\n";
      line = indent;
    }
    line += (line.size() > indent.size() ? " " : "") + word;
  }
  return all + line + "\n";
}

std::string reasons_in_words(const StepGrade& step, std::set<std::string>& told) {
  const auto wrong = step.wrong_entries();
  if (step.is_given || wrong.empty()) return "";
  const std::string matrix = marked(step);
  std::string text = fits_a_terminal(matrix) ? matrix : "";
  const EntryPlace& first = wrong.front();
  const EntryGrade& entry =
      step.entries[static_cast<std::size_t>(first.row)][static_cast<std::size_t>(first.col)];
  if (!step.own_sum.empty())
    text += wrapped(name_of(step, first) + " = " + with_decimals(step.own_sum, entry));
  for (const Reason& reason : step.reasons) text += in_words(step, reason, told);
  return text + (step.reasons.empty() ? unexplained(step) : "");
}

std::string praise_in_words(const StepGrade& step, std::set<std::string>& told) {
  if (!step.praise) return "";
  return wrapped(told_at_length(*step.praise, told));
}

}  // namespace grading
