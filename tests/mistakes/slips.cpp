#include <doctest/doctest.h>

#include <algorithm>

#include "grading/report.hpp"
#include "support/graded.hpp"
#include "support/pencil.hpp"

// Slips of the pencil in single entries, and what looks like one and is none.

using namespace pencil;
using grading::Verdict;

namespace {

Write closed() {
  return [](const std::string&, std::size_t, std::size_t, const Exact& value) { return closed_form(value); };
}
Write decimals(int places) {
  return [places](const std::string&, std::size_t, std::size_t, const Exact& value) {
    return numbers::fixed(value, places);
  };
}

const Rows& values_of(const Toy& toy, const Sheet& sheet, const std::string& name) {
  for (const Named& step : sheet.steps())
    if (step.name == name) return step.values;
  for (const Named& given : toy.givens)
    if (given.name == name) return given.values;
  throw std::out_of_range(name);
}

/// The terms that an entry is the sum of.
std::vector<Exact> terms(const Toy& toy, const Sheet& sheet, const std::string& step, std::size_t i,
                         std::size_t j) {
  const auto value = [&](const std::string& name) -> const Rows& { return values_of(toy, sheet, name); };
  std::vector<Exact> all;
  if (step == "l")
    for (const Entry& entry : value("E")[i]) all.push_back(*entry);
  const auto product = [&](const Rows& a, const Rows& b, bool transposed) {
    for (std::size_t k = 0; k < a[i].size(); ++k) all.push_back(*a[i][k] * *(transposed ? b[j][k] : b[k][j]));
  };
  if (step == "S") product(value("Q"), value("K"), true);
  if (step == "Y") product(value("A"), value("V"), false);
  if (step == "Q" || step == "K" || step == "V") product(value("X"), value("W_" + step), false);
  return all;
}

/// A slip in one entry.
struct Slip {
  std::string name, step;
  std::size_t i = 0, j = 0;
  Exact value;
  std::string place() const { return step + "[" + std::to_string(i) + "," + std::to_string(j) + "]"; }
};

/// A random slip in a sum; its value may be the right one by chance.
Slip random_slip(Random& random, const Toy& toy, const Sheet& sheet) {
  const std::vector<std::string> all = {"Q", "K", "V", "S", "l", "Y"};
  std::vector<const Named*> sums;
  for (const Named& step : sheet.steps())
    if (std::find(all.begin(), all.end(), step.name) != all.end()) sums.push_back(&step);
  const Named& step = *sums[random.bits() % sums.size()];
  Slip slip{"", step.name, random.bits() % step.values.size(), random.bits() % step.values[0].size(), {}};
  const auto sum = terms(toy, sheet, step.name, slip.i, slip.j);
  const Exact term = sum[random.bits() % sum.size()], right = *step.values[slip.i][slip.j];
  switch (random.between(0, 3)) {
    case 0:
      return slip.name = "term-forgotten", slip.value = right - term, slip;
    case 1:
      return slip.name = "term-doubled", slip.value = right + term, slip;
    case 2:
      return slip.name = "sign-of-a-term", slip.value = right - term - term, slip;
    default:
      return slip.name = "sign-lost", slip.value = -right, slip;
  }
}

Change into(const Slip& slip) {
  return [slip](const std::string& step, Rows& values) {
    if (step == slip.step) values[slip.i][slip.j] = slip.value;
  };
}

/// The sheet with a slip in the head; nothing where the slip leads to a division by zero.
std::optional<Sheet> slipped_sheet(const Toy& toy, const Write& write, const Change& change) {
  try {
    return Sheet(toy, write, false, change);
  } catch (const numbers::Error&) {
    return std::nullopt;
  }
}

const grading::StepGrade& step_of(const Graded& graded, const std::string& name) {
  for (const grading::StepGrade& step : graded.grades.examples.at(0).steps)
    if (step.name == name) return step;
  throw std::out_of_range(name);
}

bool names(const grading::StepGrade& step, const std::string& mistake) {
  for (const grading::Reason& reason : step.reasons)
    for (const grading::Explanation& each : reason.explanations)
      if (each.mistake == mistake) return true;
  return false;
}

std::string praise_of(const Graded& graded, const std::string& step) {
  const auto& praise = step_of(graded, step).praise;
  return praise ? praise->mistake : "";
}

Graded paper_of(const std::string& lines) { return Graded("```paper\n" + lines + "\n```\n"); }

/// S = [ 1 0 ; 0 0 ] and √d_k = 1: the weights of the first row are 1/(1+e^-1) and 1/(1+e).
const std::string small = "Q = [ 1 ; 0 ]\nK = [ 1 ; 0 ]\nV = [ 3 ; 5 ]\n";
const std::string weights = "A = [ 1/(1+exp(-1)) 1/(1+exp(1)) ; 1/2 1/2 ]\n";

}  // namespace

