#include "derivation/utf8.hpp"

#include <algorithm>
#include <cstdint>

#include "derivation/files.hpp"

namespace derivation {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t place) {
  return place < text.size() ? static_cast<unsigned char>(text[place]) : 0;
}

bool continues(std::uint32_t byte) { return (byte & 0xC0U) == 0x80U; }

/// How many bytes the character has that begins with this one; 0 where none does.
std::size_t length_of(std::uint32_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/// What three or four bytes can spell and Unicode does not have, or has twice.
bool is_forbidden(std::uint32_t character, std::size_t length) {
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xD800 && character <= 0xDFFF;
  return character < smallest[length] || character > 0x10FFFF || is_surrogate || character == 0xFFFE ||
         character == 0xFFFF;
}

/// The length of the character at a place; 0 where there is none.
std::size_t character_length(std::string_view text, std::size_t place) {
  const std::uint32_t first = byte_at(text, place);
  const std::size_t length = length_of(first);
  if (length <= 1) return length;
  std::uint32_t character = first & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    const std::uint32_t next = byte_at(text, place + k);
    if (!continues(next)) return 0;
    character = (character << 6U) | (next & 0x3FU);
  }
  return is_forbidden(character, length) ? 0 : length;
}

/// The text with a ? for each byte that no terminal could show.
std::string readable(std::string text) {
  while (const auto bad = first_bad_byte(text)) text[*bad] = '?';
  return text;
}

}  // namespace

std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t place = 0; place < text.size();) {
    const std::size_t length = character_length(text, place);
    if (length == 0) return place;
    place += length;
  }
  return std::nullopt;
}

void require_readable_name(const std::string& path) {
  if (first_bad_byte(path))
    throw FileError(readable(path) +
                    ": the file's name has a byte that is no UTF-8 (here a ?): give it another name");
}

void require_utf8(const std::string& path, std::string_view content) {
  const auto bad = first_bad_byte(content);
  if (!bad) return;
  const std::string_view before = content.substr(0, *bad);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::string_view in_line = before.substr(before.find_last_of('\n') + 1);
  const auto column = 1 + std::count_if(in_line.begin(), in_line.end(),
                                        [](char c) { return !continues(static_cast<unsigned char>(c)); });
  throw FileError(path + ":" + std::to_string(line) + ":" + std::to_string(column) +
                  ": a byte that is no UTF-8: save the file as UTF-8");
}

}  // namespace derivation
