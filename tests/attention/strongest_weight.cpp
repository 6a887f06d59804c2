#include "attention/strongest_weight.hpp"

#include <doctest/doctest.h>

using namespace attention;

TEST_CASE("the strongest weight, and how far ahead it is of the other heads") {
  std::vector<Matrix<double>> A(2, Matrix<double>::Constant(2, 2, 0.5));
  CHECK(strongest_weight(A).head == 1);
  CHECK(strongest_weight(A).ahead == 0);  // a choice that hangs on nothing
  A[1](0, 1) = 0.75;
  CHECK(strongest_weight(A).head == 2);
  CHECK(strongest_weight(A).from == 0);
  CHECK(strongest_weight(A).to == 1);
  CHECK(strongest_weight(A).ahead == 0.25);
  A.push_back(Matrix<double>::Constant(2, 2, 0.625));  // a later head that comes nearer
  CHECK(strongest_weight(A).head == 2);
  CHECK(strongest_weight(A).ahead == 0.125);
}
