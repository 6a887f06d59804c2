#include "derivation/names.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <utility>

namespace derivation {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

bool is_word(const std::string& text) { return text.size() > 2 || (text.size() == 2 && text[0] != 'd'); }

}  // namespace

std::string tex_name(const std::string& name) {
  const std::size_t underscore = name.find('_');
  const std::string stem = name.substr(0, underscore);
  const std::string base = is_word(stem) ? "\\mathrm{" + stem + "}" : stem;
  if (underscore == std::string::npos) return base;
  const std::string index = name.substr(underscore + 1);
  return base + "_" + (index.size() == 1 ? index : "{" + index + "}");
}

std::string usual_title(const std::string& name) {
  static const std::map<std::string, std::string> titles = {
      {"X", "Tokens"},
      {"W_Q", "Query weights"},
      {"W_K", "Key weights"},
      {"W_V", "Value weights"},
      {"W_O", "Output weights"},
      {"Q", "Queries"},
      {"K", "Keys"},
      {"V", "Values"},
      {"S", "Scores"},
      {"Z", "Scaled scores"},
      {"M", "Masked scores"},
      {"m", "Row maxima"},
      {"D", "Shifted scores"},
      {"E", "Exponentials"},
      {"l", "Row sums"},
      {"A", "Weights"},
      {"C", "Weighted values"},
      {"Y", "Output"},
      {"mask", "Mask: 1 may look"},
      {"dY", "Gradient of the output"},
      {"dW_O", "Gradient of the output weights"},
      {"dC", "Gradient of the weighted values"},
      {"dV", "Gradient of the values"},
      {"dA", "Gradient of the weights"},
      {"dZ", "Gradient of the scaled scores"},
      {"dS", "Gradient of the scores"},
      {"dQ", "Gradient of the queries"},
      {"dK", "Gradient of the keys"},
      {"dW_Q", "Gradient of the query weights"},
      {"dW_K", "Gradient of the key weights"},
      {"dW_V", "Gradient of the value weights"},
      {"dX", "Gradient of the tokens"},
  };
  const auto found = titles.find(name);
  if (found != titles.end()) return found->second;
  const std::size_t underscore = name.find('_');
  const auto without_index = titles.find(name.substr(0, underscore));
  if (underscore == std::string::npos || without_index == titles.end()) return "";
  const std::string index = name.substr(underscore + 1);
  const bool is_head = index.find_first_not_of("0123456789") == std::string::npos;
  return without_index->second +
         (is_head ? " of head " + index : "");  // Q_1: Queries of head 1; m_u: Row maxima
}

std::string unicode_formula(const std::string& tex) {
  static const std::array<std::pair<const char*, const char*>, 18> symbols = {{
      {"^\\top", "ᵀ"},
      {"\\operatorname", ""},
      {"\\mathrm", ""},
      {"\\text", ""},
      {"\\left(", "("},
      {"\\right)", ")"},
      {"\\sqrt", "√"},
      {"\\exp", "exp"},
      {"\\cdot", "·"},
      {"\\odot", "⊙"},
      {"\\infty", "∞"},
      {"\\sum ", "Σ "},
      {"\\geq", "≥"},
      {"\\max", "max"},
      {"\\lvert ", "|"},
      {" \\rvert", "|"},
      {"{", ""},
      {"}", ""},
  }};
  static const std::regex fraction(R"(\\frac(\d|\{\d+\})(\d|\{\d+\}))");
  std::string text = std::regex_replace(tex, fraction, "$1/$2");
  for (const auto& [from, to] : symbols) replace_all(text, from, to);
  replace_all(text, "  ", " ");
  return text;
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace derivation
