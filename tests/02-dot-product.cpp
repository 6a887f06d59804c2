#include "support/every_chapter.hpp"

namespace {

/// Symmetric keys: then the missing transpose changes nothing.
Mistake symmetric_keys() {
  return {"ex2", "K", [](Table<Exact>& table) { table.values(1, 0) = table.values(0, 1); }};
}

/// The winners as they would stand in the table if all rows found key 0 in each product.
Mistake same_winner_everywhere() {
  return {"square", "best", [](Table<Exact>& table) { table.values.setConstant(Exact(0)); }};
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  std::vector<Mistake> mistakes = every_entry_off(committed(stem));
  mistakes.push_back(same_winner_everywhere());
  mistakes.push_back(symmetric_keys());
  CHECK(lines(facts_that_cannot_fail(mistakes)) == "");
}

TEST_CASE("all sizes of the example with all pairs differ, and its wrong product does not exist") {
  const auto pairs = committed(stem).examples.at(1);
  const auto& Q = find_step(pairs, "Q")->exact;
  const auto& K = find_step(pairs, "K")->exact;
  CHECK(Q.rows() != K.rows());
  CHECK(Q.rows() != Q.cols());
  CHECK(K.rows() != K.cols());
  Page page;
  page.example("e", "");
  const auto left = page.given("Q", "", Q.values);
  const auto right = page.given("K", "", K.values);
  CHECK_THROWS_AS(left * right, derivation::Error);
}

TEST_CASE("where the shapes forgive, nothing is symmetric, so the numbers do not forgive") {
  const auto square = committed(stem).examples.at(3);
  for (const std::string name : {"Q", "K", "S", "wrong"}) {
    const Matrix<Exact>& values = find_step(square, name)->exact.values;
    CHECK_MESSAGE(values != Matrix<Exact>(values.transpose()), name);
  }
  CHECK(find_step(square, "S")->exact.values != find_step(square, "wrong")->exact.values);
}

TEST_CASE("the order by dot product is the opposite of the order by cosine, as the chapter says") {
  const auto example = committed(stem).examples.at(2);
  const auto& S = find_step(example, "S")->exact.values;
  const auto& cosines = find_step(example, "cos")->exact.values;
  for (const derivation::Index j : {0, 1}) {
    CHECK(S(0, j) < S(0, j + 1));
    CHECK(cosines(0, j + 1) < cosines(0, j));
  }
}

TEST_CASE("Cauchy–Schwarz holds, with equality for one direction alone, over a thousand pairs of rows") {
  // A linear congruential generator, written out: the same numbers on every machine.
  unsigned long long state = 1;
  const auto entry = [&state]() {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return Exact(static_cast<int>(state >> 61) - 3);
  };
  for (int trial = 0; trial < 1000; ++trial) {
    const derivation::Index d = 2 + trial % 4;
    const Matrix<Exact> rows = Matrix<Exact>::NullaryExpr(2, d, entry);
    const Exact qk = dot(rows, 0, rows, 1), qq = dot(rows, 0, rows, 0), kk = dot(rows, 1, rows, 1);
    CHECK_MESSAGE(qk * qk <= qq * kk, "trial ", trial);
    // |k|² q = (q·k) k: the rows lie on one line.
    const Matrix<Exact> rest = rows.row(0) * kk - rows.row(1) * qk;
    CHECK_MESSAGE((qk * qk == qq * kk) == (dot(rest, 0, rest, 0) == 0), "trial ", trial);
  }
}
