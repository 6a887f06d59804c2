#pragma once
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "derivation/derivation.hpp"
#include "numbers/enclosure.hpp"

/// Named matrices, and expressions of them that know how they were made: Q * transpose(K) carries its value,
/// its formula (Q Kᵀ), its operation (product) and its operands (Q, K'). A formula cannot disagree with the
/// code.
namespace derivation {

using numbers::Answer;

template <typename Scalar>
struct Term {
  Table<Scalar> table;
  Labels labels;
  std::string name;     ///< as an operand: S, K', sqrt(2); empty for an expression that has no name yet
  std::string formula;  ///< TeX
  bool is_atom = true;  ///< the formula needs no parentheses inside another one
  Operation operation = Operation::given;
  std::vector<std::string> operands;

  Index rows() const { return table.rows(); }
  Index cols() const { return table.cols(); }
  const Matrix<Scalar>& values() const { return table.values; }
};

/// A number with a name, such as d_k: sqrt(d_k) is then written \sqrt{d_k}, and its value is known.
struct Number {
  std::string formula;  ///< TeX
  Exact value;
};
Number number(const std::string& name, Index value);
Number number(const Exact& value);  ///< a number without a name: its formula is its value
Number sqrt(const Number& number);

template <typename Scalar>
Term<Scalar> operator*(const Term<Scalar>& a, const Term<Scalar>& b);  ///< matrix product
template <typename Scalar>
Term<Scalar> operator+(const Term<Scalar>& a, const Term<Scalar>& b);
template <typename Scalar>
Term<Scalar> operator-(const Term<Scalar>& a, const Term<Scalar>& b);  ///< b: the shape of a, or a column
template <typename Scalar>
Term<Scalar> operator/(const Term<Scalar>& a, const Term<Scalar>& b);  ///< entry by entry; b as above
template <typename Scalar>
Term<Scalar> operator/(const Term<Scalar>& a, const Number& b);
template <typename Scalar>
Term<Scalar> operator*(const Term<Scalar>& a, const Number& b);
template <typename Scalar>
Term<Scalar> transpose(const Term<Scalar>& a);
template <typename Scalar>
Term<Scalar> exp(const Term<Scalar>& a);
template <typename Scalar>
Term<Scalar> sqrt(const Term<Scalar>& a);  ///< of each entry
template <typename Scalar>
Term<Scalar> power(const Number& base, const Term<Scalar>& exponents);  ///< of each entry, a whole number
template <typename Scalar>
Term<Scalar> diagonal(const Term<Scalar>& column);  ///< the column on a diagonal, 0 elsewhere
template <typename Scalar>
Term<Scalar> entrywise_product(const Term<Scalar>& a, const Term<Scalar>& b);  ///< a ⊙ b
template <typename Scalar>
Term<Scalar> head(const Term<Scalar>& a, int h, int H);  ///< head h's block of columns, of H; h from 1
template <typename Scalar>
Term<Scalar> concatenate(const std::vector<Term<Scalar>>& parts);  ///< side by side
template <typename Scalar>
Term<Scalar> row_maxima(const Term<Scalar>& a);
template <typename Scalar>
Term<Scalar> row_sums(const Term<Scalar>& a);
template <typename Scalar>
Term<Scalar> hide(const Term<Scalar>& scores, const Term<Scalar>& may_look);  ///< −∞ where may_look is 0
template <typename Scalar>
Term<Scalar> weights(const Term<Scalar>& E,
                     const Term<Scalar>& l);  ///< E / l, and 0 in a row that sees nothing

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
/// bound.
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

template <typename Scalar>
Condition operator==(const Term<Scalar>& a, const Term<Scalar>& b) {
  return all_equal(a.values(), b.values());
}
template <typename Scalar>
Condition operator==(const Term<Scalar>& a, const std::type_identity_t<Matrix<Scalar>>& b) {
  return all_equal(a.values(), b);
}
template <typename Scalar>
Condition operator!=(const Term<Scalar>& a, const Term<Scalar>& b) {
  return differ_by_more_than(Exact(0), a.values(), b.values());
}
template <typename Scalar>
Condition operator<=(const Term<Scalar>& a, const Term<Scalar>& b) {
  return all_at_most(a.values(), b.values());
}

/// The largest |a − b| over the entries.
template <typename Scalar>
Scalar largest_difference(const Matrix<Scalar>& a, const Matrix<Scalar>& b);

}  // namespace derivation
