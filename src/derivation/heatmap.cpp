#include "derivation/heatmap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "derivation/names.hpp"
#include "derivation/svg_style.hpp"
#include "derivation/svg_text.hpp"
#include "numbers/decimal.hpp"

namespace derivation {
namespace {

constexpr double cell = 44, border = 16, title_height = 26, gap_between = 28, bar_width = 14, bar_space = 64;
constexpr double caption_width = 340;
constexpr double character = 7.5;    ///< about the width of a character of a label
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

std::string colour_of(double weight) {
  const double place = std::clamp(weight, 0.0, 1.0) * (viridis.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(place), viridis.size() - 2);
  const double part = place - static_cast<double>(below);
  const auto mix = [&](double Colour::*channel) {
    return static_cast<int>(
        std::lround(viridis[below].*channel * (1 - part) + viridis[below + 1].*channel * part));
  };
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", mix(&Colour::red), mix(&Colour::green),
                mix(&Colour::blue));
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

const Step& weights_of(const Example& example, const Figure& figure, const Series& series) {
  const Step* step = find_step(example, series.x);
  if (!step) throw Error("figure " + figure.name + ": example " + example.name + " has no step " + series.x);
  for (Index i = 0; i < step->exact.rows(); ++i)
    for (Index j = 0; j < step->exact.cols(); ++j)
      if (!step->exact.visible(i, j) || step->exact.values(i, j) < 0 || step->exact.values(i, j) > 1)
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
  const double weight = to_double(step.exact.values(i, j));
  const double x = left + static_cast<double>(j) * cell, y = top + static_cast<double>(i) * cell;
  std::string svg = "<rect x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" width=\"" + pixel(cell) +
                    "\" height=\"" + pixel(cell) + "\" fill=\"" + colour_of(weight) + "\"/>\n";
  if (step.exact.cols() > most_numbered) return svg;
  const char* ink = weight < 0.6 ? "on-dark" : "on-light";
  return svg + svg_text(x + cell / 2, y + cell / 2 + 4, short_weight(step.exact.values(i, j)), ink);
}

/// Where a panel's cells begin, and how much room it takes with its labels.
struct Panel {
  double label_left, label_top, width, height;
};

Panel panel_of(const Step& step) {
  const double left = widest(step.labels.rows) + 12,
               top = title_height + widest(step.labels.cols) * 0.75 + 22;
  return {left, top, left + static_cast<double>(step.exact.cols()) * cell,
          top + static_cast<double>(step.exact.rows()) * cell};
}

std::string drawn(const Step& step, const std::string& label, const Panel& panel, double x, double y) {
  const double left = x + panel.label_left, top = y + panel.label_top;
  std::string svg =
      svg_text(left + static_cast<double>(step.exact.cols()) * cell / 2, y + 16, label, "label");
  for (Index i = 0; i < step.exact.rows(); ++i)
    svg += svg_text(left - 6, top + (static_cast<double>(i) + 0.5) * cell + 5, token(step.labels.rows, i),
                    "label end");
  for (Index j = 0; j < step.exact.cols(); ++j) {
    const std::string place = pixel(left + (static_cast<double>(j) + 0.5) * cell) + " " + pixel(top - 8);
    svg += "<g transform=\"translate(" + place + ") rotate(-40)\">" +
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
           colour_of((k + 0.5) / steps) + "\"/>\n";
  svg += svg_text(x + bar_width + 6, y + 5, "1", "tick start");
  svg += svg_text(x + bar_width + 6, y + height / 2 + 5, "1/2", "tick start");
  return svg + svg_text(x + bar_width + 6, y + height + 5, "0", "tick start");
}

}  // namespace

std::string heatmap(const Example& example, const Figure& figure) {
  if (figure.series.empty()) throw Error("figure " + figure.name + " has nothing to draw");
  const Panel panel = panel_of(weights_of(example, figure, figure.series[0]));
  const std::size_t columns = std::min<std::size_t>(figure.series.size(), 2);
  const std::size_t rows = (figure.series.size() + columns - 1) / columns;
  std::string body;
  for (std::size_t k = 0; k < figure.series.size(); ++k) {
    const double x = border + static_cast<double>(k % columns) * (panel.width + gap_between);
    const double y = border + static_cast<double>(k / columns) * (panel.height + gap_between);
    body += drawn(weights_of(example, figure, figure.series[k]), figure.series[k].label, panel, x, y);
  }
  const double grid = static_cast<double>(columns) * (panel.width + gap_between);
  body += colour_bar(border + grid, border + panel.label_top, panel.height - panel.label_top);
  const double height =
      2 * border + static_cast<double>(rows) * (panel.height + gap_between) - gap_between + 24;
  body +=
      svg_text(border, height - 8, "rows: " + figure.y_label + ", columns: " + figure.x_label, "tick start");
  return svg_document(std::max(border + grid + bar_space, caption_width), height, figure.description, body);
}

Figure weights_figure(const Example& example, const std::string& name) {
  Figure figure{name, Figure::Kind::heatmap, "", "to the key of", "from the query of", {}};
  for (const Step& step : example.steps) {
    const bool is_head =
        step.name.rfind("A_", 0) == 0 && step.name.find_first_not_of("0123456789", 2) == std::string::npos;
    if (step.name == "A") figure.series.push_back({"attention weights", "A", ""});
    if (is_head) figure.series.push_back({"head " + step.name.substr(2), step.name, ""});
  }
  if (figure.series.empty()) throw Error("example " + example.name + " has no weights A to draw");
  figure.description = "Attention weights of " + example.title +
                       ": one cell for each query (row) and key (column), " + "lighter for a larger weight.";
  return figure;
}

}  // namespace derivation
