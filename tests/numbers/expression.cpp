#include "numbers/expression.hpp"

#include <doctest/doctest.h>

#include <string>

#include "random_numbers.hpp"

using numbers::decimal_literal;
using numbers::evaluate;
using numbers::Exact;
using numbers::ExpressionError;

namespace {

struct Failure {
  std::size_t column = 0;
  std::string message;
};

Failure failure_of(const std::string& text, const numbers::Lookup& lookup = {}) {
  try {
    evaluate(text, lookup);
  } catch (const ExpressionError& error) {
    return {error.column, error.what()};
  }
  return {};
}

/// The expression fails at this column with this in its message.
void check_failure(const std::string& text, std::size_t column, const std::string& part) {
  const Failure failure = failure_of(text);
  CAPTURE(text);
  CAPTURE(failure.message);
  CHECK(failure.column == column);
  CHECK(failure.message.find(part) != std::string::npos);
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

Exact ratio(int top, int bottom) { return Exact(top) / bottom; }

/// A random expression and its value, built side by side.
struct Written {
  std::string text;
  Exact value;
};

std::string blanks(Random& random) { return random.one_in(4) ? " " : ""; }

Written random_atom(Random& random, int depth);

Written random_product(Random& random, int depth) {
  Written all = random_atom(random, depth);
  for (int i = random.between(0, 2); i > 0; --i) {
    const Written next = random_atom(random, depth);
    const bool divides = random.one_in(2) && !(next.value == 0);
    all.text += blanks(random) + (divides ? "/" : "*") + blanks(random) + next.text;
    all.value = divides ? all.value / next.value : all.value * next.value;
  }
  return all;
}

Written random_sum(Random& random, int depth) {
  Written all = random_product(random, depth);
  for (int i = random.between(0, 2); i > 0; --i) {
    const Written next = random_product(random, depth);
    const bool minus = random.one_in(2);
    all.text += blanks(random) + (minus ? "-" : "+") + blanks(random) + next.text;
    all.value = minus ? all.value - next.value : all.value + next.value;
  }
  return all;
}

Written random_atom(Random& random, int depth) {
  const int digit = random.between(0, 9);
  switch (random.between(0, depth == 0 ? 2 : 7)) {
    case 0:
      return {"0." + std::to_string(digit), ratio(digit, 10)};
    case 1:
      return {std::to_string(digit) + "e2", 100 * Exact(digit)};
    case 2:
      return {std::to_string(digit), digit};
    case 3: {
      const Written inner = random_atom(random, depth - 1);
      if (inner.text[0] == '-') return {"-(" + inner.text + ")", -inner.value};
      return {"-" + inner.text, -inner.value};
    }
    case 4:
      return {"sqrt(2)^" + std::to_string(digit), pow(sqrt(Exact(2)), digit)};
    case 5:
      return {"exp(" + std::to_string(digit) + "/-2)", exp(ratio(-digit, 2))};
    case 6: {
      const Written inner = random_sum(random, depth - 1);
      return {"abs(" + inner.text + ")", abs(inner.value)};
    }
    default: {
      const Written inner = random_sum(random, depth - 1);
      return {"(" + inner.text + ")^2", inner.value * inner.value};
    }
  }
}

}  // namespace

TEST_CASE("e is Euler's number, and its powers are exponentials") {
  const auto same = [](const char* text, const char* with_exp) {
    CHECK_MESSAGE(evaluate(text) == evaluate(with_exp), text);
  };
  same("e", "exp(1)");
  same("e^-1", "exp(-1)");
  same("e^(-2)", "exp(-2)");
  same("1+e^−2", "1+exp(-2)");
  same("e^(1/2)/(1 + e^(1/2))", "exp(1/2)/(1+exp(1/2))");
  same("e^-sqrt(2)", "exp(-sqrt(2))");
  same("-e^2", "-exp(2)");
  same("e^2^3", "exp(8)");
  same("3*e*e", "3*exp(2)");
  same("1e2", "100");
  const numbers::Lookup lookup = [](const numbers::Name&) { return Exact(7); };
  CHECK(evaluate("e", lookup) == Exact(7));  // a name where names have values
  check_failure("ex", 1, "unknown name 'ex'");
  check_failure("e(2)", 1, "unknown function 'e'");
  check_failure("e^e", 1, "");
}

TEST_CASE("numbers are read exactly") {
  CHECK(evaluate("12") == 12);
  CHECK(evaluate("0.1") == ratio(1, 10));
  CHECK(evaluate(".5") == ratio(1, 2));
  CHECK(evaluate("0.250") == ratio(1, 4));
  CHECK(evaluate("1.5e-7") == ratio(3, 20000000));
  CHECK(evaluate("1e5") == 100000);
  CHECK(evaluate("1E+5") == 100000);
  CHECK(evaluate("007") == 7);
}

TEST_CASE("operators bind as in school") {
  CHECK(evaluate("1+2*3") == 7);
  CHECK(evaluate("(1+2)*3") == 9);
  CHECK(evaluate("8/4/2") == 1);
  CHECK(evaluate("8-4-2") == 2);
  CHECK(evaluate("-2^2") == -4);
  CHECK(evaluate("(-2)^2") == 4);
  CHECK(evaluate("2^3^2") == 512);
  CHECK(evaluate("2^-1") == ratio(1, 2));
  CHECK(evaluate("2^-1^2") == ratio(1, 2));
  CHECK(evaluate("2*-3") == -6);
  CHECK(evaluate("--3") == 3);
  CHECK(evaluate("+3") == 3);
  CHECK(evaluate(" 1 / ( 2 + 2 ) ") == ratio(1, 4));
  CHECK(evaluate("3 − 5") == -2);
  CHECK(evaluate("−5") == -5);
}

TEST_CASE("functions") {
  CHECK(evaluate("sqrt(9/4)") == ratio(3, 2));
  CHECK(evaluate("sqrt (2)^2") == 2);
  CHECK(evaluate("exp(0)") == 1);
  CHECK(evaluate("exp(1)*exp(-1)") == 1);
  CHECK(evaluate("abs(1-sqrt(2))") == sqrt(Exact(2)) - 1);
  CHECK(evaluate("1/(1+exp(1/sqrt(2)))") == 1 / (1 + exp(sqrt(Exact(2)) / 2)));
}

TEST_CASE("random expressions have the value that they were built with") {
  Random random(41);
  for (int i = 0; i < 1500; ++i) {
    const Written written = random_sum(random, 2);
    CAPTURE(written.text);
    CHECK(evaluate(written.text) == written.value);
  }
}

TEST_CASE("a lookup gives names their values") {
  const auto lookup = [](const numbers::Name& name) -> Exact {
    if (name.text == "d_k" && !name.row) return 2;
    if (name.text == "lab.A" && name.row && name.col) return 10 * *name.row + *name.col;
    if (name.text == "l" && name.row && !name.col) return *name.row;
    throw numbers::Error("there is no '" + name.text + "': there are d_k, l and lab.A");
  };
  CHECK(evaluate("1/sqrt(d_k)", lookup) == sqrt(Exact(2)) / 2);
  CHECK(evaluate("lab.A[3,4]+1", lookup) == 35);
  CHECK(evaluate("lab.A[ 3 , 4 ]", lookup) == 34);
  CHECK(evaluate("l[7]", lookup) == 7);
  const Failure failure = failure_of("1+ B[0,1]", lookup);
  CHECK(failure.column == 4);
  CHECK(failure.message == "there is no 'B': there are d_k, l and lab.A");
  CHECK(failure_of("2*l[1", lookup).column == 4);
  CHECK(failure_of("l[x]", lookup).message.find("counted from 0") != std::string::npos);
  CHECK(failure_of("l[1;2]", lookup).message.find("a ] is missing") != std::string::npos);
  CHECK(failure_of("lab. + 1", lookup).message == "a name cannot end in a point");
  CHECK(failure_of("Q'", lookup).column == 1);
}

TEST_CASE("what is wrong is said with its column and what to do") {
  check_failure("", 1, "an expression is missing");
  check_failure("   ", 4, "an expression is missing");
  check_failure("1,5", 2, "write 1.5, or put a blank between two entries");
  check_failure("1.5,2", 4, "a comma does not belong in a number: put a blank between two entries");
  check_failure("exp(1,5)", 6, "write 1.5");
  check_failure("(1),2", 4, "a comma does not belong here");
  check_failure("foo", 1, "unknown name 'foo'");
  check_failure("1+sin(2)", 3, "unknown function 'sin': there are sqrt, exp and abs");
  check_failure("sqrt 2", 1, "write sqrt(2)");
  check_failure("(1+2", 1, "this parenthesis is not closed");
  check_failure("2*(1+(3)", 3, "this parenthesis is not closed");
  check_failure("1+2)", 4, "closes no parenthesis");
  check_failure("()", 2, "these parentheses are empty");
  check_failure("1+", 3, "ends where a number is missing");
  check_failure("1*/2", 3, "unexpected '/'");
  check_failure("1 2", 3, "an operator is missing");
  check_failure("2(3)", 2, "an operator is missing");
  check_failure("2e", 2, "digits must follow the 'e'");
  check_failure("2exp(1)", 2, "2*exp(1)");
  check_failure("1.", 2, "write 1.0");
  check_failure("1.2.3", 4, "one point");
  check_failure("2**3", 2, "a power is written with ^");
  check_failure("1/2 ?", 5, "? stands alone");
  check_failure("-inf", 2, "-inf stands alone");
  check_failure("√2", 1, "sqrt");
  check_failure("2·3", 2, "is written *");
  check_failure("1+é", 3, "unexpected 'é'");
  check_failure("−−é", 3, "unexpected 'é'");
  check_failure("1 – 2", 3, "no minus sign");
}

TEST_CASE("what a calculation cannot do is said at its operator or function") {
  check_failure("1/0", 2, "division by zero: 1/0");
  check_failure("2 + 1/(2-2)", 6, "division by zero: 1/0");
  check_failure("1+sqrt(-2)", 3, "sqrt of -2");
  check_failure("1+exp(exp(1))", 3, "exp of exp(1)");
  check_failure("sqrt(2)+sqrt(3)", 8, "√2 and √3 cannot be mixed");
  check_failure("sqrt(2)*sqrt(3)", 8, "√2 and √3 cannot be mixed");
  check_failure("−−sqrt(2) - sqrt(3)", 11, "√2 and √3 cannot be mixed");
  check_failure("2^0.5", 2, "sqrt(x)");
  check_failure("2^sqrt(2)", 2, "integer exponent");
  check_failure("0^-1", 2, "division by zero");
}

TEST_CASE("every cap has its own message") {
  check_failure(repeated("1+", 5000) + "1", 10001, "at most 10000 characters");
  check_failure("1+" + repeated("9", 1001), 3, "at most 1000 characters, this has 1001");
  check_failure(repeated("(", 101) + "1" + repeated(")", 101), 101, "100 deep");
  check_failure(repeated("-", 101) + "1", 101, "100 deep");
  check_failure("2" + repeated("^1", 101), 203, "100 deep");
  check_failure(repeated("exp(", 101), 404, "100 deep");
  check_failure("2^1001", 2, "at most 1000");
  check_failure("2^-1001", 2, "at most 1000");
  check_failure("2^10^10", 2, "at most 1000");
  check_failure("1e1001", 2, "at most 1000");
  check_failure("1e-99999999999999999999", 2, "at most 1000");
  check_failure("exp(100001)", 1, "at most 100000");
  check_failure("(2^1000)^1000", 9, "1000000 bits");
  check_failure("(1+exp(1))^1000*(1+exp(1))^1000", 16, "too large to be written out");
  std::string product = "1";
  for (int i = 0; i < 15; ++i) product += "*(1+exp(2^" + std::to_string(i) + "))";
  check_failure(product, product.rfind('*') + 1, "20000 terms");
}

TEST_CASE("just below the caps all is well") {
  CHECK(evaluate(repeated("9", 1000)) == pow(Exact(10), 1000) - 1);
  CHECK(evaluate(repeated("(", 100) + "1" + repeated(")", 100)) == 1);
  CHECK(evaluate(repeated("-", 100) + "1") == 1);
  CHECK(evaluate("1e1000*1e-1000") == 1);
  CHECK(evaluate("2^1000/2^999") == 2);
  CHECK(evaluate(repeated("1+", 4999) + "1 ") == 5000);
}

TEST_CASE("random rubbish is an error or a value, and nothing else") {
  Random random(42);
  const std::string parts[] = {"1",     "0",    "2", ".", "e", "+", "-", "*", "/", "^",    "(",    ")",
                               "sqrt(", "exp(", " ", ",", "[", "]", "A", "−", "é", "\xff", "\xe2", "?"};
  int errors = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (int length = random.between(0, 8); length > 0; --length) text += parts[random.between(0, 23)];
    CAPTURE(text);
    try {
      const Exact value = evaluate(text);
      CHECK(evaluate(print(value, numbers::Notation::text)) == value);
    } catch (const ExpressionError& error) {
      ++errors;
      CHECK(error.column >= 1);
      CHECK(error.column <= text.size() + 1);
      CHECK(std::string(error.what()).size() > 10);
    }
  }
  CHECK(errors > 1000);
}

