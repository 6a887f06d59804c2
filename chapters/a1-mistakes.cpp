#include <algorithm>

#include "derivation/head_steps.hpp"
#include "derivation/names.hpp"
#include "derivation/pipeline.hpp"
#include "mistakes/demonstration.hpp"
#include "program/chapter.hpp"

// The catalogue of mistakes, each made on an example: what comes out.

using namespace derivation;
using mistakes::Demonstration;

namespace {

// ---- The examples that the mistakes are made on. ----

Matrix<Exact> whole_numbers(const std::vector<std::vector<int>>& rows) {
  Matrix<Exact> matrix(static_cast<Index>(rows.size()), static_cast<Index>(rows.front().size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      matrix(static_cast<Index>(i), static_cast<Index>(j)) = Exact(rows[i][j]);
  return matrix;
}

HeadInputs masked(const std::string& name, const std::string& title, int heads,
                  const std::vector<HeadInputs::Given>& givens) {
  HeadInputs inputs;
  inputs.name = name;
  inputs.title = title;
  inputs.heads = heads;
  inputs.givens = givens;
  inputs.mask = whole_numbers({{1, 0, 0}, {1, 1, 0}, {1, 1, 1}});
  return inputs;
}

/// A mistake is shown on the first of these whose shapes allow it.
const std::vector<HeadInputs>& all_inputs() {
  static const std::vector<HeadInputs> all = {
      masked("head", "One head, and hardly a square matrix", 1,
             {{"X", whole_numbers({{0, 2}, {1, 0}, {-1, 1}})},
              {"W_Q", whole_numbers({{1, 1, 0, 1}, {1, 0, 1, 0}})},
              {"W_K", whole_numbers({{0, 0, 1, 1}, {1, 1, 0, 1}})},
              {"W_V", whole_numbers({{3, 3}, {0, -3}})},
              {"dY", whole_numbers({{1, 0}, {0, 2}, {-1, 1}})}}),
      masked("heads", "Two heads", 2,
             {{"X", whole_numbers({{0, 2}, {1, 0}, {-1, 1}})},
              {"W_Q", whole_numbers({{1, 1, 0, 1}, {1, 0, 1, 0}})},
              {"W_K", whole_numbers({{0, 0, 1, 1}, {1, 1, 0, 1}})},
              {"W_V", whole_numbers({{3, 3, 1, 0}, {0, -3, 0, 2}})},
              {"W_O", whole_numbers({{1, 0, 1, 2}, {0, 1, 1, 0}, {2, 0, 0, 1}, {0, 1, -1, 1}})}}),
      masked("square", "One head, all matrices square", 1,
             {{"X", whole_numbers({{0, 2, 1}, {1, 0, 0}, {-1, 1, 0}})},
              {"W_Q", whole_numbers({{1, 1, 0}, {0, 1, 1}, {1, 0, 0}})},
              {"W_K", whole_numbers({{0, 1, 1}, {1, 0, 0}, {0, 1, 0}})},
              {"W_V", whole_numbers({{2, 0, 1}, {0, 1, 0}, {0, 3, 1}})},
              {"dY", whole_numbers({{1, 0, 0}, {0, 2, 1}, {-1, 1, 0}})}})};
  return all;
}

const std::vector<Example>& all_examples() {
  static const std::vector<Example> all = derive_heads("a1-mistakes", "", all_inputs(), 20).examples;
  return all;
}

/// The slips that can happen anywhere are made in the scores: their last row has negative numbers.
const std::vector<Demonstration>& all_mistakes() {
  static const auto all = mistakes::demonstrations(all_examples(), {{"S", 2}, {"m", 1}, {"D", 1}, {"M", 1}});
  return all;
}

// ---- The tables: one for each step. ----

/// The mistakes that one step of an example shows.
using Shown = std::vector<Demonstration>;

Shown shown_by(const std::string& step, const std::string& example) {
  Shown shown;
  for (const Demonstration& each : all_mistakes())
    if (each.step == step && each.example == example) shown.push_back(each);
  return shown;
}

/// The row that tells most of the mistakes from the right one; the middle one if it tells as many.
Index telling_row(const Shown& shown) {
  const auto told = [&](Index i) {
    return std::count_if(shown.begin(), shown.end(),
                         [&](const Demonstration& each) { return each.shows_in_row(i); });
  };
  Index best = 1;
  for (const Index i : {2, 0})
    if (told(i) > told(best)) best = i;
  return best;
}

/// The right row, the same row after each mistake, and by how much the result changes.
template <typename Scalar>
Matrix<Scalar> rows_of(const Shown& shown, mistakes::Seen<Scalar> Demonstration::*seen, Index row) {
  const Matrix<Scalar>& right = (shown.front().*seen).right.values;
  Matrix<Scalar> table(static_cast<Index>(shown.size()) + 1, right.cols() + 1);
  table.row(0) << right.row(row), Scalar(0);
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const auto& [_, wrong, change] = shown[k].*seen;
    table.row(static_cast<Index>(k) + 1) << wrong.values.row(row), change;
  }
  return table;
}

/// "one-key-too-few: the last key of each row is missing". Two ways of one mistake may have the same name.
std::string label_of(const Demonstration& each, const std::vector<std::string>& labels) {
  const std::string label = each.mistake + (each.detail.empty() ? "" : ": " + each.detail);
  const bool is_taken = std::find(labels.begin(), labels.end(), label) != labels.end();
  return is_taken ? label + ", in another way" : label;
}

/// The step wrong_S, and what it says of all mistakes in S.
void tabulate(Page& page, const std::string& step, const Shown& shown) {
  const Index row = telling_row(shown), cols = shown.front().enclosed.right.cols();
  const std::string result = shown.front().result == "Y" ? "Y" : "a gradient";
  Labels labels{{"right"}, {}};
  for (const Demonstration& each : shown) labels.rows.push_back(label_of(each, labels.rows));
  for (Index j = 0; j < cols; ++j)
    labels.cols.push_back(step + "[" + std::to_string(row) + "," + std::to_string(j) + "]");
  labels.cols.push_back("change of " + result);
  const Term table = page.certified(
      "wrong_" + step, "Row " + std::to_string(row) + " of " + step, "",
      {rows_of(shown, &Demonstration::enclosed, row), rows_of(shown, &Demonstration::machine, row), {step}},
      labels);
  const Matrix<Exact> changes = table.values().bottomRightCorner(table.rows() - 1, 1);
  if (mistakes::split_name(step).base == "m")
    page.fact("no other " + step + " changes " + result,
              all_equal(changes, constant(changes.rows(), 1, Exact(0))));
  else
    page.fact("each mistake in " + step + " changes " + result + " by 1/1000 or more",
              all_at_most(constant(changes.rows(), 1, Exact(1) / 1000), changes));
}

void catalogue(Page& page) {
  for (std::size_t k = 0; k < all_inputs().size(); ++k) {
    derive_head(page, all_inputs()[k]);
    page.mark_all_details();
    for (const Step& step : all_examples()[k].steps) {
      const Shown shown = shown_by(step.name, all_examples()[k].name);
      if (!shown.empty()) tabulate(page, step.name, shown);
    }
  }
}

// ---- What looks wrong and is right. ----

Term softmax(const HeadSteps& step, const Term& shifted) {
  const Term E = step("E", exp(shifted));
  const Term l = step("l", row_sums(E));
  return step("A", weights(E, l));
}

/// The head's scaled scores, with its mask.
void harmless(Page& page) {
  page.example("harmless", "Other ways to the same weights");
  page.details();
  const Example& head = all_examples().front();
  const Term Z = page.given("Z", usual_title("Z"), find_step(head, "Z")->exact.values);
  const Term mask = page.given("mask", usual_title("mask"), find_step(head, "mask")->exact.values);
  const Term M = page.step("M", hide(Z, mask));
  const Term A = write_softmax(page, M);

  const Term c = page.given("c", "Another constant for each row", Entries{{"0"}, {"1"}, {"-1"}});
  const Term A_c = softmax(HeadSteps(page, "_c"), page.step("D_c", "Scores less these", M - c));
  page.fact("another constant subtracted: the same weights", A_c == A);

  const Term n = page.step("m_u", "Row maxima without the mask", row_maxima(Z));
  const Term D_u = page.step("D_u", "Shifted scores without the mask", Z - n);
  const Term A_u = softmax(HeadSteps(page, "_u"), D_u);
  const Term B = page.step("B", "Struck out by the mask", entrywise_product(A_u, mask));
  const Term b = page.step("b", "What is left of each row", row_sums(B));
  const Term A_b = page.step("A_b", "Divided again", weights(B, b));
  page.fact("masked after the softmax, not yet divided: other weights", B != A);
  page.fact("masked after the softmax and divided again: the same weights", A_b == A);
}

void derivations(Page& page) {
  catalogue(page);
  harmless(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "a1-mistakes", derivations); }
