#include "exercises/hints.hpp"

#include <vector>

#include "numbers/expression.hpp"

namespace exercises {
namespace {

using derivation::Operation;

constexpr std::size_t most_terms = 6;
constexpr const char* entry_by_entry =
    "Entry by entry: each needs what stands at its own place, in its own row.";

/// An operand of a step as its hints speak of it: an earlier step, its transpose, or a number.
class Operand {
 public:
  Operand(const Example& example, const std::string& text)
      : text_(text), wanted_(derivation::reference(text)), step_(find_step(example, wanted_.step)) {}

  Index rows() const {
    return !step_ ? 1 : wanted_.is_transposed ? step_->exact.cols() : step_->exact.rows();
  }
  Index cols() const {
    return !step_ ? 1 : wanted_.is_transposed ? step_->exact.rows() : step_->exact.cols();
  }

  /// "K[1,0]", for the entry (0, 1) of K'; a number is itself.
  std::string entry(Index i, Index j) const {
    if (!step_) return text_;
    if (wanted_.is_transposed) std::swap(i, j);
    return wanted_.step + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
  }

  /// What stands opposite (i, j): the operand may have one column, or a single entry.
  std::string opposite(Index i, Index j) const {
    const derivation::Stretched stretched{rows(), cols()};
    return entry(stretched.row(i), stretched.col(j));
  }

  Index whole_number() const { return static_cast<Index>(to_double(numbers::evaluate(text_))); }

 private:
  std::string text_;
  derivation::Reference wanted_;
  const Step* step_;
};

std::vector<Operand> operands_of(const Example& example, const Step& step) {
  std::vector<Operand> operands;
  for (const std::string& name : step.operands) operands.emplace_back(example, name);
  return operands;
}

/// The terms with a sign between them; those in the middle of many are left out.
std::string joined(const std::vector<std::string>& terms, const std::string& between) {
  std::string text = terms.front();
  for (std::size_t k = 1; k < terms.size(); ++k) {
    if (terms.size() > most_terms && k == 2) text += between + "…";
    if (terms.size() > most_terms && k >= 2 && k + 1 < terms.size()) continue;
    text += between + terms[k];
  }
  return text;
}

std::string product(const Operand& a, const Operand& b, Index i, Index j) {
  std::vector<std::string> terms;
  for (Index k = 0; k < a.cols(); ++k) terms.push_back(a.entry(i, k) + "·" + b.entry(k, j));
  return joined(terms, " + ");
}

std::string row(const Operand& a, Index i, const std::string& between) {
  std::vector<std::string> terms;
  for (Index k = 0; k < a.cols(); ++k) terms.push_back(a.entry(i, k));
  return joined(terms, between);
}

std::string concatenated(const std::vector<Operand>& parts, Index i, Index j) {
  std::size_t part = 0;
  while (j >= parts[part].cols()) j -= parts[part++].cols();
  return parts[part].entry(i, j);
}

std::string of_two(Operation operation, const std::string& a, const std::string& b) {
  switch (operation) {
    case Operation::sum:
      return a + " + " + b;
    case Operation::difference:
      return a + " - " + b;
    case Operation::entrywise_product:
      return a + " · " + b;
    default:
      return a + " / " + b;
  }
}

/// "row j of K" for the column j of K'.
std::string column_of(const std::string& operand) {
  const derivation::Reference wanted = derivation::reference(operand);
  return (wanted.is_transposed ? "row j of " : "column j of ") + wanted.step;
}

std::string row_of(const std::string& operand) {
  const derivation::Reference wanted = derivation::reference(operand);
  return (wanted.is_transposed ? "column i of " : "row i of ") + wanted.step;
}

/// What is said where the second operand has one number a row, which every entry of the row shares.
std::string of_rows(const Example& example, const Step& step, const std::string& verb,
                    const std::string& preposition) {
  const Operand a(example, step.operands.at(0)), b(example, step.operands.at(1));
  if (a.cols() == 1 || b.cols() != 1 || b.rows() != a.rows()) return "";
  return verb + " the row's own number of " + derivation::reference(step.operands[1]).step + " " +
         preposition + " every entry of the row. ";
}

}  // namespace

std::string entry_template(const Example& example, const Step& step, Index i, Index j) {
  const std::vector<Operand> operands = operands_of(example, step);
  switch (step.operation) {
    case Operation::given:
    case Operation::computed:
      return "";
    case Operation::product:
      return product(operands.at(0), operands.at(1), i, j);
    case Operation::transpose:
      return operands.at(0).entry(j, i);
    case Operation::row_maxima:
      return "max(" + row(operands.at(0), i, ", ") + ")";
    case Operation::row_sums:
      return row(operands.at(0), i, " + ");
    case Operation::exponential:
      return "exp(" + operands.at(0).entry(i, j) + ")";
    case Operation::square_root:
      return "sqrt(" + operands.at(0).entry(i, j) + ")";
    case Operation::power:
      return operands.at(0).entry(0, 0) + "^" + operands.at(1).entry(i, j);
    case Operation::diagonal:
      return i == j ? operands.at(0).entry(i, 0) : "0";
    case Operation::head:
      return operands.at(0).entry(i, (operands.at(1).whole_number() - 1) * step.exact.cols() + j);
    case Operation::concatenation:
      return concatenated(operands, i, j);
    case Operation::mask:
      return operands.at(0).entry(i, j) + ", or -inf where " + operands.at(1).entry(i, j) + " is 0";
    default:
      return of_two(step.operation, operands.at(0).entry(i, j), operands.at(1).opposite(i, j));
  }
}

std::string what_to_watch(const Example& example, const Step& step) {
  const auto name = [&](std::size_t k) { return derivation::reference(step.operands.at(k)).step; };
  switch (step.operation) {
    case Operation::product:
      return "Entry [i,j] is " + row_of(step.operands.at(0)) + " times " + column_of(step.operands.at(1)) +
             ": multiply entry by entry, and add. Mind which is a row and which a column.";
    case Operation::transpose:
      return "Rows become columns: entry [i,j] is entry [j,i] of " + name(0) + ".";
    case Operation::row_maxima:
      return "The greatest entry of each row, one number a row. A hidden entry (-inf) is never the greatest.";
    case Operation::row_sums:
      return "Add along the rows, not down the columns: one number a row.";
    case Operation::normalise:
      return "Divide each entry by the sum of its own row. Each row must add up to 1.";
    case Operation::exponential:
      return "Entry by entry: exp(0) is 1, a negative number gives something between 0 and 1, and a hidden "
             "entry (-inf) gives 0.";
    case Operation::mask:
      return "Where " + name(1) + " is 1 the entry stays; where it is 0 write -inf, which is not 0.";
    case Operation::difference:
      return of_rows(example, step, "Subtract", "from") + "Mind the signs: minus a negative number is plus.";
    case Operation::quotient:
      return of_rows(example, step, "Divide by", "in") + entry_by_entry;
    case Operation::entrywise_product:
    case Operation::sum:
      return entry_by_entry;
    case Operation::square_root:
      return "Entry by entry, the positive root.";
    case Operation::power:
      return "Entry by entry: " + step.operands.at(0) + " to the power of the entry.";
    case Operation::diagonal:
      return "The numbers of " + name(0) + " go down the diagonal; everything else is 0.";
    case Operation::head:
      return "Head " + step.operands.at(1) + " of " + step.operands.at(2) +
             ": copy its block of columns of " + name(0) + ".";
    case Operation::concatenation:
      return "Put the matrices side by side, in order: nothing is computed.";
    case Operation::given:
    case Operation::computed:
      break;
  }
  return "";
}

}  // namespace exercises
