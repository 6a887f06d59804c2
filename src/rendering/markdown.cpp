#include "rendering/markdown.hpp"

#include <algorithm>
#include <cctype>

#include "derivation/arithmetic.hpp"
#include "derivation/names.hpp"
#include "numbers/decimal.hpp"

namespace rendering {

using namespace derivation;

namespace {

using numbers::Notation;

/// A closed form longer than this does not fit on a page beside its neighbours: the matrix shows decimals
/// instead.
constexpr std::size_t longest_row = 120;
constexpr std::size_t longest_cell = 60;

std::string closed_form(const Step& step, Index i, Index j) {
  return step.exact.visible(i, j) ? print(step.exact.values(i, j), Notation::tex) : "-\\infty";
}

/// Whether six places after the point say it all: 0.25, and not 1/3.
bool ends_early(const Exact& value) { return is_integer(value * numbers::pow(10, 6)); }

bool closed_forms_fit(const Step& step) {
  if (!step.has_closed_form) return false;
  for (Index i = 0; i < step.exact.rows(); ++i) {
    std::size_t length = 0;
    for (Index j = 0; j < step.exact.cols(); ++j)
      if (step.exact.visible(i, j)) length += print(step.exact.values(i, j), Notation::unicode).size();
    if (length > longest_row) return false;
  }
  return true;
}

bool all_integers(const Step& step) {
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j)
      if (step.exact.visible(i, j) && !is_integer(step.exact.values(i, j))) return false;
  return true;
}

template <typename Entry>
std::string matrix(const Step& step, Entry entry) {
  std::string tex = "\\begin{pmatrix}";
  for (Index i = 0; i < step.exact.rows(); ++i) {
    tex += i == 0 ? " " : " \\\\ ";
    for (Index j = 0; j < step.exact.cols(); ++j) tex += (j == 0 ? "" : " & ") + entry(i, j);
  }
  return tex + " \\end{pmatrix}";
}

std::string six_places(const Step& step, Index i, Index j) {
  if (!step.exact.visible(i, j)) return "-\\infty";
  const Exact& value = step.exact.values(i, j);
  return ends_early(value) ? numbers::decimal(value) : numbers::six_places(value, Notation::tex);
}

/// The matrix as decimals of at most six places, as one reads it; nothing for whole numbers.
std::string rounded(const Step& step) {
  if (step.has_closed_form && all_integers(step)) return "";
  bool exact = step.has_closed_form;
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j)
      exact = exact && (!step.exact.visible(i, j) || ends_early(step.exact.values(i, j)));
  return (exact ? " = " : " \\approx ") +
         matrix(step, [&](Index i, Index j) { return six_places(step, i, j); });
}

std::string display(const Step& step) {
  std::string tex = tex_name(step.name);
  if (!step.formula.empty()) tex += " = " + step.formula;
  if (closed_forms_fit(step))
    tex += " = " + matrix(step, [&](Index i, Index j) { return closed_form(step, i, j); });
  return "$$" + tex + rounded(step) + "$$\n";
}

std::string entry_name(const Step& step, Index i, Index j) {
  return step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
}

std::string entry_table(const Example& example, const Step& step) {
  const bool has_arithmetic = step.operation != Operation::given && step.operation != Operation::computed;
  std::string table = has_arithmetic ? "| entry | arithmetic | decimal | double |\n|:--|:--|:--|:--|\n"
                                     : "| entry | decimal | double |\n|:--|:--|:--|\n";
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) {
      table += "| " + entry_name(step, i, j) + " | ";
      if (has_arithmetic) table += "$" + equation(example, step, i, j, Notation::tex) + "$ | ";
      table += step.decimal[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] + " | ";
      table += (step.machine.visible(i, j) ? numbers::shortest(step.machine.values(i, j)) : "-inf") + " |\n";
    }
  return "<details><summary>Entry by entry</summary>\n\n" + table +
         "\nLargest |double − exact|: " + numbers::shortest(step.gap) + "\n\n</details>\n";
}

std::string list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + ("`" + word + "`");
  return text;
}

/// A computed step with a name for every row is a list rather than a matrix: a table of names and values.
bool is_list(const Step& step) { return step.operation == Operation::computed && !step.labels.rows.empty(); }

/// A value in a table: as it is written, and to six places where that says more.
std::string table_value(const Step& step, Index i, Index j) {
  if (!step.exact.visible(i, j)) return "−∞";
  const Exact& value = step.exact.values(i, j);
  const auto formula = [](const std::string& tex) { return "$" + tex + "$"; };
  const std::string places = numbers::six_places(value, Notation::tex);
  const std::string rounded = places.find('\\') == std::string::npos ? places : formula(places);
  if (!step.has_closed_form) return rounded;
  const auto closed = [&] { return formula(print(value, Notation::tex)); };
  if (is_integer(value)) return closed();
  if (ends_early(value)) return numbers::decimal(value);
  const bool is_long = width_of(print(value, Notation::unicode)) > longest_cell;
  return (is_long ? "" : closed() + " ≈ ") + rounded;
}

