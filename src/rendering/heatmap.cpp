#include "rendering/heatmap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "derivation/names.hpp"
#include "numbers/decimal.hpp"
#include "rendering/svg_style.hpp"
#include "rendering/svg_text.hpp"

namespace rendering {

using namespace derivation;

namespace {

constexpr double cell = 34, border = 12, title_height = 26, gap_between = 24, bar_width = 14, bar_space = 44;
constexpr double corner = 56;        ///< room for the names of the axes, left of the columns' tokens
constexpr double character = 7.5;    ///< about the width of a character of a label
constexpr double slope = 40;         ///< degrees by which the columns' tokens rise
constexpr Index most_numbered = 12;  ///< tokens up to which a number fits into its cell

struct Colour {
  double red, green, blue;
};

/// Nine equally spaced colours of viridis; between two of them the mixture is indistinguishable from the
/// original.
constexpr std::array<Colour, 9> viridis = {{{68, 1, 84},
                                            {71, 44, 122},
                                            {59, 81, 139},
                                            {44, 113, 142},
                                            {33, 144, 141},
                                            {39, 173, 129},
                                            {92, 200, 99},
                                            {170, 220, 50},
                                            {253, 231, 37}}};

Colour colour_of(double weight) {
  const double place = std::clamp(weight, 0.0, 1.0) * (viridis.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(place), viridis.size() - 2);
  const double part = place - static_cast<double>(below);
  const auto mix = [&](double Colour::*channel) {
    return std::round(viridis[below].*channel * (1 - part) + viridis[below + 1].*channel * part);
  };
  return {mix(&Colour::red), mix(&Colour::green), mix(&Colour::blue)};
}

std::string hexadecimal(const Colour& colour) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", static_cast<unsigned>(colour.red),
                static_cast<unsigned>(colour.green), static_cast<unsigned>(colour.blue));
  return text.data();
}

std::string token(const std::vector<std::string>& tokens, Index k) {
  return tokens.empty() ? std::to_string(k) : tokens[static_cast<std::size_t>(k)];
}

double widest(const std::vector<std::string>& tokens) {
  std::size_t width = 2;
  for (const std::string& each : tokens) width = std::max(width, width_of(each));
  return character * static_cast<double>(width);
}

/// How far a column's token reaches to the right of its column, and how high it rises.
double reach(const std::vector<std::string>& tokens) {
  return widest(tokens) * std::cos(slope * std::numbers::pi / 180);
}
double rise(const std::vector<std::string>& tokens) {
  return widest(tokens) * std::sin(slope * std::numbers::pi / 180);
}

