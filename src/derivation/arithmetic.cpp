#include "derivation/arithmetic.hpp"

#include "derivation/names.hpp"
#include "numbers/decimal.hpp"

namespace derivation {
namespace {

using numbers::Notation;

/// A closed form wider than this (a third of a terminal's line) hides more than it shows; in a sum of
/// products, half.
constexpr std::size_t readable_width = 24;
constexpr std::size_t readable_factor_width = 12;

struct Symbols {
  const char *times, *minus, *minus_infinity, *max, *exp, *approximately;
};

Symbols symbols(Notation notation) {
  if (notation == Notation::tex) return {" \\cdot ", " - ", "-\\infty", "\\max", "\\exp", " \\approx "};
  return {"·", " - ", "-∞", "max", "exp", " ≈ "};
}

/// Whether a + or − stands outside every pair of parentheses or braces.
bool has_outer_sign(const std::string& text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (depth == 0 && (c == '+' || c == '-')) return true;
  }
  return false;
}

/// Writes entries: all of one sum in closed form, or all as decimals.
class Writer {
 public:
  Writer(const std::vector<Exact>& entries, std::size_t widest, Notation notation) : notation_(notation) {
    for (const Exact& entry : entries)
      if (width_of(print(entry, Notation::unicode)) > widest) rounded_ = true;
  }

  bool rounded() const { return rounded_; }
  std::string plain(const Exact& value) const {
    return rounds(value) ? numbers::six_places(value, notation_) : print(value, notation_);
  }
  /// The right side of a difference: in parentheses where a sign would be read wrongly.
  std::string subtrahend(const Exact& value) const {
    const std::string text = plain(value);
    return has_outer_sign(text) ? "(" + text + ")" : text;
  }
  std::string factor(const Exact& value) const {
    if (!rounds(value)) return print_factor(value, notation_);
    return value < 0 ? "(" + plain(value) + ")" : plain(value);
  }