/// A character of a label that Markdown would take for markup. An underscore inside a word is none.
bool is_markup(const std::string& label, std::size_t k) {
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool inside = k > 0 && k + 1 < label.size() && is_letter(label[k - 1]) && is_letter(label[k + 1]);
  if (label[k] == '_') return !inside;
  return std::string("\\`*<>|~^$#&").find(label[k]) != std::string::npos;
}

/// A label in a table's cell: a formula between two $ as it stands, everything else as plain text.
std::string plain(const std::string& label) {
  std::string text;
  for (std::size_t k = 0; k < label.size(); ++k) {
    const std::size_t end = label[k] == '$' ? label.find('$', k + 1) : std::string::npos;
    if (end != std::string::npos) {
      text += label.substr(k, end - k + 1);
      k = end;
      continue;
    }
    if (is_markup(label, k)) text += '\\';
    text += label[k];
  }
  return text;
}

std::string list_table(const Step& step) {
  std::string header = "| |", rule = "|:--|", body;
  for (Index j = 0; j < step.exact.cols(); ++j) {
    header += " " +
              (step.labels.cols.empty() ? "$" + step.formula + "$"
                                        : plain(step.labels.cols[static_cast<std::size_t>(j)])) +
              " |";
    rule += ":--|";
  }
  for (Index i = 0; i < step.exact.rows(); ++i) {
    body += "| " + plain(step.labels.rows[static_cast<std::size_t>(i)]) + " |";
    for (Index j = 0; j < step.exact.cols(); ++j) body += " " + table_value(step, i, j) + " |";
    body += "\n";
  }
  return header + "\n" + rule + "\n" + body;
}

std::string caption(const Step& step) {
  std::string text = step.title;
  if (step.kind == Kind::given) text += text.empty() ? "Given" : ", given";
  // The size of a list says nothing of the matrices that it speaks of.
  if (!is_list(step)) text += " (" + attention::shape(step.exact.values) + ")";
  if (!step.has_closed_form) text += ", certified decimals";
  if (is_list(step)) return text + "\n";
  if (!step.labels.rows.empty()) text += "; rows " + list(step.labels.rows);
  if (!step.labels.cols.empty()) text += "; columns " + list(step.labels.cols);
  return text + "\n";
}

std::string section(const Example& example, const Step& step) {
  std::string text = "### " + example.name + " " + step.name + "\n\n";
  if (step.detail) text += "<!-- detail -->\n\n";
  text += caption(step) + "\n" + (is_list(step) ? list_table(step) : display(step));
  const bool plain = step.kind == Kind::given && all_integers(step);
  return plain ? text : text + "\n" + entry_table(example, step);
}

/// One panel of a heat map as a table: three places, and a bare 0 for a weight that is exactly 0.
std::string panel_table(const Step& step, const std::string& label) {
  const auto token = [](const std::vector<std::string>& tokens, Index k) {
    return tokens.empty() ? std::to_string(k) : plain(tokens[static_cast<std::size_t>(k)]);
  };
  std::string header = "| " + plain(label) + " |", rule = "|:--|", body;
  for (Index j = 0; j < step.exact.cols(); ++j) {
    header += " " + token(step.labels.cols, j) + " |";
    rule += "--:|";
  }
  for (Index i = 0; i < step.exact.rows(); ++i) {
    body += "| " + token(step.labels.rows, i) + " |";
    for (Index j = 0; j < step.exact.cols(); ++j) {
      const Exact& weight = step.exact.values(i, j);
      body += " " + (is_integer(weight) ? numbers::decimal(weight) : numbers::fixed(weight, 3)) + " |";
    }
    body += "\n";
  }
  return header + "\n" + rule + "\n" + body;
}

/// A heat map's numbers, for those who do not see it.
std::string picture_tables(const Example& example, const Figure& figure) {
  std::string text = "### " + example.name + " " + picture_name(figure) + "\n\n" +
                     "The numbers of the picture; from: " + figure.y_label + " (row), to: " + figure.x_label +
                     " (column)\n";
  for (const Series& series : figure.series)
    if (const Step* step = find_step(example, series.x)) text += "\n" + panel_table(*step, series.label);
  return text;
}

std::string facts(const Example& example) {
  std::string text = "### " + example.name + " facts\n\n";
  for (const Fact& fact : example.facts)
    text += "- " + fact.claim + (fact.holds ? "" : ": **does not hold**") + " (" + fact.how + ")\n";
  return text;
}

}  // namespace

std::string to_markdown(const Derivation& derivation) {
  std::string text = "# " + derivation.title + ": the derivation\n\n<!-- Generated from " +
                     derivation.chapter + ".json beside it. Do not edit. -->\n";
  for (const Example& example : derivation.examples) {
    text += "\n## " + example.name + ": " + example.title + "\n";
    for (const Step& step : example.steps) text += "\n" + section(example, step);
    for (const Figure& figure : example.figures)
      if (figure.kind == Figure::Kind::heatmap) text += "\n" + picture_tables(example, figure);
    if (!example.facts.empty()) text += "\n" + facts(example);
  }
  return text;
}

}  // namespace rendering
