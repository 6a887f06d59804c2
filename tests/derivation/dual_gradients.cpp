#include "derivation/dual_gradients.hpp"

#include <doctest/doctest.h>

using namespace derivation;

namespace {

/// Y = X W, and the gradients of both by the rule for a product.
struct Product {
  Page page;
  Term X, W, dY, dX, dW;

  Product() {
    page.example("product", "");
    X = page.given("X", {{"1", "2"}, {"0", "-1"}, {"1/2", "3"}});
    W = page.given("W", "", {{"sqrt(2)", "1"}, {"0", "5"}});
    dY = page.given("dY", {{"1", "0"}, {"2", "-1"}, {"0", "3"}});
    dX = page.step("dX", dY * transpose(W));
    dW = page.step("dW", "", transpose(X) * dY);
  }
  std::vector<Fact> facts(const std::vector<InputGradient>& gradients) {
    hold_against_duals(page, dY, gradients,
                       [](const auto& input) -> DualMatrix { return input[0] * input[1]; });
    return page.examples().front().facts;
  }
};

}  // namespace

TEST_CASE("gradients that are right are found right, one fact for each input, in their order") {
  Product product;
  const auto facts = product.facts({{product.X, product.dX}, {product.W, product.dW}});
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].claim == "dual numbers give the same dX");
  CHECK(facts[1].claim == "dual numbers give the same dW");
  CHECK(facts[0].holds);
  CHECK(facts[1].holds);
}

TEST_CASE("one entry of one gradient off: its fact fails, and the others hold") {
  Product product;
  product.dW.exact.values(1, 0) += Exact(1) / 1000000;
  const auto facts = product.facts({{product.X, product.dX}, {product.W, product.dW}});
  CHECK(facts.at(0).holds);
  CHECK_FALSE(facts.at(1).holds);
}

TEST_CASE("a gradient of another shape is not the gradient") {
  Product product;
  CHECK_FALSE(product.facts({{product.X, transpose(product.dX)}, {product.W, product.dW}}).at(0).holds);
}

TEST_CASE("an output of another shape than its gradient is an error that says so") {
  Product product;
  const auto transposed = [](const auto& input) -> DualMatrix { return input[0].transpose(); };
  CHECK_THROWS_WITH_AS(hold_against_duals(product.page, product.dY, {{product.X, product.dX}}, transposed),
                       "hold_against_duals: the output 2×3 and its gradient 3×2 must have one shape", Error);
}
