#include "mistakes/catalogue.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <set>

#include "mistakes/strength.hpp"
#include "support/graded.hpp"
#include "support/wrong_program.hpp"

// Every mistake of the catalogue is made in a program of doubles that knows nothing of src/, and what that
// program computes is handed in as a paper.

using namespace wrong_program;
using grading::Verdict;
using mistakes::Kind;

namespace {

/// A double has 15 digits at most to tell: a large one is written with an exponent, and 12 digits.
std::string fixed(double value, int places) {
  if (value == hidden) return "-inf";
  char text[64];
  if (std::abs(value) < 1e7)
    std::snprintf(text, sizeof text, "%.*f", places, value);
  else
    std::snprintf(text, sizeof text, "%.11e", value);
  return text;
}

std::string matrix(const std::string& name, const Grid& grid, int places) {
  std::string text = name + " = [";
  for (const auto& row : grid) {
    for (const double entry : row) text += " " + fixed(entry, places);
    text += " ;";
  }
  return text + " ]\n";
}

/// The paper block of a program's work: its givens, and its steps to so many places.
std::string block(const Toy& toy, const std::vector<Program::Step>& steps, int places) {
  std::string text = "```paper\nheads = " + std::to_string(toy.heads) + "\n";
  if (!toy.mask.empty()) text += matrix("mask", toy.mask, 0);
  for (const auto& [name, grid] : toy.givens) text += matrix(name, grid, 0);
  for (const Program::Step& step : steps) text += matrix(step.name, step.values, places);
  return text + "```\n";
}

Toy directly_given() {
  Random random(5);
  return {
      "Q, K and V given, T 2",
      {{"Q", random_grid(random, 2, 3)}, {"K", random_grid(random, 2, 3)}, {"V", random_grid(random, 2, 2)}},
      1,
      {}};
}

Toy lab() {
  return {"the lab's, T 2",
          {{"X", {{1, 0}, {0, 1}}},
           {"W_Q", {{1, 0}, {0, 1}}},
           {"W_K", {{0, 1}, {1, 0}}},
           {"W_V", {{2, 0}, {0, 3}}}},
          1,
          {}};
}

Toy with_gaps_in_the_mask() {
  Toy toy = random_toy("square, T 3, a mask of its own", 6, {3, 3, 3, 3, 1, false, false, true});
  toy.mask = {{1, 0, 1}, {1, 1, 0}, {0, 1, 1}};
  return toy;
}

/// T from 2 to 4, ten shapes, with a mask and without, with one head and with several.
std::vector<Toy> toys() {
  return {lab(),
          directly_given(),
          random_toy("T 3, d_model 2, d_k 4", 1, {3, 2, 4, 2, 1, false, true, true}),
          random_toy("causal, T 3, d_model 3", 2, {3, 3, 2, 3, 1, true, false, true}),
          random_toy("causal, T 4, d_v 1", 3, {4, 3, 2, 1, 1, true, false, false}),
          random_toy("2 heads, T 4", 4, {4, 4, 2, 2, 2, false, true, true}),
          random_toy("2 heads, causal, T 3, no W_O", 7, {3, 4, 3, 2, 2, true, false, true}),
          with_gaps_in_the_mask(),
          random_toy("2 heads, causal, T 2, d_k 1", 8, {2, 2, 1, 1, 2, true, true, true}),
          random_toy("3 heads, T 3", 9, {3, 3, 2, 1, 3, false, true, false}),
          random_toy("2 heads, causal, square, T 4", 10, {4, 4, 2, 2, 2, true, true, true})};
}

enum class Fate {
  named,           ///< first, and alone
  tied,            ///< among others that give the same digits
  no_effect,       ///< the digits are those of the right program
  not_applicable,  ///< no such step, or shapes that do not fit
  wrong            ///< called right, not explained, or explained by something else alone
};

constexpr const char* letters = "NT=.!";

struct Case {
  Fate fate;
  std::string trouble;
};

const grading::Explanation* named_in(const grading::StepGrade& step, const std::string& mistake) {
  for (const grading::Reason& reason : step.reasons)
    for (const grading::Explanation& each : reason.explanations)
      if (each.mistake == mistake) return &each;
  return nullptr;
}

bool first_and_alone(const grading::StepGrade& step, const std::string& mistake) {
  return step.reasons.size() == 1 && step.reasons[0].tied == 1 &&
         step.reasons[0].explanations[0].mistake == mistake;
}

/// Every wrong step has to be explained by the mistake.
Case judged(const grading::Grades& grades, const std::string& mistake) {
  Case found{Fate::named, ""};
  int wrong_steps = 0;
  for (const grading::StepGrade& step : grades.examples.at(0).steps) {
    if (step.wrong_entries().empty()) continue;
    ++wrong_steps;
    if (!named_in(step, mistake))
      return {Fate::wrong, step.name + (step.reasons.empty()
                                            ? " is not explained"
                                            : " is explained by " + step.reasons[0].explanations[0].mistake)};
    if (!first_and_alone(step, mistake)) found.fate = Fate::tied;
  }
  if (wrong_steps == 0) return {Fate::wrong, "called right"};
  return found;
}

/// Each toy with its derivation, which is made once.
struct Example {
  Toy toy;
  derivation::Derivation truth;
};

std::vector<Example> examples() {
  std::vector<Example> all;
  for (const Toy& toy : toys())
    all.push_back({toy, paper::derive_paper(paper::read_paper("p.md", block(toy, {}, 0)), 20)});
  return all;
}

grading::Grades graded(const Example& example, const std::vector<Program::Step>& steps, int places) {
  return grading::grade(paper::read_paper("p.md", block(example.toy, steps, places)), example.truth);
}

constexpr int places = 6;

/// The program with these mistakes; nothing where one of them cannot be made.
std::optional<Program> program_with(const Example& example, const std::vector<Way>& ways) {
  try {
    Program program(example.toy, ways);
    if (program.all_made()) return program;
  } catch (const Misfit&) {
  }
  return std::nullopt;
}

/// Whether the digits of what both have written are the same.
bool reads_the_same(const Example& example, const Program& one, const Program& other) {
  const auto written = [&](const Program& program, const Program& as) {
    std::vector<Program::Step> steps;
    for (const Program::Step& step : as.steps())
      if (program.has_step(step.name)) steps.push_back({step.name, program[step.name]});
    return block(example.toy, steps, places);
  };
  return written(one, one) == written(other, one);
}

Case fate_of(const Example& example, const Way& way) {
  const auto wrong = program_with(example, {way});
  if (!wrong) return {Fate::not_applicable, ""};
  if (reads_the_same(example, *wrong, Program(example.toy))) return {Fate::no_effect, ""};
  return judged(graded(example, wrong->steps(), places), way.mistake);
}

std::string name_of(const Way& way) { return way.mistake + (way.at.empty() ? "" : " (" + way.at + ")"); }

}  // namespace

