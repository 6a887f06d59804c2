#include "derivation/page.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "derivation/arithmetic.hpp"
#include "derivation/pipeline.hpp"
#include "numbers/expression.hpp"
#include "program/chapter.hpp"
#include "rendering/json.hpp"
#include "rendering/markdown.hpp"
#include "support/tables.hpp"

using namespace derivation;
using numbers::Notation;

namespace {

/// One head, with a mask and every operation that a head has. Worked out by hand: S = [ 0 1 ; 2 0 ].
void head(Page& page) {
  page.example("lab", "Two tokens");
  page.tokens({"I", "work"});
  const auto X = page.given("X", {{"1", "0"}, {"0", "1"}});
  const auto W_Q = page.given("W_Q", {{"1", "0"}, {"0", "2"}});
  const auto K = page.given("K", {{"0", "1"}, {"1", "0"}});
  const auto may_look = page.given("mask", {{"1", "0"}, {"1", "1"}});
  const auto Q = page.step("Q", "Queries", X * W_Q);
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(number("d_k", 2)));
  const auto M = page.step("M", "Masked scores", hide(Z, may_look));
  const auto m = page.step("m", "Row maxima", row_maxima(M));
  const auto D = page.step("D", "Shifted scores", M - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", weights(E, l));
  page.step("Y", "Output", A * K);
  page.step("half", "", A * number("c", 3));
  page.step("both", "", A + A);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
}

Derivation derived() { return derive("01-test", "Test", 20, head); }

const Step& step(const Derivation& derivation, const std::string& name) {
  const Step* found = find_step(derivation.examples.at(0), name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// What a page says that is written by this.
std::string complaint(const std::function<void(Page&)>& write) {
  try {
    Page page;
    write(page);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a formula and its operands come from the expression") {
  const Derivation derivation = derived();
  const std::vector<std::array<std::string, 4>> expected = {
      {"Q", "X W_Q", "product", "X, W_Q"},
      {"S", "Q K^\\top", "product", "Q, K'"},
      {"Z", "S / \\sqrt{d_k}", "quotient", "S, sqrt(2)"},
      {"M", "Z \\text{ where allowed, else } -\\infty", "mask", "Z, mask"},
      {"m", "\\operatorname{rowmax}(M)", "row maxima", "M"},
      {"D", "M - m", "difference", "M, m"},
      {"E", "\\exp(D)", "exponential", "D"},
      {"l", "\\operatorname{rowsum}(E)", "row sums", "E"},
      {"A", "E / l", "normalise", "E, l"},
      {"Y", "A K", "product", "A, K"},
      {"half", "A \\cdot c", "entrywise product", "A, 3"},
      {"both", "A + A", "sum", "A, A"},
  };
  for (const auto& [name, formula, operation, operands] : expected) {
    CHECK(step(derivation, name).formula == formula);
    CHECK(to_string(step(derivation, name).operation) == operation);
    CHECK(joined(step(derivation, name).operands) == operands);
    CHECK(step(derivation, name).kind == Kind::step);
  }
  CHECK(step(derivation, "X").formula.empty());
  CHECK(step(derivation, "X").kind == Kind::given);
  CHECK(step(derivation, "X").title == "Tokens");
}

TEST_CASE("the values of a derivation are those of the hand") {
  const Derivation derivation = derived();
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"Q", "1 0 ; 0 2"},
      {"S", "0 1 ; 2 0"},
      {"Z", "0 1/sqrt(2) ; sqrt(2) 0"},
      {"M", "0 -inf ; sqrt(2) 0"},
      {"m", "0 ; sqrt(2)"},
      {"D", "0 -inf ; 0 -sqrt(2)"},
      {"E", "1 0 ; 1 exp(-sqrt(2))"},
      {"l", "1 ; 1+exp(-sqrt(2))"},
      {"A", "1 0 ; 1/(1+exp(-sqrt(2))) 1/(1+exp(sqrt(2)))"},
      {"Y", "0 1 ; 1/(1+exp(sqrt(2))) 1/(1+exp(-sqrt(2)))"},
      {"half", "3 0 ; 3/(1+exp(-sqrt(2))) 3/(1+exp(sqrt(2)))"},
      {"both", "2 0 ; 2/(1+exp(-sqrt(2))) 2/(1+exp(sqrt(2)))"},
  };
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const Table<Exact> table = table_of(text);
    CHECK(step(derivation, name).exact.visible == table.visible);
    for (Index i = 0; i < table.rows(); ++i)
      for (Index j = 0; j < table.cols(); ++j)
        if (table.visible(i, j)) CHECK(step(derivation, name).exact.values(i, j) == table.values(i, j));
  }
}

TEST_CASE("each entry has an arithmetic of its own") {
  const Derivation derivation = derived();
  const Example& lab = derivation.examples[0];
  const auto unicode = [&](const std::string& name, Index i, Index j) {
    return equation(lab, step(derivation, name), i, j, Notation::unicode);
  };
  CHECK(unicode("Q", 1, 1) == "0·0 + 1·2 = 2");
  CHECK(unicode("S", 0, 1) == "1·1 + 0·0 = 1");
  CHECK(unicode("Z", 1, 0) == "2 / √2 = √2");
  CHECK(unicode("M", 0, 1) == "hidden = -∞");
  CHECK(unicode("M", 1, 0) == "√2");
  CHECK(unicode("m", 0, 0) == "max(0, -∞) = 0");
  CHECK(unicode("D", 1, 1) == "0 - √2 = -√2");
  CHECK(unicode("D", 0, 1) == "-∞");
  CHECK(unicode("E", 1, 1) == "exp(-√2) = e^(-√2)");
  CHECK(unicode("E", 0, 1) == "exp(-∞) = 0");
  CHECK(unicode("l", 1, 0) == "1 + e^(-√2) = 1+e^(-√2)");
  CHECK(unicode("A", 0, 0) == "1 / 1 = 1");
  CHECK(unicode("both", 0, 0) == "1 + 1 = 2");
  CHECK(unicode("half", 0, 0) == "1·3 = 3");
  CHECK(unicode("X", 0, 0).empty());
  CHECK(equation(lab, step(derivation, "S"), 0, 1, Notation::tex) == "1 \\cdot 1 + 0 \\cdot 0 = 1");
  CHECK(equation(lab, step(derivation, "Z"), 1, 0, Notation::tex) == "\\frac{2}{\\sqrt{2}} = \\sqrt{2}");
  CHECK(arithmetic(lab, step(derivation, "S"), 0, 1, Notation::unicode) == "1·1 + 0·0");
}

TEST_CASE("a negative factor stands in parentheses and so does what is subtracted with a sign") {
  const Derivation derivation = derive("t", "T", 20, [](Page& page) {
    page.example("e", "");
    const auto a = page.given("a", {{"-1", "1/2"}});
    const auto b = page.given("b", {{"3"}, {"-4"}});
    const auto c = page.given("c", {{"-2", "1-sqrt(2)"}});
    page.step("p", "", a * b);
    page.step("d", "", a - c);
  });
  const Example& example = derivation.examples[0];
  CHECK(equation(example, step(derivation, "p"), 0, 0, Notation::unicode) == "(-1)·3 + (1/2)·(-4) = -5");
  CHECK(equation(example, step(derivation, "d"), 0, 0, Notation::unicode) == "-1 - (-2) = 1");
  CHECK(arithmetic(example, step(derivation, "d"), 0, 1, Notation::unicode) == "1/2 - (1-√2)");
}

TEST_CASE("a step without a closed form has the digits that its enclosures decide") {
  const auto write = [](Page& page) {
    page.example("e", "");
    const auto A = page.given("A", {{"sqrt(2)", "1/3"}});
    const auto times_first = [](auto values) {
      values *= values(0, 0);
      return values;
    };
    page.certified("B", "Products", "", enclose(times_first, A));
  };
  const Derivation derivation = derive("01-sample", "Sample", 20, write);
  const Step& B = derivation.examples[0].steps[1];
  CHECK(!B.has_closed_form);
  CHECK(B.decimal[0][0].substr(0, 3) == "2.0");        // 2, and an enclosure cannot know it
  CHECK(B.decimal[0][1] == "0.47140452079103168293");  // √2/3
  CHECK(B.exact.values(0, 1) == numbers::evaluate(B.decimal[0][1]));
  CHECK(B.gap < 1e-15);
  const Derivation again = rendering::from_json(rendering::to_json(derivation));
  CHECK(rendering::to_json(again) == rendering::to_json(derivation));
  CHECK(!again.examples[0].steps[1].has_closed_form);
  CHECK(rendering::to_json(derivation).find("\"exact\": null") != std::string::npos);
  CHECK(rendering::to_markdown(derivation).find("Products (1×2), certified decimals") != std::string::npos);
}

TEST_CASE("a certified step goes on as the middles of its enclosures and as its doubles") {
  Page page;
  page.example("e", "");
  const Enclosure half_to_one = hull(Enclosure(Exact(1) / 2), Enclosure(Exact(1)));
  const Term B = page.certified(
      "B", "", "f(A)",
      {Matrix<Enclosure>::Constant(1, 1, half_to_one), Matrix<double>::Constant(1, 1, 0.7), {"A"}});
  CHECK(B.values()(0, 0) == Exact(3) / 4);
  CHECK(B.doubles()(0, 0) == 0.7);
  CHECK(joined(B.operands) == "A");
}

TEST_CASE("an enclosure that decides no digit is an error") {
  const auto write = [](Page& page) {
    page.example("e", "");
    const auto A = page.given("A", {{"sqrt(2)"}});
    const auto nothing_left = [](auto values) {
      values(0, 0) -= values(0, 0);
      return values;
    };
    page.certified("B", "", "", enclose(nothing_left, A));
  };
  CHECK_THROWS_WITH_AS(derive("01-sample", "Sample", 20, write),
                       "step B: the enclosure of an entry decides no digit", Error);
}

TEST_CASE("a computed step runs once in exact numbers and once in doubles and names what it looked at") {
  Page page;
  page.example("e", "");
  const Term a = page.given("a", {{"1/10", "2/10"}});
  const Term b = page.given("b", {{"1/5", "1/10"}});
  const auto add = [](const auto& x, const auto& y) { return (x + y).eval(); };
  const Term sum =
      page.computed("sum", "Their sum", "a + b", compute(add, a, b), {{"both"}, {"first", "second"}});
  CHECK(sum.values() == matrix_of("3/10 3/10"));
  CHECK(sum.doubles()(0, 0) == 0.1 + 0.2);  // not the double that is nearest to 3/10
  CHECK(sum.doubles()(0, 0) != 0.3);
  const Step step = page.written_so_far().steps.back();
  CHECK(step.name == "sum");
  CHECK(step.title == "Their sum");
  CHECK(step.formula == "a + b");
  CHECK(step.operation == Operation::computed);
  CHECK(joined(step.operands) == "a, b");
  CHECK(joined(step.labels.rows) == "both");
  CHECK(joined(step.labels.cols) == "first, second");
}

TEST_CASE("a computation that looks at no term has no operands and runs in both numbers") {
  const Computed made = compute_from_numbers([](auto one) {
    using Scalar = decltype(one);
    return Matrix<Scalar>(Matrix<Scalar>::Constant(1, 1, one / Scalar(3) + one / Scalar(3)));
  });
  CHECK(made.exact(0, 0) == Exact(2) / 3);
  CHECK(made.machine(0, 0) == 1.0 / 3 + 1.0 / 3);
  CHECK(made.operands.empty());
}

TEST_CASE("what is known exactly has the nearest doubles") {
  const Computed thirds = known(matrix_of("1/3 -sqrt(2)"));
  CHECK(thirds.exact == matrix_of("1/3 -sqrt(2)"));
  CHECK(thirds.machine(0, 0) == 1.0 / 3);
  CHECK(thirds.machine(0, 1) == -std::sqrt(2.0));
  CHECK(thirds.operands.empty());

  Matrix<int> integers(1, 2);
  integers << -7, 12;
  CHECK(known_integers(integers).exact == matrix_of("-7 12"));
  CHECK(known_integers(integers).machine(0, 0) == -7.0);

  Mask mask(2, 2);
  mask << true, false, true, true;
  CHECK(zeros_and_ones(mask).exact == matrix_of("1 0 ; 1 1"));
  CHECK(zeros_and_ones(mask).machine(0, 1) == 0.0);
}

TEST_CASE("what is written so far can be read while the page goes on") {
  Page page;
  CHECK(complaint([](Page& empty) { empty.written_so_far(); }).find("start with page.example") == 0);
  page.example("before", "");
  page.given("x", {{"1"}});
  page.example("e", "Thirds");
  const Term a = page.given("a", {{"1/3"}});
  page.fact("a is a third", a == matrix_of("1/3"));
  const Example so_far = page.written_so_far(3);
  page.step("b", "", a + a);
  CHECK(so_far.name == "e");
  CHECK(so_far.title == "Thirds");
  REQUIRE(so_far.steps.size() == 1);
  CHECK(so_far.steps[0].decimal[0][0] == "0.333");
  CHECK(so_far.steps[0].gap > 0);
  CHECK(so_far.facts.at(0).holds);
  const Example now = page.written_so_far(3);
  CHECK(now.steps.size() == 2);
  CHECK(rendering::to_json({"t", "T", {now}}) ==
        rendering::to_json({"t", "T", {written(page, "t", "T", 3).examples.at(1)}}));
}

TEST_CASE("a step without a title has the usual one") {
  Page page;
  page.example("e", "");
  const Term Q = page.given("Q", {{"1"}});
  page.step("S", Q * transpose(Q));
  page.step("mine", Q + Q);
  CHECK(page.written_so_far().steps[1].title == "Scores");
  CHECK(page.written_so_far().steps[2].title.empty());
}

TEST_CASE("a matrix of one number, and ones for each row of a term") {
  CHECK(constant(2, 3, Exact(1) / 7) == matrix_of("1/7 1/7 1/7 ; 1/7 1/7 1/7"));
  Page page;
  page.example("e", "");
  CHECK(ones(page.given("a", {{"5", "6", "7"}, {"8", "9", "0"}})) == matrix_of("1 ; 1"));
}

TEST_CASE("tokens label the rows of X and what is made of it") {
  const Derivation derivation = derived();
  CHECK(joined(step(derivation, "X").labels.rows) == "I, work");
  CHECK(joined(step(derivation, "Q").labels.rows) == "I, work");
  CHECK(joined(step(derivation, "S").labels.cols) == "I, work");
  CHECK(joined(step(derivation, "A").labels.cols) == "I, work");
  CHECK(step(derivation, "W_Q").labels.rows.empty());
}

TEST_CASE("a page that contradicts itself is refused with the place") {
  CHECK(complaint([](Page& page) { head(page); }).empty());
  CHECK(complaint([](Page& page) { page.given("X", {{"1"}}); }).find("start with page.example") == 0);
  CHECK(complaint([](Page& page) { page.example("a", ""), page.example("a", ""); }) ==
        "there are two examples named a");
  CHECK(complaint([](Page& page) {
          page.example("a", "");
          page.given("X", {{"1"}});
          page.given("X", {{"1"}});
        }) == "example a, X: there is already a step of this name");
  CHECK(complaint([](Page& page) {
          page.example("a", "");
          const auto X = page.given("X", {{"1"}});
          page.step("S", "", (X * X) * X);
        }).find("example a, S: one operation a step") == 0);
  CHECK(complaint([](Page& page) {
          page.example("a", "");
          page.given("X", {{"1", "2"}, {"1"}});
        }) == "example a, X: row 1 has 1 entries, row 0 has 2");
  CHECK(complaint([](Page& page) {
          page.example("a", "");
          page.given("X", {});
        }).find("example a, X: a matrix needs at least one entry") == 0);
  CHECK(complaint([](Page& page) {
          page.example("a", "");
          const auto X = page.given("X", {{"1", "2"}});
          page.step("S", "", X * X);
        }).find("X X: a 1×2 matrix times a 1×2 matrix") == 0);
}

TEST_CASE("the gap is the distance of the double from the exact value") {
  // 1/10 is nearest to 3602879701896397/2^55, which is 1/(5·2^55) more.
  const Derivation derivation = derive("t", "T", 20, [](Page& page) {
    page.example("e", "");
    page.given("a", {{"1/10", "0.5"}});
    page.given("b", {{"3", "1/4"}});
  });
  CHECK(step(derivation, "a").gap == 0x1p-55 / 5);
  CHECK(step(derivation, "b").gap == 0);
  CHECK(largest_gap(derivation) == 0x1p-55 / 5);
}

TEST_CASE("two hidden entries have no gap and one alone has an infinite one") {
  const Table<Exact> exact = table_of("1 -inf");
  Table<double> machine(Matrix<double>::Constant(1, 2, 1.0));
  machine.visible(0, 1) = false;
  CHECK(gap(machine, exact) == 0);
  machine.visible(0, 1) = true;
  CHECK(std::isinf(gap(machine, exact)));
  machine.visible(0, 0) = machine.visible(0, 1) = false;
  CHECK(std::isinf(gap(machine, exact)));
  machine.visible(0, 0) = true;
  machine.values(0, 0) = std::nan("");
  CHECK(std::isinf(gap(machine, exact)));
}

TEST_CASE("a fact is decided by the numbers") {
  const auto holds = [](const std::function<Condition(const Term&, const Term&)>& condition) {
    Page page;
    page.example("e", "");
    page.fact("f", condition(page.given("a", {{"1", "2"}}), page.given("b", {{"1", "3"}})));
    return page.examples()[0].facts[0].holds;
  };
  CHECK(holds([](const Term& a, const Term&) { return a == a; }));
  CHECK(!holds([](const Term& a, const Term& b) { return a == b; }));
  CHECK(holds([](const Term& a, const Term& b) { return a != b; }));
  CHECK(!holds([](const Term& a, const Term&) { return a != a; }));
  CHECK(holds([](const Term& a, const Term& b) { return a <= b; }));
  CHECK(!holds([](const Term& a, const Term& b) { return b <= a; }));
  CHECK(!holds([](const Term& a, const Term&) { return a == transpose(a); }));
  CHECK(holds([](const Term& a, const Term& b) {
    return differ_by_more_than(Exact(1) / 2, a.values(), b.values());
  }));
  CHECK(!holds(
      [](const Term& a, const Term& b) { return differ_by_more_than(Exact(1), a.values(), b.values()); }));
}

TEST_CASE("a false fact is a contradiction") {
  const auto found = [](const std::string& value) {
    return program::contradictions(derive("t", "T", 20, [&](Page& page) {
      page.example("e", "");
      page.fact("a is one", page.given("a", {{value}}) == page.given("b", {{"1"}}));
    }));
  };
  CHECK(found("1").empty());
  CHECK(found("2/2").empty());
  CHECK(joined(found("1+1/10^30")) == "e: this does not hold: a is one");
}

TEST_CASE("a change before recording reaches what follows") {
  Page page;
  page.before_recording([](const std::string& example, const std::string& name, Term& term) {
    if (example == "lab" && name == "S") term.exact.values(0, 0) = 1, term.machine.values(0, 1) = 8;
  });
  head(page);
  const Term& Z = page.examples()[0].records[6].term;
  CHECK(Z.name == "Z");
  CHECK(Z.values()(0, 0) == numbers::evaluate("1/sqrt(2)"));
  CHECK(Z.values()(0, 1) == numbers::evaluate("1/sqrt(2)"));
  CHECK(Z.doubles()(0, 0) == 0);
  CHECK(Z.doubles()(0, 1) == 8 / std::sqrt(2.0));
}

TEST_CASE("steps are details from where the page says so to the end of the example") {
  const Derivation derivation = derive("t", "T", 20, [](Page& page) {
    page.example("a", "");
    const auto y = page.given("y", {{"1"}});
    page.detail("x", "", y + y);
    page.details();
    page.given("w", {{"1"}});
    page.example("b", "");
    page.given("v", {{"1"}});
  });
  std::string details;
  for (const Example& example : derivation.examples)
    for (const Step& each : example.steps) details += each.name + (each.detail ? "+ " : " ");
  CHECK(details == "y x+ w+ v ");
}

TEST_CASE("a title is made of the file's name") {
  CHECK(program::title_of("06-attention-by-hand") == "Attention by hand");
  CHECK(program::title_of("a1-mistakes") == "Mistakes");
  CHECK(stem_of("chapters/06-attention-by-hand.md") == "06-attention-by-hand");
}

TEST_CASE("what an example holds so far can be marked as details, and what follows is none") {
  Page page;
  page.example("before", "");
  page.given("a", {{"1"}});
  page.example("e", "");
  page.given("b", {{"1"}});
  const auto c = page.given("c", {{"2"}});
  page.mark_all_details();
  page.step("d", "", c * c);
  CHECK_FALSE(page.examples()[0].records[0].detail);
  CHECK(page.examples()[1].records[0].detail);
  CHECK(page.examples()[1].records[1].detail);
  CHECK_FALSE(page.examples()[1].records[2].detail);
}

TEST_CASE("an operand is a step or its transpose or a number and nothing else") {
  const Derivation derivation = derived();
  const Example& lab = derivation.examples[0];
  CHECK(text_of(exact_operand(lab, "S")) == "0 1 ; 2 0");
  CHECK(text_of(exact_operand(lab, "S'")) == "0 2 ; 1 0");
  CHECK(exact_operand(lab, "sqrt(2)").values(0, 0) == numbers::evaluate("sqrt(2)"));
  CHECK(machine_operand(lab, "S'").values(0, 1) == 2);
  CHECK_THROWS_AS(exact_operand(lab, "R"), Error);
}

TEST_CASE("a head whose input is missing says which") {
  HeadInputs inputs;
  inputs.name = "e";
  inputs.givens = {{"Q", matrix_of("1 0")}, {"V", matrix_of("1")}};
  const auto said = [&] { return complaint([&](Page& page) { derive_head(page, inputs); }); };
  CHECK(said() == "K is missing: give K itself, or X and W_K");
  inputs.givens.push_back({"K", matrix_of("1 1")});
  CHECK(said().empty());
  inputs.givens.push_back({"W_O", matrix_of("1 ; 1")});
  CHECK(said().find("C W_O: a 1×1 matrix times a 2×1 matrix") == 0);
}

TEST_CASE("tables one below the other, in both numbers; other numbers of columns do not fit") {
  Page page;
  page.example("e", "");
  const Term a = page.given("a", {{"1/10", "2"}, {"3", "4"}});
  const Term b = page.step("b", "", a + a);
  const Computed all = stacked({b, a});
  CHECK(all.exact == matrix_of("1/5 4 ; 6 8 ; 1/10 2 ; 3 4"));
  CHECK(all.machine.row(0) == b.doubles().row(0));
  CHECK(all.machine.row(3) == a.doubles().row(1));
  CHECK(all.operands.empty());
  const Term column = page.given("c", {{"1"}});
  CHECK_THROWS_WITH_AS(stacked({a, column}),
                       "tables one below the other need as many columns: 1×1 does not fit below 2×2", Error);
}

TEST_CASE("a literal stands in an expression, and is no operand of a step") {
  const Term half = literal(constant(1, 1, Exact(1) / 2));
  CHECK(half.values()(0, 0) == Exact(1) / 2);
  CHECK(half.doubles()(0, 0) == 0.5);
  CHECK(concatenate({half, half}).values() == constant(1, 2, Exact(1) / 2));
  Page page;
  page.example("e", "");
  CHECK_THROWS_AS(page.step("s", "", half + half), Error);
}
