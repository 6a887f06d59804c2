#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "numbers/enclosure.hpp"

/// Named matrices, and expressions of them that know how they were made: Q * transpose(K) carries its value
/// (exact, and as a machine computes it), its formula (Q Kᵀ), its operation (product) and its operands (Q,
/// K'). A formula cannot disagree with the code.
namespace derivation {

using numbers::Answer;

struct Term {
  Table<Exact> exact;
  Table<double> machine;  ///< the same in double precision, from the same operations
  Labels labels;
  std::string name;     ///< as an operand: S, K', sqrt(2); empty for an expression that has no name yet
  std::string formula;  ///< TeX
  bool is_atom = true;  ///< the formula needs no parentheses inside another one
  Operation operation = Operation::given;
  std::vector<std::string> operands;

  Index rows() const { return exact.rows(); }
  Index cols() const { return exact.cols(); }
  const Matrix<Exact>& values() const { return exact.values; }
  const Matrix<double>& doubles() const { return machine.values; }
};

/// Values that no operation made, in an expression of others.
Term literal(const Matrix<Exact>& values);

/// A number with a name, such as d_k: sqrt(d_k) is then written \sqrt{d_k}, and its value is known.
struct Number {
  std::string formula;  ///< TeX
  Exact value;
};
Number number(const std::string& name, Index value);
Number number(const Exact& value);  ///< a number without a name: its formula is its value
Number sqrt(const Number& number);

Term operator*(const Term& a, const Term& b);  ///< matrix product
Term operator+(const Term& a, const Term& b);
Term operator-(const Term& a, const Term& b);  ///< b: the shape of a, or a column
Term operator/(const Term& a, const Term& b);  ///< entry by entry; b as above
Term operator/(const Term& a, const Number& b);
Term operator*(const Term& a, const Number& b);
Term transpose(const Term& a);
Term exp(const Term& a);
Term sqrt(const Term& a);                               ///< of each entry
Term power(const Number& base, const Term& exponents);  ///< of each entry, a whole number
Term diagonal(const Term& column);                      ///< the column on a diagonal, 0 elsewhere
Term entrywise_product(const Term& a, const Term& b);   ///< a ⊙ b
Term head(const Term& a, int h, int H);                 ///< head h's block of columns, of H; h from 1
Term concatenate(const std::vector<Term>& parts);       ///< side by side
Term row_maxima(const Term& a);
Term row_sums(const Term& a);
Term hide(const Term& scores, const Term& may_look);  ///< −∞ where may_look is 0
Term weights(const Term& E,
             const Term& l);  ///< E / l, and 0 in a row that sees nothing

/// A claim's condition. It comes from a comparison of numbers and from nothing else: no bare `true` can stand
/// in a fact.
class Condition {
 public:
  explicit Condition(Answer answer) : answer_(answer) {}
  Condition(bool) = delete;
  Answer answer() const { return answer_; }

 private:
  Answer answer_;
};

/// All entries equal; all entries at most those of b; the largest difference of two entries greater than a
/// bound. Of exact numbers, or of others: enclosures and doubles.
Condition all_equal(const Matrix<Exact>& a, const Matrix<Exact>& b);
Condition all_at_most(const Matrix<Exact>& a, const Matrix<Exact>& b);
Condition differ_by_more_than(const Exact& bound, const Matrix<Exact>& a, const Matrix<Exact>& b);
template <typename Scalar>
Condition all_equal(const Matrix<Scalar>& a, const Matrix<Scalar>& b);
template <typename Scalar>
Condition all_at_most(const Matrix<Scalar>& a, const Matrix<Scalar>& b);
template <typename Scalar>
Condition differ_by_more_than(const Exact& bound, const Matrix<Scalar>& a, const Matrix<Scalar>& b);

/// A computation that gave nothing, since the shapes of its matrices did not fit.
template <typename Result>
Condition is_absent(const std::optional<Result>& result) {
  return Condition(result ? Answer::no : Answer::yes);
}

inline Condition operator==(const Term& a, const Term& b) { return all_equal(a.values(), b.values()); }
inline Condition operator==(const Term& a, const Matrix<Exact>& b) { return all_equal(a.values(), b); }
inline Condition operator!=(const Term& a, const Term& b) {
  return differ_by_more_than(Exact(0), a.values(), b.values());
}
inline Condition operator<=(const Term& a, const Term& b) { return all_at_most(a.values(), b.values()); }

/// The entry in the row and the column of these labels. Throws Error where there is none.
Exact entry(const Term& table, const std::string& row, const std::string& col);

/// The largest |a − b| over the entries.
Exact largest_difference(const Matrix<Exact>& a, const Matrix<Exact>& b);
double largest_difference(const Matrix<double>& a, const Matrix<double>& b);

}  // namespace derivation
