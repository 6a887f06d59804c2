#include "rendering/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "derivation/arithmetic.hpp"
#include "derivation/names.hpp"
#include "derivation/rounding.hpp"
#include "numbers/decimal.hpp"
#include "rendering/painter.hpp"

namespace rendering {

using namespace derivation;

namespace {

using numbers::Notation;

constexpr std::size_t margin = 12;  // "    decimal " stands before every matrix
constexpr std::size_t between_columns = 2;

using Cells = std::vector<std::vector<std::string>>;

template <typename Entry>
Cells cells(const Step& step, Entry entry) {
  Cells result(static_cast<std::size_t>(step.exact.rows()));
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) result[static_cast<std::size_t>(i)].push_back(entry(i, j));
  return result;
}

Cells exact_cells(const Step& step) {
  return cells(step, [&](Index i, Index j) {
    return step.exact.visible(i, j) ? print(step.exact.values(i, j), Notation::unicode) : "-∞";
  });
}

Cells decimal_cells(const Step& step) {
  return cells(step, [&](Index i, Index j) {
    const std::string& text = step.decimal[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    return text == "-inf" ? "-∞" : text;
  });
}

Cells double_cells(const Step& step) {
  return cells(step, [&](Index i, Index j) {
    return step.machine.visible(i, j) ? numbers::shortest(step.machine.values(i, j)) : "-∞";
  });
}

std::vector<std::size_t> column_widths(const Cells& cells) {
  std::vector<std::size_t> widths(cells.front().size(), 0);
  for (const auto& row : cells)
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], width_of(row[j]));
  return widths;
}

std::string labelled(const std::string& label) {
  std::string text = "    " + label;
  text.resize(std::max(margin, text.size() + 1), ' ');
  return text;
}

/// The columns from `from` on that fit between the margin and the right edge: at least one.
std::size_t columns_that_fit(const std::vector<std::size_t>& widths, std::size_t from, std::size_t space) {
  std::size_t used = widths[from], to = from + 1;
  while (to < widths.size() && used + between_columns + widths[to] <= space)
    used += between_columns + widths[to++];
  return to;
}

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, width_of(text)), ' ') + text;
}

std::string left_aligned(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

std::size_t widest(const std::vector<std::string>& texts) {
  std::size_t width = 0;
  for (const std::string& text : texts) width = std::max(width, width_of(text));
  return width;
}

/// Whether the labels of the rows leave too little of the page to the numbers: each then has a line of its
/// own.
bool stand_above_rows(const Labels& labels, std::size_t page_width) {
  return widest(labels.rows) > page_width / 3;
}

/// What the tokens before the rows take.
std::size_t row_label_width(const Labels& labels, std::size_t page_width) {
  if (labels.rows.empty() || stand_above_rows(labels, page_width)) return 0;
  return widest(labels.rows) + between_columns;
}

/// One block of columns, with the tokens before (or above) the rows and above the columns where there are
/// any.
std::string block(const std::string& label, const Cells& cells, const Labels& labels, std::size_t from,
                  std::size_t to, const std::vector<std::size_t>& widths, std::size_t page_width) {
  const std::size_t row_label = row_label_width(labels, page_width);
  std::string text;
  std::string before = labelled(label);
  const auto add_line = [&](const std::string& row_token, const auto& cell) {
    std::string line = before + left_aligned(row_token, row_label);
    for (std::size_t j = from; j < to; ++j)
      line += (j == from ? "" : std::string(between_columns, ' ')) + right_aligned(cell(j), widths[j]);
    text += line + "\n";
    before = labelled("");
  };
  if (!labels.cols.empty()) add_line("", [&](std::size_t j) { return labels.cols[j]; });
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (row_label == 0 && !labels.rows.empty()) {
      if (before != labelled("")) text += "    " + label + "\n";
      text += "      " + labels.rows[i] + "\n";
      before = labelled("");
    }
    add_line(row_label == 0 ? "" : labels.rows[i], [&](std::size_t j) { return cells[i][j]; });
  }
  return text;
}

std::string column_range(std::size_t from, std::size_t to) {
  if (to - from == 1) return "column " + std::to_string(from);
  return "columns " + std::to_string(from) + " to " + std::to_string(to - 1);
}

/// Rows under each other; what is too wide for the page is continued in a second block of columns.
std::string matrix_block(const std::string& label, const Cells& cells, const Labels& labels,
                         std::size_t page_width) {
  std::vector<std::size_t> widths = column_widths(cells);
  for (std::size_t j = 0; j < labels.cols.size(); ++j)
    widths[j] = std::max(widths[j], width_of(labels.cols[j]));
  const std::size_t row_label = row_label_width(labels, page_width);
  const std::size_t space = page_width - std::min(page_width - 1, margin + row_label);
  std::string text;
  for (std::size_t from = 0; from < widths.size();) {
    const std::size_t to = columns_that_fit(widths, from, space);
    const bool whole = from == 0 && to == widths.size();
    if (!whole) text += labelled(from == 0 ? label : "") + column_range(from, to) + "\n";
    text += block(whole ? label : "", cells, labels, from, to, widths, page_width);
    from = to;
  }
  return text;
}