TEST_CASE("a decimal literal claims half a unit of its last digit") {
  const auto literal = decimal_literal("0.66976");
  REQUIRE(literal.has_value());
  CHECK(literal->value == ratio(66976, 100000));
  CHECK(literal->half_unit == ratio(1, 200000));
  CHECK(literal->significant_digits == 5);
  const auto small = decimal_literal("-0.050");
  REQUIRE(small.has_value());
  CHECK(small->value == ratio(-1, 20));
  CHECK(small->half_unit == ratio(1, 2000));
  CHECK(small->significant_digits == 2);
  const auto power = decimal_literal("1.5e-7");
  REQUIRE(power.has_value());
  CHECK(power->value == evaluate("1.5e-7"));
  CHECK(power->half_unit == evaluate("5e-9"));
  CHECK(power->significant_digits == 2);
  const auto zero = decimal_literal("0.00");
  REQUIRE(zero.has_value());
  CHECK(zero->significant_digits == 0);
  CHECK(zero->half_unit == ratio(1, 200));
  CHECK(decimal_literal("−2.5").value().value == ratio(-5, 2));
  CHECK(decimal_literal("+.5").value().value == ratio(1, 2));
}

TEST_CASE("everything else is no decimal literal") {
  for (const char* text :
       {"",    "1",    "-1",   "1/2",   "5.",    ".",   "-.", "0.5+1", "1.5-2", "1.5e",
        "1e5", " 0.5", "0.5 ", "--0.5", "0.5.5", "0,5", "x",  "-inf",  "?",     "1.5e2.5"}) {
    CAPTURE(text);
    CHECK_FALSE(decimal_literal(text).has_value());
  }
  CHECK_THROWS_AS(decimal_literal("0." + repeated("1", 1000)), ExpressionError);
  CHECK(decimal_literal("0." + repeated("1", 998)).has_value());
}
