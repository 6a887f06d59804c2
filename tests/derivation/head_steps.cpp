#include "derivation/head_steps.hpp"

#include <doctest/doctest.h>

#include "attention/backward.hpp"
#include "derivation/names.hpp"
#include "numbers/random_numbers.hpp"
#include "support/tables.hpp"

using namespace derivation;

namespace {

constexpr int cases = 1000;

/// A page with an example on it, to write steps on.
Page started() {
  Page page;
  page.example("e", "");
  return page;
}

/// The names of the steps (not the givens), a detail's with a +.
std::string steps_of(const Page& page) {
  std::string text;
  for (const Step& step : page.written_so_far().steps)
    if (step.kind == Kind::step) text += (text.empty() ? "" : " ") + step.name + (step.detail ? "+" : "");
  return text;
}

std::string title_of(const Page& page, const std::string& name) {
  const Example example = page.written_so_far();
  const Step* step = find_step(example, name);
  REQUIRE_MESSAGE(step != nullptr, name);
  return step->title;
}

/// What a head starts from.
struct Givens {
  Term Q, K, V, mask, dY;
};

/// T_q and T_k from 1 to 3, d_k from 1 to 4, d_v from 1 to 2, whole numbers; any mask, one that hides a whole
/// row too.
Givens random_givens(Page& page, Random& random) {
  const Index T_q = random.between(1, 3), T_k = random.between(1, 3);
  const Index d_k = random.between(1, 4), d_v = random.between(1, 2);
  const auto given = [&](const std::string& name, Index rows, Index cols, int from, int to) {
    return page.given(
        name, "", Matrix<Exact>::NullaryExpr(rows, cols, [&] { return Exact(random.between(from, to)); }));
  };
  return {given("Q", T_q, d_k, -2, 2), given("K", T_k, d_k, -2, 2), given("V", T_k, d_v, -2, 2),
          given("mask", T_q, T_k, 0, 1), given("dY", T_q, d_v, -2, 2)};
}

Mask as_mask(const Term& mask) {
  return mask.values().unaryExpr([](const Exact& entry) { return entry == 1; });
}

}  // namespace

TEST_CASE("a head's steps are those of the hand") {
  Page page = started();
  const Term Q = page.given("Q", {{"0", "1"}, {"2", "0"}});
  const Term K = page.given("K", {{"1", "0"}, {"0", "1"}});
  const Term V = page.given("V", {{"0", "1"}, {"1", "0"}});
  const auto [A, Y] = write_attention(page, Q, K, V);
  CHECK(steps_of(page) == "S Z m D E l A Y");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"S", "0 1 ; 2 0"},
      {"Z", "0 1/sqrt(2) ; sqrt(2) 0"},
      {"m", "1/sqrt(2) ; sqrt(2)"},
      {"D", "-1/sqrt(2) 0 ; 0 -sqrt(2)"},
      {"E", "exp(-1/sqrt(2)) 1 ; 1 exp(-sqrt(2))"},
      {"l", "1+exp(-1/sqrt(2)) ; 1+exp(-sqrt(2))"},
      {"A", "1/(1+exp(1/sqrt(2))) 1/(1+exp(-1/sqrt(2))) ; 1/(1+exp(-sqrt(2))) 1/(1+exp(sqrt(2)))"},
      {"Y", "1/(1+exp(-1/sqrt(2))) 1/(1+exp(1/sqrt(2))) ; 1/(1+exp(sqrt(2))) 1/(1+exp(-sqrt(2)))"},
  };
  const Example example = page.written_so_far();
  for (const auto& each : expected)
    CHECK_MESSAGE(find_step(example, each.first)->exact.values == matrix_of(each.second), each.first);
  CHECK(A.values() == find_step(example, "A")->exact.values);
  CHECK(Y.values() == find_step(example, "Y")->exact.values);
  CHECK(find_step(example, "Z")->formula == "S / \\sqrt{d_k}");
  CHECK(title_of(page, "Z") == "Scaled scores");
  CHECK(title_of(page, "Y") == "Output");
}

