#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "derivation/names.hpp"
#include "derivation/pipeline.hpp"
#include "mistakes/catalogue.hpp"
#include "mistakes/replay.hpp"
#include "program/chapter.hpp"

// The catalogue of mistakes, each made on an example: what comes out.

using namespace derivation;

namespace {

using mistakes::Outcome;
using mistakes::Rule;
using mistakes::split_name;
using mistakes::Values;
using Names = std::set<std::string>;

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

// ---- What comes out. ----

/// What a mistake is measured by: the output, or the gradients where it is made on the way back.
struct Result {
  std::string name;
  Names steps;
};

std::vector<Result> results_of(const Example& example) {
  std::vector<Result> results = {{"Y", {"Y"}}, {"a gradient", {}}};
  for (const char* name : {"dX", "dW_Q", "dW_K", "dW_V", "dQ", "dK", "dV"})
    if (find_step(example, name)) results.back().steps.insert(name);
  if (results.back().steps.empty()) results.pop_back();
  return results;
}

/// The middle of an enclosure as a double, or the double itself: good enough to choose a row by.
double roughly(const Enclosure& value) { return midpoint(value); }
double roughly(const Exact& value) { return numbers::to_double(value); }
double roughly(double value) { return value; }

/// Two entries of the right and a wrong derivation that a reader would see to differ.
template <typename Number>
bool differ(const Number& a, const Number& b) {
  return std::abs(roughly(a) - roughly(b)) > 1e-6;
}

template <typename Number>
bool row_differs(const Table<Number>& a, const Table<Number>& b, Index i) {
  for (Index j = 0; j < a.cols(); ++j)
    if (a.visible(i, j) != b.visible(i, j) ||
        (a.visible(i, j) && differ<Number>(a.values(i, j), b.values(i, j))))
      return true;
  return false;
}

template <typename Number>
bool differ(const Table<Number>& a, const Table<Number>& b) {
  for (Index i = 0; i < a.rows(); ++i)
    if (row_differs(a, b, i)) return true;
  return false;
}

/// A mistake, made in one way: the step that shows it, wrong and right, and what becomes of the result.
template <typename Number>
struct Made {
  std::string name;    ///< one-key-too-few
  std::string detail;  ///< the last key of each row is missing
  std::string result;  ///< what the change is measured by
  std::string shown;   ///< the name of the step
  Table<Number> wrong, right;
  Number change;
};

template <typename Number>
Number largest_change(const Values<Number>& right, const Values<Number>& wrong, const Names& steps) {
  using std::abs, std::max;
  Number largest(0);
  for (const std::string& name : steps) {
    const auto &a = right.at(name).values, &b = wrong.at(name).values;
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j) largest = max(largest, Number(abs(Number(a(i, j) - b(i, j)))));
  }
  return largest;
}

bool largest_change_is_zero(const Values<Exact>& right, const Values<Exact>& wrong, const Names& steps) {
  return std::all_of(steps.begin(), steps.end(),
                     [&](const std::string& name) { return right.at(name).values == wrong.at(name).values; });
}

/// The step to look at: the first one that the rule makes wrong; for scores that may be hidden, the weights
/// or the exponentials that come of them.
template <typename Number>
std::string step_to_show(const Example& example, const Rule& rule, const Values<Number>& right,
                         const Values<Number>& wrong) {
  for (const Step& step : example.steps) {
    const mistakes::StepName name = split_name(step.name);
    if (!rule.speaks_of(name.base) || !differ(right.at(step.name), wrong.at(step.name))) continue;
    if (name.base == "M") return "A" + step.name.substr(1);
    if (name.base == "D") return "E" + step.name.substr(1);
    return step.name;
  }
  return "";
}

/// An interval never shows that a change is 0: that is decided in closed form.
template <typename Number>
bool changes_nothing(const Example&, const Rule&, const Made<Number>&, const Result&) {
  return false;
}
template <>
bool changes_nothing(const Example& example, const Rule& rule, const Made<Enclosure>& made,
                     const Result& result) {
  if (roughly(made.change) > 1e-6) return false;
  const auto right = mistakes::right_values<Exact>(example);
  for (const auto& outcome :
       mistakes::replay(example, rule, right, mistakes::steps_towards(example, result.steps)))
    if (outcome.detail == made.detail) return largest_change_is_zero(right, outcome.values, result.steps);
  return false;
}

std::string label_of(const std::string& name, const std::string& detail) {
  return detail.empty() ? name : name + ": " + detail;
}

/// One example, and the right values of its steps.
template <typename Number>
struct Bench {
  const Example& example;
  Values<Number> right;
  explicit Bench(const Example& subject) : example(subject), right(mistakes::right_values<Number>(subject)) {}