TEST_CASE("a slip in the sum of one entry is named with what follows from it right") {
  Random random(21);
  int told = 0;
  for (int k = 0; k < 1000; ++k) {
    const Toy toy = random_toy(random);
    const Slip slip = random_slip(random, toy, Sheet(toy, closed(), false));
    const Write write = random.one_in(2) ? closed() : decimals(random.between(4, 8));
    const auto sheet = slipped_sheet(toy, write, into(slip));
    if (!sheet) continue;
    const Sheet& slipped = *sheet;
    CAPTURE(slipped.markdown());
    CAPTURE(slip.place());
    CAPTURE(slip.name);
    const Graded graded(slipped.markdown());
    if (graded.wrong().empty()) continue;  // the term was 0, or too small for the digits
    REQUIRE(graded.wrong() == slip.place());
    REQUIRE(names(step_of(graded, slip.step), slip.name));
    REQUIRE(!step_of(graded, slip.step).own_sum.empty());
    ++told;
  }
  CHECK(told > 500);
}

TEST_CASE("two slips in one step are two reasons") {
  Random random(22);
  int told = 0;
  for (int k = 0; k < 1000; ++k) {
    const Toy toy = random_toy(random);
    const Sheet right(toy, closed(), false);
    const Slip one = random_slip(random, toy, right), two = random_slip(random, toy, right);
    if (one.step != two.step || one.place() == two.place()) continue;
    const auto sheet = slipped_sheet(toy, closed(), [&](const std::string& step, Rows& values) {
      into(one)(step, values);
      into(two)(step, values);
    });
    if (!sheet) continue;
    const Sheet& slipped = *sheet;
    CAPTURE(slipped.markdown());
    const Graded graded(slipped.markdown());
    if (step_of(graded, one.step).wrong_entries().size() < 2) continue;
    const auto& reasons = step_of(graded, one.step).reasons;
    if (reasons.size() == 1) continue;  // one mistake, or two rows swapped, gives the same
    REQUIRE(reasons.size() == 2);
    REQUIRE(names(step_of(graded, one.step), one.name));
    REQUIRE(names(step_of(graded, one.step), two.name));
    ++told;
  }
  CHECK(told > 30);
}

TEST_CASE("what nothing explains is said to be unexplained") {
  const Graded graded = paper_of(small + "S = [ 17/13 0 ; 0 0 ]");
  CHECK(graded.wrong() == "S[0,0]");
  CHECK(step_of(graded, "S").reasons.empty());
  CHECK(step_of(graded, "S").own_sum == "1·1 = 1");
  CHECK(grading::report("p.md", graded.grades)
            .find("No mistake that is known here gives what you have: S[0,0]") != std::string::npos);
}

TEST_CASE("three slips in one step are more than is guessed at") {
  const std::string givens = "Q = [ 2 3 ; 4 5 ]\nK = [ 7 9 ; 8 6 ]\nV = [ 1 ; 2 ]\n";
  // S = [ 14+27 16+18 ; 28+45 32+30 ]; one term each is left out.
  CHECK(step_of(paper_of(givens + "S = [ 14 34 ; 73 62 ]"), "S").reasons.size() == 1);
  CHECK(step_of(paper_of(givens + "S = [ 14 16 ; 73 62 ]"), "S").reasons.size() == 2);
  CHECK(step_of(paper_of(givens + "S = [ 14 16 ; 28 62 ]"), "S").reasons.empty());
}

TEST_CASE("another constant than the row maximum is right and praised") {
  const Graded none = paper_of(
      small + "m = [ 0 ; 0 ]\nD = [ 1 0 ; 0 0 ]\nE = [ exp(1) 1 ; 1 1 ]\nl = [ 1+exp(1) ; 2 ]\n" + weights);
  CHECK(none.tally() == "16 right");
  CHECK(praise_of(none, "E") == "another-constant-subtracted");
  const Graded two = paper_of(
      small +
      "D = [ -1 -2 ; -2 -2 ]\nE = [ 0.367879 0.135335 ; 0.135335 0.135335 ]\nl = [ 0.503215 ; 0.270671 ]\n" +
      weights);
  CHECK(two.wrong() == "");
  CHECK(praise_of(two, "D") == "another-constant-subtracted");
  CHECK(praise_of(two, "l") == "another-constant-subtracted");
  CHECK(all_right(two.grades));
}

