#include "numbers/enclosure.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <Eigen/Core>
#include <algorithm>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "numbers/eigen.hpp"
#include "numbers/error.hpp"
#include "random_numbers.hpp"
#include "support/text.hpp"

using numbers::Answer;
using numbers::Enclosure;
using numbers::Exact;

namespace {

bool contains(const Enclosure& enclosure, const Exact& value) {
  return lower(enclosure) <= value && value <= upper(enclosure);
}

Exact width(const Enclosure& enclosure) { return upper(enclosure) - lower(enclosure); }

Enclosure interval(int lower, int upper) { return Enclosure(Exact(lower), Exact(upper)); }

std::string text(const Enclosure& a) {
  std::ostringstream out;
  out << a;
  return out.str();
}

/// The same calculation with both kinds of numbers.
struct Both {
  Exact exact;
  Enclosure enclosure;
};

Both leaf(Random& random) {
  const Exact value = random.one_in(3) ? exp(random.surd(3)) : random.surd(20);
  return {value, Enclosure(value)};
}

Both tree(Random& random, int depth) {
  if (depth == 0) return leaf(random);
  const Both a = tree(random, depth - 1), b = tree(random, depth - 1);
  switch (random.between(0, 7)) {
    case 0:
      return {a.exact + b.exact, a.enclosure + b.enclosure};
    case 1:
      return {a.exact - b.exact, a.enclosure - b.enclosure};
    case 2:
      return {a.exact * b.exact, a.enclosure * b.enclosure};
    case 3:
      return {a.exact / b.exact, a.enclosure / b.enclosure};
    case 4:
      return {-a.exact, -a.enclosure};
    case 5:
      return {abs(a.exact), abs(a.enclosure)};
    case 6:
      return {std::max(a.exact, b.exact), max(a.enclosure, b.enclosure)};
    default:
      return {a.exact + b.exact * b.exact, a.enclosure + b.enclosure * b.enclosure};
  }
}

}  // namespace

TEST_CASE("an enclosure of any value contains it and is as narrow as its precision") {
  Random random(21);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact value = random.value();
    const int bits = random.between(2, 200);
    const Enclosure::Precision precision(bits);
    const Enclosure enclosure(value);
    CAPTURE(value);
    CAPTURE(bits);
    CHECK(contains(enclosure, value));
    CHECK(width(enclosure) * pow(Exact(2), bits - 2) <= abs(value));
  }
}

TEST_CASE("a value that fits is a point") {
  CHECK(lower(Enclosure(7)) == 7);
  CHECK(upper(Enclosure(7)) == 7);
  CHECK(width(Enclosure(Exact(-5) / 64)) == 0);
  CHECK(width(Enclosure(Exact(1) / 3)) > 0);
  CHECK(width(Enclosure()) == 0);
}

TEST_CASE("calculations with enclosures contain the exact result") {
  Random random(22);
  int done = 0;
  for (int i = 0; done < 1500 && i < 10000; ++i) {
    random.next_radicand();
    const Enclosure::Precision precision(random.between(4, 60));
    try {
      const Both result = tree(random, random.between(1, 3));
      CAPTURE(result.exact);
      CAPTURE(result.enclosure);
      CHECK(contains(result.enclosure, result.exact));
      ++done;
    } catch (const numbers::Error&) {  // a divisor that may be zero
    }
  }
  CHECK(done == 1500);
}

TEST_CASE("exponentials and roots of enclosures contain those of every value in them") {
  Random random(23);
  for (int i = 0; i < 1000; ++i) {
    const Enclosure::Precision precision(random.between(4, 60));
    const Exact a = random.rational(50), b = random.rational(50), between = (2 * a + b) / 3;
    const Enclosure both = hull(Enclosure(a), Enclosure(b));
    CAPTURE(both);
    for (const Exact& value : {a, b, between}) {
      CAPTURE(value);
      CHECK(contains(exp(both), exp(value)));
      CHECK(contains(abs(both), abs(value)));
      const Enclosure root = sqrt(abs(both));
      CHECK(contains(root * root, abs(value)));
      CHECK(lower(root) * lower(root) <= abs(value));
      CHECK(upper(root) * upper(root) >= abs(value));
    }
  }
}

TEST_CASE("questions about enclosures have three answers") {
  CHECK(less(interval(1, 2), interval(3, 4)) == Answer::yes);
  CHECK(less(interval(3, 4), interval(1, 2)) == Answer::no);
  CHECK(less(interval(1, 3), interval(2, 4)) == Answer::not_decided);
  CHECK(less(interval(1, 2), interval(2, 3)) == Answer::not_decided);
  CHECK(less(interval(2, 3), interval(1, 2)) == Answer::no);
  CHECK(less(interval(2, 2), interval(2, 2)) == Answer::no);
  CHECK(equal(interval(1, 2), interval(3, 4)) == Answer::no);
  CHECK(equal(interval(1, 2), interval(1, 2)) == Answer::not_decided);
  CHECK(equal(interval(1, 1), interval(1, 2)) == Answer::not_decided);
  CHECK(equal(Enclosure(2), Enclosure(1) + Enclosure(1)) == Answer::yes);
  CHECK(overlap(interval(1, 2), interval(2, 3)));
  CHECK(overlap(interval(1, 9), interval(4, 5)));
  CHECK_FALSE(overlap(interval(1, 2), interval(3, 4)));
  CHECK(interval(2, 2) == Enclosure(2));
  CHECK_FALSE(interval(1, 2) == interval(1, 2));
}

