#include "support/every_chapter.hpp"

namespace {

/// The mistakes that one entry off does not stand for: swapped queries and keys are the right output after
/// all.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all = one_entry_off(committed(stem));
  const Derivation derivation = committed(stem);
  const Matrix<Exact> swapped = find_step(*find_example(derivation, "turned"), "swapped")->exact.values;
  all.push_back({"turned", "Y", [swapped](Table<Exact>& table) { table.values = swapped; }});
  const auto first_row_off = [](Table<Exact>& table) { table.values(0, 0) += 1; };
  all.push_back({"walk", "Y", first_row_off});
  return all;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(mistakes())) == "");
}

TEST_CASE("G is made of the dot products that the definition gives, in hundredths") {
  // tenths of X, so that everything is an integer
  const int X[4][4] = {{5, 3, -2, 1}, {-1, 4, 2, -3}, {2, -1, 5, 1}, {0, 0, 0, 2}};
  const Derivation derivation = committed(stem);
  const Matrix<Exact>& G = step(derivation, "walk", "G").exact.values;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      int sum = 0;
      for (int k = 0; k < 4; ++k) sum += X[i][k] * X[j][k];
      CHECK(G(i, j) == Exact(sum) / Exact(100));
    }
}

TEST_CASE("the second example shows a swap of queries and keys, the first does not") {
  const Derivation derivation = committed(stem);
  const auto is_symmetric = [&](const std::string& example) {
    const Matrix<Exact>& S = step(derivation, example, "S").exact.values;
    return S == Matrix<Exact>(S.transpose());
  };
  CHECK(is_symmetric("walk"));
  CHECK_FALSE(is_symmetric("turned"));
}

TEST_CASE("a count that is off by one operation is not what its formula says") {
  const std::vector<Part> all = parts();
  CHECK(table_of(all, &Part::counted) == table_of(all, &Part::by_formula));
  for (std::size_t k = 0; k < all.size(); ++k) {
    CHECK_MESSAGE(all[k].counted == all[k].by_formula, all[k].name);
    std::vector<Part> one_more = all;
    ++one_more[k].counted.exponentials;
    CHECK(table_of(one_more, &Part::counted) != table_of(all, &Part::by_formula));
  }
}

TEST_CASE("the formula of the causal softmax counts other numbers of tokens too") {
  for (const long T : {1, 2, 3, 7, 12}) {
    const Matrix<Counting> scores = filled(T, T);
    const Operations counted =
        Counting::count([&] { attention::softmax_rows(scores, attention::causal_mask(T)); });
    CHECK_MESSAGE(counted == attention::causal_softmax_operations({T, 1, 1, 1}), "T = ", T);
  }
}
