#include "mistakes/additive_masks.hpp"

#include <doctest/doctest.h>

#include "support/tables.hpp"

using namespace mistakes;

namespace {

const std::vector<double> scores = {0.7, -1.3, 2.1, 0.25};

}  // namespace

TEST_CASE("a value that is no mask, too weak, or of the wrong sign hides nothing") {
  for (const float value : {0.0F, -5.0F, 1e9F})
    CHECK(additive_mask<float>("", value, scores).half_hidden == Fate::other);
}

TEST_CASE("what a row of hidden keys gets depends on the value and on the kind of number") {
  CHECK(additive_mask<double>("", -1e9, scores).all_hidden == Fate::as_scored);
  CHECK(additive_mask<float>("", -1e9F, scores).all_hidden == Fate::equal);
  CHECK(additive_mask<float>("", -1e6F, scores).all_hidden == Fate::other);  // spacing 1/16
  CHECK(additive_mask<float>("", -INFINITY, scores).all_hidden == Fate::not_a_number);
  CHECK(additive_mask<float>("", -INFINITY, scores).half_hidden == Fate::as_scored);
}

TEST_CASE("twelve values, and no value answers that all hidden keys get 0") {
  const Answers answers = outcomes(additive_masks(scores));
  CHECK(answers.yes.rows() == 12);
  CHECK(answers.labels.rows.at(4) == "float, −∞");
  CHECK(answers.yes.col(0).all());
  CHECK_FALSE(answers.yes.col(4).any());
}

TEST_CASE("softmax of one row, in the machine's own numbers") {
  CHECK(softmax_of<float>({0, 0}) == std::vector<float>{0.5F, 0.5F});
  CHECK(softmax_of<double>({1000, 1000, 0}) == std::vector<double>{0.5, 0.5, 0});
}

TEST_CASE("what is left of a score is rounded by the addition and by nothing else") {
  derivation::Matrix<double> row(1, 3);
  row << 0.75, 31, 33;  // next to 10^9 floats are 64 apart
  CHECK(left_over(row, 1e9F) == matrix_of("0 0 64"));
  CHECK(left_over(row, 1e9) == matrix_of("3/4 31 33"));
}