  /// The rule made in all its ways. Nothing where the shapes do not allow it.
  std::vector<Made<Number>> made(const std::string& name, const Rule& rule) const {
    std::vector<Made<Number>> all;
    for (const Result& result : results_of(example)) {
      const Names scope = mistakes::steps_towards(example, result.steps);
      for (const auto& outcome : mistakes::replay(example, rule, right, scope)) {
        const std::string shown = step_to_show(example, rule, right, outcome.values);
        if (shown.empty()) continue;
        all.push_back({name, outcome.detail, result.name, shown, outcome.values.at(shown), right.at(shown),
                       largest_change(right, outcome.values, result.steps)});
        if (changes_nothing(example, rule, all.back(), result)) all.back().change = Number(0);
      }
      if (!all.empty()) break;
    }
    return all;
  }
};

/// The slips that can happen anywhere are made in the scores, the others in the first step that they fit.
struct Place {
  std::string base;
  Index row;  ///< the row to be shown; the last row of S has negative numbers
};
const std::vector<Place> places_of_slips = {{"S", 2}, {"m", 1}, {"D", 1}, {"M", 1}};

/// A slip in one entry as a rule: the first entry of the row, and the first way, in which it comes to
/// something.
Rule rule_of(const mistakes::EntryRule& slip, const Place& place) {
  const auto with = [slip, i = place.row]<typename Number>(const mistakes::Context<Number>& c) {
    const auto right = c.right();
    for (Index j = 0; j < right.cols(); ++j)
      for (const auto& entry : slip.template in<Number>()(c, i, j)) {
        mistakes::Wrong<Number> each{right, "[" + std::to_string(i) + "," + std::to_string(j) + "]"};
        each.table.values(i, j) = entry.value;
        each.table.visible(i, j) = !entry.hidden;
        if (!entry.detail.empty()) each.detail += " " + entry.detail;
        if (differ(each.table, right)) return std::vector<mistakes::Wrong<Number>>{each};
      }
    return std::vector<mistakes::Wrong<Number>>{};
  };
  return {{place.base},
          [with](const mistakes::Context<Exact>& c) { return with(c); },
          [with](const mistakes::Context<Enclosure>& c) { return with(c); },
          [with](const mistakes::Context<double>& c) { return with(c); }};
}

Rule made_in(Rule rule, const std::string& base) {
  rule.steps = {base};
  return rule;
}

/// A slip, made once.
template <typename Number>
std::vector<Made<Number>> slipped(const Bench<Number>& bench, const mistakes::Mistake& mistake) {
  for (const Place& place : places_of_slips) {
    const Rule rule =
        mistake.entry_rule ? rule_of(mistake.entry_rule, place) : made_in(mistake.rules.front(), place.base);
    for (const auto& made : bench.made(mistake.name, rule))
      if (row_differs(made.right, made.wrong, place.row)) return {made};
  }
  return {};
}

/// Each rule on the first example whose shapes allow it; rules that show the same from elsewhere are left
/// out.
template <typename Number>
using Catalogue = std::map<std::string, std::vector<Made<Number>>>;  ///< by example

template <typename Number>
Catalogue<Number> all_made() {
  std::vector<Bench<Number>> benches;
  for (const Example& example : all_examples()) benches.emplace_back(example);
  Catalogue<Number> all;
  const auto keep = [&](const Bench<Number>& bench, const std::vector<Made<Number>>& made) {
    for (const auto& each : made) all[bench.example.name].push_back(each);
  };
  for (const mistakes::Mistake& mistake : mistakes::catalogue()) {
    if (mistake.kind == mistakes::Kind::slip) keep(benches.front(), slipped(benches.front(), mistake));
    if (mistake.kind != mistakes::Kind::mistake) continue;
    for (const Rule& rule : mistake.rules)
      for (const auto& bench : benches) {
        if (rule.second) break;
        const auto made = bench.made(mistake.name, rule);
        keep(bench, made);
        if (!made.empty()) break;
      }
  }
  return all;
}

// ---- The tables: one for each step. ----

/// The row that tells most of the mistakes from the right one; the middle one if it tells as many.
template <typename Number>
Index telling_row(const std::vector<Made<Number>>& made) {
  Index best = 0;
  std::ptrdiff_t most = -1;
  for (const Index i : {1, 2, 0}) {
    const auto told = std::count_if(made.begin(), made.end(), [&](const Made<Number>& each) {
      return i < each.right.rows() && row_differs(each.right, each.wrong, i);
    });
    if (told <= most) continue;
    best = i;
    most = told;
  }
  return best;
}