TEST_CASE("the program without a mistake is right to the last digit") {
  for (const Example& example : examples())
    for (const int digits : {3, 4, 5, 6, 9}) {
      CAPTURE(example.toy.name);
      CAPTURE(digits);
      const auto grades = graded(example, Program(example.toy).steps(), digits);
      CHECK(grading::count(grades, Verdict::wrong) == 0);
      CHECK(grading::all_right(grades));
    }
}

TEST_CASE("every mistake in every example is named or tied with what gives the same") {
  const bool print = std::getenv("MISTAKES_TABLE") != nullptr;
  const auto all = examples();
  int counts[5] = {};
  std::map<std::string, int> seen;
  for (const Way& way : all_ways()) {
    std::string line;
    for (const Example& example : all) {
      const Case result = fate_of(example, way);
      CHECK_MESSAGE(result.fate != Fate::wrong,
                    example.toy.name << ", " << name_of(way) << ": " << result.trouble);
      ++counts[static_cast<int>(result.fate)];
      seen[way.mistake] += result.fate == Fate::named || result.fate == Fate::tied ? 1 : 0;
      line += std::string(" ") + letters[static_cast<int>(result.fate)];
    }
    if (print) std::cout << line << "   " << name_of(way) << "\n";
  }
  if (print)
    std::cout << counts[0] << " named, " << counts[1] << " tied, " << counts[2] << " without effect, "
              << counts[3] << " not applicable, " << counts[4] << " wrong\n";
  for (const auto& [mistake, times] : seen) CHECK_MESSAGE(times > 0, mistake << " is never seen");
}

TEST_CASE("the program makes every mistake of the catalogue") {
  std::set<std::string> made;
  for (const Way& way : all_ways()) made.insert(way.mistake);
  for (const mistakes::Mistake& mistake : mistakes::catalogue())
    if (mistake.kind == Kind::mistake) CHECK_MESSAGE(made.count(mistake.name) == 1, mistake.name);
  for (const std::string& name : made) CHECK_MESSAGE(mistakes::find_mistake(name) != nullptr, name);
}

// ---- Two mistakes ----

namespace {

std::set<std::string> wrong_steps(const grading::Grades& grades) {
  std::set<std::string> names;
  for (const grading::StepGrade& step : grades.examples.at(0).steps)
    if (!step.wrong_entries().empty()) names.insert(step.name);
  return names;
}

/// A mistake in one example, and the steps that it makes wrong.
struct Effect {
  Way way;
  std::set<std::string> steps;
};

std::vector<Effect> effects_in(const Example& example) {
  std::vector<Effect> effects;
  for (const Way& way : all_ways())
    if (const auto wrong = program_with(example, {way})) {
      const auto steps = wrong_steps(graded(example, wrong->steps(), places));
      if (!steps.empty()) effects.push_back({way, steps});
    }
  return effects;
}

bool disjoint(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::none_of(a.begin(), a.end(), [&](const std::string& name) { return b.count(name) > 0; });
}

/// Every wrong step has to be explained by the mistake that is made in it; empty where it is. Two mistakes
/// together may leave sums too small for their digits, so that a step behind them no longer follows: it is
/// explained by one of the two.
std::string trouble_with(const grading::Grades& grades, const Effect& one, const Effect& two) {
  for (const grading::StepGrade& step : grades.examples.at(0).steps) {
    if (step.wrong_entries().empty()) continue;
    const bool of_one = one.steps.count(step.name) > 0, of_two = two.steps.count(step.name) > 0;
    if (of_one && !named_in(step, one.way.mistake)) return step.name + " is not " + one.way.mistake;
    if (of_two && !named_in(step, two.way.mistake)) return step.name + " is not " + two.way.mistake;
    if (!of_one && !of_two && !named_in(step, one.way.mistake) && !named_in(step, two.way.mistake))
      return step.name + " is wrong too";
  }
  return "";
}

/// Whether a row of E and its sum are 0 to the digits written: 0/0 is no number, and what a program makes of
/// it follows from nothing.
bool divides_nothing_by_nothing(const Program& program) {
  for (const Program::Step& step : program.steps()) {
    if (step.name[0] != 'E') continue;
    for (const auto& row : step.values)
      if (std::all_of(row.begin(), row.end(),
                      [](double e) { return fixed(std::abs(e), places) == "0.000000"; }))
        return true;
  }
  return false;
}

}  // namespace

