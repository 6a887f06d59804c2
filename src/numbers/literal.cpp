#include "numbers/literal.hpp"

#include "numbers/characters.hpp"
#include "numbers/expression.hpp"

namespace numbers {
namespace {

class LiteralReader {
 public:
  LiteralReader(std::string_view text, std::size_t start) : text_(text), start_(start), place_(start) {}

  Literal read() {
    read_digits();
    if (at('.')) read_fraction();
    if (at(',')) refuse_comma();
    if (at('e') || at('E')) read_exponent();
    literal_.length = place_ - start_;
    if (literal_.length > caps::literal_length)
      fail(start_, "a number may have at most " + std::to_string(caps::literal_length) +
                       " characters, this has " + std::to_string(literal_.length) + ": round it");
    return literal_;
  }

 private:
  bool at(char c) const { return place_ < text_.size() && text_[place_] == c; }
  bool at_digit() const { return place_ < text_.size() && is_digit(text_[place_]); }
  std::string so_far() const { return std::string(text_.substr(start_, place_ - start_)); }

  [[noreturn]] void fail(std::size_t place, const std::string& message) const {
    throw ExpressionError(column_of(text_, place), message);
  }

  std::size_t read_digits() {
    const std::size_t before = place_;
    while (at_digit()) literal_.digits += text_[place_++];
    return place_ - before;
  }

  void read_fraction() {
    ++place_;
    literal_.has_point = true;
    literal_.places = static_cast<int>(read_digits());
    if (literal_.places == 0) fail(place_ - 1, "a digit must follow the point: write " + so_far() + "0");
    if (at('.')) fail(place_, "a number has one point: put a blank between two entries");
  }

  void refuse_comma() {
    std::size_t end = place_ + 1;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const std::string after(text_.substr(place_ + 1, end - place_ - 1));
    std::string hint = "put a blank between two entries";
    if (!after.empty() && !literal_.has_point) hint = "write " + so_far() + "." + after + ", or " + hint;
    fail(place_, "a comma does not belong in a number: " + hint);
  }

  void read_exponent() {
    const std::size_t mark = place_++;
    const bool negative = at('-');
    if (negative || at('+')) ++place_;
    if (!at_digit())
      fail(mark,
           "digits must follow the 'e' of a power of ten: write 2e5 for 2*10^5, or 2*exp(1) for 2 times e");
    while (at_digit()) {
      literal_.exponent = 10 * literal_.exponent + (text_[place_++] - '0');
      if (literal_.exponent > caps::exponent)
        fail(mark, "the power of ten in a number may be at most " + std::to_string(caps::exponent));
    }
    if (negative) literal_.exponent = -literal_.exponent;
  }

  std::string_view text_;
  std::size_t start_, place_;
  Literal literal_;
};

}  // namespace

Literal read_literal(std::string_view text, std::size_t place) { return LiteralReader(text, place).read(); }

Exact ten_to(int exponent) {
  return exponent < 0 ? 1 / ten_to(-exponent)
                      : integer("1" + std::string(static_cast<std::size_t>(exponent), '0'));
}

Exact value_of(const Literal& literal) {
  return integer(literal.digits) * ten_to(literal.exponent - literal.places);
}

}  // namespace numbers
