#include "derivation/operation.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/tables.hpp"

using namespace derivation;

namespace {

struct Case {
  std::string operation;
  std::vector<std::string> operands;
  std::string result;
};

/// Worked out by hand.
const std::vector<Case> cases = {
    {"product", {"1 2 ; 3 4", "0 1 ; 1 0"}, "2 1 ; 4 3"},
    {"product", {"1 2 3", "1 ; 1/2 ; -1"}, "-1"},
    {"transpose", {"1 -inf 3 ; 4 5 6"}, "1 4 ; -inf 5 ; 3 6"},
    {"sum", {"1 2 ; 3 4", "10 20 ; 30 40"}, "11 22 ; 33 44"},
    {"sum", {"1 2 ; -inf 4", "10"}, "11 12 ; -inf 14"},
    {"difference", {"1 2 ; 3 4", "1 ; 3"}, "0 1 ; 0 1"},
    {"difference", {"1 -inf ; -inf -inf", "1 ; -inf"}, "0 -inf ; -inf -inf"},
    {"entrywise product", {"1 2 ; 3 4", "2 0 ; 1 -1"}, "2 0 ; 3 -4"},
    {"entrywise product", {"1 2 ; 3 -inf", "1/4"}, "1/4 1/2 ; 3/4 -inf"},
    {"quotient", {"1 2 ; 3 4", "2 ; 4"}, "1/2 1 ; 3/4 1"},
    {"normalise", {"1 3 ; 2 2", "4 ; 4"}, "1/4 3/4 ; 1/2 1/2"},
    {"normalise", {"1 3 ; 0 0", "4 ; 0"}, "1/4 3/4 ; 0 0"},
    {"exponential", {"0 -inf ; 0 0"}, "1 0 ; 1 1"},
    {"square root", {"4 9/4 ; 0 1"}, "2 3/2 ; 0 1"},
    {"power", {"2", "0 1 3 ; -1 -2 10"}, "1 2 8 ; 1/2 1/4 1024"},
    {"diagonal", {"1 ; 2 ; 3"}, "1 0 0 ; 0 2 0 ; 0 0 3"},
    {"head", {"1 2 -inf 4 ; 5 6 7 8", "1", "2"}, "1 2 ; 5 6"},
    {"head", {"1 2 -inf 4 ; 5 6 7 8", "2", "2"}, "-inf 4 ; 7 8"},
    {"head", {"1 2 3", "3", "3"}, "3"},
    {"concatenation", {"1 ; 2", "3 4 ; -inf 6", "7 ; 8"}, "1 3 4 7 ; 2 -inf 6 8"},
    {"row maxima", {"1 5 3 ; -7 -2 -inf ; -inf -inf 0"}, "5 ; -2 ; 0"},
    {"row maxima", {"-inf -inf ; 1 -inf"}, "-inf ; 1"},
    {"row sums", {"1 5 3 ; 0 0 0"}, "9 ; 0"},
    {"mask", {"1 2 ; 3 4", "1 0 ; 0 1"}, "1 -inf ; -inf 4"},
    {"mask", {"1 -inf ; 3 4", "1 1 ; 0 0"}, "1 -inf ; -inf -inf"},
};

template <typename Scalar>
Table<Scalar> as(const Table<Exact>& table) {
  Table<Scalar> result(as_scalars<Scalar>(table.values));
  result.visible = table.visible;
  return result;
}

template <typename Scalar>
Table<Scalar> applied(const Case& each) {
  std::vector<Table<Scalar>> operands;
  for (const std::string& operand : each.operands) operands.push_back(as<Scalar>(table_of(operand)));
  return derivation::apply(operation_named(each.operation), operands);
}

std::string complaint(const std::string& operation, const std::vector<std::string>& operands) {
  try {
    applied<Exact>({operation, operands, ""});
  } catch (const Error& error) {
    return error.what();
  } catch (const numbers::Error& error) {
    return std::string("number: ") + error.what();
  }
  return "";
}

bool holds(double value, const Exact& exact) { return numbers::exactly(value) == exact; }
bool holds(const Enclosure& value, const Exact& exact) {
  return lower(value) <= exact && exact <= upper(value);
}

/// The results in another kind of number; the doubles of these cases are exact, since all are small dyadic
/// fractions.
template <typename Scalar>
bool agrees(const Case& each) {
  const Table<Scalar> result = applied<Scalar>(each);
  const Table<Exact> expected = table_of(each.result);
  if (result.rows() != expected.rows() || result.cols() != expected.cols()) return false;
  for (Index i = 0; i < expected.rows(); ++i)
    for (Index j = 0; j < expected.cols(); ++j) {
      if (result.visible(i, j) != expected.visible(i, j)) return false;
      if (expected.visible(i, j) && !holds(result.values(i, j), expected.values(i, j))) return false;
    }
  return true;
}

}  // namespace

