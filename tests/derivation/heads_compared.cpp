#include "derivation/heads_compared.hpp"

#include <doctest/doctest.h>

using namespace derivation;

namespace {

/// Three heads of two tokens: the differences are 1/4 and 0, 1/2 and 1/4, 3/4 and 1/4.
std::vector<Term> three_heads(Page& page) {
  page.example("lab", "Three heads");
  return {page.given("A_1", {{"1/2", "1/2"}, {"1", "0"}}), page.given("A_2", {{"1/4", "3/4"}, {"1", "0"}}),
          page.given("A_3", {{"1", "0"}, {"3/4", "1/4"}})};
}

Matrix<Exact> matrix(Index rows, std::initializer_list<Exact> entries) {
  Matrix<Exact> result(rows, static_cast<Index>(entries.size()) / rows);
  Index k = 0;
  for (const Exact& entry : entries) {
    result(k / result.cols(), k % result.cols()) = entry;
    ++k;
  }
  return result;
}

}  // namespace

TEST_CASE("the differences of heads are certified, over all pairs and pair by pair") {
  Page page;
  const auto A = three_heads(page);
  const Term all = write_difference(page, A), pairs = write_differences_of_pairs(page, A);
  // 1 with 2: 1/4, 1/4, 0, 0; 1 with 3: 1/2, 1/2, 1/4, 1/4; 2 with 3: 3/4, 3/4, 1/4, 1/4.
  CHECK(pairs.values() ==
        matrix(3, {Exact(1) / 4, Exact(1) / 8, Exact(1) / 2, Exact(3) / 8, Exact(3) / 4, Exact(1) / 2}));
  CHECK(pairs.doubles() == as_scalars<double>(pairs.values()));
  CHECK(pairs.labels.rows == std::vector<std::string>{"heads 1 and 2", "heads 1 and 3", "heads 2 and 3"});
  const Example example = page.written_so_far(6);
  CHECK(find_step(example, "difference")->decimal ==
        std::vector<std::vector<std::string>>{{"0.75", "0.333333"}});
  CHECK_FALSE(find_step(example, "difference")->has_closed_form);
  CHECK(all.operands == std::vector<std::string>{"A_1", "A_2", "A_3"});
}

TEST_CASE("a picture of heads has a panel for each") {
  Page page;
  three_heads(page);
  draw_heads(page, "lab", "Three panels", 3);
  const Figure& figure = page.examples().back().figures.at(0);
  CHECK(figure.kind == Figure::Kind::heatmap);
  REQUIRE(figure.series.size() == 3);
  CHECK(figure.series[2].label == "head 3");
  CHECK(figure.series[2].x == "A_3");
}
