#include <doctest/doctest.h>

#include "support/graded.hpp"
#include "support/pencil.hpp"

using namespace pencil;
using grading::Verdict;

namespace {

constexpr int cases = 1000;
constexpr int places_choices[] = {3, 4, 5, 6, 8};

int random_places(Random& random) { return places_choices[random.between(0, 4)]; }

/// Every entry as a decimal of so many places.
Write in_decimals(int places) {
  return [places](const std::string&, std::size_t, std::size_t, const Exact& value) {
    return numbers::fixed(value, places);
  };
}

Write in_closed_form() {
  return [](const std::string&, std::size_t, std::size_t, const Exact& value) { return closed_form(value); };
}

/// Some entries in closed form, the others with three to eight places.
Write mixed(Random& random) {
  return [&random](const std::string&, std::size_t, std::size_t, const Exact& value) {
    return random.one_in(3) ? closed_form(value) : numbers::fixed(value, random_places(random));
  };
}

/// Closed forms, one kind of decimals, or both.
Write random_hand(Random& random) {
  const int kind = random.between(0, 3);
  if (kind == 0) return in_closed_form();
  if (kind == 1) return mixed(random);
  return in_decimals(random_places(random));
}

/// Leaves about one entry in four out.
Write with_gaps(Random& random, const Write& write) {
  return [&random, write](const std::string& step, std::size_t i, std::size_t j, const Exact& value) {
    return random.one_in(4) ? "?" : write(step, i, j, value);
  };
}

struct Place {
  std::string step;
  std::size_t i, j;
  bool is(const std::string& name, std::size_t row, std::size_t col) const {
    return step == name && i == row && j == col;
  }
  std::string text() const { return step + "[" + std::to_string(i) + "," + std::to_string(j) + "]"; }
};

/// How many entries a sheet has, hidden ones among them.
std::size_t answers(const Sheet& sheet) {
  std::size_t count = 0;
  for (const Named& step : sheet.steps())
    for (const auto& row : step.texts) count += row.size();
  return count;
}

/// All entries of all steps that are numbers.
std::vector<Place> entries_of(const Sheet& sheet) {
  std::vector<Place> places;
  for (const Named& step : sheet.steps())
    for (std::size_t i = 0; i < step.texts.size(); ++i)
      for (std::size_t j = 0; j < step.texts[i].size(); ++j)
        if (step.values[i][j]) places.push_back({step.name, i, j});
  return places;
}

/// One entry written as if its value were another one.
Write with_slip(const Place& slip, const Exact& added, const Write& write) {
  return [slip, added, write](const std::string& step, std::size_t i, std::size_t j, const Exact& value) {
    return write(step, i, j, slip.is(step, i, j) ? Exact(value + added) : value);
  };
}

/// The same slip made in the head, so that it goes on from there.
Change in_the_head(const Place& slip, const Exact& added) {
  return [slip, added](const std::string& step, Rows& values) {
    if (step == slip.step) *values[slip.i][slip.j] += added;
  };
}

/// What is called wrong where the slip was carried on. Another number than the row maximum is none: whatever
/// is taken off a whole row, the weights stay what they are.
std::string expected_wrong(const Place& slip) { return slip.step == "m" ? "" : slip.text(); }

/// What the grader calls wrong although it should be right.
std::string called_wrong(const Sheet& sheet) { return Graded(sheet.markdown()).wrong(); }

}  // namespace

TEST_CASE("a correct paper is right in every entry in closed form or rounded to any number of places") {
  Random random(1);
  for (int k = 0; k < cases; ++k) {
    const Sheet sheet(random_toy(random), random_hand(random), false);
    CAPTURE(sheet.markdown());
    const Graded graded(sheet.markdown());
    REQUIRE(graded.tally() == std::to_string(answers(sheet)) + " right");
    REQUIRE(all_right(graded.grades));
  }
}

TEST_CASE("rounding carried along from step to step is never called wrong") {
  Random random(2);
  int explained = 0;
  for (int k = 0; k < cases; ++k) {
    const Sheet sheet(random_toy(random), random_hand(random), true);
    CAPTURE(sheet.markdown());
    const Graded graded(sheet.markdown());
    REQUIRE(graded.wrong() == "");
    REQUIRE(all_right(graded.grades));
    explained += graded.count(Verdict::right_given);
  }
  CHECK(explained > cases);  // otherwise the examples would not show anything
}

