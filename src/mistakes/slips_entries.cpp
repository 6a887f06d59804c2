#include "mistakes/rules.hpp"
#include "numbers/decimal.hpp"

// Slips within one entry: its own sum, product or quotient with one thing wrong in it.

namespace mistakes {
namespace {

constexpr const char* chapter = "02-dot-product";

// ---- Numbers within a sentence ----

constexpr std::size_t short_enough = 12;

std::string in_short(const Exact& value) {
  const std::string closed = print(value, numbers::Notation::unicode);
  return closed.size() <= short_enough ? closed : numbers::decimal(value, 6);
}
std::string in_short(double value) { return in_short(numbers::exactly(value)); }
std::string in_short(const Enclosure& value) { return in_short(midpoint(value)); }

std::string bracketed(const std::string& text) { return text.find('-') == 0 ? "(" + text + ")" : text; }

// ---- What one entry is made of ----

template <typename Scalar>
using Entries = std::vector<WrongEntry<Scalar>>;

/// The terms of the entry's sum: of a product, a row sum or a sum of two matrices.
template <typename Scalar>
struct Sum {
  Scalar total{};
  std::vector<Scalar> terms;
  std::vector<std::string> texts;  ///< "2·1"

  void add(const Scalar& term, const std::string& text) {
    terms.push_back(term);
    texts.push_back(text);
    total += term;
  }
  std::string name(std::size_t k) const {
    return "term " + std::to_string(k + 1) + " of " + std::to_string(terms.size()) + ", " + texts[k];
  }
};

template <typename Scalar>
void add_products(Sum<Scalar>& sum, const Context<Scalar>& c, Index i, Index j) {
  const auto a = c.operand(0), b = c.operand(1);
  for (Index k = 0; k < a.cols(); ++k)
    sum.add(a.values(i, k) * b.values(k, j),
            bracketed(in_short(a.values(i, k))) + "·" + bracketed(in_short(b.values(k, j))));
}

/// The entry of an operand that stands opposite (i, j).
template <typename Scalar>
Scalar opposite(const Table<Scalar>& table, Index i, Index j) {
  const derivation::Stretched at{table.rows(), table.cols()};
  return table.values(at.row(i), at.col(j));
}

template <typename Scalar>
Sum<Scalar> sum_of(const Context<Scalar>& c, Index i, Index j) {
  Sum<Scalar> sum;
  sum.total = Scalar(0);
  const auto add = [&](const Scalar& term) { sum.add(term, in_short(term)); };
  if (c.step().operation == Operation::product) {
    add_products(sum, c, i, j);
  } else if (c.step().operation == Operation::row_sums) {
    const auto a = c.operand(0);
    for (Index k = 0; k < a.cols(); ++k) add(a.values(i, k));
  } else if (c.step().operation == Operation::sum) {
    add(c.operand(0).values(i, j));
    add(opposite(c.operand(1), i, j));
  }
  return sum;
}

// ---- Rules ----

/// Each term of the sum once, with something done to it.
template <typename Change>
EntryRule with_one_term(Change change) {
  return entry_rule([change](const auto& c, Index i, Index j) {
    const auto sum = sum_of(c, i, j);
    Entries<std::decay_t<decltype(sum.total)>> wrong;
    for (std::size_t k = 0; k < sum.terms.size(); ++k)
      wrong.push_back({change(sum.total, sum.terms[k]), sum.name(k)});
    return wrong;
  });
}

const auto term_forgotten = [](const auto& total, const auto& term) {
  return std::decay_t<decltype(total)>(total - term);
};
const auto term_doubled = [](const auto& total, const auto& term) {
  return std::decay_t<decltype(total)>(total + term);
};
const auto term_turned = [](const auto& total, const auto& term) {
  return std::decay_t<decltype(total)>(total - term - term);
};

/// A factor of one term from the row or column beside it, left out, or added instead of multiplied.
template <typename Scalar>
Entries<Scalar> wrong_factors(const Context<Scalar>& c, Index i, Index j) {
  if (c.step().operation != Operation::product) return {};
  const Sum<Scalar> sum = sum_of(c, i, j);
  const auto a = c.operand(0), b = c.operand(1);
  Entries<Scalar> wrong;
  for (Index k = 0; k < a.cols(); ++k) {
    const std::string name = sum.name(static_cast<std::size_t>(k));
    const Scalar rest = sum.total - sum.terms[static_cast<std::size_t>(k)];
    const Scalar x = a.values(i, k), y = b.values(k, j);
    wrong.push_back({rest + x, name + ": the second factor is missing"});
    wrong.push_back({rest + y, name + ": the first factor is missing"});
    wrong.push_back({rest + (x + y), name + ": added instead of multiplied"});
    for (Index other = 0; other < a.rows(); ++other)
      if (other != i)
        wrong.push_back({rest + a.values(other, k) * y,
                         name + ": the first factor is from row " + std::to_string(other)});
    for (Index other = 0; other < b.cols(); ++other)
      if (other != j)
        wrong.push_back({rest + x * b.values(k, other),
                         name + ": the second factor is from column " + std::to_string(other)});
  }
  return wrong;
}

/// One of two operands forgotten, or the operation turned round.
template <typename Scalar>
Entries<Scalar> wrong_operation(const Context<Scalar>& c, Index i, Index j) {
  const Operation operation = c.step().operation;
  if (operation == Operation::exponential) {
    if (!c.operand(0).visible(i, j)) return {};
    const Scalar a = c.operand(0).values(i, j);
    using std::exp;
    return {{a, "the exponential is left out"}, {exp(Scalar(-a)), "the exponent has the other sign"}};
  }
  const bool quotient = operation == Operation::quotient || operation == Operation::normalise;
  if (!quotient && operation != Operation::entrywise_product && operation != Operation::difference) return {};
  const Scalar a = opposite(c.operand(0), i, j), b = opposite(c.operand(1), i, j);
  if (operation == Operation::difference)
    return {{a, "nothing is subtracted"}, {a + b, "added instead of subtracted"}};
  if (!quotient)
    return {{a, "the second factor is missing"},
            {b, "the first factor is missing"},
            {a + b, "added instead of multiplied"}};
  return {{a, "not divided"}, {a * b, "multiplied instead of divided"}};
}

template <typename Scalar>
Entries<Scalar> neighbours_divisor(const Context<Scalar>& c, Index i, Index j) {
  const Operation operation = c.step().operation;
  const bool by_rows = operation == Operation::normalise || operation == Operation::difference;
  if (!by_rows || c.operand(1).cols() != 1 || c.operand(1).rows() == 1) return {};
  const auto a = c.operand(0), b = c.operand(1);
  Entries<Scalar> wrong;
  for (Index other = 0; other < b.rows(); ++other)
    if (other != i && b.visible(other, 0)) {
      const Scalar& taken = b.values(other, 0);
      const bool divided = operation == Operation::normalise;
      wrong.push_back({divided ? Scalar(a.values(i, j) / taken) : Scalar(a.values(i, j) - taken),
                       "with the number of row " + std::to_string(other)});
    }
  return wrong;
}

template <typename Scalar>
Entries<Scalar> not_the_maximum(const Context<Scalar>& c, Index i, Index) {
  if (c.step().operation != Operation::row_maxima) return {};
  const auto a = c.operand(0);
  Entries<Scalar> wrong;
  for (Index k = 0; k < a.cols(); ++k)
    if (a.visible(i, k))
      wrong.push_back({a.values(i, k), "it is entry " + std::to_string(k) + " of its row"});
  return wrong;
}

template <typename Scalar>
Entries<Scalar> hidden_or_shown(const Context<Scalar>& c, Index i, Index j) {
  if (c.step().operation != Operation::mask) return {};
  const bool visible = c.right().visible(i, j);
  return {{c.operand(0).values(i, j), visible ? "it may be seen" : "it is to be hidden", visible}};
}

template <typename Scalar>
Entries<Scalar> turned(const Context<Scalar>& c, Index i, Index j) {
  return {{-c.right().values(i, j), ""}};
}

template <typename Scalar>
Entries<Scalar> point_moved(const Context<Scalar>& c, Index i, Index j) {
  const Scalar value = c.right().values(i, j), ten(10);
  return {{value * ten, "ten times what it is"}, {value / ten, "a tenth of what it is"}};
}

template <typename Scalar>
Entries<Scalar> copied(const Context<Scalar>& c, Index i, Index j) {
  const auto right = c.right();
  Entries<Scalar> wrong;
  for (Index a = 0; a < right.rows(); ++a)
    for (Index b = 0; b < right.cols(); ++b)
      if ((a != i || b != j) && right.visible(a, b))
        wrong.push_back(
            {right.values(a, b), "it is entry [" + std::to_string(a) + "," + std::to_string(b) + "]"});
  return wrong;
}

Mistake slip(const std::string& name, const std::string& what, const std::string& why, EntryRule made,
             const std::string& explained_in = chapter) {
  return {name, Kind::slip, what, why, explained_in, {}, std::move(made)};
}

#define OF_ENTRY(function) entry_rule([](const auto& c, Index i, Index j) { return function(c, i, j); })

}  // namespace

Mistakes slips_of_entries() {
  return {
      slip("sign-lost", "An entry of {step} has the other sign.", "The number itself is right.",
           OF_ENTRY(turned)),
      slip("term-forgotten", "A term is missing in the sum of an entry of {step}.",
           "Every term belongs in the sum, the one that looks small among them.",
           with_one_term(term_forgotten)),
      slip("term-doubled", "A term is counted twice in the sum of an entry of {step}.",
           "Every term stands once in the sum.", with_one_term(term_doubled)),
      slip("sign-of-a-term", "A term has the wrong sign in the sum of an entry of {step}.",
           "Plus times minus is minus, and minus times minus is plus.", with_one_term(term_turned)),
      slip("wrong-operation", "An entry of {step} is calculated by another rule.",
           "The step has one rule for all its entries.", OF_ENTRY(wrong_operation)),
      slip("not-the-maximum", "An entry of {step} is not the greatest of its row.",
           "The greatest visible entry is meant.", OF_ENTRY(not_the_maximum), "03-softmax"),
      slip("wrongly-hidden",
           "An entry of {step} is hidden where it may be seen, or shown where it is to be hidden.",
           "The mask says it entry by entry: 1 may look.", OF_ENTRY(hidden_or_shown), "08-masks"),
      slip("other-row", "An entry of {step} is calculated with the number of another row.",
           "Row maxima and row sums belong to their own row.", OF_ENTRY(neighbours_divisor), "03-softmax"),
      slip("factor-of-a-term", "A term has a wrong factor in the sum of an entry of {step}.",
           "The k-th term is the k-th entry of the row times the k-th entry of the column.",
           OF_ENTRY(wrong_factors)),
      slip("entry-copied", "An entry of {step} was copied from another place.",
           "Each entry has its own row and column.", OF_ENTRY(copied)),
      slip("point-moved", "The point has moved in an entry of {step}.", "The digits are right.",
           OF_ENTRY(point_moved)),
  };
}

#undef OF_ENTRY

}  // namespace mistakes
