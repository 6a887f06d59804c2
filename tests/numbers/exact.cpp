#include "numbers/exact.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "numbers/decimal.hpp"
#include "numbers/eigen.hpp"
#include "numbers/error.hpp"
#include "numbers/expression.hpp"
#include "numbers/work.hpp"
#include "random_numbers.hpp"
#include "support/text.hpp"

using numbers::abs;
using numbers::evaluate;
using numbers::Exact;
using numbers::Notation;

namespace {

std::string text(const Exact& a) { return print(a, Notation::text); }
std::string unicode(const Exact& a) { return print(a, Notation::unicode); }
std::string tex(const Exact& a) { return print(a, Notation::tex); }

Exact power_of_two(int exponent) {
  Exact power = 1;
  for (int i = 0; i < std::abs(exponent); ++i) power *= 2;
  return exponent < 0 ? 1 / power : power;
}

/// 1 + 1 + 1/2! + … + 1/n!: less than e by more than 1/(n+1)! and by less than 2/(n+1)!.
Exact partial_sum_of_e(int n) {
  Exact sum = 1, term = 1;
  for (int k = 1; k <= n; ++k) sum += term = term / k;
  return sum;
}

}  // namespace

TEST_CASE("weights of a two-token softmax print as a reader would write them") {
  const Exact x = sqrt(Exact(2)) / 2;
  CHECK(unicode(1 / (1 + exp(-x))) == "1/(1+e^(-√2/2))");
  CHECK(unicode(exp(-x) / (1 + exp(-x))) == "e^(-√2/2)/(1+e^(-√2/2))");
  CHECK(unicode(1 / (1 + exp(x))) == "e^(-√2/2)/(1+e^(-√2/2))");
  CHECK(unicode(3 / (1 + exp(-x))) == "3/(1+e^(-√2/2))");
  CHECK(text(exp(-x) / (1 + exp(-x))) == "exp(-sqrt(2)/2)/(1+exp(-sqrt(2)/2))");
  CHECK(tex(1 / (1 + exp(-x))) == "\\frac{1}{1+e^{-\\sqrt{2}/2}}");
}

TEST_CASE("rationals and surds print without ones, zeros and nested fractions") {
  const Exact root = sqrt(Exact(2));
  CHECK(unicode(0) == "0");
  CHECK(unicode(2) == "2");
  CHECK(unicode(Exact(1) / -2) == "-1/2");
  CHECK(unicode(root / 2) == "√2/2");
  CHECK(unicode(3 * root / 4) == "3√2/4");
  CHECK(unicode(-root) == "-√2");
  CHECK(unicode((1 + sqrt(Exact(5))) / 2) == "(1+√5)/2");
  CHECK(unicode(root - 1) == "√2-1");
  CHECK(unicode(-1 - root) == "-1-√2");
  CHECK(text(3 * root / 4) == "3*sqrt(2)/4");
  CHECK(text((1 + sqrt(Exact(5))) / 2) == "(1+sqrt(5))/2");
  CHECK(tex(Exact(1) / -2) == "-\\frac{1}{2}");
  CHECK(tex(root / 2) == "\\frac{\\sqrt{2}}{2}");
}

TEST_CASE("sums print term by term, by the size of their exponents") {
  const Exact e = exp(Exact(1)), inverse = exp(Exact(-1));
  CHECK(unicode(e) == "e");
  CHECK(unicode(e * e) == "e^2");
  CHECK(unicode(exp(Exact(1) / 2)) == "e^(1/2)");
  CHECK(unicode(exp(sqrt(Exact(2)) / 2)) == "e^(√2/2)");
  CHECK(unicode(e * e + 1 + e) == "1+e+e^2");
  CHECK(unicode(inverse + 1) == "1+e^(-1)");
  CHECK(unicode(inverse + 1 + e) == "e+1+e^(-1)");
  CHECK(unicode(Exact(1) / 2 + inverse / 3) == "1/2+e^(-1)/3");
  CHECK(unicode((1 + sqrt(Exact(2))) * inverse / 2) == "(1+√2)e^(-1)/2");
  CHECK(unicode(1 - e) == "1-e");
  CHECK(text(2 * inverse) == "2*exp(-1)");
  CHECK(tex(2 * inverse) == "2e^{-1}");
  CHECK(tex((1 + sqrt(Exact(2))) * inverse) == "\\left(1+\\sqrt{2}\\right)e^{-1}");
}

