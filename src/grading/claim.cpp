#include "grading/claim.hpp"

#include <algorithm>
#include <cctype>

#include "numbers/expression.hpp"
#include "paper/inputs.hpp"

namespace grading {
namespace {

bool is_whole_literal(const std::string& text) {
  const std::size_t from = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() > from &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)); });
}

/// 8e-2 as 8.0e-2, which has one digit more; nothing for what is no whole number times a negative power.
std::optional<std::string> with_a_point(const std::string& text) {
  const std::size_t mark = text.find_first_of("eE");
  if (mark == std::string::npos || text.compare(mark + 1, 1, "-") != 0) return std::nullopt;
  if (!is_whole_literal(text.substr(0, mark)) || !is_whole_literal(text.substr(mark + 1)))
    return std::nullopt;
  return text.substr(0, mark) + ".0" + text.substr(mark);
}

/// A decimal by its point, or by a negative power of ten.
std::optional<numbers::DecimalLiteral> decimal_literal(const std::string& text) {
  const auto pointed = with_a_point(text);
  if (!pointed) return numbers::decimal_literal(text);
  auto literal = numbers::decimal_literal(*pointed);
  if (!literal) return std::nullopt;
  literal->half_unit *= 10;
  --literal->significant_digits;
  return literal;
}

std::optional<numbers::DecimalLiteral> decimal_at(const std::string& file, const paper::Entry& entry) {
  try {
    return decimal_literal(entry.text);
  } catch (const numbers::Error& error) {
    throw paper::FileError(file, entry.place, error.what());
  }
}

Claim measured_claim(const paper::Measured& number) {
  Claim claim;
  claim.kind = number.is_finite ? Claim::Kind::decimal : Claim::Kind::not_finite;
  claim.value = number.value;
  claim.half_unit = number.half_width;
  claim.half_unit_if_wrong = number.half_width_if_wrong;
  claim.significant_digits = number.significant_digits;
  return claim;
}

}  // namespace

Claim claim_of(const std::string& file, const paper::Entry& entry) {
  Claim claim;
  if (entry.text == "?") return claim;
  if (entry.measured) return measured_claim(*entry.measured);
  if (entry.text == "-inf") {
    claim.kind = Claim::Kind::hidden;
  } else if (const auto literal = decimal_at(file, entry)) {
    claim.kind = Claim::Kind::decimal;
    claim.value = literal->value;
    claim.half_unit = claim.half_unit_if_wrong = literal->half_unit;
    claim.significant_digits = literal->significant_digits;
  } else {
    claim.kind = is_whole_literal(entry.text) ? Claim::Kind::whole : Claim::Kind::closed_form;
    claim.value = paper::value_at(file, entry.place, entry.text);
  }
  return claim;
}

bool is_answered(const Claims& claims) {
  for (const auto& row : claims)
    for (const Claim& claim : row)
      if (claim.kind != Claim::Kind::unanswered) return true;
  return false;
}

/// Intervals decide nearly always, and far quicker than a difference in closed form.
bool Claim::allows(const Exact& truth) const {
  const Enclosure enclosed(truth);
  if (!is_number() || !overlap(interval(), enclosed)) return false;
  if (kind != Kind::decimal) return value == truth;
  const Enclosure least(value - half_unit), greatest(value + half_unit);
  if (less(least, enclosed) == numbers::Answer::yes && less(enclosed, greatest) == numbers::Answer::yes)
    return true;
  return abs(Exact(truth - value)) <= half_unit;
}

bool Claim::allows(const Enclosure& truth) const { return is_number() && overlap(interval(), truth); }

Enclosure Claim::interval() const {
  if (kind != Kind::decimal) return Enclosure(value);
  return Enclosure(value - half_unit, value + half_unit);
}

Claim Claim::as_chosen() const {
  Claim claim;
  claim.kind = Kind::closed_form;
  claim.value = value;
  return claim;
}

Claim Claim::as_mistaken() const {
  Claim claim = *this;
  claim.half_unit = half_unit_if_wrong;
  return claim;
}

}  // namespace grading
