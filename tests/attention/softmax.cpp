#include "attention/softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "numbers/eigen.hpp"
#include "support/random_matrix.hpp"

using namespace attention;
using numbers::Exact;

namespace {

constexpr int cases = 1000;

/// A softmax to be tested: the right one, or one with a mistake in it.
template <typename Scalar>
using Softmax = std::function<Matrix<Scalar>(const Matrix<Scalar>&)>;

template <typename Scalar>
Softmax<Scalar> right() {
  return [](const Matrix<Scalar>& Z) { return softmax_rows(Z); };
}

/// exp(z) / Σ exp(z) as it stands in a book, without a shift.
template <typename Scalar>
Matrix<Scalar> unshifted(const Matrix<Scalar>& Z) {
  Matrix<Scalar> A = Z;
  for (Index i = 0; i < Z.rows(); ++i) {
    using std::exp;
    Scalar sum(0);
    for (Index j = 0; j < Z.cols(); ++j) sum += exp(Z(i, j));
    for (Index j = 0; j < Z.cols(); ++j) A(i, j) = exp(Z(i, j)) / sum;
  }
  return A;
}

Matrix<Exact> over_columns(const Matrix<Exact>& Z) { return softmax_rows<Exact>(Z.transpose()).transpose(); }

Matrix<Exact> over_all(const Matrix<Exact>& Z) {
  const Matrix<Exact> row = Z.reshaped().transpose();
  return softmax_rows(row).reshaped(Z.rows(), Z.cols());
}

Matrix<Exact> shifted_after(const Matrix<Exact>& Z) {
  Matrix<Exact> A = unshifted(Z);
  for (Index i = 0; i < A.rows(); ++i) A.row(i).array() -= A(i, 0) - Exact(1) / 100;
  return A;
}

bool rows_sum_to_one(const Matrix<Exact>& A) {
  for (Index i = 0; i < A.rows(); ++i)
    if (A.row(i).sum() != Exact(1)) return false;
  return true;
}

bool is_the_same_shifted(const Softmax<Exact>& softmax, const Matrix<Exact>& Z, Random& random) {
  Matrix<Exact> shifted = Z;
  for (Index i = 0; i < Z.rows(); ++i) shifted.row(i).array() += random.rational();
  return softmax(shifted) == softmax(Z);
}

bool keeps_the_order(const Matrix<Exact>& Z, const Matrix<Exact>& A) {
  for (Index i = 0; i < Z.rows(); ++i)
    for (Index j = 0; j < Z.cols(); ++j)
      for (Index k = 0; k < Z.cols(); ++k)
        if ((Z(i, j) < Z(i, k)) != (A(i, j) < A(i, k)) || A(i, j) <= Exact(0)) return false;
  return true;
}

/// What random scores find wrong with a softmax: at most one line.
std::string fault(const Softmax<Exact>& softmax) {
  Random random(21);
  for (int k = 0; k < cases; ++k) {
    const Matrix<Exact> Z = random_matrix(random, random.between(1, 4), random.between(2, 4), 9, 4);
    const Matrix<Exact> A = softmax(Z);
    const std::string where = ", case " + std::to_string(k);
    if (A != unshifted(Z)) return "not exp(z) / sum of exp(z)" + where;
    if (!rows_sum_to_one(A)) return "a row does not sum to 1" + where;
    if (!is_the_same_shifted(softmax, Z, random)) return "a shift changes it" + where;
    if (!keeps_the_order(Z, A)) return "a larger score has no larger weight" + where;
  }
  return "";
}

/// Equal scores, of any size, have weights that are equal to the last bit.
template <typename Scalar>
bool equal_scores_weigh_the_same(const Softmax<Scalar>& softmax, const std::vector<Scalar>& scores) {
  for (const Scalar& score : scores)
    for (Index n = 1; n <= 64; ++n) {
      const Matrix<Scalar> A = softmax(Matrix<Scalar>::Constant(2, n, score));
      for (Index j = 0; j < n; ++j)
        if (!(A(0, j) == Scalar(1) / Scalar(static_cast<int>(n))) || !(A(1, j) == A(0, 0))) return false;
    }
  return true;
}

/// Scores that differ by thousands still have weights: one of them is 1.
bool stays_finite(const Softmax<double>& softmax) {
  Matrix<double> Z(4, 2);
  Z << 1000, 0, -1000, 0, 1000, -1000, -1000, -1001;
  const Matrix<double> A = softmax(Z);
  const double small = 1 / (1 + std::exp(1.0));
  // The last row: two quotients of values that are right to 2 units of 2^-53, so within 8 of them.
  return A(0, 0) == 1 && A(0, 1) == 0 && A(1, 0) == 0 && A(1, 1) == 1 && A(2, 0) == 1 && A(2, 1) == 0 &&
         std::abs(A(3, 1) - small) < 8 * 0x1p-53;
}

}  // namespace