TEST_CASE("terms are ordered by their real exponents, not by their parts") {
  const Exact root = sqrt(Exact(2));
  CHECK(unicode(exp(root) + exp(Exact(1))) == "e+e^(√2)");
  CHECK(unicode(exp(3 - 2 * root) + exp(Exact(1)) + 1) == "1+e^(3-2√2)+e");
  CHECK(unicode(1 / (exp(3 - 2 * root) + exp(Exact(1)))) == "e^(-1)/(1+e^(2-2√2))");
}

TEST_CASE("denominators stay factored, and an integer goes into a single factor") {
  const Exact a = 1 + exp(Exact(-1)), b = 1 + exp(Exact(-2));
  CHECK(unicode(1 / a / 2) == "1/(2+2e^(-1))");
  CHECK(text(1 / a / 2) == "1/(2+2*exp(-1))");
  CHECK(unicode(1 / a / a / b / 2) == "1/(2(1+e^(-1))^2(1+e^(-2)))");
  CHECK(text(1 / a / a / b / 2) == "1/2/(1+exp(-1))/(1+exp(-1))/(1+exp(-2))");
  CHECK(unicode(1 / b / a / 2 / a) == "1/(2(1+e^(-1))^2(1+e^(-2)))");
  CHECK(unicode(1 / a / a) == "1/(1+e^(-1))^2");
  CHECK(text(1 / a / a) == "1/(1+exp(-1))/(1+exp(-1))");
  CHECK(tex(1 / a / a) == "\\frac{1}{\\left(1+e^{-1}\\right)^{2}}");
  CHECK(unicode((20 + 10 * exp(Exact(-1))) / a) == "(20+10e^(-1))/(1+e^(-1))");
  CHECK(unicode(-1 / a) == "-1/(1+e^(-1))");
  CHECK(unicode((exp(Exact(-1)) - 1) / a) == "-(1-e^(-1))/(1+e^(-1))");
}

TEST_CASE("factors that divide the numerator cancel") {
  const Exact e = exp(Exact(1));
  CHECK(unicode((1 - e * e) / (1 - e)) == "1+e");
  CHECK(unicode((1 + e) / (1 + e)) == "1");
  CHECK(unicode((2 + 2 * e) / (1 + e)) == "2");
  CHECK(unicode(sqrt(Exact(2)) / (1 + e) + sqrt(Exact(2)) * e / (1 + e)) == "√2");
  const Exact l = 1 + exp(Exact(-1)), squared = l * l;
  CHECK(unicode(1 / l / squared) == "1/(1+e^(-1))^3");
  CHECK(unicode(squared / l) == "1+e^(-1)");
}

TEST_CASE("print_factor sets parentheses where a factor needs them") {
  const Exact e = exp(Exact(1)), half = Exact(1) / 2;
  CHECK(print_factor(2, Notation::unicode) == "2");
  CHECK(print_factor(e, Notation::unicode) == "e");
  CHECK(print_factor(3 * e, Notation::text) == "3*exp(1)");
  CHECK(print_factor(-2, Notation::unicode) == "(-2)");
  CHECK(print_factor(half, Notation::text) == "(1/2)");
  CHECK(print_factor(half, Notation::tex) == "\\frac{1}{2}");
  CHECK(print_factor(-half, Notation::tex) == "\\left(-\\frac{1}{2}\\right)");
  CHECK(print_factor(1 + e, Notation::unicode) == "(1+e)");
  CHECK(print_factor(half + e, Notation::tex) == "\\left(\\frac{1}{2}+e\\right)");
  CHECK(print_factor(1 / (1 + e), Notation::tex) == "\\frac{e^{-1}}{1+e^{-1}}");
  CHECK(print_factor(1 + sqrt(Exact(2)), Notation::unicode) == "(1+√2)");
}

