#pragma once
#include <string>
#include <utility>
#include <vector>

namespace derivation {

/// One set of points of a figure, taken from steps of the example: x and y are columns (or rows) of equal
/// length. For arrows, each row of the two-column step x is the tip of an arrow from the origin, and y stays
/// empty. Bars whose step y names its entries have these names under them.
struct Series {
  std::string label;
  std::string x, y;  ///< names of steps
};

/// A picture of numbers that the derivation holds. It is drawn from the derivation alone: same numbers, same
/// picture.
struct Figure {
  enum class Kind { lines, points, bars, arrows, heatmap };
  std::string name;  ///< the file is CHAPTER-NAME.svg
  Kind kind = Kind::lines;
  std::string description;  ///< what the picture shows, for those who do not see it
  std::string x_label, y_label;
  std::vector<Series> series;
};

/// The name of the section that holds a heat map's numbers as tables: picture-NAME, which no step can have.
inline std::string picture_name(const Figure& figure) { return "picture-" + figure.name; }

std::string to_string(Figure::Kind kind);
Figure::Kind figure_kind_named(const std::string& name);  ///< throws Error for an unknown name

}  // namespace derivation
