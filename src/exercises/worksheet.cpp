#include "exercises/worksheet.hpp"

#include <algorithm>

#include "derivation/names.hpp"
#include "exercises/hints.hpp"
#include "numbers/exact.hpp"
#include "paper/inputs.hpp"

namespace exercises {
namespace {

using derivation::Kind;
using derivation::Operation;
using Cells = std::vector<std::vector<std::string>>;

/// So many blanks fit between two ? of a page's width; a pencil wants a dozen.
constexpr std::size_t page_width = 72, widest_gap = 14, narrowest_gap = 3;
/// Lines of room under a step: one more than it has rows, within these.
constexpr Index least_room = 2, most_room = 6;
/// With more entries than this, the hints write out the first row alone.
constexpr Index most_templates = 36;

bool is_answer(const Step& step) { return step.kind == Kind::step && step.operation != Operation::computed; }

bool is_needed(const Example& example, const Step& computed) {
  return std::any_of(example.steps.begin(), example.steps.end(), [&](const Step& step) {
    return is_answer(step) &&
           std::any_of(step.operands.begin(), step.operands.end(), [&](const std::string& operand) {
             return derivation::reference(operand).step == computed.name;
           });
  });
}

bool has_answers(const Example& example) {
  return std::any_of(example.steps.begin(), example.steps.end(), is_answer);
}

Cells exact_cells(const Step& step) {
  Cells cells(static_cast<std::size_t>(step.exact.rows()));
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j)
      cells[static_cast<std::size_t>(i)].push_back(
          step.exact.visible(i, j) ? print(step.exact.values(i, j), numbers::Notation::text) : "-inf");
  return cells;
}

Cells written_cells(const paper::WrittenMatrix& matrix) {
  Cells cells;
  for (const auto& row : matrix.rows) {
    cells.emplace_back();
    for (const paper::Entry& entry : row) cells.back().push_back(entry.text);
  }
  return cells;
}

Cells question_marks(const Step& step) {
  return Cells(static_cast<std::size_t>(step.exact.rows()),
               std::vector<std::string>(static_cast<std::size_t>(step.exact.cols()), "?"));
}

/// NAME = [ … ], row under row, each column `gap` blanks apart from the widest entry before it.
std::string matrix(const std::string& name, const Cells& cells, std::size_t gap) {
  std::vector<std::size_t> widths(cells.front().size(), 0);
  for (const auto& row : cells)
    for (std::size_t j = 0; j < row.size(); ++j)
      widths[j] = std::max(widths[j], derivation::width_of(row[j]));
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += i == 0 ? name + " = [ " : "\n" + std::string(name.size() + 5, ' ');
    for (std::size_t j = 0; j < cells[i].size(); ++j) {
      const bool is_last = j + 1 == cells[i].size();
      const std::size_t fill = is_last ? 1 : widths[j] - derivation::width_of(cells[i][j]) + gap;
      text += cells[i][j] + (is_last && i + 1 < cells.size() ? "" : std::string(fill, ' '));
    }
  }
  return text + "]\n";
}

std::string fenced(const std::string& language, const std::string& lines) {
  return "```" + language + "\n" + lines + "```\n\n";
}

/// A ? and room for a pencil behind it.
std::string blank_matrix(const Step& step) {
  const auto cols = static_cast<std::size_t>(step.exact.cols());
  const std::size_t share = page_width / cols;
  return matrix(step.name, question_marks(step), std::clamp(share, narrowest_gap + 1, widest_gap) - 1);
}

/// Empty paragraphs: every output of pandoc keeps them.
std::string room(const Step& step) {
  const Index lines = std::clamp(step.exact.rows() + 1, least_room, most_room);
  std::string text;
  for (Index k = 0; k < lines; ++k) text += "&nbsp;\n\n";
  return text;
}

std::string list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string labels(const Step& step) {
  std::string text;
  if (!step.labels.rows.empty()) text += " Rows: " + list(step.labels.rows) + ".";
  if (!step.labels.cols.empty()) text += " Columns: " + list(step.labels.cols) + ".";
  return text;
}

std::string shape(const Step& step) {
  return std::to_string(step.exact.rows()) + "×" + std::to_string(step.exact.cols());
}

std::string heading(const Step& step) {
  return "### " + step.name + (step.title.empty() ? "" : ": " + step.title) + "\n\n";
}

std::string formula(const Step& step) {
  return "$" + derivation::tex_name(step.name) + " = " + step.formula + "$, " + shape(step) + "." +
         labels(step) + "\n\n";
}

