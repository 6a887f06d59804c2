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

/// The column of a place in UTF-8 text: characters (code points), counted from 1.
std::size_t column_of(std::string_view text, std::size_t place);

/// The whole character that begins at a place.
std::string_view character_at(std::string_view text, std::size_t place);

}  // namespace numbers