TEST_CASE("over the exact numbers softmax is what the book says") {
  CHECK(fault(right<Exact>()) == "");
  CHECK(fault(unshifted<Exact>) == "");  // without its shift it is the same there
}

TEST_CASE("a softmax with a mistake in it is told from the right one") {
  CHECK(fault(over_columns) != "");
  CHECK(fault(over_all) != "");
  CHECK(fault(shifted_after) != "");
  CHECK(fault([](const Matrix<Exact>& Z) { return Z; }) != "");
  CHECK(fault([](const Matrix<Exact>& Z) { return softmax_rows<Exact>(Z * Exact(2)); }) != "");
}

TEST_CASE("each property of softmax is missed by one that does not have it") {
  Random random(22);
  const Matrix<Exact> Z = random_matrix(random, 3, 4, 9, 4), A = softmax_rows(Z);
  CHECK(rows_sum_to_one(A));
  CHECK(!rows_sum_to_one(over_columns(Z)));
  CHECK(!rows_sum_to_one(A + Matrix<Exact>::Constant(3, 4, 1 / pow(Exact(10), 30))));
  CHECK(is_the_same_shifted(right<Exact>(), Z, random));
  CHECK(!is_the_same_shifted(over_columns, Z, random));
  CHECK(keeps_the_order(Z, A));
  CHECK(!keeps_the_order(Z, -A));
  CHECK(!keeps_the_order(Z, A.rowwise().reverse()));
}

TEST_CASE("equal scores have exactly equal weights in every kind of number") {
  CHECK(equal_scores_weigh_the_same<double>(right<double>(), {0, 0.1, -3.7, 1000, -1000, 1e300}));
  CHECK(equal_scores_weigh_the_same<float>(right<float>(), {0, 0.1F, -3.7F, 1000, -1000, 1e30F}));
  CHECK(equal_scores_weigh_the_same<Exact>(right<Exact>(), {0, Exact(1) / 3, sqrt(Exact(2)), -1000}));
  CHECK(!equal_scores_weigh_the_same<double>(unshifted<double>, {0, 0.1, -3.7}));
}

TEST_CASE("scores of a thousand stay finite and do not without the shift") {
  CHECK(stays_finite(right<double>()));
  CHECK(!stays_finite(unshifted<double>));
}

namespace {

using MaskedSoftmax = std::function<Matrix<Exact>(const Matrix<Exact>&, const Mask&)>;

Matrix<Exact> right_masked(const Matrix<Exact>& Z, const Mask& may_look) { return softmax_rows(Z, may_look); }

/// Among the visible scores of each row, with plain loops.
Matrix<Exact> masked_by_hand(const Matrix<Exact>& Z, const Mask& may_look) {
  Matrix<Exact> A = Matrix<Exact>::Constant(Z.rows(), Z.cols(), Exact(0));
  for (Index i = 0; i < Z.rows(); ++i) {
    Exact sum = 0;
    for (Index j = 0; j < Z.cols(); ++j)
      if (may_look(i, j)) sum += exp(Z(i, j));
    for (Index j = 0; j < Z.cols(); ++j)
      if (may_look(i, j)) A(i, j) = exp(Z(i, j)) / sum;
  }
  return A;
}

Mask random_mask(Random& random, Index rows, Index cols) {
  Mask mask(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) mask(i, j) = !random.one_in(3);
  if (random.one_in(3)) mask.row(0).setConstant(false);
  return mask;
}

/// The first random case in which it is not what a hand makes of it; empty where there is none.
std::string fault(const MaskedSoftmax& softmax, bool causal) {
  Random random(23);
  for (int k = 0; k < cases; ++k) {
    const Index rows = random.between(2, 4), cols = causal ? rows : random.between(2, 4);
    const Matrix<Exact> Z = random_matrix(random, rows, cols, 9, 4);
    const Mask may_look = causal ? causal_mask(rows) : random_mask(random, rows, cols);
    if (softmax(Z, may_look) != masked_by_hand(Z, may_look)) return "case " + std::to_string(k);
  }
  return "";
}

Matrix<Exact> hidden_after(const Matrix<Exact>& Z, const Mask& may_look) {
  return softmax_rows(Z).cwiseProduct(may_look.unaryExpr([](bool seen) -> Exact { return seen ? 1 : 0; }));
}

Matrix<Exact> hidden_as_zero(const Matrix<Exact>& Z, const Mask& may_look) {
  const Matrix<Exact> scores =
      Z.cwiseProduct(may_look.unaryExpr([](bool seen) -> Exact { return seen ? 1 : 0; }));
  return softmax_rows(scores);
}

Mask moved(const Mask& may_look, Index by) {
  Mask result = may_look;
  for (Index i = 0; i < may_look.rows(); ++i)
    for (Index j = 0; j < may_look.cols(); ++j)
      result(i, j) = j - by >= 0 && j - by < may_look.cols() ? may_look(i, j - by) : by > 0;
  return result;
}

}  // namespace