/// Two ways of one mistake may have the same name.
std::string told_apart(const std::string& label, const std::vector<std::string>& labels) {
  const bool known = std::find(labels.begin(), labels.end(), label) != labels.end();
  return known ? label + ", in another way" : label;
}

/// The step wrong_S: a row of the right S, the same row after each mistake, and by how much the result
/// changes.
void tabulate(Page& page, const std::vector<Made<Certified<Scalar>>>& made) {
  const auto& first = made.front();
  const Index cols = first.right.cols(), row = telling_row(made);
  Labels labels;
  Matrix<Certified<Scalar>> table(static_cast<Index>(made.size()) + 1, cols + 1);
  const auto write = [&](const std::string& label, const Table<Certified<Scalar>>& shown,
                         const Certified<Scalar>& change) {
    const Index k = static_cast<Index>(labels.rows.size());
    labels.rows.push_back(told_apart(label, labels.rows));
    table.row(k).head(cols) = shown.values.row(row);
    table(k, cols) = change;
  };
  write("right", first.right, Certified<Scalar>(0));
  for (const auto& each : made) write(label_of(each.name, each.detail), each.wrong, each.change);
  for (Index j = 0; j < cols; ++j)
    labels.cols.push_back(first.shown + "[" + std::to_string(row) + "," + std::to_string(j) + "]");
  labels.cols.push_back("change of " + first.result);
  const auto term =
      page.certified("wrong_" + first.shown, "Row " + std::to_string(row) + " of " + first.shown, "",
                     {first.shown}, table, labels);
  const Matrix<Scalar> changes = term.values().bottomRightCorner(table.rows() - 1, 1);
  if (split_name(first.shown).base == "m")
    page.fact("no other " + first.shown + " changes " + first.result,
              all_equal<Scalar>(changes, Matrix<Scalar>::Constant(changes.rows(), 1, Scalar(0))));
  else
    page.fact(
        "each mistake in " + first.shown + " changes " + first.result + " by 1/1000 or more",
        all_at_most<Scalar>(
            Matrix<Scalar>::Constant(changes.rows(), 1, as_scalar<Scalar>(Exact(1) / Exact(1000))), changes));
}

void mistakes(Page& page) {
  static const auto catalogue = all_made<Certified<Scalar>>();
  for (std::size_t k = 0; k < all_inputs().size(); ++k) {
    derive_head(page, all_inputs()[k]);
    page.mark_all_details();
    const auto found = catalogue.find(all_inputs()[k].name);
    if (found == catalogue.end()) continue;
    for (const Step& step : all_examples()[k].steps) {
      std::vector<Made<Certified<Scalar>>> here;
      for (const auto& each : found->second)
        if (each.shown == step.name) here.push_back(each);
      if (!here.empty()) tabulate(page, here);
    }
  }
}

// ---- What looks wrong and is right. ----

Term softmax(Page& page, const std::string& index, const Term& shifted) {
  const auto E = page.step("E" + index, "Exponentials", exp(shifted));
  const auto l = page.step("l" + index, "Row sums", row_sums(E));
  return page.step("A" + index, "Weights", weights(E, l));
}

/// The head's scaled scores, with its mask.
void harmless(Page& page) {
  page.example("harmless", "Other ways to the same weights");
  page.details();
  const Example& head = all_examples().front();
  const auto Z = page.given("Z", usual_title("Z"), find_step(head, "Z")->exact.values);
  const auto mask = page.given("mask", usual_title("mask"), find_step(head, "mask")->exact.values);
  const auto M = page.step("M", usual_title("M"), hide(Z, mask));
  const auto m = page.step("m", usual_title("m"), row_maxima(M));
  const auto A = softmax(page, "", page.step("D", usual_title("D"), M - m));

  const auto c = page.given("c", "Another constant for each row", Entries{{"0"}, {"1"}, {"-1"}});
  const auto A_c = softmax(page, "_c", page.step("D_c", "Scores less these", M - c));
  page.fact("another constant subtracted: the same weights", A_c == A);

  const auto n = page.step("m_u", "Row maxima without the mask", row_maxima(Z));
  const auto A_u = softmax(page, "_u", page.step("D_u", "Shifted scores without the mask", Z - n));
  const auto B = page.step("B", "Struck out by the mask", entrywise_product(A_u, mask));
  const auto b = page.step("b", "What is left of each row", row_sums(B));
  const auto A_b = page.step("A_b", "Divided again", weights(B, b));
  page.fact("masked after the softmax, not yet divided: other weights", B != A);
  page.fact("masked after the softmax and divided again: the same weights", A_b == A);
}

const auto derivations = [](Page& page) {
  mistakes(page);
  harmless(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "a1-mistakes", derivations); }
