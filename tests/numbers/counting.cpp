#include "numbers/counting.hpp"

#include <doctest/doctest.h>

using numbers::Counting;
using numbers::Operations;

TEST_CASE("each operation is counted once, in its own column") {
  Counting a(3.0), b(2.0), result;
  CHECK(Counting::count([&] { result = a + b; }) == Operations{.additions = 1});
  CHECK(Counting::count([&] { result = a - b; }) == Operations{.additions = 1});
  CHECK(Counting::count([&] { result = a * b; }) == Operations{.multiplications = 1});
  CHECK(Counting::count([&] { result = a / b; }) == Operations{.divisions = 1});
  CHECK(Counting::count([&] { result = exp(a); }) == Operations{.exponentials = 1});
  CHECK(Counting::count([&] { result = sqrt(a); }) == Operations{.square_roots = 1});
  CHECK(Counting::count([&] { (void)(a < b); }) == Operations{.comparisons = 1});
  CHECK(Counting::count([&] { result = -a; }) == Operations{});
  CHECK(result.value() == -3);
}

TEST_CASE("a compound assignment is the operation it is made of") {
  Counting a(3.0);
  const Operations done = Counting::count([&] {
    a += Counting(1.0);
    a *= a;
    a -= Counting(1.0);
    a /= Counting(5.0);
  });
  CHECK(done == Operations{.additions = 2, .multiplications = 1, .divisions = 1});
  CHECK(a.value() == 3);
}

TEST_CASE("a count inside a count keeps to itself") {
  const Counting a(1.0);
  Operations inner;
  const Operations outer = Counting::count([&] {
    Counting sum = a + a;
    inner = Counting::count([&] { sum = a * a; });
    sum = a + a;
  });
  CHECK(inner == Operations{.multiplications = 1});
  CHECK(outer == Operations{.additions = 2});
}

TEST_CASE("a product of matrices, as a plain sum, takes n m k multiplications and n m (k - 1) additions") {
  using Matrix = Eigen::Matrix<Counting, Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix a = Matrix::Constant(3, 5, Counting(1)), b = Matrix::Constant(5, 2, Counting(1));
  Matrix c;
  CHECK(Counting::count([&] { c = a.lazyProduct(b); }) == Operations{.additions = 24, .multiplications = 30});
}
