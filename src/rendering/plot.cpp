#include "rendering/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "rendering/heatmap.hpp"
#include "rendering/svg_text.hpp"

namespace rendering {

using namespace derivation;

namespace {

constexpr double width = 540, height = 380, left = 70, right = 20, top = 20, bottom = 56;
constexpr double legend_line = 20;
constexpr std::size_t colours = 4;

using Values = std::vector<double>;

struct Points {
  std::string label;
  Values x, y;
  std::vector<std::string> names;
};

/// A tick's number: no more digits than it needs.
std::string tick_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.10g", value == 0 ? 0 : value);  // no -0
  const std::string plain = text.data();
  return plain[0] == '-' ? "−" + plain.substr(1) : plain;
}

const Step& step_named(const Example& example, const Figure& figure, const std::string& name) {
  const Step* step = find_step(example, name);
  if (!step) throw Error("figure " + figure.name + ": example " + example.name + " has no step " + name);
  return *step;
}

Values values_of(const Step& step) {
  Values values;
  for (Index i = 0; i < step.exact.rows(); ++i)
    for (Index j = 0; j < step.exact.cols(); ++j) values.push_back(to_double(step.exact.values(i, j)));
  return values;
}

/// The tips of arrows: one a row.
Points arrow_tips(const Step& step, const std::string& label) {
  if (step.exact.cols() != 2)
    throw Error("arrows need a matrix of two columns, " + step.name + " has another shape");
  Points points{label, {}, {}, step.labels.rows};
  for (Index i = 0; i < step.exact.rows(); ++i) {
    points.x.push_back(to_double(step.exact.values(i, 0)));
    points.y.push_back(to_double(step.exact.values(i, 1)));
  }
  return points;
}

Points points_of(const Example& example, const Figure& figure, const Series& series) {
  const Step& x = step_named(example, figure, series.x);
  if (figure.kind == Figure::Kind::arrows) return arrow_tips(x, series.label);
  const Step& y = step_named(example, figure, series.y);
  Points points{series.label, values_of(x), values_of(y),
                y.exact.rows() == 1 ? y.labels.cols : y.labels.rows};
  if (points.x.size() != points.y.size())
    throw Error("figure " + figure.name + ": " + series.x + " and " + series.y + " have different lengths");
  return points;
}

/// 1, 2 or 5 times a power of ten, so that about six steps cover the range.
double round_step(double range) {
  const double raw = range / 6, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power * 1.0000001) return factor * power;
  return 10 * power;
}