TEST_CASE("a constant that is not the same everywhere is a slip") {
  CHECK(paper_of(small + "E = [ exp(1) 1 ; 1 1 ]\nl = [ 2+exp(1) ; 2 ]\n" + weights).wrong() ==
        "E[0,0] E[0,1] l[0,0]");
  CHECK(paper_of(small + "m = [ 0 ; 0 ]\nD = [ 1 1 ; 0 0 ]\n" + weights).wrong() == "m[0,0] D[0,1]");
  CHECK(paper_of(small + "m = [ 0 ; 0 ]\n" + weights).wrong() == "m[0,0]");  // nothing shows that it was used
  CHECK(paper_of(small + "D = [ 1+1/10^40 0 ; 0 0 ]\n" + weights).wrong() == "D[0,0] D[0,1]");
  // D is right without a constant, whatever is made of it.
  CHECK(paper_of(small + "D = [ 1 0 ; 0 0 ]\nA = [ 1/2 1/2 ; 1/2 1/2 ]").wrong() == "A[0,0] A[0,1]");
}

TEST_CASE("masking after the softmax and dividing again is right and praised") {
  const std::string masked = small + "mask = causal\n";
  const std::string unmasked =
      "m = [ 1 ; 0 ]\nD = [ 0 -1 ; 0 0 ]\nE = [ 1 exp(-1) ; 1 1 ]\nl = [ 1+exp(-1) ; 2 ]\n";
  const Graded good = paper_of(masked + unmasked + "A = [ 1 0 ; 1/2 1/2 ]");
  CHECK(good.wrong() == "");
  CHECK(praise_of(good, "E") == "masked-after-softmax-and-renormalised");
  CHECK(all_right(good.grades));
  const Graded bad = paper_of(masked + unmasked + "A = [ 1/(1+exp(-1)) 0 ; 1/2 1/2 ]");
  CHECK(step_of(bad, "D").reasons.at(0).explanations.at(0).mistake == "masked-after-softmax");
  CHECK(!all_right(bad.grades));
}

TEST_CASE("a mistake is not named for entries that it does not reproduce") {
  const std::string givens = "Q = [ 1 2 ; 3 1 ]\nK = [ 2 1 ; 0 4 ]\nV = [ 1 ; 2 ]\n";
  // S = [ 4 8 ; 7 4 ], and S itself in the place of Z but for its last digits.
  CHECK(names(step_of(paper_of(givens + "S = [ 4 8 ; 7 4 ]\nZ = [ 4.000 8.000 ; 7.000 4.000 ]"), "Z"),
              "not-scaled"));
  CHECK(!names(step_of(paper_of(givens + "S = [ 4 8 ; 7 4 ]\nZ = [ 4.000 8.000 ; 7.000 4.001 ]"), "Z"),
               "not-scaled"));
  CHECK(
      !names(step_of(paper_of(givens + "S = [ 4 8 ; 7 4 ]\nZ = [ 4 8 ; 7 4+1/10^40 ]"), "Z"), "not-scaled"));
}

TEST_CASE("a mistake in a step that is not written is found behind it") {
  const std::string givens = "Q = [ 1 2 ; 3 1 ]\nK = [ 2 1 ; 0 4 ]\nV = [ 1 ; 2 ]\n";
  // e^(4-8) and e^(4-7): 0.017986 and 0.047426, the weights of scores that are not scaled.
  const Graded graded = paper_of(givens + "A = [ 0.017986 0.982014 ; 0.952574 0.047426 ]");
  REQUIRE(step_of(graded, "A").reasons.size() == 1);
  const grading::Explanation& first = step_of(graded, "A").reasons[0].explanations.at(0);
  CHECK(first.mistake == "not-scaled");
  CHECK(first.step == "Z");
}

TEST_CASE("ties are named as ties and proved to be ties") {
  const std::string givens = "X = [ 1 2 ; 3 1 ]\nW_Q = [ 1 0 ; 0 1 ]\nW_K = [ 2 1 ; 0 1 ]\nW_V = [ 1 ; 2 ]\n";
  // W_Q is the unit matrix, so that Q is X: K = X means that W_K was forgotten, or that W_Q was used.
  const Graded graded = paper_of(givens + "K = [ 1 2 ; 3 1 ]");
  const grading::Reason& reason = step_of(graded, "K").reasons.at(0);
  CHECK(reason.tied >= 2);
  CHECK(reason.cannot_be_told_apart);
  CHECK(names(step_of(graded, "K"), "other-weights"));
  CHECK(names(step_of(graded, "K"), "weights-forgotten"));
}