/// Relative luminance, as the Web Content Accessibility Guidelines define it.
double luminance(const Colour& colour) {
  const auto linear = [](double channel) {
    const double share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

/// White or black, whichever has the higher contrast: at least 4.5 to 1 on every colour.
const char* ink_on(const Colour& colour) {
  constexpr double equal_contrast = 0.17913;  // (1 + 0.05) / (L + 0.05) = (L + 0.05) / 0.05
  return luminance(colour) < equal_contrast ? "on-dark" : "on-light";
}

bool is_weight(const Table<Exact>& table, Index i, Index j) {
  const double value = to_double(table.values(i, j));
  return table.visible(i, j) && 0 <= value && value <= 1;
}

const Step& weights_of(const Example& example, const Figure& figure, const Series& series) {
  const Step* step = find_step(example, series.x);
  if (!step) throw Error("figure " + figure.name + ": example " + example.name + " has no step " + series.x);
  for (Index i = 0; i < step->exact.rows(); ++i)
    for (Index j = 0; j < step->exact.cols(); ++j)
      if (!is_weight(step->exact, i, j))
        throw Error("figure " + figure.name + ": " + series.x +
                    " holds no weights: an entry is not between 0 and 1");
  return *step;
}

/// A number in a cell: two places, without the 0 in front; a weight that is exactly 0 is a bare 0.
std::string short_weight(const Exact& weight) {
  if (weight == 0) return "0";
  const std::string text = numbers::fixed(weight, 2);
  return text[0] == '0' ? text.substr(1) : text.substr(0, 1);
}

std::string cell_of(const Step& step, Index i, Index j, double left, double top) {
  const Exact& weight = step.exact.values(i, j);
  const Colour colour = colour_of(to_double(weight));
  const double x = left + static_cast<double>(j) * cell, y = top + static_cast<double>(i) * cell;
  const bool is_hidden = weight == 0;  // softmax makes no other weight exactly 0
  const std::string look = is_hidden ? "class=\"nothing\"" : "fill=\"" + hexadecimal(colour) + "\"";
  const std::string svg = "<rect x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" width=\"" + pixel(cell) +
                          "\" height=\"" + pixel(cell) + "\" " + look + "/>\n";
  if (step.exact.cols() > most_numbered) return svg;
  return svg +
         svg_text(x + cell / 2, y + cell / 2 + 4, short_weight(weight), is_hidden ? "none" : ink_on(colour));
}

/// Where a panel's cells begin, how much room it takes with its labels, and how far the last column's token
/// reaches beyond that.
struct Panel {
  double label_left = corner, label_top = 0, width = 0, height = 0, beyond = 0;
};

/// The same for all panels: room for the largest of each.
Panel panel_of(const std::vector<const Step*>& steps) {
  Panel panel;
  double widest_cells = 0, highest_cells = 0, highest_label = 30;
  for (const Step* step : steps) {
    panel.label_left = std::max(panel.label_left, widest(step->labels.rows) + 10);
    panel.beyond = std::max(panel.beyond, reach(step->labels.cols) - cell / 2);
    highest_label = std::max(highest_label, rise(step->labels.cols) + 18);
    widest_cells = std::max(widest_cells, static_cast<double>(step->exact.cols()) * cell);
    highest_cells = std::max(highest_cells, static_cast<double>(step->exact.rows()) * cell);
  }
  panel.label_top = title_height + highest_label;
  panel.width = panel.label_left + widest_cells;
  panel.height = panel.label_top + highest_cells;
  return panel;
}

std::string drawn(const Step& step, const std::string& label, const Panel& panel, double x, double y) {
  const double left = x + panel.label_left, top = y + panel.label_top;
  std::string svg =
      svg_text(left + static_cast<double>(step.exact.cols()) * cell / 2, y + 16, label, "label strong");
  svg += svg_text(left - 6, top - 22, "to →", "tick end") + svg_text(left - 6, top - 6, "from ↓", "tick end");
  for (Index i = 0; i < step.exact.rows(); ++i)
    svg += svg_text(left - 6, top + (static_cast<double>(i) + 0.5) * cell + 5, token(step.labels.rows, i),
                    "label end");
  for (Index j = 0; j < step.exact.cols(); ++j) {
    const std::string place = pixel(left + (static_cast<double>(j) + 0.5) * cell) + " " + pixel(top - 8);
    svg += "<g transform=\"translate(" + place + ") rotate(" + pixel(-slope) + ")\">" +
           svg_text(0, 0, token(step.labels.cols, j), "label start") + "</g>\n";
  }
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) svg += cell_of(step, i, j, left, top);
  return svg;
}

std::string colour_bar(double x, double y, double height) {
  constexpr int steps = 40;
  std::string svg;
  for (int k = 0; k < steps; ++k)
    svg += "<rect x=\"" + pixel(x) + "\" y=\"" + pixel(y + height * (steps - 1 - k) / steps) + "\" width=\"" +
           pixel(bar_width) + "\" height=\"" + pixel(height / steps + 0.5) + "\" fill=\"" +
           hexadecimal(colour_of((k + 0.5) / steps)) + "\"/>\n";
  svg += svg_text(x + bar_width + 6, y + 5, "1", "tick start");
  svg += svg_text(x + bar_width + 6, y + height / 2 + 5, "1/2", "tick start");
  return svg + svg_text(x + bar_width + 6, y + height + 5, "0", "tick start");
}

}  // namespace

std::string heatmap(const Example& example, const Figure& figure) {
  if (figure.series.empty()) throw Error("figure " + figure.name + " has nothing to draw");
  std::vector<const Step*> steps;
  for (const Series& series : figure.series) steps.push_back(&weights_of(example, figure, series));
  const Panel panel = panel_of(steps);
  const std::size_t columns = std::min<std::size_t>(steps.size(), 2);
  const std::size_t rows = (steps.size() + columns - 1) / columns;
  std::string body;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const double x = border + static_cast<double>(k % columns) * (panel.width + gap_between);
    const double y = border + static_cast<double>(k / columns) * (panel.height + gap_between);
    body += drawn(*steps[k], figure.series[k].label, panel, x, y);
  }
  const double grid = static_cast<double>(columns) * (panel.width + gap_between);
  body += colour_bar(border + grid, border + panel.label_top, panel.height - panel.label_top);
  const double height =
      2 * border + static_cast<double>(rows) * (panel.height + gap_between) - gap_between + 24;
  const std::string caption = "from: " + figure.y_label + " (row), to: " + figure.x_label + " (column)";
  body += svg_text(border, height - 8, caption, "tick start");
  const double caption_width = 2 * border + character * static_cast<double>(width_of(caption));
  const double width = border + grid + std::max(bar_space, panel.beyond - gap_between);
  return svg_document(std::max(width, caption_width), height, figure.description, body);
}

Figure weights_figure(const Example& example, const std::string& name) {
  Figure figure{name, Figure::Kind::heatmap, "", "the key's token", "the query's token", {}};
  for (const Step& step : example.steps) {
    const bool is_head =
        step.name.rfind("A_", 0) == 0 && step.name.find_first_not_of("0123456789", 2) == std::string::npos;
    if (step.name == "A") figure.series.push_back({"attention weights", "A", ""});
    if (is_head) figure.series.push_back({"head " + step.name.substr(2), step.name, ""});
  }
  if (figure.series.empty()) throw Error("example " + example.name + " has no weights A to draw");
  figure.description = "Attention weights of " + example.title +
                       ": one cell for each query (row) and key (column), lighter for a larger weight.";
  return figure;
}

}  // namespace rendering