/// An axis from one round number to another, drawn between two pixels.
struct Axis {
  double low = 0, high = 1, step = 1, from = 0, to = 1;
  double at(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

Axis axis(double low, double high, double from, double to) {
  if (high <= low) high = low + 1;
  const double step = round_step(high - low);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step, from, to};
}

struct Frame {
  Axis x, y;
};

Frame frame(const Figure& figure, const std::vector<Points>& all) {
  double x_low = all[0].x[0], x_high = x_low, y_low = 0, y_high = 0;
  for (const Points& points : all) {
    for (const double x : points.x) x_low = std::min(x_low, x), x_high = std::max(x_high, x);
    for (const double y : points.y) y_low = std::min(y_low, y), y_high = std::max(y_high, y);
  }
  if (figure.kind == Figure::Kind::arrows) {  // from the origin, with room for the names at the tips
    x_low = std::min(x_low, 0.0), x_high = std::max(x_high, 0.0);
    const double x_room = (x_high - x_low) / 10, y_room = (y_high - y_low) / 10;
    x_low -= x_low < 0 ? x_room : 0, x_high += x_high > 0 ? x_room : 0;
    y_low -= y_low < 0 ? y_room : 0, y_high += y_high > 0 ? y_room : 0;
  }
  Frame result{axis(x_low, x_high, left, width - right), axis(y_low, y_high, height - bottom, top)};
  if (figure.kind == Figure::Kind::bars && all[0].x.size() > 1) {  // half a bar more on both sides
    const double half = (all[0].x[1] - all[0].x[0]) / 2;
    result.x.low = x_low - half;
    result.x.high = x_high + half;
  }
  return result;
}

/// Angles look right only if both axes have the same scale.
void make_square(Frame& frame) {
  const double x_unit = (frame.x.to - frame.x.from) / (frame.x.high - frame.x.low);
  const double y_unit = (frame.y.from - frame.y.to) / (frame.y.high - frame.y.low);
  const double unit = std::min(x_unit, y_unit);
  frame.x.to = frame.x.from + unit * (frame.x.high - frame.x.low);
  frame.y.from = frame.y.to + unit * (frame.y.high - frame.y.low);
}

std::string line(double x1, double y1, double x2, double y2, const std::string& classes) {
  return "<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" +
         pixel(y2) + "\" class=\"" + classes + "\"/>\n";
}

std::string x_ticks(const Frame& frame) {
  std::string svg;
  for (double value = std::ceil(frame.x.low / frame.x.step) * frame.x.step;
       value <= frame.x.high + frame.x.step * 1e-6; value += frame.x.step) {
    const double tick = std::round(value / frame.x.step) * frame.x.step;
    svg += line(frame.x.at(tick), frame.y.from, frame.x.at(tick), frame.y.to, "grid");
    svg += svg_text(frame.x.at(tick), frame.y.from + 18, tick_text(tick), "tick");
  }
  return svg;
}

/// Under each bar the name of its entry.
std::string bar_names(const Points& points, const Frame& frame) {
  std::string svg;
  for (std::size_t i = 0; i < points.x.size() && i < points.names.size(); ++i)
    svg += svg_text(frame.x.at(points.x[i]), frame.y.from + 18, points.names[i], "tick");
  return svg;
}

std::string axes(const Figure& figure, const Frame& frame, const Points& first) {
  const bool named = figure.kind == Figure::Kind::bars && !first.names.empty();
  std::string svg = named ? bar_names(first, frame) : x_ticks(frame);
  for (double value = frame.y.low; value <= frame.y.high + frame.y.step * 1e-6; value += frame.y.step) {
    const double tick = std::round(value / frame.y.step) * frame.y.step;
    svg += line(frame.x.from, frame.y.at(tick), frame.x.to, frame.y.at(tick), "grid");
    svg += svg_text(frame.x.from - 8, frame.y.at(tick) + 4, tick_text(tick), "tick end");
  }
  svg += line(frame.x.from, frame.y.at(std::max(0.0, frame.y.low)), frame.x.to,
              frame.y.at(std::max(0.0, frame.y.low)), "axis");
  if (frame.x.low <= 0 && figure.kind != Figure::Kind::bars)
    svg += line(frame.x.at(0), frame.y.from, frame.x.at(0), frame.y.to, "axis");
  const double middle = (frame.x.from + frame.x.to) / 2, centre = (frame.y.from + frame.y.to) / 2;
  svg += svg_text(middle, frame.y.from + 40, figure.x_label, "label");
  return svg + "<g transform=\"rotate(-90 16 " + pixel(centre) + ")\">" +
         svg_text(16, centre, figure.y_label, "label") + "</g>\n";
}

std::string series_class(std::size_t k) { return "s" + std::to_string(k % colours); }

std::string polyline(const Points& points, const Frame& frame, std::size_t k) {
  std::string svg = "<polyline class=\"line " + series_class(k) + "\" points=\"";
  for (std::size_t i = 0; i < points.x.size(); ++i)
    svg += (i ? " " : "") + pixel(frame.x.at(points.x[i])) + "," + pixel(frame.y.at(points.y[i]));
  return svg + "\"/>\n";
}

std::string dots(const Points& points, const Frame& frame, std::size_t k) {
  std::string svg;
  for (std::size_t i = 0; i < points.x.size(); ++i)
    svg += "<circle class=\"mark " + series_class(k) + "\" cx=\"" + pixel(frame.x.at(points.x[i])) +
           "\" cy=\"" + pixel(frame.y.at(points.y[i])) + "\" r=\"4\"/>\n";
  return svg;
}

/// Bars of several series stand side by side.
std::string bars(const Points& points, const Frame& frame, std::size_t k, std::size_t count) {
  const double spacing = points.x.size() > 1 ? frame.x.at(points.x[1]) - frame.x.at(points.x[0]) : 60;
  const double bar = spacing * 0.86 / static_cast<double>(count);
  std::string svg;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    const double x = frame.x.at(points.x[i]) - spacing * 0.43 + bar * static_cast<double>(k);
    const double zero = frame.y.at(0), y = frame.y.at(points.y[i]);
    svg += "<rect class=\"bar " + series_class(k) + "\" x=\"" + pixel(x) + "\" y=\"" +
           pixel(std::min(y, zero)) + "\" width=\"" + pixel(bar) + "\" height=\"" +
           pixel(std::abs(zero - y)) + "\"/>\n";
  }
  return svg;
}