TEST_CASE("a hidden score weighs 0 and the visible ones share the whole") {
  CHECK(fault(right_masked, false) == "");
  CHECK(fault(right_masked, true) == "");
}

TEST_CASE("a mask that is applied wrongly is noticed") {
  for (const bool causal : {false, true}) {
    CHECK(fault([](const Matrix<Exact>& Z, const Mask&) { return softmax_rows(Z); }, causal) != "");
    CHECK(fault(hidden_after, causal) != "");
    CHECK(fault(hidden_as_zero, causal) != "");
    CHECK(fault([](const Matrix<Exact>& Z, const Mask& mask) { return softmax_rows(Z, moved(mask, 1)); },
                causal) != "");
    CHECK(fault([](const Matrix<Exact>& Z, const Mask& mask) { return softmax_rows(Z, moved(mask, -1)); },
                causal) != "");
  }
}

TEST_CASE("a row that may see nothing has weights of 0 in every kind of number") {
  Mask may_look(2, 2);
  may_look << false, false, true, false;
  const Matrix<double> scores = Matrix<double>::Constant(2, 2, 1e300);
  CHECK(softmax_rows(scores, may_look) == (Matrix<double>(2, 2) << 0, 0, 1, 0).finished());
  const Matrix<Exact> exact = Matrix<Exact>::Constant(2, 2, Exact(7));
  CHECK(softmax_rows(exact, may_look)(0, 1) == Exact(0));
  CHECK(softmax_rows(exact, may_look)(1, 0) == Exact(1));
}

TEST_CASE("what a hidden score is makes no difference") {
  Matrix<double> Z(1, 3);
  Mask may_look(1, 3);
  may_look << true, false, true;
  Z << 1, 0, 2;
  const Matrix<double> A = softmax_rows(Z, may_look);
  for (const double hidden : {1e308, -1e308, std::nan(""), HUGE_VAL}) {
    Z(0, 1) = hidden;
    CHECK(softmax_rows(Z, may_look) == A);
  }
  Z(0, 2) = 3;
  CHECK(softmax_rows(Z, may_look) != A);
}

TEST_CASE("a causal mask shows each token itself and what stands before it") {
  const Mask may_look = causal_mask(3);
  CHECK(may_look == (Mask(3, 3) << true, false, false, true, true, false, true, true, true).finished());
  CHECK(no_mask(2, 3).all());
  CHECK(no_mask(2, 3).rows() == 2);
  CHECK(no_mask(2, 3).cols() == 3);
}

TEST_CASE("scores and a mask of different shapes are refused with both shapes") {
  const Matrix<double> Z = Matrix<double>::Zero(2, 3);
  CHECK_THROWS_WITH_AS(softmax_rows(Z, no_mask(3, 3)),
                       "softmax_rows: scores 2×3 and mask 3×3 must have one shape", std::invalid_argument);
  CHECK_THROWS_AS(softmax_rows(Z, no_mask(2, 2)), std::invalid_argument);
  CHECK_NOTHROW(softmax_rows(Z, no_mask(2, 3)));
}