TEST_CASE("a head of several has its number in every name and title") {
  Page page = started();
  const Term Q = page.given("Q", {{"1"}}), V = page.given("V", {{"3"}}), dY = page.given("dY", {{"1"}});
  const HeadSteps step(page, "_2");
  const Term mask = page.given("mask", {{"1"}});
  const Term A = write_attention(step, Q, Q, V, mask).A;
  write_head_backward(step, Q, Q, V, A, dY);
  CHECK(steps_of(page) == "S_2 Z_2 M_2 m_2 D_2 E_2 l_2 A_2 Y_2 dV_2 dA_2 G_2 r_2 U_2 dZ_2 dS_2 dQ_2 dK_2");
  CHECK(title_of(page, "M_2") == "Masked scores of head 2");
  CHECK(title_of(page, "dQ_2") == "Gradient of the queries of head 2");
  step("mine", "A title of my own", A * V);
  CHECK(title_of(page, "mine_2") == "A title of my own");
}

TEST_CASE("in brief everything is a detail, and of a softmax all but the weights") {
  Page page = started();
  const Term Q = page.given("Q", {{"1"}}), Z = page.given("scores", {{"1", "2"}});
  write_attention(HeadSteps(page, "_1").in_brief(), Q, Q, Q);
  write_softmax_in_brief(page, Z, "All that matters");
  CHECK(steps_of(page) == "S_1+ Z_1+ m_1+ D_1+ E_1+ l_1+ A_1+ Y_1+ m+ D+ E+ l+ A");
  CHECK(title_of(page, "A") == "All that matters");
  CHECK(title_of(page, "E") == "Exponentials");
}

TEST_CASE("a scale of its own takes the place of 1/√d_k, forward and back") {
  Page page = started();
  const Term Q = page.given("Q", {{"1", "2"}}), V = page.given("V", {{"1"}, {"4"}});
  const Term K = page.given("K", {{"1", "0"}, {"0", "1"}}), dY = page.given("dY", {{"1"}});
  const Number third = number(Exact(1) / 3);
  const Term A = write_attention(page, Q, K, V, {}, third).A;
  CHECK(A.values() == matrix_of("1/(1+exp(1/3)) 1/(1+exp(-1/3))"));
  const auto back = write_head_backward(page, Q, K, V, A, dY, third);
  CHECK(back.dS.values() == Matrix<Exact>(back.dZ.values() / Exact(3)));
  CHECK(back.dZ.values() != constant(1, 2, 0));
}

TEST_CASE("over random heads and masks the steps lead where the mechanism leads, forward and back") {
  Random random(21);
  for (int k = 0; k < cases; ++k) {
    Page page = started();
    const Givens given = random_givens(page, random);
    const Term &Q = given.Q, &K = given.K, &V = given.V, &dY = given.dY;
    CAPTURE(text_of(Q.exact));
    CAPTURE(text_of(K.exact));
    CAPTURE(text_of(given.mask.exact));
    const auto [A, Y] = write_attention(page, Q, K, V, given.mask);
    const auto right = attention::attention(Q.values(), K.values(), V.values(), as_mask(given.mask));
    REQUIRE(A.values() == right.A);
    REQUIRE(Y.values() == right.Y);
    const auto back = write_head_backward(page, Q, K, V, A, dY);
    const auto sent = attention::attention_backward(Q.values(), K.values(), V.values(), right.A, dY.values());
    REQUIRE(back.dA.values() == sent.dA);
    REQUIRE(back.dZ.values() == sent.dZ);
    REQUIRE(back.dS.values() == sent.dS);
    REQUIRE(back.dQ.values() == sent.dQ);
    REQUIRE(back.dK.values() == sent.dK);
    REQUIRE(back.dV.values() == sent.dV);
  }
}

TEST_CASE("the way back through a softmax may have another name than dZ") {
  Page page = started();
  const Term A = page.given("A", {{"1/4", "3/4"}}), dA = page.given("dA", {{"1", "5"}});
  const Term dM = write_softmax_backward(page, A, dA, "dM");  // by hand: r = 4, U = -3 1
  CHECK(steps_of(page) == "G r U dM");
  CHECK(dM.values() == matrix_of("-3/4 3/4"));
}


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
