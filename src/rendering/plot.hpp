#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace rendering {

/// A figure of an example as SVG: axes with round numbers, one colour and one dash pattern a series, a
/// legend. Throws Error where it names a step that is not there, or columns of different lengths.
std::string plot(const derivation::Example& example, const derivation::Figure& figure);

}  // namespace rendering
