#include <algorithm>
#include <string>
#include <vector>

#include "numbers/exact_value.hpp"

namespace numbers {
namespace {

/// What the three notations write differently.
struct Symbols {
  const char *times, *times_after_root, *root, *end_root, *open, *close;
};

constexpr Symbols text_symbols{"*", "*", "sqrt(", ")", "(", ")"};
constexpr Symbols unicode_symbols{"", "·", "√", "", "(", ")"};
constexpr Symbols tex_symbols{"", "", "\\sqrt{", "}", "\\left(", "\\right)"};
constexpr Symbols tex_exponent_symbols{"", "", "\\sqrt{", "}", "(", ")"};

/// A part of what is written, without its sign.
struct Piece {
  bool negative = false;
  std::string body;
  bool is_sum = false;
  bool is_quotient = false;
};

Sum in_order_of_display(Sum sum) {
  std::sort(sum.begin(), sum.end(),
            [](const Term& a, const Term& b) { return sign(a.exponent - b.exponent) < 0; });
  if (!sum.empty() && sign(sum.front().exponent) < 0) std::reverse(sum.begin(), sum.end());
  return sum;
}

bool is_displayed_before(const Factor& a, const Factor& b) {
  return in_order_of_display(*b.sum) < in_order_of_display(*a.sum);
}

/// The greater sums first, and what has no denominator before all.
bool is_displayed_before(const Factors& a, const Factors& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const Factor& x, const Factor& y) { return is_displayed_before(x, y); });
}

/// Whether fractions are shorter over one denominator is only asked where its numerator has at most so many
/// terms.
constexpr std::size_t most_terms_over_one = 256;

/// How many terms the numerator over one denominator has at most, up to a limit.
std::size_t most_terms_together(const Fractions& fractions) {
  std::size_t count = 0;
  for (const Fraction& fraction : fractions) count += fraction.numerator.size();
  for (const Fraction& fraction : fractions)
    for (const Factor& factor : fraction.denominator)
      for (int i = 0; i < factor.power && count <= most_terms_over_one; ++i) count *= factor.sum->size();
  return count;
}

std::size_t terms_written(const Fractions& fractions) {
  std::size_t count = 0;
  for (const Fraction& fraction : fractions) {
    count += fraction.numerator.size();
    for (const Factor& factor : fraction.denominator) count += factor.sum->size();
  }
  return count;
}

/// Over one denominator where that is no longer; and always 7+3/(1+e), a whole part and one fraction:
/// (10+7e)/(1+e).
Fractions in_form_for_display(const Fractions& a) {
  if (a.size() < 2 || most_terms_together(a) > most_terms_over_one) return a;
  const Fractions one{together(a)};
  const bool is_whole_and_one = a.size() == 2 && a.front().denominator.empty();
  return is_whole_and_one || terms_written(one) <= terms_written(a) ? one : a;
}

class Writer {
 public:
  Writer(Notation notation, bool in_exponent = false) : notation_(notation), in_exponent_(in_exponent) {
    if (notation == Notation::text) symbols_ = text_symbols;
    if (notation == Notation::unicode) symbols_ = unicode_symbols;
    if (notation == Notation::tex) symbols_ = in_exponent ? tex_exponent_symbols : tex_symbols;
  }

