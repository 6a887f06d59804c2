#include "derivation/causality.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/tables.hpp"

using namespace derivation;
using attention::causal_mask;
using attention::no_mask;

namespace {

/// Four tokens; a query, a key and a value have two entries each.
Head<Exact> head() {
  return {matrix_of("1 0 ; 0 1 ; 1 1 ; 2 -1"), matrix_of("1 0 ; 1 1"), matrix_of("0 1 ; 1 0"),
          matrix_of("3 0 ; 1 2")};
}

Head<Exact> draw_head(std::mt19937_64& random, Index T) {
  const auto draw = [&](Index rows, Index cols) -> Matrix<Exact> {
    Matrix<Exact> result(rows, cols);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) result(i, j) = Exact(static_cast<int>(random() % 5) - 2);
    return result;
  };
  const Matrix<Exact> X = draw(T, 3), W_Q = draw(3, 4), W_K = draw(3, 4), W_V = draw(3, 2);
  return {X, W_Q, W_K, W_V};
}

/// The output under a mask that one rule makes for any number of tokens.
template <typename MaskOf>
auto output_under(MaskOf mask_of) {
  return [mask_of](const Head<Exact>& head) { return attention::attention(head, mask_of(head.X.rows())).Y; };
}

/// A token sees itself and the next one, besides the past.
Mask sees_the_next(Index T) {
  return Mask::NullaryExpr(T, T, [](Index i, Index j) { return j <= i + 1; });
}

/// The facts that hold of an output that was computed with `mask` and is said to be causal under `claimed`.
std::string facts_that_hold(const Mask& mask, const Mask& claimed) {
  Page page;
  page.example("head", "");
  const Head<Exact> known = head();
  const HeadGivens givens = {page.given("X", "", known.X), page.given("W_Q", "", known.W_Q),
                             page.given("W_K", "", known.W_K), page.given("W_V", "", known.W_V)};
  const Term Y = page.given("Y", "", attention::attention(known, mask).Y);
  prove_causal(page, givens, page.given("mask", "", zeros_and_ones(claimed).exact), Y);
  std::string holds;
  for (const Fact& fact : page.examples().at(0).facts) holds += fact.holds ? "1" : "0";
  return holds;
}

}  // namespace

TEST_CASE("a head projects its tokens: as queries, as keys and as values") {
  CHECK(head().Q() == matrix_of("1 0 ; 1 1 ; 2 1 ; 1 -1"));
  CHECK(head().K() == matrix_of("0 1 ; 1 0 ; 1 1 ; -1 2"));
  CHECK(head().V() == matrix_of("3 0 ; 1 2 ; 4 2 ; 5 -2"));
  CHECK(attention::attention(head(), causal_mask(4)).Y ==
        attention::attention(head().Q(), head().K(), head().V(), causal_mask(4)).Y);
}

TEST_CASE("a token is replaced by another one, and no other token is") {
  CHECK(replaced(matrix_of("1 0 2 ; 0 1 2"), 1) == matrix_of("1 0 2 ; 5 -3 7"));
}

TEST_CASE("a thousand random heads: the future does not reach the past") {
  std::mt19937_64 random(8);
  for (int k = 0; k < 1000; ++k) {
    const Index T = 2 + static_cast<Index>(random() % 3);
    const Head<Exact> head = draw_head(random, T);
    INFO("case ", k, ", T = ", T);
    REQUIRE(from_prefixes(head) == attention::attention(head, causal_mask(T)).Y);
    const Mask changed = changed_rows(head, output_under(causal_mask));
    REQUIRE(attention::both(changed, causal_mask(T)) == changed);
  }
}

TEST_CASE("what a wrong mask lets through is found by another token, and by the derivative") {
  const auto every = [](Index T) { return no_mask(T, T); };
  CHECK(changed_rows(head(), output_under(causal_mask)) == causal_mask(4));
  CHECK(changed_rows(head(), output_under(every)) == every(4));
  CHECK(changed_rows(head(), output_under(sees_the_next)) == sees_the_next(4));
  CHECK(dependent_rows(head(), causal_mask(4)) == causal_mask(4));
  CHECK(dependent_rows(head(), every(4)) == every(4));
  CHECK(dependent_rows(head(), sees_the_next(4)) == sees_the_next(4));
}

TEST_CASE("the three proofs hold under a causal mask, and fail under another one") {
  CHECK(facts_that_hold(causal_mask(4), causal_mask(4)) == "111");
  CHECK(facts_that_hold(sees_the_next(4), causal_mask(4)) == "011");  // another output
  CHECK(facts_that_hold(causal_mask(4), sees_the_next(4)) == "100");  // another mask
}
