#include "exercises/exercise.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "attention/random.hpp"
#include "mistakes/strength.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"

using exercises::Exercise;
using exercises::ExerciseShape;
using exercises::never_strong;
using exercises::new_exercise;
using mistakes::Strength;
using paper::Exact;

namespace {

std::vector<Strength> strength_of(const Exercise& exercise) {
  return mistakes::strength(exercise.truth.examples.at(0));
}

/// The numbers as they were written.
std::string written(const Exercise& exercise) {
  std::string text;
  for (const paper::WrittenMatrix& matrix : exercise.paper.examples.at(0).matrices) {
    text += matrix.name + ":";
    for (const auto& row : matrix.rows)
      for (const paper::Entry& entry : row) text += " " + entry.text;
    text += "\n";
  }
  return text;
}

/// Numbers of no pattern and with no zero, in a paper of a shape.
derivation::Example patternless(const ExerciseShape& shape) {
  std::string text = "```paper\nheads = " + std::to_string(shape.heads) + "\n";
  int state = 1;
  const auto matrix = [&](const std::string& name, int rows, int cols) {
    text += name + " = [";
    for (int i = 0; i < rows; ++i, text += " ;")
      for (int j = 0; j < cols; ++j) text += " " + std::to_string((state = state * 5 % 23)) + "/8";
    text += " ]\n";
  };
  matrix("X", shape.tokens, shape.d_model);
  matrix("W_Q", shape.d_model, shape.d_k * shape.heads);
  matrix("W_K", shape.d_model, shape.d_k * shape.heads);
  matrix("W_V", shape.d_model, shape.d_v * shape.heads);
  return paper::derive_paper(paper::read_paper("p.md", text + "```\n"), 1).examples.at(0);
}

/// Whether some way to make the mistake is proved to change nothing.
bool is_hidden(const std::vector<Strength>& strengths, const std::string& mistake) {
  for (const Strength& each : strengths)
    if (each.mistake->name == mistake && each.answer == Strength::Answer::nothing) return true;
  return false;
}

}  // namespace

TEST_CASE("a fresh exercise for four tokens takes a tenth of a second's calculation at the most") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const numbers::WorkLimit limit(300'000);  // a slow machine does three million units in a second
    CHECK_NOTHROW(new_exercise({4, 4, 3, 4, 2, true}, seed));
  }
}

TEST_CASE("a new exercise is strong by the catalogue") {
  for (const ExerciseShape& shape :
       {ExerciseShape{3, 2, 4, 2}, ExerciseShape{2, 3, 4, 1, 1, true}, ExerciseShape{4, 3, 2, 3, 1, true},
        ExerciseShape{3, 4, 2, 2, 2, false}, ExerciseShape{4, 4, 2, 2, 2, true}})
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Exercise exercise = new_exercise(shape, seed);
      const std::vector<Strength> strengths = strength_of(exercise);
      int shown = 0;
      for (const Strength& each : strengths) {
        if (each.answer == Strength::Answer::not_applicable) continue;
        ++shown;
        CHECK_MESSAGE(each.answer == Strength::Answer::changes, each.mistake->name);
        CHECK_MESSAGE(
            numbers::less(each.largest_change, numbers::Enclosure(Exact(1) / 1000)) == numbers::Answer::no,
            each.mistake->name);
      }
      CHECK(shown > 15);
    }
}

TEST_CASE("what doubles do not turn down is taken only where intervals prove it") {
  // With this seed an attempt lies between half the least change and the whole of it, and comes first.
  CHECK(mistakes::is_strong(strength_of(new_exercise({3, 2, 4, 1}, 9)), exercises::strong_change()));
}

