#include "rendering/svg_text.hpp"

#include <array>
#include <cstdio>

#include "rendering/svg_style.hpp"

namespace rendering {

namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

}  // namespace

std::string pixel(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  std::string digits = text.data();
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string svg_text(double x, double y, const std::string& content, const std::string& classes) {
  return "<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" class=\"" + classes + "\">" + escaped(content) +
         "</text>\n";
}

std::string svg_document(double width, double height, const std::string& description,
                         const std::string& body) {
  const std::string w = pixel(width), h = pixel(height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + w + " " + h + "\" width=\"" + w +
         "\" height=\"" + h + "\" role=\"img\">\n<title>" + escaped(description) + "</title>\n" + svg_style +
         body + "</svg>\n";
}

}  // namespace rendering
