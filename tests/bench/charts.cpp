#include <algorithm>
#include <cmath>

#include "attention/cost.hpp"
#include "bench/results.hpp"
#include "rendering/svg_text.hpp"

// The pictures of a measurement, in the style of the book's others.

namespace bench {
namespace {

using rendering::pixel;
using rendering::svg_text;

constexpr double left = 70, right = 20, top = 24, width = 540, bar_width = 40;

std::string line(double x1, double y1, double x2, double y2, const std::string& classes) {
  return "<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" +
         pixel(y2) + "\" class=\"" + classes + "\"/>\n";
}

std::string rectangle(double x, double y, double w, double h, const std::string& attributes) {
  return "<rect x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" width=\"" + pixel(w) + "\" height=\"" +
         pixel(h) + "\" " + attributes + "/>\n";
}

/// Five parts, four colours: the last part is an outline.
std::string paint(std::size_t part) {
  return part < 4 ? "class=\"mark s" + std::to_string(part) + "\"" : "class=\"axis\"";
}

std::string legend(double y) {
  std::string svg;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const double x = left + 155 * static_cast<double>(p % 3), at = y + 22 * static_cast<double>(p / 3);
    svg += rectangle(x, at - 11, 22, 11, paint(p)) + svg_text(x + 28, at, parts[p], "label start");
  }
  return svg;
}

/// One bar, from the first part at the bottom to the last at the top.
std::string bar(const Results& results, const std::string& scalar, long T, double x, double base,
                double height) {
  double total = 0;
  for (const std::string& part : parts) total += results.time(part, scalar, T);
  std::string svg;
  double y = base;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const double share = results.time(parts[p], scalar, T) / total * height;
    y -= share;
    svg += rectangle(x, y, bar_width, share, paint(p));
  }
  return svg + svg_text(x + bar_width / 2, base + 18, std::to_string(T), "tick");
}

/// A logarithmic axis from one power of ten to another.
struct Logarithmic {
  double low, high, from, to;
  double at(double value) const { return from + (std::log10(value) - low) / (high - low) * (to - from); }
};

struct Roof {
  Logarithmic x, y;
  double peak, bandwidth;
};

std::string power_of_ten(int n) {
  return n < 0 ? "0." + std::string(static_cast<std::size_t>(-n - 1), '0') + "1"
               : "1" + std::string(static_cast<std::size_t>(n), '0');
}

std::string grid(const Roof& roof) {
  std::string svg;
  for (int n = static_cast<int>(roof.x.low); n <= static_cast<int>(roof.x.high); ++n) {
    const double x = roof.x.at(std::pow(10, n));
    svg +=
        line(x, roof.y.from, x, roof.y.to, "grid") + svg_text(x, roof.y.from + 18, power_of_ten(n), "tick");
  }
  for (int n = static_cast<int>(roof.y.low); n <= static_cast<int>(roof.y.high); ++n) {
    const double y = roof.y.at(std::pow(10, n));
    svg +=
        line(roof.x.from, y, roof.x.to, y, "grid") + svg_text(left - 8, y + 4, power_of_ten(n), "tick end");
  }
  const double middle = (roof.y.from + roof.y.to) / 2;
  svg += svg_text((roof.x.from + roof.x.to) / 2, roof.y.from + 40, "operations for each byte moved", "label");
  return svg + "<g transform=\"rotate(-90 16 " + pixel(middle) + ")\">" +
         svg_text(16, middle, "10⁹ operations a second", "label") + "</g>\n";
}

/// The slope of the memory, up to the peak.
std::string roof_lines(const Roof& roof) {
  const double knee = roof.peak / roof.bandwidth, least = std::pow(10, roof.x.low);
  return line(roof.x.at(least), roof.y.at(least * roof.bandwidth), roof.x.at(knee), roof.y.at(roof.peak),
              "axis") +
         line(roof.x.at(knee), roof.y.at(roof.peak), roof.x.to, roof.y.at(roof.peak), "axis");
}

std::string dot(const Roof& roof, double intensity, double rate, std::size_t part, bool large) {
  return "<circle cx=\"" + pixel(roof.x.at(intensity)) + "\" cy=\"" + pixel(roof.y.at(rate)) + "\" r=\"" +
         (large ? "7" : "4") + "\" " + paint(part) + "/>\n";
}

/// The bars of one type of number, between two heights.
std::string shares_panel(const Results& results, const std::string& scalar, double upper, double base) {
  std::string svg;
  for (const int percent : {0, 25, 50, 75, 100}) {
    const double y = base - (base - upper) * percent / 100;
    svg += line(left, y, width - right, y, "grid") +
           svg_text(left - 8, y + 4, std::to_string(percent) + " %", "tick end");
  }
  const double room = (width - left - right) / static_cast<double>(lengths.size());
  double x = left + (room - bar_width) / 2;
  for (const long T : lengths) {
    svg += bar(results, scalar, T, x, base, base - upper);
    x += room;
  }
  return svg + svg_text((left + width - right) / 2, base + 40, "T, " + scalar, "label");
}

}  // namespace

std::string shares_svg(const Results& results) {
  constexpr double height = 180, below = 64;
  const double first = top + height, second = first + below + height;
  return rendering::svg_document(width, second + 100, "Shares of the parts in the sum of their times",
                                 shares_panel(results, "float", top, first) +
                                     shares_panel(results, "double", first + below, second) +
                                     legend(second + 68));
}

std::string roofline_svg(const Results& results) {
  constexpr double base = 330;
  const double peak_in_billions = peak(results, "float") / 1e9;
  const Roof roof{{-1, 3, left, width - right},
                  {-1, std::ceil(std::log10(peak_in_billions)), base, top},
                  peak_in_billions,
                  bandwidth(results) / 1e9};
  std::string svg = grid(roof) + roof_lines(roof);
  for (const long T : {512L, 4096L}) {
    const auto costs = attention::head_costs({T, d, d, d});
    for (std::size_t p = 0; p < costs.size(); ++p) {
      const double rate =
          static_cast<double>(operations(costs[p])) / results.time(costs[p].name, "float", T) / 1e9;
      svg += dot(roof, intensity(costs[p], 4), rate, p, T == 4096);
    }
  }
  svg +=
      legend(base + 68) + svg_text(left, base + 114, "small: T = 512, large: T = 4096; float", "label start");
  return rendering::svg_document(width, base + 126,
                                 "Each part's rate against its arithmetic intensity, under the roof", svg);
}

}  // namespace bench
