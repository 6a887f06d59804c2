#include "prose/number_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace prose {
namespace {

constexpr std::array small = {"zero",    "one",     "two",       "three",    "four",
                              "five",    "six",     "seven",     "eight",    "nine",
                              "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                              "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array tens = {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};

template <typename Words>
std::optional<int> place_in(const Words& words, const std::string& word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<int>(found - words.begin());
}

}  // namespace

std::optional<int> number_in_words(const std::string& word) {
  std::string text = word;
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (const auto found = place_in(small, text)) return found;
  const std::size_t dash = text.find('-');
  const auto ten = place_in(tens, text.substr(0, dash));
  if (!ten) return std::nullopt;
  const int value = 20 + 10 * *ten;
  if (dash == std::string::npos) return value;
  const auto unit = place_in(small, text.substr(dash + 1));
  if (!unit || *unit == 0 || *unit > 9) return std::nullopt;
  return value + *unit;
}

}  // namespace prose
