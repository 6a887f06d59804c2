#pragma once
#include <string>
#include <utility>

/// Evaluates what print() writes in text: integers, + - * / ( ), sqrt and exp. It owes nothing to
/// src/numbers.
///
/// Number has these operations, and a constructor that takes the digits of an integer.
template <typename Number>
class ClosedForm {
 public:
  explicit ClosedForm(std::string text) : text_(std::move(text)) {}

  Number sum() {
    Number total = product();
    while (at('+') || at('-')) {
      const bool minus = text_[place_++] == '-';
      const Number next = product();
      total = minus ? total - next : total + next;
    }
    return total;
  }

 private:
  bool at(char c) const { return place_ < text_.size() && text_[place_] == c; }

  Number product() {
    Number total = atom();
    while (at('*') || at('/')) {
      const bool divides = text_[place_++] == '/';
      const Number next = atom();
      total = divides ? total / next : total * next;
    }
    return total;
  }

  Number atom() {
    if (at('-')) {
      ++place_;
      return -product();
    }
    if (text_.compare(place_, 4, "exp(") == 0) return exp(parentheses(4));
    if (text_.compare(place_, 5, "sqrt(") == 0) return sqrt(parentheses(5));
    if (at('(')) return parentheses(1);
    const std::size_t end = text_.find_first_not_of("0123456789", place_);
    const std::string digits = text_.substr(place_, end - place_);
    place_ += digits.size();
    return Number(digits);
  }

  Number parentheses(std::size_t opening) {
    place_ += opening;
    const Number value = sum();
    ++place_;
    return value;
  }

  std::string text_;
  std::size_t place_ = 0;
};