 private:
  bool rounds(const Exact& value) const { return rounded_ && !is_integer(value); }
  Notation notation_;
  bool rounded_ = false;
};

using Tables = std::vector<Table<Exact>>;

Tables operand_tables(const Example& example, const Step& step) {
  Tables tables;
  for (const std::string& operand : step.operands) tables.push_back(exact_operand(example, operand));
  return tables;
}

/// The entry of the second operand that stands opposite (i, j).
const Exact& opposite(const Table<Exact>& b, Index i, Index j) {
  const Stretched stretched{b.rows(), b.cols()};
  return b.values(stretched.row(i), stretched.col(j));
}

/// The operand and its column that column j of a head or a concatenation was copied from.
struct Source {
  const Table<Exact>* table;
  Index col;
};

Source source_of(const Step& step, const Tables& operands, Index j) {
  if (step.operation == Operation::head)
    return {&operands[0],
            (static_cast<Index>(to_double(operands[1].values(0, 0))) - 1) * step.exact.cols() + j};
  std::size_t part = 0;
  while (j >= operands[part].cols()) j -= operands[part++].cols();
  return {&operands[part], j};
}

/// All the entries that the entry (i, j) is made of: they decide together whether closed forms are readable.
std::vector<Exact> ingredients(const Step& step, const Tables& operands, Index i, Index j) {
  std::vector<Exact> entries;
  const Table<Exact>& a = operands[0];
  switch (step.operation) {
    case Operation::product:
      for (Index k = 0; k < a.cols(); ++k) {
        entries.push_back(a.values(i, k));
        entries.push_back(operands[1].values(k, j));
      }
      break;
    case Operation::row_maxima:
    case Operation::row_sums:
      for (Index k = 0; k < a.cols(); ++k) entries.push_back(a.values(i, k));
      break;
    case Operation::transpose:
      entries.push_back(a.values(j, i));
      break;
    case Operation::power:
      entries = {a.values(0, 0), operands[1].values(i, j)};
      break;
    case Operation::diagonal:
      entries.push_back(a.values(i, 0));
      break;
    case Operation::head:
    case Operation::concatenation: {
      const Source source = source_of(step, operands, j);
      entries.push_back(source.table->values(i, source.col));
      break;
    }
    default:
      entries.push_back(a.values(i, j));
      if (operands.size() > 1) entries.push_back(opposite(operands[1], i, j));
  }
  return entries;
}

std::string product_sum(const Tables& operands, Index i, Index j, const Writer& writer,
                        const Symbols& symbol) {
  std::string text;
  for (Index k = 0; k < operands[0].cols(); ++k)
    text += (k == 0 ? "" : " + ") + writer.factor(operands[0].values(i, k)) + symbol.times +
            writer.factor(operands[1].values(k, j));
  return text;
}

std::string row_maximum(const Table<Exact>& a, Index i, const Writer& writer, const Symbols& symbol) {
  std::string text = std::string(symbol.max) + "(";
  for (Index k = 0; k < a.cols(); ++k)
    text += (k == 0 ? "" : ", ") + (a.visible(i, k) ? writer.plain(a.values(i, k)) : symbol.minus_infinity);
  return text + ")";
}

std::string row_sum(const Table<Exact>& a, Index i, const Writer& writer) {
  std::string text;
  for (Index k = 0; k < a.cols(); ++k) {
    text += k == 0 ? writer.plain(a.values(i, k)) : " + " + writer.subtrahend(a.values(i, k));
  }
  return text;
}

std::string of_two(Operation operation, const Exact& a, const Exact& b, const Writer& writer,
                   const Symbols& symbol, Notation notation) {
  switch (operation) {
    case Operation::sum:
      return writer.plain(a) + " + " + writer.subtrahend(b);
    case Operation::difference:
      return writer.plain(a) + symbol.minus + writer.subtrahend(b);
    case Operation::entrywise_product:
      return writer.factor(a) + symbol.times + writer.factor(b);
    default:
      if (notation == Notation::tex) return "\\frac{" + writer.plain(a) + "}{" + writer.plain(b) + "}";
      return writer.factor(a) + " / " + writer.factor(b);
  }
}

std::string power(const Exact& base, const Exact& exponent, const Writer& writer, Notation notation) {
  const std::string above = writer.plain(exponent);
  if (notation == Notation::tex) return writer.factor(base) + "^{" + above + "}";
  return writer.factor(base) + "^" + (exponent < 0 ? "(" + above + ")" : above);
}

std::string root(const Exact& value, const Writer& writer, Notation notation) {
  if (notation == Notation::tex) return "\\sqrt{" + writer.plain(value) + "}";
  return "√" + writer.factor(value);
}

/// What a hidden entry was made of: it stays hidden, or its exponential is 0.
std::string of_hidden(const Step& step, const Symbols& symbol) {
  if (step.operation == Operation::exponential)
    return std::string(symbol.exp) + "(" + symbol.minus_infinity + ")";
  return symbol.minus_infinity;
}

std::string written(const Step& step, const Tables& operands, Index i, Index j, const Writer& writer,
                    Notation notation) {
  const Symbols symbol = symbols(notation);
  const Table<Exact>& a = operands[0];
  switch (step.operation) {
    case Operation::product:
      return product_sum(operands, i, j, writer, symbol);
    case Operation::row_maxima:
      return row_maximum(a, i, writer, symbol);
    case Operation::row_sums:
      return row_sum(a, i, writer);
    case Operation::transpose:
      return writer.plain(a.values(j, i));
    case Operation::power:
      return power(a.values(0, 0), operands[1].values(i, j), writer, notation);
    case Operation::diagonal:
      return i == j ? writer.plain(a.values(i, 0)) : "0";
    case Operation::head:
    case Operation::concatenation: {
      const Source source = source_of(step, operands, j);
      return source.table->visible(i, source.col) ? writer.plain(source.table->values(i, source.col))
                                                  : symbol.minus_infinity;
    }
    case Operation::square_root:
      return root(a.values(i, j), writer, notation);
    default:
      break;
  }
  if (!a.visible(i, j)) return of_hidden(step, symbol);
  if (step.operation == Operation::exponential)
    return std::string(symbol.exp) + "(" + writer.plain(a.values(i, j)) + ")";
  if (step.operation == Operation::mask)
    return step.exact.visible(i, j) ? writer.plain(a.values(i, j)) : "hidden";
  return of_two(step.operation, a.values(i, j), opposite(operands[1], i, j), writer, symbol, notation);
}

Writer writer_for(const Step& step, const Tables& operands, Index i, Index j, Notation notation) {
  const std::size_t widest = step.operation == Operation::product ? readable_factor_width : readable_width;
  return Writer(ingredients(step, operands, i, j), widest, notation);
}

bool has_arithmetic(const Step& step) {
  return step.operation != Operation::given && step.operation != Operation::computed;
}

}  // namespace

std::string arithmetic(const Example& example, const Step& step, Index i, Index j, Notation notation) {
  if (!has_arithmetic(step)) return "";
  const Tables operands = operand_tables(example, step);
  return written(step, operands, i, j, writer_for(step, operands, i, j, notation), notation);
}

std::string equation(const Example& example, const Step& step, Index i, Index j, Notation notation) {
  if (!has_arithmetic(step)) return "";
  const Tables operands = operand_tables(example, step);
  const Writer writer = writer_for(step, operands, i, j, notation);
  const std::string left = written(step, operands, i, j, writer, notation);
  if (!step.exact.visible(i, j)) {
    const std::string hidden = symbols(notation).minus_infinity;
    return left == hidden ? left : left + " = " + hidden;
  }
  const Exact& value = step.exact.values(i, j);
  const std::string closed = print(value, notation);
  if (!writer.rounded() && width_of(print(value, Notation::unicode)) <= readable_width)
    return left == closed ? left : left + " = " + closed;
  return left + symbols(notation).approximately + numbers::six_places(value, notation);
}

}  // namespace derivation
