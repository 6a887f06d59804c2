#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace numbers {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The minus sign U+2212, which editors and web pages put for a hyphen.
constexpr std::string_view minus_sign = "−";

/// A byte of a UTF-8 character behind its first one.
inline bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The column of a place in UTF-8 text: characters (code points), counted from 1.
inline std::size_t column_of(std::string_view text, std::size_t place) {
  std::size_t column = 1;
  for (std::size_t i = 0; i < place && i < text.size(); ++i)
    if (!continues_character(text[i])) ++column;
  return column;
}

/// The whole character that begins at a place.
inline std::string_view character_at(std::string_view text, std::size_t place) {
  std::size_t end = place + 1;
  while (end < text.size() && continues_character(text[end])) ++end;
  return text.substr(place, end - place);
}

}  // namespace numbers