TEST_CASE("square roots lose their square part") {
  CHECK(unicode(sqrt(Exact(8))) == "2√2");
  CHECK(unicode(sqrt(Exact(1) / 2)) == "√2/2");
  CHECK(unicode(sqrt(Exact(9) / 4)) == "3/2");
  CHECK(unicode(sqrt(Exact(0))) == "0");
  CHECK(unicode(sqrt(Exact(12) / 75)) == "2/5");
  CHECK(unicode(sqrt(Exact(1000003LL * 1000003LL * 3))) == "1000003√3");   // past 10^6
  CHECK(unicode(sqrt(Exact(1000003LL * 1000033LL))) == "√1000036000099");  // two large primes
  CHECK(unicode(sqrt(Exact(999983LL * 999983LL * 1000003LL))) ==
        "999983√1000003");  // the greatest prime below 10^6
  CHECK(sqrt(pow(Exact(10), 100)) == pow(Exact(10), 50));
}

TEST_CASE("random square roots are square-free and have the right square") {
  Random random(11);
  for (int i = 0; i < 1000; ++i) {
    const int top = random.between(1, 100000), bottom = random.between(1, 3000);
    const Exact square = Exact(top) / bottom, root = sqrt(square);
    CAPTURE(square);
    CHECK(root * root == square);
    CHECK(sign(root) == 1);
    const std::string written = text(root);
    const std::size_t start = written.find("sqrt(");
    if (start == std::string::npos) continue;
    const int radicand = std::stoi(written.substr(start + 5));
    bool is_square_free = true;
    for (int d = 2; d * d <= radicand; ++d) is_square_free = is_square_free && radicand % (d * d) != 0;
    CHECK(is_square_free);
  }
}

TEST_CASE("the field laws hold, by equality") {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = random.value(), b = random.value(), c = random.value();
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    CHECK((a + b) + c == a + (b + c));
    CHECK((a * b) * c == a * (b * c));
    CHECK(a + b == b + a);
    CHECK(a * b == b * a);
    CHECK(a * (b + c) == a * b + a * c);
    CHECK(a - b == a + -b);
    CHECK(a - a == 0);
    CHECK(a * 1 == a);
    CHECK(a + 0 == a);
    CHECK(a + 1 != a);
    if (b == 0) continue;
    CHECK((a / b) * b == a);
    CHECK(b * (1 / b) == 1);
    CHECK(a / b == a * (1 / b));
  }
}

TEST_CASE("different values are different") {
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = random.value();
    const Exact tiny = exp(random.surd(3)) / pow(Exact(10), random.between(1, 60));
    CAPTURE(a);
    CAPTURE(tiny);
    CHECK_FALSE(a + tiny == a);
    CHECK(a + tiny > a);
    CHECK(a - tiny < a);
  }
}

TEST_CASE("exponentials turn sums into products") {
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = random.surd(20), b = random.surd(20);
    CAPTURE(a);
    CAPTURE(b);
    CHECK(exp(a + b) == exp(a) * exp(b));
    CHECK(exp(-a) * exp(a) == 1);
    CHECK((a < b) == (exp(a) < exp(b)));
    CHECK(pow(exp(a), 3) == exp(3 * a));
    CHECK((exp(a) == 1) == (a == 0));
  }
}

TEST_CASE("the weights of a random softmax row sum to 1, and their gradients to 0") {
  Random random(4);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = exp(random.surd(9)), b = exp(random.surd(9)), c = exp(random.surd(9)), l = a + b + c;
    const Exact x = random.rational(), y = random.rational(), z = random.rational();
    const Exact mean = (a / l) * x + (b / l) * y + (c / l) * z;
    CAPTURE(l);
    CAPTURE(mean);
    CHECK(a / l + b / l + c / l == 1);
    CHECK(unicode(a / l + b / l + c / l) == "1");
    CHECK(unicode((a / l) * (x - mean) + (b / l) * (y - mean) + (c / l) * (z - mean)) == "0");
  }
}

TEST_CASE("a factor multiplied in and divided out leaves the value as it was written") {
  Random random(5);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = random.sum(4), b = random.not_zero(random.sum(3));
    CAPTURE(a);
    CAPTURE(b);
    CHECK(text(a * b / b) == text(a));
    CHECK(text(a / b * b) == text(a));
  }
}