TEST_CASE("each operation does with small tables what a hand does") {
  for (const Case& each : cases) {
    CAPTURE(each.operation);
    CHECK(text_of(applied<Exact>(each)) == each.result);
    CHECK(agrees<double>(each));
    CHECK(agrees<Enclosure>(each));
  }
}

TEST_CASE("a result that is not the operation's is told from it") {
  for (Case each : cases) {
    const std::size_t last = each.result.rfind(' ');
    each.result = (last == std::string::npos ? "" : each.result.substr(0, last + 1)) + "77";
    CAPTURE(each.result);
    CHECK(text_of(applied<Exact>(each)) != each.result);
    CHECK(!agrees<double>(each));
    CHECK(!agrees<Enclosure>(each));
  }
}

TEST_CASE("an exponential and a root outside the rationals stay in closed form") {
  CHECK(text_of(applied<Exact>({"exponential", {"1 -1/2"}, ""})) == "exp(1) exp(-1/2)");
  CHECK(applied<Exact>({"quotient", {"1", "sqrt(2)"}, ""}).values(0, 0) == numbers::evaluate("sqrt(2)/2"));
  CHECK(applied<Exact>({"square root", {"8"}, ""}).values(0, 0) == numbers::evaluate("2*sqrt(2)"));
}

TEST_CASE("shapes that do not fit are refused with both shapes") {
  CHECK(complaint("product", {"1 2 ; 3 4", "1 2 3"}).find("a 2×2 matrix times a 1×3 matrix") == 0);
  for (const std::string operation : {"sum", "difference", "entrywise product", "quotient", "normalise"})
    for (const std::string second : {"1 ; 2 ; 3", "1 2 3 ; 4 5 6", "1 2"}) {
      const std::string said = complaint(operation, {"1 2 ; 3 4", second});
      CHECK_MESSAGE(said.find("the " + operation + " of a 2×2 and a ") == 0, operation, " by ", second, ": ",
                    said);
    }
  CHECK(complaint("mask", {"1 2 ; 3 4", "1 1"}).find("a mask of 1×2 for a 2×2 matrix") == 0);
  CHECK(complaint("diagonal", {"1 2"}).find("a diagonal is made of a column, not of a 1×2") == 0);
  CHECK(complaint("power", {"1 2", "1"}).find("a power needs one number as its base") == 0);
  CHECK(
      complaint("head", {"1 2 3", "1", "2"}).find("the 3 columns of a 1×3 matrix cannot be dealt out to 2") ==
      0);
  CHECK(complaint("head", {"1 2", "3", "2"}) == "there is no head 3 of 2");
  CHECK(complaint("head", {"1 2", "0", "2"}) == "there is no head 0 of 2");
  CHECK(
      complaint("concatenation", {"1 ; 2", "1 2"}).find("a 2×1 and a 1×2 matrix do not stand side by side") ==
      0);
  CHECK(complaint("sum", {"1 2 ; 3 4", "1 2 ; 3 4"}).empty());
}

TEST_CASE("a hidden entry is refused where it would be calculated with") {
  CHECK(complaint("product", {"1 -inf", "1 ; 1"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("product", {"1 1", "1 ; -inf"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("row sums", {"1 -inf"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("square root", {"1 -inf"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("power", {"2", "1 -inf"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("diagonal", {"1 ; -inf"}).find("cannot take a hidden entry") != std::string::npos);
  CHECK(complaint("difference", {"1 2 ; 3 4", "1 ; -inf"}).find("of a visible entry and a hidden one") !=
        std::string::npos);
}

TEST_CASE("what numbers cannot do is said by the numbers") {
  CHECK(complaint("quotient", {"1 2", "0"}).find("number: division by zero") == 0);
  CHECK(complaint("square root", {"-1"}).find("number: sqrt of -1") == 0);
  CHECK(complaint("power", {"0", "-1"}).find("number: division by zero") == 0);
  CHECK(complaint("power", {"2", "1/2"}).find("a power needs a whole exponent") == 0);
  CHECK(complaint("exponential", {"exp(1)"}).find("number: exp of exp(1)") == 0);
}

TEST_CASE("what no operation makes is not made again") {
  CHECK(complaint("given", {"1"}) == "a given step cannot be made again from its operands");
  CHECK(complaint("computed", {"1"}) == "a computed step cannot be made again from its operands");
}

TEST_CASE("the names of the operations are their own") {
  std::vector<std::string> names = {"given", "computed"};
  for (const Case& each : cases) names.push_back(each.operation);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  CHECK(names.size() == static_cast<std::size_t>(Operation::computed) + 1);  // all of them are tested above
  for (const std::string& name : names) CHECK(to_string(operation_named(name)) == name);
  CHECK_THROWS_AS(operation_named("softmax"), Error);
}
