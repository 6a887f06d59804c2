#include <set>

#include "support/every_chapter.hpp"

TEST_CASE("there is a mistake under which each fact fails") {
  const std::vector<Mistake> mistakes = every_entry_off(committed(stem));
  CHECK(lines(facts_that_cannot_fail(mistakes)) == "");
}

TEST_CASE("all sizes of the sentence differ, so that no two of its matrices can be confused") {
  const auto sentence = committed(stem).examples.at(2);
  const std::set<derivation::Index> sizes = {
      find_step(sentence, "X")->exact.rows(), find_step(sentence, "X")->exact.cols(),
      find_step(sentence, "K")->exact.cols(), find_step(sentence, "V")->exact.cols()};
  CHECK(sizes.size() == 4);
}

TEST_CASE("the blank finds he by all three matrices, and itself without any") {
  const auto sentence = committed(stem).examples.at(2);
  derivation::Index he = 0, blank = 0;
  find_step(sentence, "A")->machine.values.row(4).maxCoeff(&he);
  find_step(sentence, "A_X")->machine.values.row(4).maxCoeff(&blank);
  CHECK(he == 3);
  CHECK(blank == 4);
}

TEST_CASE(
    "tokens against tokens, over a thousand inputs: symmetric, and a longest token prefers none to itself") {
  // A linear congruential generator, written out: the same numbers on every machine.
  unsigned long long state = 1;
  const auto entry = [&state]() {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return Exact(static_cast<int>(state >> 61) - 3);
  };
  int prefers_a_longer_one = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    const Matrix<Exact> X = Matrix<Exact>::NullaryExpr(2 + trial % 4, 2 + trial % 3, entry);
    const Matrix<Exact> S = X * X.transpose();
    CHECK_MESSAGE(S == Matrix<Exact>(S.transpose()), "trial ", trial);
    derivation::Index longest = 0;
    for (derivation::Index i = 1; i < S.rows(); ++i)
      if (S(longest, longest) < S(i, i)) longest = i;
    for (derivation::Index j = 0; j < S.cols(); ++j) {
      CHECK_MESSAGE(S(longest, j) <= S(longest, longest), "trial ", trial);
      // A tie with another token as long needs the same token twice.
      if (S(longest, j) == S(longest, longest) && S(j, j) == S(longest, longest))
        CHECK_MESSAGE(Matrix<Exact>(X.row(j)) == Matrix<Exact>(X.row(longest)), "trial ", trial);
    }
    for (derivation::Index i = 0; i < S.rows(); ++i)
      for (derivation::Index j = 0; j < S.cols(); ++j) prefers_a_longer_one += S(i, i) < S(i, j) ? 1 : 0;
  }
  CHECK(prefers_a_longer_one > 0);  // the claim is about the longest token, and not about every one
}
