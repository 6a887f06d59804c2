#pragma once
#include <string>

#include "derivation/derivation.hpp"

/// What a derivation looks like: JSON, Markdown, a terminal's text, pictures.
namespace rendering {

/// The derivation as JSON, as docs/derivation.schema.json describes it.
std::string to_json(const derivation::Derivation& derivation);

/// Reads it back. Throws Error for what is no such JSON.
derivation::Derivation from_json(const std::string& text);

/// Reads it from the disk. Throws FileError.
derivation::Derivation load_json(const std::string& file);

/// What differs between two such JSON texts, in words; empty where nothing does. The
/// machine-dependent fields (double, gap and the summary) may differ by `ulps` units in the last place (a gap
/// by those of the largest double beside it), and no other field.
std::string difference(const std::string& committed, const std::string& regenerated, int ulps);

}  // namespace rendering