TEST_CASE("order is total and agrees with doubles that are far apart") {
  Random random(6);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    const Exact a = random.value(), b = random.value(), c = random.value();
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    CHECK((a < b) + (b < a) + (a == b) == 1);
    CHECK((a <= b) == !(b < a));
    CHECK((a > b) == (sign(a - b) == 1));
    if (a < b && b < c) CHECK(a < c);
    if (a < b && sign(c) > 0) CHECK(a * c < b * c);
    const double x = to_double(a), y = to_double(b);
    if (std::abs(x - y) > 1e-9 * (std::abs(x) + std::abs(y))) CHECK((a < b) == (x < y));
    CHECK(abs(a) == (a < 0 ? -a : a));
  }
}

TEST_CASE("values with different roots can be compared, though not mixed") {
  const Exact two = sqrt(Exact(2)), three = sqrt(Exact(3));
  CHECK(two < three);
  CHECK_FALSE(three < two);
  CHECK(two != three);
  CHECK_FALSE(exp(two) == exp(three));
  CHECK(std::max(two / 2, three / 3) == two / 2);
}

TEST_CASE("sums that nearly cancel have the right sign") {
  const Exact e = exp(Exact(1));
  for (int n = 1; n <= 60; ++n) {
    CAPTURE(n);
    const Exact below = partial_sum_of_e(n), above = below + 2 * (below - partial_sum_of_e(n - 1)) / (n + 1);
    CHECK(sign(e - below) == 1);
    CHECK(sign(e - above) == -1);
    CHECK(sign((e - below) * (e - above) / (1 + e)) == -1);
  }
  CHECK(e - partial_sum_of_e(58) < 1 / pow(Exact(10), 80));
}

TEST_CASE("what leaves the field is an error that names it") {
  const Exact e = exp(Exact(1)), root = sqrt(Exact(2));
  CHECK(contains(error_of([] { Exact(3) / Exact(0); }), "division by zero: 3/0"));
  CHECK(contains(error_of([&] { (1 + e) / (root - root); }), "division by zero: (1+exp(1))/0"));
  CHECK(contains(error_of([&] { exp(e); }), "exp of exp(1): only an exponent p + q√n"));
  CHECK(contains(error_of([&] { sqrt(root); }), "sqrt of sqrt(2): only the root of a rational"));
  CHECK(contains(error_of([] { sqrt(Exact(-2)); }), "sqrt of -2: a negative number"));
  CHECK(contains(error_of([] { sqrt(pow(Exact(10), 31)); }),
                 "sqrt of 10000000000000000000000000000000 is too large"));
  CHECK(contains(error_of([&] { root + sqrt(Exact(3)); }), "√2 and √3 cannot be mixed"));
  CHECK(contains(error_of([&] { root* sqrt(Exact(3)); }), "√2 and √3 cannot be mixed"));
  CHECK(contains(error_of([&] { exp(root) * sqrt(Exact(3)); }), "√2 and √3 cannot be mixed"));
  CHECK(contains(error_of([] { numbers::integer("12a"); }), "not an integer: '12a'"));
  CHECK(contains(error_of([] { numbers::exactly(std::numeric_limits<double>::infinity()); }),
                 "no number: inf"));
  CHECK(contains(error_of([] { numbers::exactly(std::nan("")); }), "no number: nan"));
}

TEST_CASE("a root that cancels leaves room for another one") {
  const Exact two = sqrt(Exact(2)), three = sqrt(Exact(3));
  CHECK(two * two + three * three == 5);
  CHECK((two - two) + three == three);
  CHECK(exp(two) * exp(-two) * three == three);
}

