#pragma once
#include <optional>
#include <string>

namespace prose {

/// 23 of "Twenty-three": a whole number from 0 to 99 that is written in words; nothing for any other word.
std::optional<int> number_in_words(const std::string& word);

}  // namespace prose
