#pragma once
#include <string>

#include "derivation/derivation.hpp"

namespace derivation {

/// A figure of an example as SVG: axes with round numbers, one colour and one dash pattern a series, a
/// legend. Throws Error where it names a step that is not there, or columns of different lengths.
std::string plot(const Example& example, const Figure& figure);

}  // namespace derivation