TEST_CASE("a new exercise has the sizes that were asked for and small whole numbers") {
  const paper::Paper made = new_exercise({3, 4, 2, 3, 2, true}, 7).paper;
  const paper::WrittenExample& example = made.examples.at(0);
  CHECK(example.setting("heads")->text == "2");
  CHECK(example.setting("mask")->text == "causal");
  const auto size = [&](const std::string& name) {
    return std::to_string(example.matrix(name)->row_count()) + "x" +
           std::to_string(example.matrix(name)->col_count());
  };
  CHECK(size("X") == "3x4");
  CHECK(size("W_Q") == "4x4");
  CHECK(size("W_K") == "4x4");
  CHECK(size("W_V") == "4x6");
  CHECK(size("W_O") == "6x4");
  for (const paper::WrittenMatrix& matrix : example.matrices)
    for (const auto& row : matrix.rows)
      for (const paper::Entry& entry : row)
        CHECK((entry.text == "-1" || entry.text == "0" || entry.text == "1" || entry.text == "2"));
}

TEST_CASE("a seed has one exercise and another seed another") {
  const ExerciseShape shape{3, 2, 4, 2};
  CHECK(written(new_exercise(shape, 1)) == written(new_exercise(shape, 1)));
  CHECK(written(new_exercise(shape, 1)) != written(new_exercise(shape, 2)));
}

TEST_CASE("small numbers are drawn from the generator that the standard specifies to the bit") {
  // [rand.predef]: the 10000th number of a default mt19937_64 is 9981545732273789042, 2 more than a multiple
  // of 4.
  std::mt19937_64 random;
  random.discard(9999);
  std::mt19937_64 copy = random;
  CHECK(copy() == 9981545732273789042U);
  CHECK(attention::draw_small(random, false) == 1);

  // 40000 draws: each number 10000 times, with a standard deviation of √(40000 · 1/4 · 3/4) = 87; five of it.
  std::array<int, 4> counts{};
  for (int k = 0; k < 40000; ++k)
    ++counts.at(static_cast<std::size_t>(attention::draw_small(random, false) + 1));
  for (const int count : counts) CHECK(std::abs(count - 10000) < 435);
  for (int k = 0; k < 1000; ++k) CHECK(std::abs(attention::draw_small(random, true)) <= 1);
}

TEST_CASE("sizes that can never be strong are those in which a mistake is proved to change nothing") {
  struct Refused {
    ExerciseShape shape;
    std::string mistake, reason;
  };
  const Refused all[] = {
      {{1, 2, 3, 2}, "not-scaled", "with T = 1 "},
      {{3, 1, 2, 2}, "Q-and-K-swapped", "with d_model = 1 "},
      {{3, 2, 1, 2}, "not-scaled", "with d_k = 1 "},
      {{3, 2, 3, 2}, "scaled-by-root-T", "with T = d_k "},
      {{3, 2, 2, 1}, "scaled-by-root-d_model", "with d_model = d_k "},
      {{3, 4, 2, 1, 2, false}, "wrong-reshape", "with several heads and d_v = 1 "},
  };
  for (const auto& [shape, mistake, reason] : all) {
    CHECK_MESSAGE(never_strong(shape).rfind(reason, 0) == 0, never_strong(shape));
    CHECK_THROWS_AS(new_exercise(shape, 1), derivation::Error);
    CHECK_MESSAGE(is_hidden(mistakes::strength(patternless(shape)), mistake), mistake);
  }
  CHECK(never_strong({3, 2, 4, 2}).empty());
  CHECK(never_strong({3, 4, 2, 2, 2, true}).empty());
}

TEST_CASE("sizes out of range and a search without success are errors") {
  for (const ExerciseShape& shape :
       {ExerciseShape{0, 2, 4, 2}, ExerciseShape{99, 2, 4, 2}, ExerciseShape{3, -2, 4, 2},
        ExerciseShape{3, 2, 99, 2}, ExerciseShape{3, 2, 4, 0}, ExerciseShape{3, 2, 4, 2, 0, false},
        ExerciseShape{3, 2, 4, 2, 99, false}})
    CHECK_THROWS_AS(new_exercise(shape, 1), derivation::Error);
  CHECK_THROWS_WITH(new_exercise({3, 2, 4, 2}, 1, 0),
                    "no strong exercise of these sizes in 0 attempts. Try another --seed, or other sizes");
}
