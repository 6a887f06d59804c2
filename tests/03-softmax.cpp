#include "support/every_chapter.hpp"

namespace {

Mistake replaced(const std::string& example, const std::string& name, const Matrix<Exact>& values) {
  return {example, name, [values](Table<Exact>& table) { table.values = values; }};
}

/// Wrong ways to do this chapter's steps.
std::vector<Mistake> wrong_steps() {
  const Derivation right = committed(stem);
  const auto upside_down = [](Table<Exact>& table) {
    table.values = table.values.colwise().reverse().eval();
  };
  return {
      replaced("plain", "A", step(right, "plain", "P").exact.values),  // plain division for softmax
      replaced("negative", "A", step(right, "negative", "P").exact.values),
      replaced("rows", "B", step(right, "rows", "A").exact.values),  // the right axis, called wrong
      {"temperature", "t", upside_down},                             // rising temperatures
      {"limit", "f", upside_down},                                   // falling factors
      {"tie", "S", [](Table<Exact>& table) { table.values(0, 0) = 2; }},
  };
}

/// Softmax as the formula is written, without the shift.
Matrix<double> without_shift(const Matrix<double>& Z) {
  const Matrix<double> E = Z.unaryExpr([](double z) { return std::exp(z); });
  return E.array().colwise() / E.rowwise().sum().array().eval();
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  std::vector<Mistake> mistakes = one_entry_off(committed(stem));
  for (Mistake& mistake : wrong_steps()) mistakes.push_back(std::move(mistake));
  CHECK(lines(facts_that_cannot_fail(mistakes)) == "");
}

TEST_CASE("the machine's exp overflows and underflows where the chapter says") {
  CHECK(std::isfinite(std::exp(709.782712)));
  CHECK(std::isinf(std::exp(709.782713)));
  CHECK(std::exp(-745.133219) > 0);
  CHECK(std::exp(-745.133220) == 0);
  CHECK(std::isfinite(std::exp(88.72283F)));
  CHECK(std::isinf(std::exp(88.72284F)));
  CHECK(std::exp(-103.97207F) > 0);
  CHECK(std::exp(-103.97209F) == 0);
  CHECK(std::isfinite(std::exp(709.0)));
  CHECK(std::isinf(std::exp(710.0)));
  CHECK(std::exp(-745.0) > 0);
  CHECK(std::exp(-746.0) == 0);
}

TEST_CASE("the limits of this machine's formats are those that the chapter writes out") {
  const auto power_of_2 = [](int exponent) {  // pow() takes exponents up to 1000
    return pow(Exact(2), exponent / 2) * pow(Exact(2), exponent - exponent / 2);
  };
  const Matrix<Exact> limits = limits_of_formats();
  CHECK(limits(0, 0) == (Exact(2) - power_of_2(-52)) * power_of_2(1023));
  CHECK(limits(0, 1) == power_of_2(-1075));
  CHECK(limits(1, 0) == (Exact(2) - power_of_2(-23)) * power_of_2(127));
  CHECK(limits(1, 1) == power_of_2(-150));
}

TEST_CASE("without the shift a score of 1000 gives NaN, with it the weights of 2, 1 and 0") {
  Matrix<double> Z(2, 3);
  Z << 1000, 999, 998, -1000, -999, -998;
  CHECK(without_shift(Z).array().isNaN().all());
  const Matrix<double> A = softmax_rows(Z);
  CHECK(A.row(0) == step(derived(), "limit", "A").machine.values.row(0));
  CHECK(A.row(1) == A.row(0).reverse());
}

TEST_CASE("one shift for rows far apart is right in exact numbers and loses a row in doubles") {
  const Derivation derivation = derived();
  CHECK(step(derivation, "far", "l_g").machine.values(1, 0) == 0);
  const auto& E = step(derivation, "far", "E_g").exact.values;
  const auto& l = step(derivation, "far", "l_g").exact.values;
  CHECK(E(1, 1) / l(1, 0) == step(derivation, "far", "A").exact.values(1, 1));
}
