#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace derivation {

/// Where the first byte stands that belongs to no character which a text may have: what is no UTF-8 (overlong
/// forms and surrogates among it), and U+FFFE and U+FFFF, which no XML and so no picture can hold. Nothing
/// where all is well.
std::optional<std::size_t> first_bad_byte(std::string_view text);

/// Throws FileError where a file's name is no UTF-8: it stands in what is written about it.
void require_readable_name(const std::string& path);

/// Throws FileError with line and column where the content of a file is no UTF-8.
void require_utf8(const std::string& path, std::string_view content);

}  // namespace derivation
