#include "derivation/rounding.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "derivation/pipeline.hpp"
#include "program/chapter.hpp"
#include "support/pencil.hpp"

using namespace derivation;

namespace {

constexpr int cases = 1000;
constexpr double u = 0x1p-53;

Matrix<Exact> matrix(const pencil::Named& given) {
  Matrix<Exact> values(static_cast<Index>(given.values.size()), static_cast<Index>(given.values[0].size()));
  for (Index i = 0; i < values.rows(); ++i)
    for (Index j = 0; j < values.cols(); ++j)
      values(i, j) = *given.values[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  return values;
}

Matrix<Exact> causal(Index tokens) {
  return attention::causal_mask(tokens).unaryExpr([](bool seen) -> Exact { return seen ? 1 : 0; });
}

HeadInputs inputs(const pencil::Toy& toy) {
  HeadInputs head;
  head.name = "e";
  for (const pencil::Named& given : toy.givens) head.givens.push_back({given.name, matrix(given)});
  if (toy.causal) head.mask = causal(static_cast<Index>(toy.givens[0].values.size()));
  return head;
}

using Change = std::function<void(const std::string& step, Table<double>& table)>;

/// The derivation of a head, with a change made to the doubles of each step while they are computed.
Derivation derived(const HeadInputs& head, const Change& change = {}) {
  Page page;
  if (change)
    page.before_recording(
        [&](const std::string&, const std::string& name, Term& term) { change(name, term.machine); });
  derive_head(page, head);
  return written(page, "t", "T", 20);
}

std::string described(const Derivation& derivation) {
  std::string text;
  for (const Step& step : derivation.examples[0].steps)
    if (step.kind == Kind::given) {
      text += step.name + " =";
      for (Index i = 0; i < step.exact.rows(); ++i)
        for (Index j = 0; j < step.exact.cols(); ++j)
          text += " " + print(step.exact.values(i, j), numbers::Notation::text) +
                  (j + 1 == step.exact.cols() ? ";" : "");
      text += "\n";
    }
  return text;
}

/// A random head whose givens are multiplied by factors, so that they are no small whole numbers.
HeadInputs random_head(Random& random) {
  HeadInputs head = inputs(pencil::random_toy(random));
  for (auto& given : head.givens) given.values *= Exact(random.between(1, 9)) / random.between(1, 9);
  return head;
}

double largest(const Derivation& derivation, const std::string& name) {
  const auto bounds = rounding_bounds(derivation.examples[0]);
  return bounds.at(name).maxCoeff();
}

}  // namespace

TEST_CASE("over random heads every double lies within its rounding bound") {
  Random random(11);
  for (int k = 0; k < cases; ++k) {
    const Derivation derivation = derived(random_head(random));
    CAPTURE(described(derivation));
    REQUIRE(rounding_fault(derivation) == "");
  }
}

TEST_CASE("over random heads whose exponentials vanish every double lies within its rounding bound") {
  Random random(12);
  for (int k = 0; k < cases; ++k) {
    HeadInputs head = inputs(pencil::random_toy(random));
    head.scale = Number{"s", Exact(random.between(1, 400))};  // scores of up to ±576 · 400: exp underflows
    for (auto& given : head.givens)
      if (given.name == "V") given.values /= Exact(10);
    const Derivation derivation = derived(head);
    CAPTURE(described(derivation));
    REQUIRE(rounding_fault(derivation) == "");
  }
}

// How large the bounds can be for whole inputs up to 2 in size, d_model <= 3, d_k <= 4, T <= 4: |Q|, |K|, |V|
// <= 12 and |S| <= 4·144 = 576. With Higham's γ_n < 1.01 n u:
//   Q, K, V: γ_3 · 12 < 37 u       S: γ_4 · 576 + 4 · 2 · 12 · 37 u < 5900 u      Z: 5900 u + 2 · 576 u + … <
//   7100 u m: 7100 u                      D: 2 · 7100 u + 2 · 576 u < 15400 u            E <= 1: < 15500 u l
//   <= 4: < 62000 u + …          A = E/l with l >= 1: 15500 u + 62100 u + … < 80000 u
TEST_CASE("the bounds of the weights stay below a multiple of u that a hand can derive") {
  Random random(13);
  for (int k = 0; k < cases; ++k) {
    const Derivation derivation = derived(inputs(pencil::random_toy(random)));
    CAPTURE(described(derivation));
    REQUIRE(largest(derivation, "S") < 5900 * u);
    REQUIRE(largest(derivation, "E") < 15500 * u);
    REQUIRE(largest(derivation, "A") < 80000 * u);
  }
}

TEST_CASE("the bounds are not slack since somewhere the doubles use up a tenth of each") {
  Random random(14);
  std::map<std::string, double> used;
  for (int k = 0; k < cases; ++k) {
    const Derivation derivation = derived(random_head(random));
    const auto bounds = rounding_bounds(derivation.examples[0]);
    for (const Step& step : derivation.examples[0].steps)
      for (Index i = 0; i < step.exact.rows(); ++i)
        for (Index j = 0; j < step.exact.cols(); ++j)
          if (const double bound = bounds.at(step.name)(i, j); bound > 1e-300)
            used[step.name] = std::max(used[step.name], entry_gap(step.machine, step.exact, i, j) / bound);
  }
  // A bound that is ten times what ever happens, or more, would let a small mistake pass.
  for (const auto& [name, part] : used) CHECK_MESSAGE(part > 0.1, name, " uses ", part);
}

TEST_CASE("an exponential in float precision is caught in every head that has one") {
  Random random(15);
  int caught = 0;
  for (int k = 0; k < cases; ++k) {
    bool is_altered = false;
    const Derivation derivation =
        derived(random_head(random), [&](const std::string& name, Table<double>& table) {
          if (name != "E") return;
          for (double& value : table.values.reshaped()) {
            const double rounded = static_cast<double>(static_cast<float>(value));
            is_altered = is_altered || std::abs(rounded - value) > 1e-9 * value;
            value = rounded;
          }
        });
    CAPTURE(described(derivation));
    if (is_altered) REQUIRE(rounding_fault(derivation) != "");
    caught += is_altered ? 1 : 0;
  }
  CHECK(caught > cases / 2);
}

namespace {

/// What is said of the small head whose doubles are changed like this.
std::string fault(const Change& change) {
  HeadInputs head;
  head.name = "lab";
  head.givens = {{"Q", Matrix<Exact>::Identity(2, 2)},
                 {"K", Matrix<Exact>::Identity(2, 2)},
                 {"V", Matrix<Exact>::Identity(2, 2)}};
  return rounding_fault(derived(head, change));
}

Change add(const std::string& step, double amount) {
  return [=](const std::string& name, Table<double>& table) {
    if (name == step) table.values(0, 1) += amount;
  };
}

}  // namespace

TEST_CASE("a double outside its bound is named") {
  CHECK(fault({}).empty());
  CHECK(fault(add("A", 1e-12)).find("lab.A[0,1]: the double is ") == 0);
  CHECK(fault(add("A", -1e-12)).find("lab.A[0,1]") == 0);
  CHECK(fault(add("Y", 1e-12)).find("lab.Y[0,1]") == 0);
  CHECK(fault(add("Z", 1e-12)).find("lab.Z[0,1]") == 0);  // named once, where it first happens
  CHECK(fault(add("A", std::nan(""))).find("lab.A[0,1]") == 0);
  CHECK(fault(add("A", HUGE_VAL)).find("lab.A[0,1]") == 0);
}

TEST_CASE("a double outside its bound is a contradiction of the whole derivation") {
  HeadInputs head;
  head.name = "lab";
  head.givens = {{"Q", Matrix<Exact>::Identity(2, 2)},
                 {"K", Matrix<Exact>::Identity(2, 2)},
                 {"V", Matrix<Exact>::Identity(2, 2)}};
  CHECK(program::contradictions(derived(head)).empty());
  const auto found = program::contradictions(derived(head, add("A", 1e-12)));
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("lab.A[0,1]: the double is ") == 0);
}

