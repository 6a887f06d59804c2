#include "support/every_chapter.hpp"

TEST_CASE("there is a mistake under which each fact fails") {
  const std::vector<Mistake> mistakes = every_entry_off(committed(stem));
  CHECK(lines(facts_that_cannot_fail(mistakes)) == "");
}

TEST_CASE("what a token contributes depends on the distance alone: keep^distance, times take") {
  const Exact two_thirds = Exact(2) / 3, fifth = Exact(1) / 5;
  for (const int T : {1, 2, 5, 8}) {
    const Matrix<Exact> R = routes(T, two_thirds, fifth);
    for (int t = 0; t < T; ++t)
      for (int s = 0; s < T; ++s) CHECK(R(t, s) == (s > t ? Exact(0) : pow(two_thirds, t - s) * fifth));
  }
}

TEST_CASE("each row of weights that looks directly sums to 1, and so does no row of the summary") {
  const auto sentence = committed(stem).examples.at(0);
  for (const std::string name : {"a", "b"})
    CHECK_MESSAGE(Matrix<Exact>(find_step(sentence, name)->exact.values).sum() == 1, name);
  const Matrix<Exact>& R = find_step(sentence, "R")->exact.values;
  for (derivation::Index t = 0; t < R.rows(); ++t) CHECK(R.row(t).sum() < 1);
}

TEST_CASE("the wrong pronoun counts more where it stands nearer, and only there") {
  const auto last_state = [](const derivation::Example& example) -> Matrix<Exact> {
    return find_step(example, "H")->exact.values.bottomRows(1);
  };
  const auto derivation = committed(stem);
  const Matrix<Exact> near = last_state(derivation.examples.at(0)),
                      far = last_state(derivation.examples.at(1));
  CHECK(near(0, 1) < near(0, 2));
  CHECK(far(0, 2) < far(0, 1));
}

TEST_CASE("the three inputs with one state do differ") {
  const auto narrow = committed(stem).examples.at(2);
  const Matrix<Exact>& inputs = find_step(narrow, "N")->exact.values;
  for (const derivation::Index j : {1, 2})
    CHECK(Matrix<Exact>(inputs.col(0)) != Matrix<Exact>(inputs.col(j)));
  CHECK(Matrix<Exact>(inputs.col(1)) != Matrix<Exact>(inputs.col(2)));
}
