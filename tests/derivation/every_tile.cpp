#include "derivation/every_tile.hpp"

#include <doctest/doctest.h>

#include "derivation/head_steps.hpp"

using namespace derivation;

namespace {

/// The facts about a head of two tokens, with one entry of the step `changed` off by one.
std::vector<Fact> facts(bool masked, bool causal, const std::string& changed = "") {
  Page page;
  page.before_recording([&](const std::string&, const std::string& name, Term& term) {
    if (name == changed) term.exact.values(1, 0) += 1;
  });
  page.example("lab", "Two tokens");
  const Term Q = page.given("Q", {{"1"}, {"2"}}), K = page.given("K", {{"1"}, {"0"}}),
             V = page.given("V", {{"3"}, {"5"}}), dY = page.given("dY", {{"1"}, {"-1"}}),
             mask = page.given("mask", {{"1", masked ? "0" : "1"}, {"1", "1"}});
  const auto [A, Y] = write_attention(page, Q, K, V, mask);
  prove_every_tile(page, {Q, K, V, A, Y, dY, causal});
  return page.examples().back().facts;
}

}  // namespace

TEST_CASE("all tile sizes give the output and the gradients of a head") {
  for (const Fact& fact : facts(false, false)) CHECK_MESSAGE(fact.holds, fact.claim);
  for (const Fact& fact : facts(true, true)) CHECK_MESSAGE(fact.holds, fact.claim);
  CHECK(facts(false, false).at(0).claim == "all 4 tile sizes give Y");
  CHECK(facts(true, true).at(1).claim == "causal: all 4 tile sizes give the gradients of the plain code");
}

TEST_CASE("a wrong output, wrong weights and another mask are noticed by the fact that speaks of them") {
  CHECK_FALSE(facts(false, false, "Y").at(0).holds);
  CHECK(facts(false, false, "Y").at(1).holds);
  CHECK_FALSE(facts(false, false, "A").at(1).holds);
  CHECK_FALSE(facts(false, true).at(0).holds);
  CHECK_FALSE(facts(true, false).at(0).holds);
}
