#pragma once
#include <string>

namespace rendering {

/// A coordinate: at most two decimals of a pixel are enough to draw, and the same on every machine.
std::string pixel(double value);

/// Text at a place, with the classes of svg_style that say how it looks.
std::string svg_text(double x, double y, const std::string& content, const std::string& classes);

/// A whole picture: its size, what it shows in words, the common style, and what is drawn.
std::string svg_document(double width, double height, const std::string& description,
                         const std::string& body);

}  // namespace rendering