TEST_CASE("a double that is no number is a fault where its bound is no number either") {
  // S passes what a double holds, so that Z - m is infinity less infinity.
  const Matrix<Exact> huge = Matrix<Exact>::Constant(1, 1, pow(Exact(10), 200));
  HeadInputs head;
  head.name = "e";
  head.givens = {{"Q", huge}, {"K", huge}, {"V", huge}};
  CHECK(rounding_fault(derived(head)).find("e.D[0,0]: the double is inf away") == 0);
}

TEST_CASE("one unit in the last place is no fault") {
  CHECK(fault([](const std::string& name, Table<double>& table) {
          if (name == "A") table.values(0, 1) = std::nextafter(table.values(0, 1), 1);
        }).empty());
}

TEST_CASE("a double that should be hidden is a fault") {
  HeadInputs head;
  head.name = "e";
  head.givens = {{"Q", Matrix<Exact>::Identity(2, 2)},
                 {"K", Matrix<Exact>::Identity(2, 2)},
                 {"V", Matrix<Exact>::Identity(2, 2)}};
  head.mask = causal(2);
  CHECK(rounding_fault(derived(head)).empty());
  const auto show = [](const std::string& name, Table<double>& table) {
    if (name == "M") table.visible(0, 1) = true;
  };
  CHECK(rounding_fault(derived(head, show)).find("e.M[0,1]") == 0);
}

