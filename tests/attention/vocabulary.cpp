#include "attention/vocabulary.hpp"

#include <doctest/doctest.h>

using namespace attention;

namespace {

const Vocabulary words = {{"I", "work", ","}, 16, 1};

}  // namespace

TEST_CASE("a word has its own row, and the same row wherever it comes") {
  const Matrix<double> X = draw_tokens<double>(words, {"work", ",", "work"});
  REQUIRE(X.rows() == 3);
  REQUIRE(X.cols() == 16);
  CHECK(X.row(0) == X.row(2));
  CHECK(X.row(0) != X.row(1));
  CHECK(draw_tokens<double>(words, {"work"}).row(0) == X.row(0));
  CHECK(draw_tokens<double>({words.words, 16, 2}, {"work"}).row(0) != X.row(0));
}

TEST_CASE("the rows are the generator's numbers, over 4, in the vocabulary's order") {
  std::mt19937_64 random(words.seed);
  for (int skipped = 0; skipped < 16; ++skipped) draw_entry(random);
  const Matrix<double> work = draw_tokens<double>(words, {"work"});
  for (Index k = 0; k < 16; ++k) CHECK(work(0, k) == static_cast<double>(draw_entry(random)) / 4);
}

TEST_CASE("a word that the vocabulary lacks is named") {
  CHECK_THROWS_WITH_AS(draw_tokens<double>(words, {"I", "rest"}),
                       "draw_tokens: the vocabulary has no word rest", std::invalid_argument);
}
