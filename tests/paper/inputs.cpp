#include "paper/inputs.hpp"

#include <doctest/doctest.h>

namespace {

const paper::Paper& sheet() {
  static const paper::Paper paper = paper::read_paper(
      "p.md", "```paper\nQ = [ 1 ; 2 ]\nK = [ 1 ; 0 ]\nV = [ 3 ; 5 ]\ndY = [ 1 ; 1 ]\n```\n");
  return paper;
}

bool has_step(const derivation::Derivation& derived, const char* name) {
  return find_step(derived.examples.at(0), name) != nullptr;
}

}  // namespace

TEST_CASE("a derivation goes back to the gradients where dY is given, or to the output alone") {
  const auto both = paper::derive_paper(sheet()),
             forward = paper::derive_paper(sheet(), 1, paper::Passes::forward);
  CHECK(has_step(both, "dK"));
  CHECK(has_step(both, "dY"));
  CHECK(has_step(forward, "Y"));
  CHECK_FALSE(has_step(forward, "dY"));
  CHECK_FALSE(has_step(forward, "dK"));
}
