#pragma once
// A chapter's test starts with this file: the chapter's program, so that its derivation can be run here, with
// a mistake in it too, and the tests that every chapter has. The build defines CHAPTER (06-attention-by-hand)
// and CHAPTER_PROGRAM.

#define main chapter_main
#include CHAPTER_PROGRAM
#undef main

#include <doctest/doctest.h>

#include "support/chapter.hpp"

using namespace chapter_tests;

inline const std::string stem = CHAPTER;

inline Derivation derived() {
  return derivation::derive(stem, program::title_of(stem), 20, derivations);
}

/// The chapter's facts that hold under every one of these mistakes.
inline Problems facts_that_cannot_fail(const std::vector<Mistake>& mistakes) {
  return facts_that_cannot_fail(derivations, mistakes);
}

TEST_CASE("the paper is right, within 1e-5 of the code, and an entry that is off by 1/1000 is noticed") {
  if (!has_paper(stem)) {
    CHECK(stem.front() == 'a');  // an appendix may do without
    return;
  }
  CHECK(lines(paper_problems(paper_of(stem), committed(stem))) == "");
  CHECK(lines(unnoticed_slips(paper_of(stem), committed(stem))) == "");
}

TEST_CASE("derivations/ is current") {
  CHECK(lines(stale(stem, derived())) == "");
  CHECK(lines(stale_renderings(stem)) == "");
}

TEST_CASE("every fact holds, and every double lies within its rounding bound") {
  CHECK(lines(number_problems(derived())) == "");
}

TEST_CASE("the prose holds, and every step is shown") {
  CHECK(lines(prose_problems(stem, committed(stem))) == "");
}