/// "change[10,0] (not scaled)": an entry's name, and what its row and column stand for.
std::string entry_name(const Step& step, std::size_t i, std::size_t j) {
  std::string labels;
  if (!step.labels.rows.empty()) labels += step.labels.rows[i];
  if (!step.labels.cols.empty()) labels += (labels.empty() ? "" : ", ") + step.labels.cols[j];
  return step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "]" +
         (labels.empty() ? "" : " (" + labels + ")");
}

/// Closed forms that are wider than the page stand one under the other, each on as many lines as it needs.
std::string long_entries(const Step& step, const Cells& cells, std::size_t page_width) {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (std::size_t j = 0; j < cells[i].size(); ++j) {
      std::string line = "    " + entry_name(step, i, j) + " = ";
      std::size_t used = width_of(line);
      for (std::size_t at = 0; at < cells[i][j].size();) {
        std::size_t end = at + 1;
        while (end < cells[i][j].size() && (cells[i][j][end] & 0xC0) == 0x80) ++end;
        if (used >= page_width) {
          line += "\n" + std::string(margin, ' ');
          used = margin;
        }
        line += cells[i][j].substr(at, end - at);
        at = end;
        ++used;
      }
      text += line + "\n";
    }
  return text;
}

std::string closed_forms(const Step& step, std::size_t page_width) {
  if (!step.has_closed_form) return "";
  const Cells exact = exact_cells(step);
  for (const std::size_t width : column_widths(exact))
    if (margin + row_label_width(step.labels, page_width) + width > page_width)
      return "    exact\n" + long_entries(step, exact, page_width);
  return matrix_block("exact", exact, step.labels, page_width);
}

/// The words on lines of the page's width; all but the first line begin with `indent` blanks.
std::string wrapped(const std::string& words, std::size_t indent, std::size_t page_width) {
  std::string text, word;
  std::size_t used = indent;
  std::istringstream stream(words);
  while (stream >> word) {
    if (!text.empty() && used + 1 + width_of(word) > page_width) {
      text += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!text.empty()) {
      text += " ";
      ++used;
    }
    text += word;
    used += width_of(word);
  }
  return text;
}

/// "D = Z - m   Shifted scores   2×3"; a title for which there is no room stands below.
std::string heading(const Step& step, std::size_t page_width, const Painter& paint) {
  const std::string formula = step.formula.empty() ? "" : " = " + unicode_formula(step.formula);
  const std::string shape =
      "   " + attention::shape(step.exact.values) + (step.kind == Kind::given ? ", given" : "");
  const std::string title = step.title.empty() ? "" : "   " + step.title;
  const std::string name = "  " + paint.bold(step.name) + formula;
  if (title.empty() || width_of("  " + step.name + formula + title + shape) <= page_width)
    return name + title + paint.faint(shape) + "\n";
  return name + paint.faint(shape) + "\n    " + wrapped(step.title, 4, page_width) + "\n";
}

std::string equations(const Example& example, const Step& step) {
  std::string text;
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) {
      const std::string right = equation(example, step, i, j, Notation::unicode);
      if (right.empty()) continue;
      text += "    " + step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "] = " + right + "\n";
    }
  return text;
}

std::string step_text(const Example& example, const Step& step, double bound, const TerminalStyle& style,
                      const Painter& paint) {
  const std::size_t page_width = static_cast<std::size_t>(style.width);
  std::string text = heading(step, page_width, paint) + closed_forms(step, page_width);
  const Cells decimal = decimal_cells(step), machine = double_cells(step);
  const Cells exact = step.has_closed_form ? exact_cells(step) : Cells{};
  if (decimal != exact) text += matrix_block("decimal", decimal, step.labels, page_width);
  if (machine != exact) text += matrix_block("double", machine, step.labels, page_width);
  text += labelled("gap") + two_digits(step.gap);
  if (decimal == exact && machine == exact) text += paint.faint("   (decimal and double are the same)");
  if (step.gap > 0 && std::isfinite(bound))
    text += paint.faint("   (rounding explains up to " + two_digits(bound) + ")");
  text += "\n";
  if (style.arithmetic) text += equations(example, step);
  return text;
}

std::string fact_text(const Fact& fact, const TerminalStyle& style, const Painter& paint) {
  const std::string holds = "  holds   ", fails = "  FAILS   ";
  return (fact.holds ? paint.good(holds) : paint.bad(fails)) +
         wrapped(fact.claim + " (" + fact.how + ")", holds.size(), static_cast<std::size_t>(style.width)) +
         "\n";
}

}  // namespace

bool wants_colour(int file_descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(file_descriptor) && (no_colour == nullptr || *no_colour == '\0');
}

std::string to_terminal(const Derivation& derivation, const TerminalStyle& style) {
  const Painter paint(style.colour);
  std::string text = paint.bold(derivation.title) + "\n";
  for (const Example& example : derivation.examples) {
    text += "\n" + paint.bold(example.name + ": " + example.title) + "\n";
    const auto bounds = rounding_bounds(example);
    for (const Step& step : example.steps)
      text += "\n" + step_text(example, step, bounds.at(step.name).maxCoeff(), style, paint);
    if (!example.facts.empty()) text += "\n";
    for (const Fact& fact : example.facts) text += fact_text(fact, style, paint);
  }
  return text;
}

}  // namespace rendering