TEST_CASE("two mistakes in different steps are two, each at its step") {
  constexpr int tried = 60;  // of each example
  Random random(11);
  int pairs = 0;
  for (const Example& example : examples()) {
    if (example.toy.givens.count("dY") && example.toy.heads > 1) continue;  // the slow ones
    const auto effects = effects_in(example);
    for (int k = 0; k < tried; ++k) {
      const Effect& one = effects[random.bits() % effects.size()];
      const Effect& two = effects[random.bits() % effects.size()];
      const auto wrong = program_with(example, {one.way, two.way});
      if (!wrong || !disjoint(one.steps, two.steps) || divides_nothing_by_nothing(*wrong)) continue;
      const auto grades = graded(example, wrong->steps(), places);
      CHECK_MESSAGE(trouble_with(grades, one, two) == "",
                    example.toy.name << ": " << name_of(one.way) << " and " << name_of(two.way) << "\n"
                                     << block(example.toy, wrong->steps(), places));
      ++pairs;
    }
  }
  CHECK(pairs > 100);
}

// ---- Strength ----

namespace {

double largest_difference(const Grid& a, const Grid& b) {
  double largest = 0;
  for (std::size_t i = 0; i < rows(a); ++i)
    for (std::size_t j = 0; j < cols(a); ++j) largest = std::max(largest, std::abs(a[i][j] - b[i][j]));
  return largest;
}

/// Some way to make the mistake has this change of Y. Doubles of up to 1e6 here, after a few hundred
/// roundings of 1e-16 each: less than 1e-7 of the change, or of 1 where it is smaller.
bool has_change(const std::vector<mistakes::Strength>& strengths, const std::string& mistake, double change) {
  return std::any_of(strengths.begin(), strengths.end(), [&](const mistakes::Strength& each) {
    if (each.mistake->name != mistake || each.result != "Y") return false;
    return std::abs(midpoint(each.largest_change) - change) <= 1e-7 * std::max(1.0, change);
  });
}

}  // namespace

TEST_CASE("the strength of a mistake is what the program with the mistake shows in Y") {
  int compared = 0;
  for (const Example& example : examples()) {
    const auto strengths = mistakes::strength(example.truth.examples.at(0));
    const Program right(example.toy);
    for (const Way& way : all_ways()) {
      const auto wrong = program_with(example, {way});
      const bool backward = way.at.find('d') == 0 || !wrong || !right.has_step("Y");
      if (backward) continue;
      const double change = largest_difference((*wrong)["Y"], right["Y"]);
      if (change == 0.0 && example.toy.givens.count("dY")) continue;  // on the way back, or without effect
      CHECK_MESSAGE(has_change(strengths, way.mistake, change), example.toy.name << ": " << name_of(way));
      ++compared;
    }
  }
  CHECK(compared > 300);
}

TEST_CASE("the lab's toy example cannot reveal what is symmetric in it") {
  const Example lab_example{lab(), paper::derive_paper(paper::read_paper("p.md", block(lab(), {}, 0)), 20)};
  std::set<std::string> unseen, seen;
  for (const auto& each : mistakes::strength(lab_example.truth.examples.at(0))) {
    const std::string name = each.mistake->name + " " + each.where;
    if (each.answer == mistakes::Strength::Answer::nothing) unseen.insert(name);
    if (each.answer == mistakes::Strength::Answer::changes) seen.insert(name);
  }
  for (const char* name :
       {"weights-transposed Q", "weights-transposed K", "weights-transposed V", "Q-and-K-swapped Q, K",
        "keys-not-transposed S", "softmax-over-columns A", "weights-of-A-transposed Y", "weights-first Q",
        "scaled-by-root-T Z", "scaled-by-root-d_model Z", "tokens-ignored Q"})
    CHECK_MESSAGE(unseen.count(name) == 1, name);
  for (const char* name :
       {"not-scaled Z", "scaled-by-d_k Z", "softmax-left-out A", "softmax-of-all A", "base-2 E"})
    CHECK_MESSAGE(seen.count(name) == 1, name);
}
