#include "numbers/expression.hpp"

#include <map>

#include "numbers/characters.hpp"
#include "numbers/literal.hpp"

namespace numbers {
namespace {

/// Recursive descent over
///   sum     = product { ("+" | "-") product }
///   product = signed { ("*" | "/") signed }
///   signed  = { "+" | "-" } power
///   power   = ( atom | "e" ) [ "^" signed ]
///   atom    = number | name | function "(" sum ")" | "(" sum ")"
class Parser {
 public:
  Parser(std::string_view text, const Lookup& lookup) : text_(text), lookup_(lookup) {}

  Exact parse() {
    if (text_.size() > caps::expression_length)
      fail(caps::expression_length, "an expression may have at most " +
                                        std::to_string(caps::expression_length) +
                                        " characters: split it up, or compute a part of it by hand");
    skip_blanks();
    if (at_end()) fail(place_, "an expression is missing: write a number, or ? for no answer");
    const Exact value = sum();
    if (!at_end()) fail_at_character();
    return value;
  }

 private:
  bool at_end() const { return place_ >= text_.size(); }
  bool at(char c) const { return !at_end() && text_[place_] == c; }
  bool at_minus() const { return at('-') || text_.substr(place_, minus_sign.size()) == minus_sign; }

  void skip_blanks() {
    while (!at_end() && is_blank(text_[place_])) ++place_;
  }

  void advance(std::size_t bytes) {
    place_ += bytes;
    skip_blanks();
  }

  bool accept(char c) {
    if (!at(c)) return false;
    advance(1);
    return true;
  }

  bool accept_minus() {
    if (!at_minus()) return false;
    advance(at('-') ? 1 : minus_sign.size());
    return true;
  }

  [[noreturn]] void fail(std::size_t place, const std::string& message) const {
    throw ExpressionError(column_of(text_, place), message);
  }

  /// Runs a calculation; what it cannot do is said with the place of its operator.
  template <typename Calculation>
  Exact at_place(std::size_t place, Calculation calculation) const {
    try {
      return calculation();
    } catch (const ExpressionError&) {
      throw;
    } catch (const Error& error) {
      fail(place, error.what());
    }
  }

  /// Counts a level of nesting while it lives.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.nesting_ > caps::nesting)
        parser_.fail(parser_.place_, "parentheses, signs and powers may stand in each other " +
                                         std::to_string(caps::nesting) + " deep at most: leave some out");
    }
    ~Level() { --parser_.nesting_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  Exact sum() {
    Exact total = product();
    while (true) {
      const std::size_t place = place_;
      if (accept('+')) {
        const Exact next = product();
        total = at_place(place, [&] { return total + next; });
      } else if (accept_minus()) {
        const Exact next = product();
        total = at_place(place, [&] { return total - next; });
      } else {
        return total;
      }
    }
  }

  Exact product() {
    Exact total = signed_power();
    while (true) {
      const std::size_t place = place_;
      if (accept('*')) {
        if (at('*')) fail(place, "a power is written with ^: 2^3");
        const Exact next = signed_power();
        total = at_place(place, [&] { return total * next; });
      } else if (accept('/')) {
        const Exact next = signed_power();
        total = at_place(place, [&] { return total / next; });
      } else {
        return total;
      }
    }
  }

  Exact signed_power() {
    if (at('+') || at_minus()) {
      const Level level(*this);
      if (accept_minus()) return -signed_power();
      accept('+');
      return signed_power();
    }
    if (const std::size_t place = place_; accept_e()) return power_of_e(place);
    const Exact base = atom();
    const std::size_t place = place_;
    if (!accept('^')) return base;
    const Level level(*this);
    const int exponent = small_integer(signed_power(), place);
    return at_place(place, [&] { return pow(base, exponent); });
  }

  int small_integer(const Exact& exponent, std::size_t place) const {
    if (!is_integer(exponent))
      fail(place, "^ takes an integer exponent, unless it stands behind e: write sqrt(x) for x^(1/2)");
    if (abs(exponent) > Exact(caps::exponent))
      fail(place, "the exponent of ^ may be at most " + std::to_string(caps::exponent) + " (or minus that)");
    return static_cast<int>(to_double(exponent));
  }

  /// Euler's number, where no name of that spelling can be meant. Its powers are exponentials of any
  /// exponent.
  bool accept_e() {
    const auto is_part_of_word = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '('; };
    if (lookup_ || !at('e') || (place_ + 1 < text_.size() && is_part_of_word(text_[place_ + 1])))
      return false;
    advance(1);
    return true;
  }

  Exact power_of_e(std::size_t place) {
    if (!accept('^')) return exp(Exact(1));
    const Level level(*this);
    const Exact exponent = signed_power();
    return at_place(place, [&] { return exp(exponent); });
  }

  Exact atom() {
    if (at_end()) fail(place_, "the expression ends where a number is missing");
    if (at('(')) return parentheses();
    const bool is_point_before_digit = at('.') && place_ + 1 < text_.size() && is_digit(text_[place_ + 1]);
    if (is_digit(text_[place_]) || is_point_before_digit) return number();
    if (is_letter(text_[place_])) return name_or_function();
    fail_at_character();
  }