TEST_CASE("the bounds of the other operations hold and are not slack") {
  const auto write = [](Page& page) {
    page.example("e", "");
    const auto a = page.given("a", {{"1/3", "2/7"}, {"5/9", "1/11"}});
    const auto c = page.given("c", {{"1/3"}, {"7/5"}});
    const auto n = page.given("n", {{"3", "-2"}, {"1", "0"}});
    page.step("root", "", sqrt(a));
    page.step("power", "", power(number(Exact(1) / 3), n));
    page.step("sum", "", a + a);
    page.step("times", "", entrywise_product(a, a));
    page.step("ratio", "", a / c);
    page.step("diag", "", diagonal(c));
    page.step("turned", "", transpose(a));
    page.step("sums", "", row_sums(a));
  };
  const Derivation derivation = derive("t", "T", 20, write);
  CHECK(rounding_fault(derivation).empty());
  const auto bounds = rounding_bounds(derivation.examples[0]);
  for (const Step& step : derivation.examples[0].steps) {
    if (step.kind == Kind::given) continue;
    const double size = step.machine.values.cwiseAbs().maxCoeff();
    // Each entry is made of at most two others by one operation of error u (2 u for pow), each of relative
    // error u and counted at most three times (a cube): less than 2 + 3 · 2 units of the largest size that
    // occurs, 9.
    CHECK_MESSAGE(bounds.at(step.name).maxCoeff() < 8 * u * std::max(size, 1.0), step.name);
    Derivation altered = derivation;
    for (Step& each : altered.examples[0].steps)
      if (each.name == step.name) each.machine.values(0, 0) += 1e-14 * std::max(size, 1.0);
    CHECK(rounding_fault(altered).find("e." + step.name + "[0,0]") == 0);
  }
}

TEST_CASE("a step that the chapter computed itself has no bound") {
  const Derivation derivation = derive("t", "T", 20, [](Page& page) {
    page.example("e", "");
    const auto a = page.given("a", {{"1/3"}});
    page.computed("b", "", "b", {a.values(), a.doubles(), {"a"}});
  });
  CHECK(std::isinf(rounding_bounds(derivation.examples[0]).at("b")(0, 0)));
}