std::string arrows(const Points& points, const Frame& frame) {
  constexpr double head = 11, spread = 0.42;
  std::string svg;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    const double x0 = frame.x.at(0), y0 = frame.y.at(0), x = frame.x.at(points.x[i]),
                 y = frame.y.at(points.y[i]);
    const double angle = std::atan2(y - y0, x - x0);
    const std::string classes = series_class(i);
    svg += line(x0, y0, x, y, "line " + classes) + "<polygon class=\"mark " + classes + "\" points=\"" +
           pixel(x) + "," + pixel(y);
    for (const double side : {spread, -spread})
      svg += " " + pixel(x - head * std::cos(angle + side)) + "," + pixel(y - head * std::sin(angle + side));
    svg += "\"/>\n";
    if (i < points.names.size()) {
      const bool steep = std::abs(std::sin(angle)) > 0.7;
      const double away = steep ? 16 : 12;
      svg += svg_text(x + away * std::cos(angle), y + away * std::sin(angle) + 5, points.names[i],
                      steep                 ? "label"
                      : std::cos(angle) > 0 ? "label start"
                                            : "label end");
    }
  }
  return svg;
}

std::string drawn(const Figure& figure, const std::vector<Points>& all, const Frame& frame) {
  std::string svg;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (figure.kind == Figure::Kind::lines) svg += polyline(all[k], frame, k);
    if (figure.kind == Figure::Kind::points) svg += dots(all[k], frame, k);
    if (figure.kind == Figure::Kind::bars) svg += bars(all[k], frame, k, all.size());
    if (figure.kind == Figure::Kind::arrows) svg += arrows(all[k], frame);
  }
  return svg;
}

/// Under the picture, so that it covers nothing; a single series needs none.
std::string legend(const Figure& figure, const std::vector<Points>& all, double plot_height) {
  if (all.size() < 2) return "";
  std::string svg;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double y = plot_height + legend_line * (static_cast<double>(k) + 0.5);
    const bool filled = figure.kind != Figure::Kind::lines;
    svg += filled ? "<rect class=\"mark " + series_class(k) + "\" x=\"" + pixel(left) + "\" y=\"" +
                        pixel(y - 10) + "\" width=\"28\" height=\"10\"/>\n"
                  : line(left, y - 5, left + 28, y - 5, "line " + series_class(k));
    svg += svg_text(left + 36, y, all[k].label, "label start");
  }
  return svg;
}

}  // namespace

std::string plot(const Example& example, const Figure& figure) {
  if (figure.kind == Figure::Kind::heatmap) return heatmap(example, figure);
  std::vector<Points> all;
  for (const Series& series : figure.series) all.push_back(points_of(example, figure, series));
  if (all.empty() || all[0].x.empty()) throw Error("figure " + figure.name + " has nothing to draw");
  Frame area = frame(figure, all);
  if (figure.kind == Figure::Kind::arrows) make_square(area);
  const double legend_height = all.size() > 1 ? legend_line * static_cast<double>(all.size()) : 0;
  const double plot_height = area.y.from + bottom;
  return svg_document(
      area.x.to + right, plot_height + legend_height, figure.description,
      axes(figure, area, all[0]) + drawn(figure, all, area) + legend(figure, all, plot_height));
}

}  // namespace rendering
