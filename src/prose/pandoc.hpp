#pragma once
#include <string>

namespace prose {

/// The Markdown file as pandoc's JSON, with the source position of everything in it.
/// Throws derivation::Error where pandoc is missing or fails.
std::string pandoc_json(const std::string& file);

}  // namespace prose