  Exact parentheses() {
    const Level level(*this);
    const std::size_t open = place_;
    advance(1);
    if (at(')')) fail(place_, "these parentheses are empty: write a number between them");
    const Exact value = sum();
    if (at_end()) fail(open, "this parenthesis is not closed: a ) is missing");
    if (!accept(')')) fail_at_character();
    return value;
  }

  Exact number() {
    const std::size_t place = place_;
    const Literal literal = read_literal(text_, place);
    advance(literal.length);
    return at_place(place, [&] { return value_of(literal); });
  }

  Exact name_or_function() {
    const std::size_t place = place_;
    const std::string word = this->word();
    static const std::map<std::string, Exact (*)(const Exact&)> functions{
        {"sqrt", sqrt}, {"exp", exp}, {"abs", abs}};
    const auto function = functions.find(word);
    if (function != functions.end()) {
      if (!at('(')) fail(place, word + " needs parentheses: write " + word + "(2)");
      const Exact argument = parentheses();
      return at_place(place, [&] { return function->second(argument); });
    }
    if (at('(')) fail(place, "unknown function '" + word + "': there are sqrt, exp and abs");
    const Name name = indexed(word);
    if (!lookup_) fail(place, unknown(word));
    return at_place(place, [&] { return lookup_(name); });
  }

  static std::string unknown(const std::string& word) {
    std::string hint = "write numbers, + - * / ^ ( ), sqrt, exp and abs";
    if (word == "inf") hint = "-inf stands alone, it cannot be calculated with";
    return "unknown name '" + word + "': " + hint;
  }

  std::string word() {
    const std::size_t start = place_;
    while (!at_end() && (is_letter(text_[place_]) || is_digit(text_[place_]) || at('.'))) ++place_;
    if (text_[place_ - 1] == '.') fail(place_ - 1, "a name cannot end in a point");
    const std::string word(text_.substr(start, place_ - start));
    skip_blanks();
    return word;
  }

  Name indexed(const std::string& word) {
    Name name{word, {}, {}};
    const std::size_t open = place_;
    if (!accept('[')) return name;
    name.row = index();
    if (accept(',')) name.col = index();
    if (at_end()) fail(open, "this bracket is not closed: a ] is missing");
    if (!accept(']')) fail(place_, "an entry is written A[0,1], and a row's value l[0]: a ] is missing");
    return name;
  }

  int index() {
    const std::size_t place = place_;
    int value = 0;
    while (!at_end() && is_digit(text_[place_]) && place_ - place < 9)
      value = 10 * value + (text_[place_++] - '0');
    if (place_ == place) fail(place, "a row or column is written as a number, counted from 0: A[0,1]");
    skip_blanks();
    return value;
  }

  /// Says what a character that fits nowhere should have been.
  [[noreturn]] void fail_at_character() const {
    static const std::map<std::string_view, std::string> hints{
        {",", "a comma does not belong here: write a point in a number, or put a blank between two entries"},
        {")", "this ) closes no parenthesis: leave it out, or write the ( before it"},
        {"×", "'×' is written *"},
        {"·", "'·' is written *"},
        {"÷", "'÷' is written /"},
        {"√", "'√' is written sqrt(…)"},
        {"²", "'²' is written ^2"},
        {"–", "this dash is no minus sign: write -"},
        {"∞", "'∞' is no number: -inf stands alone, it cannot be calculated with"},
        {"?", "? stands alone, for an entry without an answer"}};
    const std::string_view character = character_at(text_, place_);
    const auto hint = hints.find(character);
    if (hint != hints.end()) fail(place_, hint->second);
    if (is_digit(character[0]) || is_letter(character[0]) || character == "(" || character == ".")
      fail(place_, "an operator is missing here: write * for a product, or put a blank between two entries");
    fail(place_,
         "unexpected '" + std::string(character) + "': write numbers, + - * / ^ ( ), sqrt, exp and abs");
  }

  std::string_view text_;
  const Lookup& lookup_;
  std::size_t place_ = 0;
  int nesting_ = 0;
};

}  // namespace

Exact evaluate(std::string_view text, const Lookup& lookup) { return Parser(text, lookup).parse(); }

std::optional<DecimalLiteral> decimal_literal(std::string_view text) {
  std::size_t place = 0;
  const bool is_minus = text.substr(0, 1) == "-",
             is_minus_sign = text.substr(0, minus_sign.size()) == minus_sign;
  if (is_minus || text.substr(0, 1) == "+") place = 1;
  if (is_minus_sign) place = minus_sign.size();
  if (text.substr(place).find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  const std::string_view number = text.substr(place);
  const bool has_digit = number.find_first_of("0123456789") <= 1;
  if (!has_digit || number.find('.') == std::string_view::npos) return std::nullopt;
  try {
    const Literal literal = read_literal(text, place);
    if (!literal.has_point || literal.length != number.size()) return std::nullopt;
    const Exact value = value_of(literal);
    const std::size_t first = literal.digits.find_first_not_of('0');
    const auto significant = first == std::string::npos ? 0 : literal.digits.size() - first;
    return DecimalLiteral{is_minus || is_minus_sign ? -value : value,
                          ten_to(literal.exponent - literal.places) / 2, static_cast<int>(significant)};
  } catch (const ExpressionError&) {
    if (text.size() > caps::literal_length) throw;
    return std::nullopt;
  }
}

}  // namespace numbers
