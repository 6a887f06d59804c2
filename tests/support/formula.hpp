#pragma once
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

/// The value of a closed form in double precision, written for the tests alone: + - * / ^ ( ), sqrt(…),
/// exp(…), numbers and -inf. It shares no line with src/numbers.
class Formula {
 public:
  static double value(const std::string& text) {
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    Formula formula(text);
    const double result = formula.sum();
    if (*formula.at_) throw std::invalid_argument("'" + text + "' is no formula: " + formula.at_);
    return result;
  }

 private:
  explicit Formula(const std::string& text) : at_(text.c_str()) {}

  bool accept(const std::string& word) {
    if (std::strncmp(at_, word.c_str(), word.size()) != 0) return false;
    at_ += word.size();
    return true;
  }

  double sum() {
    double total = product();
    while (true) {
      if (accept("+"))
        total += product();
      else if (accept("-"))
        total -= product();
      else
        return total;
    }
  }

  double product() {
    double total = power();
    while (true) {
      if (accept("*"))
        total *= power();
      else if (accept("/"))
        total /= power();
      else
        return total;
    }
  }

  double power() {
    if (accept("-")) return -power();
    const double base = atom();
    return accept("^") ? std::pow(base, power()) : base;
  }

  double atom() {
    if (accept("sqrt(")) return std::sqrt(closed());
    if (accept("exp(")) return std::exp(closed());
    if (accept("(")) return closed();
    char* end = nullptr;
    const double number = std::strtod(at_, &end);
    if (end == at_) throw std::invalid_argument(std::string("a number is missing: ") + at_);
    at_ = end;
    return number;
  }

  double closed() {
    const double inside = sum();
    if (!accept(")")) throw std::invalid_argument(std::string("a ) is missing: ") + at_);
    return inside;
  }

  const char* at_;
};
