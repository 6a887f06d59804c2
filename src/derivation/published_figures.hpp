#pragma once
#include <string>
#include <vector>

#include "derivation/page.hpp"

/// Figures that others have published, beside their exact values.
namespace derivation {

/// A step, and its figures as they were published: one text an entry, "" where there is none. Entries that
/// are missing at the end of a row, and rows at the end, have none either.
struct Published {
  Term step;
  Entries figures;
};

/// Whether the figure is the value to within half a unit of the last digit that was printed. A whole number,
/// and whatever else is no decimal, claims to be exact. Throws numbers::Error for a text that is no number.
bool has_right_digits(const std::string& figure, const Exact& value);

/// Writes the step `compared`: every published figure beside its exact value, a row each. And the fact that
/// `right` of them have right digits.
void compare_with_published(Page& page, const std::vector<Published>& all, int right);

}  // namespace derivation