TEST_CASE("caps end every calculation with an error that says so") {
  CHECK(contains(error_of([] { exp(Exact(100001)); }), "at most 100000"));
  CHECK(contains(error_of([] { exp(Exact(-100001)); }), "at most 100000"));
  CHECK(error_of([] { exp(Exact(100000)); }).empty());
  CHECK(contains(error_of([] { pow(Exact(2), 1001); }), "at most 1000"));
  CHECK(contains(error_of([] { pow(Exact(2), -1001); }), "at most 1000"));
  CHECK(contains(error_of([] { pow(pow(Exact(2), 1000), 1000); }), "1000000 bits"));
  CHECK(contains(error_of([] { pow(pow(1 + sqrt(Exact(2)), 1000), 1000); }), "1000000 bits"));
  CHECK(contains(error_of([] { pow(exp(Exact(100000)), 1000); }), "e^1000000"));
  const auto many_terms = [] {
    Exact product = 1;
    for (int i = 0; i < 15; ++i) product *= 1 + exp(Exact(1 << i));
  };
  CHECK(contains(error_of(many_terms), "20000 terms"));
  const auto long_product = [] {
    const Exact power = pow(1 + exp(Exact(1)), 1000);
    power* power;
  };
  CHECK(contains(error_of(long_product), "too large to be written out"));
  CHECK(contains(error_of([] { pow(pow(1 / (3 + exp(Exact(1))), 1000), 1000); }), "too large a power"));
  CHECK(contains(error_of([] { pow(1 / (pow(Exact(10), 1000) + exp(Exact(1))), 1000); }),
                 "a denominator here"));
}

TEST_CASE("powers") {
  const Exact l = 1 + exp(Exact(-1));
  CHECK(pow(Exact(2), 10) == 1024);
  CHECK(pow(Exact(2), -2) == Exact(1) / 4);
  CHECK(pow(Exact(0), 0) == 1);
  CHECK(pow(l, 0) == 1);
  CHECK(pow(l, 3) == l * l * l);
  CHECK(unicode(pow(l, -3)) == "1/(1+e^(-1))^3");
  CHECK(contains(error_of([] { pow(Exact(0), -1); }), "division by zero"));
}

TEST_CASE("long quotients are left as they stand, and are still equal") {
  const Exact e = exp(Exact(1));
  const Exact all = (1 - pow(e, 1000)) / (1 - e);  // a thousand terms
  CHECK(contains(unicode(all), "/(1-e^(-1))"));
  CHECK(all * (1 - e) == 1 - pow(e, 1000));
  CHECK(all - (1 - pow(e, 999)) / (1 - e) == pow(e, 999));
  const Exact half = (1 - pow(e, 500)) / (1 - e);
  CHECK(all / half == 1 + pow(e, 500));
  // Both factors of the denominator give up on the numerator, but it is a rational multiple of their product.
  const Exact x = pow(e - 2, 300), y = pow(e - 5, 300), product = 3 * x * y;
  CHECK_FALSE(is_rational(product / x));
  CHECK(is_rational(product / x / y));
  CHECK(product / x / y == 3);
}

TEST_CASE("integers and rationals are recognised, whatever they come from") {
  const Exact e = exp(Exact(1)), root = sqrt(Exact(2));
  CHECK(is_integer(root * root));
  CHECK(is_rational(root * root / 3));
  CHECK_FALSE(is_integer(root * root / 3));
  CHECK_FALSE(is_rational(root));
  CHECK_FALSE(is_rational(e));
  CHECK(is_integer(e / (1 + e) + 1 / (1 + e)));
  CHECK(is_integer(numbers::integer("123456789012345678901234567890")));
  CHECK(text(numbers::integer("00123456789012345678901234567890")) == "123456789012345678901234567890");
}

