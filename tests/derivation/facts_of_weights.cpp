#include "derivation/facts_of_weights.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace derivation;

namespace {

/// Two heads of three tokens, of which the first and the last are the same word; and the first head under a
/// causal mask.
struct Weights {
  Entries A_1 = {{"1/4", "1/2", "1/4"}, {"1/8", "3/4", "1/8"}, {"1/4", "1/2", "1/4"}};
  Entries A_2 = {{"1/2", "0", "1/2"}, {"1/3", "1/3", "1/3"}, {"1/2", "0", "1/2"}};
  Entries masked = {{"1", "0", "0"}, {"1/7", "6/7", "0"}, {"1/4", "1/2", "1/4"}};
};

using Prove = std::function<void(Page&, const std::vector<Term>& A, const Term& masked)>;

/// Which facts hold, one character a fact: "yn".
std::string holding(const Weights& weights, const Prove& prove) {
  Page page;
  page.example("lab", "Three tokens");
  const Term A_1 = page.given("A_1", weights.A_1), A_2 = page.given("A_2", weights.A_2),
             masked = page.given("masked", weights.masked);
  prove(page, {A_1, A_2}, masked);
  std::string answers;
  for (const Fact& fact : page.examples().back().facts) answers += fact.holds ? 'y' : 'n';
  return answers;
}

void distributions(Page& page, const std::vector<Term>& A, const Term&) { prove_distributions(page, A); }
void twins(Page& page, const std::vector<Term>& A, const Term&) { prove_twins(page, A, "he", 0, 2); }
void triangular(Page& page, const std::vector<Term>& A, const Term& masked) {
  prove_triangular(page, {masked}, {A[0]});
}

}  // namespace

TEST_CASE("rows that sum to 1, and weights that are not negative") {
  CHECK(holding({}, distributions) == "yy");
  CHECK(holding({.A_2 = {{"1/2", "1/2", "1/2"}, {"1", "0", "0"}, {"1", "0", "0"}}}, distributions) == "ny");
  CHECK(holding({.A_2 = {{"-1/2", "1", "1/2"}, {"1", "0", "0"}, {"1", "0", "0"}}}, distributions) == "yn");
}

TEST_CASE("heads that differ by more than a bound in some weight") {
  const auto by = [](const Exact& bound) -> Prove {
    return [bound](Page& page, const std::vector<Term>& A, const Term&) { prove_different(page, A, bound); };
  };
  CHECK(holding({}, by(Exact(49) / 100)) == "y");  // the largest difference is 1/2
  CHECK(holding({}, by(Exact(51) / 100)) == "n");
}

TEST_CASE("equal words have equal rows and equal columns in every head") {
  CHECK(holding({}, twins) == "yy");
  CHECK(holding({.A_2 = {{"1/2", "0", "1/2"}, {"1/3", "1/3", "1/3"}, {"1/4", "1/4", "1/2"}}}, twins) == "nn");
  CHECK(holding({.A_2 = {{"1/4", "0", "3/4"}, {"1/3", "1/3", "1/3"}, {"1/4", "0", "3/4"}}}, twins) == "yn");
}

TEST_CASE("weights under a causal mask are those without, of what is left of their row") {
  CHECK(holding({}, triangular) == "yy");
  CHECK(holding({.masked = {{"1", "0", "0"}, {"1/7", "6/7", "1/8"}, {"1/4", "1/2", "1/4"}}}, triangular) ==
        "ny");
  CHECK(holding({.masked = {{"1", "0", "0"}, {"1/8", "7/8", "0"}, {"1/4", "1/2", "1/4"}}}, triangular) ==
        "yn");
}