std::string hints(const Example& example, const Step& step) {
  const bool all = step.exact.rows() * step.exact.cols() <= most_templates;
  std::string lines;
  for (Index i = 0; i < (all ? step.exact.rows() : 1); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j)
      lines += step.name + "[" + std::to_string(i) + "," + std::to_string(j) +
               "] = " + entry_template(example, step, i, j) + "\n";
  if (!all) lines += "and so on, row by row\n";
  return what_to_watch(example, step) + "\n\n" + fenced("text", lines);
}

/// For printers: not the formula at the foot of one page, and its entries on the next.
std::string on_one_page(const std::string& step) {
  return "<div style=\"break-inside: avoid\">\n\n" + step + "</div>\n\n";
}

std::string answer(const Example& example, const Step& step, bool with_hints) {
  return on_one_page(heading(step) + formula(step) + (with_hints ? hints(example, step) : "") + room(step) +
                     fenced("paper", blank_matrix(step)));
}

/// What no pencil has to do, in a block that is no answer.
std::string shown(const Step& step) {
  return heading(step) + "From the chapter's program, to go on with:" + labels(step) + "\n\n" +
         fenced("text", matrix(step.name, exact_cells(step), 2));
}

std::string settings(const paper::WrittenExample& written) {
  std::string lines;
  for (const paper::Setting& setting : written.settings) lines += setting.name + " = " + setting.text + "\n";
  return lines;
}

/// The givens and settings. A mask that a setting asks for is not written out a second time.
std::string givens(const WorksheetSource& source, const Example& example) {
  std::string lines, words;
  if (!source.paper) lines += "chapter = " + source.truth.chapter + "\n";
  lines += "example = " + example.name + "\n";
  const paper::WrittenExample* written = nullptr;
  if (source.paper)
    for (const paper::WrittenExample& each : source.paper->examples)
      if (each.name == example.name) written = &each;
  if (written) lines += settings(*written);
  for (const Step& step : example.steps) {
    if (step.kind != Kind::given || (written && written->setting(step.name))) continue;
    const paper::WrittenMatrix* own = written ? written->matrix(step.name) : nullptr;
    lines += matrix(step.name, own ? written_cells(*own) : exact_cells(step), 2);
    const std::string said = labels(step);
    if (!step.title.empty() || !said.empty())
      words += "- $" + derivation::tex_name(step.name) + "$, " + shape(step) +
               (step.title.empty() ? "." : ": " + step.title + ".") + said + "\n";
  }
  return "Given:\n\n" + (words.empty() ? "" : words + "\n") + fenced("paper", lines);
}

std::string example_text(const WorksheetSource& source, const Example& example) {
  std::string text = "## " + example.name + ": " + example.title + "\n\n" + givens(source, example);
  for (const Step& step : example.steps) {
    if (is_answer(step)) text += answer(example, step, source.hints);
    if (step.operation == Operation::computed && is_needed(example, step)) text += shown(step);
  }
  return text;
}

std::vector<const Example*> chosen(const derivation::Derivation& truth,
                                   const std::vector<std::string>& names) {
  std::vector<const Example*> examples;
  for (const Example& example : truth.examples)
    if (names.empty() && has_answers(example)) examples.push_back(&example);
  std::string known;
  for (const Example& example : truth.examples) known += " " + example.name;
  for (const std::string& name : names) {
    const Example* example = find_example(truth, name);
    if (!example)
      throw derivation::Error("there is no example " + name + "; " + truth.chapter + " has" + known);
    if (!has_answers(*example))
      throw derivation::Error("example " + name +
                              " has no step to derive by hand: its program computes it all");
    if (std::find(examples.begin(), examples.end(), example) == examples.end()) examples.push_back(example);
  }
  if (examples.empty()) throw derivation::Error(truth.chapter + " has no step to derive by hand");
  return examples;
}

}  // namespace

std::string worksheet(const WorksheetSource& source, const std::vector<std::string>& names) {
  std::string text = "# Worksheet: " + source.truth.title +
                     "\n\nReplace each `?` by a number: a fraction (`1/3`), a closed form (`exp(-1)/2`, "
                     "`sqrt(2)`), or a decimal "
                     "with as many digits as you are sure of (`0.366`). A hidden entry is `-inf`. What you "
                     "leave as `?` counts "
                     "as not answered. Rows and columns count from 0. Then have it graded:\n\n" +
                     fenced("sh", "build/attention-by-hand check FILE\n");
  for (const Example* example : chosen(source.truth, names)) text += example_text(source, *example);
  text.pop_back();
  return text;
}

}  // namespace exercises
