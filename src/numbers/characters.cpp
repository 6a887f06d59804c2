#include "numbers/characters.hpp"

namespace numbers {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::size_t column_of(std::string_view text, std::size_t place) {
  std::size_t column = 1;
  for (std::size_t i = 0; i < place && i < text.size(); ++i)
    if (!continues_character(text[i])) ++column;
  return column;
}

std::string_view character_at(std::string_view text, std::size_t place) {
  std::size_t end = place + 1;
  while (end < text.size() && continues_character(text[end])) ++end;
  return text.substr(place, end - place);
}

}  // namespace numbers
