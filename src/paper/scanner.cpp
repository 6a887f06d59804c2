#include "paper/scanner.hpp"

#include <algorithm>
#include <cctype>

#include "derivation/utf8.hpp"
#include "numbers/characters.hpp"

namespace paper {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// The blanks of typesetting, as pages are copied with them: no-break ones, thin ones, and one without width.
bool is_wide_blank(std::string_view character) {
  static const std::vector<std::string_view> others = {"\u00A0", "\u202F", "\u205F", "\u3000"};
  const bool is_quad_or_space = character >= "\u2000" && character <= "\u200B" && character.size() == 3;
  return is_quad_or_space || std::find(others.begin(), others.end(), character) != others.end();
}

/// How many bytes the blank has that stands at a place; 0 where none does.
std::size_t blank_length(std::string_view text, std::size_t place) {
  if (place >= text.size()) return 0;
  if (is_blank(text[place])) return 1;
  const std::string_view character = numbers::character_at(text, place);
  return is_wide_blank(character) ? character.size() : 0;
}
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_word(char c) { return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)); }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }

/// A minus sign and wide blanks as a keyboard has them: one character for one, so that columns stay.
std::string with_plain_characters(const std::string& text) {
  std::string plain;
  for (std::size_t place = 0; place < text.size();) {
    const std::string_view character = numbers::character_at(text, place);
    plain += character == numbers::minus_sign ? "-" : is_wide_blank(character) ? " " : character;
    place += character.size();
  }
  return plain;
}

/// -inf as tools and people write it.
bool is_minus_infinity(const std::string& text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower == "-inf" || lower == "-infinity" || lower == "-∞";
}

std::string trimmed(const std::string& text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_blank);
  const auto last = std::find_if_not(text.rbegin(), text.rend(), is_blank).base();
  return first < last ? std::string(first, last) : "";
}

}  // namespace

bool is_example_name(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-'; });
}

Scanner::Scanner(const std::string& file, const Fence& block) : file_(file), block_(block) {
  for (; !at_end(); next_line())
    if (const auto bad = derivation::first_bad_byte(block_.lines[line_])) {
      column_ = *bad;
      fail("a byte that is no UTF-8, or a character that no text has: save the file as UTF-8");
    }
  line_ = 0;
}

void Scanner::fail(const std::string& message) const { throw FileError(file_, place(), message); }

Place Scanner::place() const {
  const std::string before = at_end() ? "" : block_.lines[line_].substr(0, column_);
  const auto characters =
      std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return {block_.opened_at + 1 + static_cast<int>(line_), block_.indent + 1 + static_cast<int>(characters)};
}

void Scanner::next_line() {
  ++line_;
  column_ = 0;
}

void Scanner::skip_blanks() {
  while (!at_line_end() && blank_length(block_.lines[line_], column_) > 0)
    column_ += blank_length(block_.lines[line_], column_);
}

bool Scanner::at_statement() {
  for (; !at_end(); next_line()) {
    skip_blanks();
    if (!at_line_end() && peek() != '#') return true;
  }
  return false;
}

bool Scanner::at_matrix() {
  skip_blanks();
  return !at_line_end() && peek() == '[';
}

std::string Scanner::name() {
  if (!is_letter(peek()))
    fail("a line begins with a name: write NAME = [ … ], or a setting such as mask = causal");
  const std::size_t from = column_;
  while (!at_line_end() && is_word(peek())) ++column_;
  return block_.lines[line_].substr(from, column_ - from);
}

void Scanner::equals_sign(const std::string& name) {
  skip_blanks();
  if (at_line_end() || peek() != '=')
    fail("an equals sign is missing behind " + name + ": write " + name + " = …");
  ++column_;
  skip_blanks();
}

std::string Scanner::rest_of_line() {
  const std::string rest = at_line_end() ? "" : trimmed(block_.lines[line_].substr(column_));
  for (; !at_line_end(); ++column_)
    if (is_control(peek())) fail("a character that no text has: is this a text file?");
  next_line();
  return rest;
}

std::string Scanner::rest_before_comment() {
  const std::string rest = rest_of_line();
  return trimmed(with_plain_characters(rest.substr(0, rest.find('#'))));
}

Entry Scanner::entry() {
  const Place start = place();
  const std::size_t from = column_;
  while (!at_line_end() && blank_length(block_.lines[line_], column_) == 0 && peek() != ';' &&
         peek() != ']' && peek() != '#') {
    if (peek() == '[') fail("a [ inside a matrix: is the ] of the matrix before missing?");
    if (peek() == '=') fail("an = inside a matrix: is the ] of the matrix before missing?");
    if (is_control(peek())) fail("a character that no text has: is this a text file?");
    ++column_;
  }
  const std::string text = with_plain_characters(block_.lines[line_].substr(from, column_ - from));
  return {start, is_minus_infinity(text) ? "-inf" : text};
}

std::vector<std::vector<Entry>> Scanner::matrix(const std::string& name) {
  const Place start = place();
  ++column_;  // [
  std::vector<std::vector<Entry>> rows(1);
  std::size_t count = 0;
  const auto end_row = [&] {
    if (!rows.back().empty()) rows.emplace_back();
  };
  for (;;) {
    skip_blanks();
    if (at_end())
      throw FileError(file_, start, "the [ of " + name + " is never closed: write ] behind its last entry");
    if (at_line_end() || peek() == '#') {
      end_row();
      next_line();
    } else if (peek() == ';') {
      end_row();
      ++column_;
    } else if (peek() == ']') {
      break;
    } else {
      rows.back().push_back(entry());
      if (++count > caps::entries)
        throw FileError(file_, start, name + " has more than " + std::to_string(caps::entries) + " entries");
    }
  }
  ++column_;  // ]
  skip_blanks();
  if (!at_line_end() && peek() != '#') fail("only a comment may stand behind the ] of " + name);
  next_line();
  if (rows.back().empty()) rows.pop_back();
  check_rows(name, start, rows);
  return rows;
}

void Scanner::check_rows(const std::string& name, Place start,
                         const std::vector<std::vector<Entry>>& rows) const {
  if (rows.empty())
    throw FileError(file_, start, name + " has no entries: write at least one between [ and ]");
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].size() != rows[0].size())
      throw FileError(file_, rows[i][0].place,
                      "row " + std::to_string(i) + " of " + name + " has " + std::to_string(rows[i].size()) +
                          (rows[i].size() == 1 ? " entry" : " entries") + ", row 0 has " +
                          std::to_string(rows[0].size()) +
                          "; every row needs as many (a blank separates entries)");
}

}  // namespace paper