TEST_CASE("doubles become exact, and exact values the nearest double") {
  CHECK(numbers::exactly(0.25) == Exact(1) / 4);
  CHECK(numbers::exactly(0.1) != Exact(1) / 10);
  CHECK(to_double(Exact(1) / 10) == 0.1);
  CHECK(to_double(exp(Exact(1))) == std::exp(1.0));
  CHECK(to_double(power_of_two(-1074)) == std::numeric_limits<double>::denorm_min());
  CHECK(to_double(power_of_two(-1075)) == 0.0);  // a tie, to even
  CHECK(to_double(3 * power_of_two(-1076)) == std::numeric_limits<double>::denorm_min());
  CHECK(to_double(power_of_two(53) + 1) == 9007199254740992.0);  // ties, to even
  CHECK(to_double(power_of_two(53) + 3) == 9007199254740996.0);
  CHECK(to_double(power_of_two(53) + 1 + exp(Exact(-500))) == 9007199254740994.0);
  CHECK(to_double(power_of_two(1024)) == std::numeric_limits<double>::infinity());
  CHECK(to_double(power_of_two(1024) - power_of_two(971)) == std::numeric_limits<double>::max());
  CHECK(to_double(power_of_two(1024) - power_of_two(970)) == std::numeric_limits<double>::infinity());
  CHECK(to_double(-exp(Exact(1000))) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("any double is its own nearest double") {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t bits = random.bits();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    CAPTURE(value);
    CHECK(to_double(numbers::exactly(value)) == value);
  }
}

TEST_CASE("no double is nearer than the nearest one") {
  Random random(8);
  for (int i = 0; i < 1000; ++i) {
    random.next_radicand();
    Exact value = random.value();
    if (random.one_in(4)) value = value * power_of_two(-random.between(1000, 1080));  // subnormal
    const double nearest = to_double(value);
    const Exact gap = abs(value - numbers::exactly(nearest));
    CAPTURE(value);
    CAPTURE(nearest);
    CHECK(gap <= abs(value - numbers::exactly(std::nextafter(nearest, 1e300))));
    CHECK(gap <= abs(value - numbers::exactly(std::nextafter(nearest, -1e300))));
  }
}

TEST_CASE("a printed value reads back as an equal value") {
  Random random(9);
  int checked = 0;
  for (int i = 0; i < 1500; ++i) {
    random.next_radicand();
    Exact value = random.value() / random.not_zero(random.sum(2));
    if (random.one_in(2)) value = value * value + random.value();
    const std::string written = text(value);
    CAPTURE(written);
    if (written.size() > numbers::caps::expression_length) continue;
    ++checked;
    CHECK(evaluate(written) == value);
    CHECK(text(evaluate(written)) == written);
    CHECK(evaluate("3*" + print_factor(value, Notation::text)) == 3 * value);
    CHECK(evaluate("3-" + print_factor(value, Notation::text)) == 3 - value);
    CHECK(evaluate(print_factor(value, Notation::text) + "*" + print_factor(-value, Notation::text)) ==
          -value * value);
  }
}

TEST_CASE("softmax of an Eigen matrix, written plainly, in closed form") {
  using Matrix = Eigen::Matrix<Exact, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Exact, Eigen::Dynamic, 1>;
  Matrix Q(2, 2), K(2, 2);
  Q << 1, 0, 0, 1;
  K << 1, 0, 1, 1;
  const Matrix Z = Q * K.transpose() / sqrt(Exact(2));
  const Vector m = Z.rowwise().maxCoeff();
  const Matrix E = (Z.colwise() - m).array().exp();
  const Vector l = E.rowwise().sum();
  const Matrix A = E.array().colwise() / l.array();
  CHECK(m(0) == sqrt(Exact(2)) / 2);
  CHECK(unicode(A(0, 0)) == "1/2");
  CHECK(unicode(A(1, 0)) == "e^(-√2/2)/(1+e^(-√2/2))");
  CHECK(A.rowwise().sum() == Vector::Constant(2, Exact(1)));
  CHECK((A * A - A * A).isZero());
}

TEST_CASE("attention of four tokens with its gradients takes a hundredth of a second's calculation") {
  using Matrix = Eigen::Matrix<Exact, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Exact, Eigen::Dynamic, 1>;
  Random random(10);
  const auto given = [&](int cols) {
    return Matrix(Matrix::NullaryExpr(4, cols, [&] { return Exact(random.between(-2, 2)); }));
  };
  const numbers::WorkLimit limit(30'000);  // a hundredth of a second on a slow machine
  const Matrix Q = given(2), K = given(2), V = given(3), dY = given(3);
  const Matrix Z = Q * K.transpose() / sqrt(Exact(2));
  const Matrix E = Z.array().exp();
  const Vector l = E.rowwise().sum();
  const Matrix A = E.array().colwise() / l.array();
  const Matrix dA = dY * V.transpose();
  const Vector mean = (A.array() * dA.array()).rowwise().sum();
  const Matrix dZ = A.array() * (dA.colwise() - mean).array();
  const Matrix dK = dZ.transpose() * Q / sqrt(Exact(2));
  for (const Exact& entry : dK.reshaped()) CHECK_FALSE(decimal(entry).empty());
  CHECK(dZ.rowwise().sum() == Vector::Constant(4, Exact(0)));
}