TEST_CASE("a correct paper with gaps is never called wrong") {
  Random random(3);
  for (int k = 0; k < cases; ++k) {
    const Sheet sheet(random_toy(random), with_gaps(random, random_hand(random)), false);
    CAPTURE(sheet.markdown());
    REQUIRE(called_wrong(sheet) == "");
  }
}

// How much a decimal paper can explain. With n >= 4 places every written entry stands for an interval of half
// a unit, h <= 5e-5, to both sides, and each entry is held to what the intervals of the step before it lead
// to:
//   X, W, Q, K, V come from whole numbers up to 2 in size: |Q|, |K|, |V| <= 3·2·2 = 12, d_k <= 4, T <= 4
//   S: 4 (12 h + 12 h + h²) < 97 h        Z: S/√d_k, with S written: h       m: h      D: h + h
//   E: exp of at most h: < 1.001 h        l: 4 h                            A: (h + h)/(1 - h) < 3 h
//   Y: 4 (12 h + h + h²) < 53 h           Q, K, V from givens: 0
// The entry itself stands for h more, and was rounded by at most h: together less than 100 h <= 5e-3 < 1/100.
TEST_CASE("an entry that is off by 1/100 in a paper of four places or more is wrong and nothing else is") {
  Random random(4);
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const Write write = in_decimals(random.between(4, 8));
    const auto entries = entries_of(Sheet(toy, write, false));
    const Place slip = entries[random.bits() % entries.size()];
    const Exact added = Exact(random.one_in(2) ? 1 : -1) / 100;
    const Sheet slipped(toy, with_slip(slip, added, write), false);
    CAPTURE(slipped.markdown());
    REQUIRE(called_wrong(slipped) == slip.text());
  }
}

TEST_CASE("every single entry that is off by 1/100 is wrong") {
  Random random(5);
  for (int k = 0; k < 20; ++k) {
    const Toy toy = random_toy(random);
    const Write write = random.one_in(2) ? in_decimals(6) : in_closed_form();
    for (const Place& slip : entries_of(Sheet(toy, write, false))) {
      const Sheet slipped(toy, with_slip(slip, Exact(1) / 100, write), false);
      CAPTURE(slipped.markdown());
      REQUIRE(called_wrong(slipped) == slip.text());
    }
  }
}

TEST_CASE("in closed forms nothing but equality is right") {
  Random random(6);
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const auto entries = entries_of(Sheet(toy, in_closed_form(), false));
    const Place slip = entries[random.bits() % entries.size()];
    const Sheet slipped(toy, with_slip(slip, 1 / pow(Exact(10), 40), in_closed_form()), false);
    CAPTURE(slipped.markdown());
    REQUIRE(called_wrong(slipped) == slip.text());
  }
}

TEST_CASE("an earlier slip is counted once and what follows from it is right") {
  Random random(7);
  int followed = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const Write write = random.one_in(2) ? in_closed_form() : in_decimals(random.between(4, 8));
    const auto entries = entries_of(Sheet(toy, write, true));
    const Place slip = entries[random.bits() % entries.size()];
    const Sheet slipped(toy, with_slip(slip, Exact(1) / 10, write), true);
    CAPTURE(slipped.markdown());
    const Graded graded(slipped.markdown());
    REQUIRE(graded.wrong() == expected_wrong(slip));
    followed += graded.count(Verdict::right_given);
  }
  CHECK(followed > cases);
}

TEST_CASE("a slip in the head is counted once though every step is rounded by itself") {
  Random random(8);
  int followed = 0;
  for (int k = 0; k < cases; ++k) {
    const Toy toy = random_toy(random);
    const auto entries = entries_of(Sheet(toy, in_closed_form(), false));
    const Place slip = entries[random.bits() % entries.size()];
    // 100 h, derived above, is 1/20 for three places: a slip of 1/10 cannot be explained.
    const Sheet slipped(toy, random_hand(random), false, in_the_head(slip, Exact(1) / 10));
    CAPTURE(slipped.markdown());
    const Graded graded(slipped.markdown());
    REQUIRE(graded.wrong() == expected_wrong(slip));
    followed += graded.count(Verdict::right_given);
  }
  CHECK(followed > cases);
}