  Piece value(Fractions a) const {
    std::sort(a.begin(), a.end(), [](const Fraction& x, const Fraction& y) {
      return is_displayed_before(x.denominator, y.denominator);
    });
    std::vector<Piece> pieces;
    for (const Fraction& next : a) pieces.push_back(fraction(next));
    if (pieces.size() == 1) return pieces.front();
    const auto positive =
        std::find_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return !piece.negative; });
    if (positive != pieces.end()) std::rotate(pieces.begin(), positive, positive + 1);  // it stands first
    return {false, joined(pieces), true};
  }

  std::string parentheses(const std::string& body) const { return symbols_.open + body + symbols_.close; }

 private:
  Piece fraction(const Fraction& a) const {
    if (a.denominator.empty()) return sum_of_fractions(a.numerator);
    const Integer bottom = denominator(content(a.numerator));
    const Piece top = numerator(scale(a.numerator, Surd(Rational(bottom))));
    return {top.negative, fraction(top, factors(a.denominator, bottom)), false, true};
  }

  std::string root(std::int64_t n) const { return symbols_.root + std::to_string(n) + symbols_.end_root; }

  std::string exponential(const Surd& a) const {
    if (notation_ == Notation::text) return "exp(" + exponent(a) + ")";
    if (is_one(a)) return "e";
    if (notation_ == Notation::tex) return "e^{" + exponent(a) + "}";
    const bool is_plain = is_rational(a) && is_integer(a.p) && sign(a.p) > 0;
    return is_plain ? "e^" + exponent(a) : "e^(" + exponent(a) + ")";
  }

  std::string exponent(const Surd& a) const {
    return joined({Writer(notation_, true).sum_of_fractions(constant(a))});
  }

  /// An integer times √n (or times 1): 3√2, √2, 3.
  Piece multiple(const Integer& factor, const std::string& root) const {
    const Integer size = abs(factor);
    if (root.empty()) return {factor < 0, size.str()};
    return {factor < 0, size == 1 ? root : size.str() + symbols_.times + root};
  }

  /// p + q√n with integers p and q: one piece, or two of which a positive one stands first.
  std::vector<Piece> surd(const Surd& a) const {
    std::vector<Piece> pieces;
    if (!is_zero(a.p)) pieces.push_back(multiple(boost::multiprecision::numerator(a.p), ""));
    if (!is_zero(a.q)) pieces.push_back(multiple(boost::multiprecision::numerator(a.q), root(a.n)));
    if (pieces.size() == 2 && pieces[0].negative && !pieces[1].negative) std::swap(pieces[0], pieces[1]);
    return pieces;
  }

  /// A term whose coefficient has integer parts.
  std::vector<Piece> term(const Term& a) const {
    const std::vector<Piece> coefficient = surd(a.coefficient);
    if (is_zero(a.exponent)) return coefficient;
    const std::string power = exponential(a.exponent);
    Piece product = as_one(coefficient);
    if (product.is_sum)
      product.body = parentheses(product.body) + symbols_.times + power;
    else if (product.body == "1")
      product.body = power;
    else
      product.body += (is_rational(a.coefficient) ? symbols_.times : symbols_.times_after_root) + power;
    product.is_sum = false;
    return {product};
  }

  /// The pieces as one, whose sign is that of the first.
  Piece as_one(std::vector<Piece> pieces) const {
    if (pieces.size() == 1) return pieces.front();
    const bool negative = pieces.front().negative;
    for (Piece& piece : pieces) piece.negative = piece.negative != negative;
    return {negative, joined(pieces), true};
  }

  static std::string joined(const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces) {
      if (piece.negative)
        text += "-";
      else if (!text.empty())
        text += "+";
      text += piece.body;
    }
    return text;
  }

  /// A sum whose coefficients have integer parts.
  Piece numerator(const Sum& sum) const {
    std::vector<Piece> pieces;
    for (const Term& next : in_order_of_display(sum))
      for (const Piece& piece : term(next)) pieces.push_back(piece);
    return as_one(pieces);
  }

  /// A sum without a denominator of its own, each term over the integer that its coefficient has:
  /// 1/2+e^(-1)/3.
  Piece sum_of_fractions(const Sum& sum) const {
    std::vector<Piece> pieces;
    for (const Term& next : in_order_of_display(sum)) {
      const Integer bottom = denominator(content({next}));
      const std::vector<Piece> top = term({next.exponent, next.coefficient * Surd(Rational(bottom))});
      if (bottom == 1)
        pieces.insert(pieces.end(), top.begin(), top.end());
      else
        pieces.push_back({as_one(top).negative, fraction(as_one(top), {false, bottom.str()}), false, true});
    }
    if (pieces.size() == 1) return pieces.front();
    return {false, joined(pieces), true};
  }

  /// top/bottom without the sign of top; what is a sum or a product below is marked as a sum.
  std::string fraction(const Piece& top, const Piece& bottom) const {
    if (notation_ == Notation::tex && !in_exponent_) return "\\frac{" + top.body + "}{" + bottom.body + "}";
    return (top.is_sum ? parentheses(top.body) : top.body) + "/" +
           (bottom.is_sum ? parentheses(bottom.body) : bottom.body);
  }

  /// The denominator. A single factor takes the integer in: 2+2e^(-1).
  Piece factors(std::vector<Factor> all, const Integer& integer) const {
    if (all.size() == 1 && all.front().power == 1)
      return {false, numerator(scale(*all.front().sum, Surd(Rational(integer)))).body, true};
    std::sort(all.begin(), all.end(),
              [](const Factor& a, const Factor& b) { return is_displayed_before(a, b); });
    std::string product = integer == 1 ? "" : integer.str();
    for (const Factor& factor : all) product += (product.empty() ? "" : between_factors()) + power(factor);
    const bool is_single = all.size() == 1 && integer == 1;
    return {false, product, !is_single && notation_ != Notation::text};
  }

  /// As text, one division after the other, a/(f)/(g): so it reads back with the same factors.
  std::string between_factors() const { return notation_ == Notation::text ? "/" : symbols_.times; }

  std::string power(const Factor& factor) const {
    const std::string base = parentheses(numerator(*factor.sum).body);
    if (factor.power == 1) return base;
    if (notation_ == Notation::unicode) return base + "^" + std::to_string(factor.power);
    if (notation_ == Notation::tex) return base + "^{" + std::to_string(factor.power) + "}";
    std::string product = base;
    for (int i = 1; i < factor.power; ++i) product += between_factors() + base;
    return product;
  }

  Notation notation_;
  bool in_exponent_;
  Symbols symbols_{};
};

Piece write(const Exact& a, Notation notation) {
  if (const Rational* known = rational(a); known != nullptr && is_zero(*known)) return {false, "0"};
  return Writer(notation).value(in_form_for_display(*AsFractions(a)));
}

}  // namespace

std::string print(const Exact& a, Notation notation) {
  const Piece piece = write(a, notation);
  return (piece.negative ? "-" : "") + piece.body;
}

std::string print_factor(const Exact& a, Notation notation) {
  const Piece piece = write(a, notation);
  const bool is_slashed = piece.is_quotient && notation != Notation::tex;
  if (!piece.negative && !piece.is_sum && !is_slashed) return piece.body;
  return Writer(notation).parentheses((piece.negative ? "-" : "") + piece.body);
}

}  // namespace numbers
