#include "paper/fence.hpp"

#include <algorithm>
#include <sstream>

namespace paper {
namespace {

constexpr int deepest_indent = 3;
constexpr int shortest_fence = 3;

/// The fence that a line opens: how far it is indented, its character, how often, and what stands behind it.
struct Opening {
  int indent = 0;
  char mark = 0;
  int length = 0;
  std::string info;
};

int leading(const std::string& text, std::size_t from, char character) {
  int count = 0;
  while (from + static_cast<std::size_t>(count) < text.size() &&
         text[from + static_cast<std::size_t>(count)] == character)
    ++count;
  return count;
}

/// length is 0 where the line opens no fence.
Opening opening(const std::string& line) {
  Opening found;
  found.indent = leading(line, 0, ' ');
  const std::size_t at = static_cast<std::size_t>(found.indent);
  if (found.indent > deepest_indent || at >= line.size() || (line[at] != '`' && line[at] != '~')) return {};
  found.mark = line[at];
  found.length = leading(line, at, found.mark);
  found.info = line.substr(at + static_cast<std::size_t>(found.length));
  const bool info_has_backtick = found.mark == '`' && found.info.find('`') != std::string::npos;
  if (found.length < shortest_fence || info_has_backtick) return {};
  return found;
}

bool closes(const std::string& line, const Opening& open) {
  const Opening end = opening(line);
  return end.mark == open.mark && end.length >= open.length &&
         end.info.find_first_not_of(" \t") == std::string::npos;
}

std::string without_indent(const std::string& line, int indent) {
  return line.substr(static_cast<std::size_t>(std::min(indent, leading(line, 0, ' '))));
}

std::string first_word(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  words >> word;
  return word;
}

/// Whether a comment that begins with this line, or is open before it, is still open behind it.
bool comment_goes_on(const std::string& line, bool inside) {
  const int indent = leading(line, 0, ' ');
  const bool begins =
      indent <= deepest_indent && line.compare(static_cast<std::size_t>(indent), 4, "<!--") == 0;
  return (inside || begins) && line.find("-->") == std::string::npos;
}

}  // namespace

std::vector<Fence> fenced_blocks(const std::string& markdown) {
  std::vector<Fence> blocks;
  const std::string byte_order_mark = "\xEF\xBB\xBF";
  std::istringstream in(
      markdown.substr(markdown.rfind(byte_order_mark, 0) == 0 ? byte_order_mark.size() : 0));
  std::string line;
  Opening open;
  bool in_comment = false;
  for (int number = 1; std::getline(in, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (open.length > 0) {
      if (closes(line, open))
        open = {};
      else
        blocks.back().lines.push_back(without_indent(line, open.indent));
      continue;
    }
    if (!in_comment) open = opening(line);
    if (open.length > 0)
      blocks.push_back({first_word(open.info), number, open.indent, {}});
    else
      in_comment = comment_goes_on(line, in_comment);
  }
  return blocks;
}

}  // namespace paper
