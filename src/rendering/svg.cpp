#include "rendering/svg.hpp"

#include <algorithm>

#include "derivation/names.hpp"
#include "numbers/decimal.hpp"
#include "rendering/plot.hpp"
#include "rendering/svg_text.hpp"

namespace rendering {

using namespace derivation;

namespace {

constexpr int cell_height = 34, gap_between = 34, border = 12, name_height = 30;
constexpr int least_cell_width = 42, digit_width = 9, beside_digits = 14;

/// Three decimals, and no more places than the value has; with a minus sign and no hyphen.
std::string short_decimal(const Table<Exact>& table, Index i, Index j) {
  if (!table.visible(i, j)) return "−∞";
  const Exact& value = table.values(i, j);
  const std::string text =
      is_integer(value) ? print(value, numbers::Notation::unicode) : numbers::fixed(value, 3);
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

/// Wide enough for the longest entry, and no wider: the picture has to fit on a phone.
int cell_width(const Step& step) {
  std::size_t longest = 0;
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j)
      longest = std::max(longest, width_of(short_decimal(step.exact, i, j)));
  return std::max(least_cell_width, digit_width * static_cast<int>(longest) + beside_digits);
}

int width_of_cells(const Step& step) { return static_cast<int>(step.exact.cols()) * cell_width(step); }

/// A cell: shaded in proportion to its weight, so that a row's shades add up to one full shade.
std::string cell(const Step& step, Index i, Index j, int left, int top) {
  const int width = cell_width(step);
  const int x = left + static_cast<int>(j) * width, y = top + static_cast<int>(i) * cell_height;
  std::string svg = "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
                    std::to_string(width) + "\" height=\"" + std::to_string(cell_height) +
                    "\" class=\"cell\"";
  if (step.name == "A")
    svg += " style=\"fill-opacity:" + numbers::fixed(step.exact.values(i, j), 3) + "\"";
  else
    svg += " style=\"fill-opacity:0\"";
  svg += "/>\n";
  return svg + svg_text(x + width / 2.0, y + cell_height / 2.0 + 5, short_decimal(step.exact, i, j), "entry");
}

std::string matrix(const Step& step, int left, int top) {
  std::string svg = svg_text(left + width_of_cells(step) / 2.0, top - 10, step.name, "name");
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) svg += cell(step, i, j, left, top);
  return svg;
}

/// What stands between two matrices: how one leads to the other.
const char* sign_before(const std::string& name) {
  if (name == "A") return "→";
  if (name == "V") return "·";
  return "=";
}

std::string title(const Example& example, const std::vector<const Step*>& steps) {
  std::string words = example.title + ":";
  for (const Step* step : steps) {
    words += " " + step->name + " = [";
    for (Index i = 0; i < step->exact.rows(); ++i)
      for (Index j = 0; j < step->exact.cols(); ++j)
        words += (j > 0 ? " " : i > 0 ? "; " : "") + short_decimal(step->exact, i, j);
    words += "]";
  }
  return words;
}

std::string picture(const Example& example, const std::vector<const Step*>& steps) {
  Index rows = 0;
  int width = border;
  for (const Step* step : steps) {
    rows = std::max(rows, step->exact.rows());
    width += width_of_cells(*step) + gap_between;
  }
  width += border - gap_between;
  const int top = border + name_height, height = top + static_cast<int>(rows) * cell_height + border;
  std::string body;
  int left = border;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const double middle = top + static_cast<double>(rows) * cell_height / 2.0 + 6;
    if (k > 0) body += svg_text(left - gap_between / 2.0, middle, sign_before(steps[k]->name), "sign");
    body += matrix(*steps[k], left, top);
    left += width_of_cells(*steps[k]) + gap_between;
  }
  return svg_document(width, height, title(example, steps), body);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> to_svg(const Derivation& derivation) {
  std::vector<std::pair<std::string, std::string>> pictures;
  for (const Example& example : derivation.examples) {
    std::vector<const Step*> steps;
    const char* product = find_step(example, "C") ? "C" : "Y";  // A V, before or without output weights
    for (const char* name : {"S", "A", "V", product})
      if (const Step* step = find_step(example, name); step && !step->detail) steps.push_back(step);
    for (const Figure& figure : example.figures)
      pictures.emplace_back(derivation.chapter + "-" + figure.name + ".svg", plot(example, figure));
    if (steps.size() == 4)
      pictures.emplace_back(derivation.chapter + "-" + example.name + ".svg", picture(example, steps));
  }
  return pictures;
}

}  // namespace rendering
