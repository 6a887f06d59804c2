#include "derivation/cost_steps.hpp"

#include <doctest/doctest.h>

using derivation::Exact;
using derivation::Page;
using derivation::Term;

namespace {

/// The facts on a page that do not hold.
std::string failed(const Page& page) {
  std::string text;
  for (const auto& fact : page.examples().front().facts)
    if (!fact.holds) text += fact.claim + "\n";
  return text;
}

}  // namespace

TEST_CASE("projections and products of 2 and 3 tokens with 4 numbers each") {
  Page page;
  page.example("e", "");
  const auto [P, B] = prove_multiplications(page, page.given("T", "", {{"2"}, {"3"}}), 4);
  CHECK(P.values()(0, 0) == 4 * 2 * 16);  // each of four projections: 2×4 times 4×4
  CHECK(P.values()(1, 0) == 4 * 3 * 16);
  CHECK(B.values()(0, 0) == 2 * 2 * 2 * 4);  // each of two products: 2×4 times 4×2, and 2×2 times 2×4
  CHECK(B.values()(1, 0) == 2 * 3 * 3 * 4);
  CHECK(failed(page) == "");
}

TEST_CASE("heads share the columns: as many multiplications, more exponentials") {
  Page page;
  page.example("e", "");
  const auto [products, exponentials] = write_work_of_heads(page, page.given("H", "", {{"1"}, {"4"}}), 3, 8);
  CHECK(products.values()(0, 0) == 2 * 3 * 3 * 8);
  CHECK(products.values()(1, 0) == 2 * 3 * 3 * 8);
  CHECK(exponentials.values()(0, 0) == 9);
  CHECK(exponentials.values()(1, 0) == 36);
  CHECK(failed(page) == "");
}

TEST_CASE("a part takes the longer of two times") {
  Page page;
  page.example("e", "");
  // 2×3 times 3×5: 30 multiplications and 20 additions; 6 + 15 + 10 numbers of 4 bytes.
  const auto times = write_times(page, {attention::product_cost("a", 2, 3, 5)}, 10, 31);
  CHECK(times.compute.values()(0, 0) == 5);
  CHECK(times.move.values()(0, 0) == 4);
  CHECK(times.least.values()(0, 0) == 5);
  CHECK(times.per_byte.values()(0, 0) == Exact(50) / 124);
}

TEST_CASE("one query, and queries under a causal mask") {
  CHECK(attention::row_multiplications(3, 4) == 24);        // 3 dot products of 4, and 3 rows of 4 added up
  CHECK(attention::causal_multiplications(3, 4) == 8 * 6);  // 1 + 2 + 3 keys
}
