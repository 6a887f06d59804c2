#include "derivation/ways_to_attend.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "derivation/head_steps.hpp"

using namespace derivation;

namespace {

const Entries scores = {{"1", "0", "2", "1/2", "-1", "3"}, {"0", "1", "0", "-2", "2", "1"}};
const Entries values = {{"3"}, {"-1"}, {"2"}, {"5"}, {"0"}, {"4"}};

/// Of a page, the claims that do not hold.
std::string failed(const Page& page) {
  std::string text;
  for (const Fact& fact : page.examples().front().facts)
    if (!fact.holds) text += fact.claim + "\n";
  return text;
}

void change(Page& page, const std::string& changed, Index col) {
  page.before_recording([changed, col](const std::string&, const std::string& name, Term& term) {
    if (name == changed) term.exact.values(1, col) += 1;
  });
}

/// The four ways, with so many keys and one entry of the step `changed` off by one.
Page ways(std::size_t keys, const std::string& changed = "") {
  Page page;
  change(page, changed, 0);
  page.example("e", "");
  Entries Z = scores, V = values;
  for (auto& row : Z) row.resize(keys);
  V.resize(keys);
  write_ways_to_attend(page, page.given("Z", Z), page.given("V", V));
  return page;
}

/// The two blocks, with one entry of the step `changed` off by one.
Page blocks(const std::string& changed = "", Index col = 0) {
  Page page;
  change(page, changed, col);
  page.example("e", "");
  const Term Z = page.given("Z", scores), V = page.given("V", values);
  const Term m = page.step("m", row_maxima(Z));
  const Term D = page.step("D", Z - m);
  const Term E = page.step("E", exp(D));
  const Term l = page.step("l", row_sums(E));
  const Term A = page.step("A", E / l);
  const Term Y = page.step("Y", A * V);
  prove_two_blocks(page, "m and l of both halves", Z, V, {m, l, Y});
  return page;
}

const Term& step(const Page& page, const std::string& name) {
  const auto& records = page.examples().front().records;
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const Record& record) { return record.term.name == name; });
  REQUIRE(found != records.end());
  return found->term;
}

}  // namespace

TEST_CASE("four ways to attend to 2, 4, 5 and 6 keys give the same") {
  for (const std::size_t keys : {2, 4, 5, 6}) CHECK(failed(ways(keys)) == "");
}

TEST_CASE("each fact speaks of its own way") {
  CHECK(failed(ways(6, "single")) == "three passes and one key after the other give the same\n");
  CHECK(failed(ways(6, "blocks")) == "three passes and blocks of four give the same\n");
  CHECK(failed(ways(6, "tree")) == "three passes and a tree of merges give the same\n");
}

TEST_CASE("the bounds of 5 keys: 4 merges of keys, 1 of blocks, 3 to the top of the tree") {
  // R = 2 − (−2) = 4 and v = 5; (2 (R + 4 (k + 1) + 2 k + n + 1) + 1) v, as chapter 19 has it.
  const Page page = ways(5);
  const Matrix<Exact> bound = step(page, "bound").values();
  const auto merged = [](int k, int n) { return (2 * (4 + 4 * (k + 1) + 2 * k + n + 1) + 1) * 5; };
  CHECK(bound(0, 0) == (2 * (4 + 4) + 4 + 1 + 5) * 5);
  CHECK(bound(1, 0) == merged(4, 1));
  CHECK(bound(2, 0) == merged(1, 4));
  CHECK(bound(3, 0) == merged(3, 1));
}

TEST_CASE("two blocks of a row of six: their maxima and sums, and those of both") {
  const Page page = blocks();
  CHECK(failed(page) == "");
  const Matrix<Exact> parts = step(page, "parts").values();
  CHECK(parts(0, 0) == 2);  // of 1, 0, 2
  CHECK(parts(0, 1) == exp(Exact(-1)) + exp(Exact(-2)) + Exact(1));
  CHECK(parts(0, 2) == 3);  // of 1/2, -1, 3
  CHECK(parts(0, 4) == 3);
}

TEST_CASE("a wrong maximum, sum and output are each noticed by the fact that speaks of them") {
  CHECK(failed(blocks("parts", 4)) == "merged, the two blocks have the row maxima\n");
  CHECK(failed(blocks("parts", 5)) == "merged, the two blocks have the row sums\n");
  CHECK(failed(blocks("Y")) == "merged, the two blocks have the output\n");
}
