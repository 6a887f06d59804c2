#include "derivation/term.hpp"

#include <doctest/doctest.h>

#include "derivation/names.hpp"
#include "support/tables.hpp"

using namespace derivation;

TEST_CASE("an entry is found by the labels of its row and its column") {
  Term table;
  table.exact = Table<Exact>(matrix_of("1 2 ; 3 4"));
  table.labels = {{"first", "second"}, {"left", "right"}};
  CHECK(entry(table, "first", "right") == 2);
  CHECK(entry(table, "second", "left") == 3);
  CHECK_THROWS_WITH_AS(entry(table, "third", "left"), "no row and no column is called third", Error);
  CHECK_THROWS_WITH_AS(entry(table, "first", "first"), "no row and no column is called first", Error);
}

TEST_CASE("a number behind a name is a head's, a letter is a variant's") {
  CHECK(usual_title("A") == "Weights");
  CHECK(usual_title("A_2") == "Weights of head 2");
  CHECK(usual_title("A_u") == "Weights");
  CHECK(usual_title("W_Q") == "Query weights");
  CHECK(usual_title("N_u") == "");
}
