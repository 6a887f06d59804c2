#include "grading/report.hpp"

#include <algorithm>

#include "grading/report_reasons.hpp"
#include "numbers/decimal.hpp"
#include "rendering/painter.hpp"

namespace grading {
namespace {

using rendering::Painter;

/// More entries of a step than these are counted only.
constexpr std::size_t most_shown = 3;

/// How many entries have which verdict. What follows from rounding alone, and what follows from a slip or on
/// another way, are two things to a reader.
struct Tally {
  int right = 0, rounded = 0, given = 0, too_short = 0, wrong = 0, unanswered = 0;

  int answered() const { return right + rounded + given + too_short + wrong; }
  bool follows() const { return rounded + given > 0 && wrong + too_short + unanswered == 0; }
};

Tally operator+(const Tally& a, const Tally& b) {
  return {a.right + b.right,         a.rounded + b.rounded, a.given + b.given,
          a.too_short + b.too_short, a.wrong + b.wrong,     a.unanswered + b.unanswered};
}

bool is_followed_on(const StepGrade& step) { return step.praise || !step.wrong_entries().empty(); }

/// `after_slip`: in this step or before it something is wrong, or was done in another way.
Tally tally_of(const StepGrade& step, bool after_slip) {
  Tally tally;
  for (const auto& row : step.entries)
    for (const EntryGrade& entry : row) switch (entry.verdict) {
        case Verdict::right:
          ++tally.right;
          break;
        case Verdict::right_given:
          ++(after_slip ? tally.given : tally.rounded);
          break;
        case Verdict::too_short:
          ++tally.too_short;
          break;
        case Verdict::wrong:
          ++tally.wrong;
          break;
        case Verdict::unanswered:
          ++tally.unanswered;
      }
  return tally;
}

/// "3 right, 1 wrong": only the verdicts that occur.
std::string in_words(const Tally& tally, const Painter& painter) {
  std::string text;
  const auto add = [&text](int number, const std::string& words) {
    if (number > 0) text += (text.empty() ? "" : ", ") + words;
  };
  const auto counted = [](int number, const std::string& word) { return std::to_string(number) + word; };
  add(tally.right, painter.good(counted(tally.right, " right")));
  add(tally.rounded, painter.good(counted(tally.rounded, " right with rounding carried along")));
  add(tally.given, painter.good(counted(tally.given, " right, given what stands before it")));
  add(tally.too_short, painter.bad(counted(tally.too_short, " too short")));
  add(tally.wrong, painter.bad(counted(tally.wrong, " wrong")));
  add(tally.unanswered, painter.faint(counted(tally.unanswered, " unanswered")));
  return text;
}

/// What is to be said of an entry; empty for one that is right without a remark.
std::string remark(const EntryGrade& entry, bool after_slip, bool all) {
  const std::string truly = " (truly " + entry.expected + ")";
  switch (entry.verdict) {
    case Verdict::wrong:
      return "wrong: you have " + entry.written + "; it is " + entry.expected +
             (entry.given_before.empty() ? "" : " (given what stands before it, " + entry.given_before + ")");
    case Verdict::too_short:
      return "too short: " + entry.written + " is a whole number, and it is " + entry.expected +
             "; write it with more digits, or in closed form";
    case Verdict::right_given:
      if (!all) return "";
      return (after_slip ? "right, given what stands before it" : "right with rounding carried along") +
             truly;
    case Verdict::right:
      return entry.few_digits
                 ? "right, but one digit tells little: " + entry.written + " for " + entry.expected
                 : "";
    case Verdict::unanswered:
      break;
  }
  return "";
}

/// The entries that something is to be said of, a line each: all of them, or the first few.
std::string remarks(const StepGrade& step, bool after_slip, bool all) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < step.entries.size(); ++i)
    for (std::size_t j = 0; j < step.entries[i].size(); ++j) {
      const EntryGrade& entry = step.entries[i][j];
      const std::string words = remark(entry, after_slip, all);
      if (!words.empty())
        lines.push_back(wrapped(std::to_string(entry.place.line) + ":" + std::to_string(entry.place.column) +
                                ": " + step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "] " +
                                words));
    }
  const std::size_t shown = all ? lines.size() : std::min(lines.size(), most_shown);
  std::string text;
  for (std::size_t k = 0; k < shown; ++k) text += lines[k];
  if (shown < lines.size())
    text += wrapped("And " + std::to_string(lines.size() - shown) + " more: --all shows them.");
  return text;
}

std::string line_of(const std::string& names, const std::string& tally) {
  return "  " + names + std::string(names.size() < 5 ? 5 - names.size() : 0, ' ') + " " + tally + "\n";
}

/// Writes the steps of an example; those in which all follows from what stands before wait for the next of
/// their kind, to share a line.
class ExampleReport {
 public:
  ExampleReport(const std::string& file, const ReportStyle& style)
      : file_(file), style_(style), painter_(style.colour) {}

  void add(const StepGrade& step) {
    after_slip_ = after_slip_ || is_followed_on(step);
    const Tally tally = tally_of(step, after_slip_);
    total_ = total_ + (step.is_given ? Tally{.wrong = tally.wrong} : tally);
    const std::string entries = remarks(step, after_slip_, style_.all);
    const std::string origin = step.file == file_ ? "" : " (" + step.file + ")";
    if (!style_.all && tally.follows() && entries.empty() && !step.praise && origin.empty()) {
      waiting_names_ += (waiting_names_.empty() ? "" : " ") + step.name;
      waiting_ = waiting_ + tally;
      return;
    }
    write_waiting();
    text_ += line_of(step.name, (step.is_given ? "given: " : "") + in_words(tally, painter_) + origin) +
             reasons_in_words(step, told_) + praise_in_words(step, told_) + entries;
  }

  std::string text() {
    write_waiting();
    return text_;
  }
  const Tally& total() const { return total_; }

 private:
  void write_waiting() {
    if (!waiting_names_.empty()) text_ += line_of(waiting_names_, in_words(waiting_, painter_));
    waiting_names_.clear();
    waiting_ = {};
  }

  const std::string& file_;
  const ReportStyle& style_;
  Painter painter_;
  bool after_slip_ = false;
  std::set<std::string> told_;
  std::string text_, waiting_names_;
  Tally waiting_, total_;
};

std::string summary(const Grades& grades, const Tally& total, const Painter& painter) {
  const int answered = total.answered();
  if (answered == 0) return "Nothing is answered yet.\n";
  Tally told = total;
  told.unanswered = 0;
  const std::string missing =
      total.unanswered > 0 ? ", " + std::to_string(total.unanswered) + " unanswered" : "";
  return std::to_string(answered) + (answered == 1 ? " entry" : " entries") + " answered" + missing + ":\n" +
         in_words(told, painter) + ".\n" + "At most " + derivation::two_digits(grades.largest_gap) +
         " lies between an answer and what the machine computes with doubles.\n" +
         (all_right(grades) ? painter.good("All that is written is right.")
                            : painter.bad("Not all is right yet.")) +
         "\n";
}

}  // namespace

std::string report(const std::string& file, const Grades& grades, const ReportStyle& style) {
  const Painter painter(style.colour);
  std::string text = painter.bold(file) + "\n";
  Tally total;
  for (const ExampleGrade& example : grades.examples) {
    ExampleReport steps(file, style);
    for (const StepGrade& step : example.steps) steps.add(step);
    text += painter.bold(example.name) + "\n" + steps.text();
    total = total + steps.total();
  }
  return text + "\n" + summary(grades, total, painter);
}

}  // namespace grading