TEST_CASE("max encloses the larger value and hull both") {
  const Enclosure larger = max(interval(1, 5), interval(2, 3)), both = hull(interval(1, 2), interval(4, 5));
  CHECK(lower(larger) == 2);
  CHECK(upper(larger) == 5);
  CHECK(lower(both) == 1);
  CHECK(upper(both) == 5);
  CHECK(lower(max(interval(-3, -2), interval(7, 8))) == 7);
  CHECK(midpoint(both) == 3.0);
}

TEST_CASE("results of a coarser precision than their arguments still contain the value") {
  const Exact third = Exact(1) / 3;
  for (const Exact& value : {third, -third}) {
    const Enclosure fine(value);
    const Enclosure::Precision coarse(8);
    CAPTURE(value);
    for (const Enclosure& result : {max(fine, fine), hull(fine, fine), -(-fine), fine + Enclosure(0)}) {
      CHECK(contains(result, value));
      CHECK(width(result) > 0);
    }
    CHECK(contains(abs(fine), third));
  }
}

TEST_CASE("a precision holds as long as its guard lives, and guards nest") {
  const Exact third = Exact(1) / 3;
  const Exact usual = width(Enclosure(third));
  {
    const Enclosure::Precision coarse(16);
    const Exact wide = width(Enclosure(third));
    CHECK(wide == Exact(1) / (1 << 17));  // 1/3 lies between 2^-2 and 2^-1: a unit is 2^(-1-16)
    {
      const Enclosure::Precision fine(1000);
      CHECK(width(Enclosure(third)) < usual);
    }
    CHECK(width(Enclosure(third)) == wide);
  }
  CHECK(width(Enclosure(third)) == usual);
  CHECK(usual == pow(Exact(2), -257));
  CHECK(contains(error_of([] { Enclosure::Precision none(1); }), "2 to 4194304 bits, not 1"));
}

TEST_CASE("a value is enclosed as its precision asks, whatever was asked of it before, and by whom") {
  const Exact e = exp(Exact(1));
  const auto width_in = [&](long bits) {
    const Enclosure::Precision precision(bits);
    return width(Enclosure(e));
  };
  const std::vector<long> precisions{20, 500, 100, 20, 500};
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (int& count : right)
    threads.emplace_back([&] {
      for (const long bits : precisions)
        for (int i = 0; i < 20; ++i)
          if (width_in(bits) == pow(Exact(2), 2 - static_cast<int>(bits))) ++count;  // e lies between 2 and 4
      mpfr_free_cache();  // MPFR keeps constants for each thread
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : right) CHECK(count == 100);
}

TEST_CASE("what an enclosure does not decide is an error that names it") {
  CHECK(contains(error_of([] { Enclosure(1) / interval(-1, 2); }), "may be zero: [-1, 2]"));
  CHECK(contains(error_of([] { Enclosure(1) / Enclosure(0); }), "may be zero: [0, 0]"));
  CHECK(contains(error_of([] { Enclosure(1) / interval(0, 2); }), "may be zero: [0, 2]"));
  CHECK(contains(error_of([] { sqrt(interval(-1, 2)); }), "may be negative: [-1, 2]"));
  CHECK(contains(error_of([] { Enclosure(Exact(2), Exact(1)); }), "from 2 down to 1"));
  CHECK(lower(sqrt(interval(0, 4))) == 0);
  CHECK(upper(sqrt(interval(0, 4))) == 2);
}

TEST_CASE("too large is an error, too small is enclosed by zero and a tiny number") {
  const Enclosure large = exp(Enclosure(1000000));
  CHECK(contains(error_of([&] { large* large* large; }), "too large"));
  CHECK(contains(error_of([&] { exp(large); }), "too large"));
  const Enclosure small = exp(-large);
  CHECK(lower(small * Enclosure(-1) + Enclosure(1)) < 1);
  CHECK(upper(small * Enclosure(-1) + Enclosure(1)) == 1);
}

TEST_CASE("the enclosure of a difference that nearly vanishes still knows its sign") {
  const Exact e = exp(Exact(1));
  Exact sum = 1, term = 1;
  for (int k = 1; k <= 80; ++k) sum += term = term / k;
  const Enclosure tiny(e - sum);  // about 1/81! = 1.7e-121
  CHECK(lower(tiny) > term / 82);
  CHECK(upper(tiny) < term / 80);
  CHECK(width(tiny) * pow(Exact(2), 250) < lower(tiny));
  CHECK(contains(Enclosure(1 / (e - sum)), 1 / (e - sum)));
}

TEST_CASE("an enclosure prints its ends, rounded outwards") {
  CHECK(text(interval(-1, 2)) == "[-1, 2]");
  CHECK(text(Enclosure(Exact(1) / 3)) == "[0.33333333333333333, 0.33333333333333334]");
  CHECK(text(Enclosure(Exact(-2) / 3)) == "[-0.66666666666666667, -0.66666666666666666]");
}

TEST_CASE("softmax of an Eigen matrix, written plainly, with enclosures") {
  using Matrix = Eigen::Matrix<Enclosure, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Enclosure, Eigen::Dynamic, 1>;
  Matrix Q(2, 2), K(2, 2);
  Q << 1, 0, 0, 1;
  K << 1, 0, 1, 1;
  const Matrix Z = Q * K.transpose() / sqrt(Enclosure(2));
  const Vector m = Z.rowwise().maxCoeff();
  const Matrix E = (Z.colwise() - m).array().exp();
  const Vector l = E.rowwise().sum();
  const Matrix A = E.array().colwise() / l.array();
  const Exact x = exp(-sqrt(Exact(2)) / 2);
  CHECK(contains(m(0), sqrt(Exact(2)) / 2));
  CHECK(contains(A(0, 0), Exact(1) / 2));
  CHECK(contains(A(1, 0), x / (1 + x)));
  CHECK(contains(A(1, 1), 1 / (1 + x)));
  CHECK(width(A(1, 1)) < pow(Exact(10), -70));
}
