#include "derivation/head_steps.hpp"

#include <doctest/doctest.h>

#include "derivation/names.hpp"

using namespace derivation;

namespace {

/// Title of each step in its order, "-" before a detail's.
std::vector<std::string> titles(const std::function<void(Page&, const Term&)>& write) {
  Page page;
  page.example("lab", "");
  write(page, page.given("scores", "", {{"1", "2"}}));
  std::vector<std::string> all;
  for (const Record& record : page.examples().front().records)
    all.push_back((record.detail ? "-" : "") + record.title);
  all.erase(all.begin());
  return all;
}

}  // namespace

TEST_CASE("an index that is a number is a head, and any other a variant with the usual title") {
  CHECK(usual_title("m_2") == "Row maxima of head 2");
  CHECK(usual_title("m_12") == "Row maxima of head 12");
  CHECK(usual_title("m_u") == "Row maxima");
  CHECK(usual_title("W_Q") == "Query weights");
  CHECK(usual_title("W_x") == "");
  CHECK(usual_title("m") == "Row maxima");
}

TEST_CASE("in brief: all steps are details, or those that are named, with an index as well") {
  using Titles = std::vector<std::string>;
  CHECK(titles([](Page& page, const Term& S) { write_softmax(page, S); }) ==
        Titles{"Row maxima", "Shifted scores", "Exponentials", "Row sums", "Weights"});
  CHECK(titles([](Page& page, const Term& S) { write_softmax(HeadSteps(page).in_brief(), S); }) ==
        Titles{"-Row maxima", "-Shifted scores", "-Exponentials", "-Row sums", "-Weights"});
  CHECK(titles([](Page& page, const Term& S) {
          write_softmax(HeadSteps(page, "_1").in_brief({"m", "D"}), S);
        }) == Titles{"-Row maxima of head 1", "-Shifted scores of head 1", "Exponentials of head 1",
                     "Row sums of head 1", "Weights of head 1"});
  CHECK(titles([](Page& page, const Term& S) { write_softmax_in_brief(HeadSteps(page, "_u"), S, "Mine"); }) ==
        Titles{"-Row maxima", "-Shifted scores", "-Exponentials", "-Row sums", "Mine"});
}

namespace {

/// Names of what is written on the way back through these projections, with X = [ 1 2 ].
std::string names_back(const std::string& letters) {
  Page page;
  page.example("lab", "");
  const Term X = page.given("X", {{"1", "2"}}), W = page.given("W", "", {{"3"}, {"5"}});
  const Term dP = page.given("dP", "", {{"7"}});
  std::vector<ProjectionBack> projections;
  for (const char letter : letters) projections.push_back({std::string(1, letter), W, dP});
  const auto gradients = write_projections_backward(page, X, projections);
  const Exact ways(static_cast<int>(letters.size()));
  CHECK(gradients.dX.values() == Matrix<Exact>((dP * transpose(W)).values() * ways));
  CHECK(gradients.dW.back().values() == (transpose(X) * dP).values());
  std::string names;
  for (const Record& record : page.examples().front().records)
    if (record.kind == Kind::step) names += record.term.name + " ";
  return names;
}

}  // namespace

TEST_CASE("back through one, two and three projections: one operation a step") {
  CHECK(names_back("V") == "dW_V dX ");
  CHECK(names_back("QV") == "dW_Q dW_V dX_Q dX_V dX ");
  CHECK(names_back("QKV") == "dW_Q dW_K dW_V dX_Q dX_K dX_V dX_QK dX ");
}
