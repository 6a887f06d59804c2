#include "derivation/cosine_steps.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 2 as they stand on paper: every line is one step.
// Each is computed with exact numbers and with doubles.

using namespace derivation;

namespace {

/// Multiply entry by entry and add: row i of A with row j of B.
template <typename Scalar>
Scalar dot(const Matrix<Scalar>& A, Index i, const Matrix<Scalar>& B, Index j) {
  Scalar sum = 0;
  for (Index c = 0; c < A.cols(); ++c) sum += A(i, c) * B(j, c);
  return sum;
}

/// |q − k|², for every row q of Q and every row k of K.
template <typename Scalar>
Matrix<Scalar> squared_distances(const Matrix<Scalar>& Q, const Matrix<Scalar>& K) {
  Matrix<Scalar> distances(Q.rows(), K.rows());
  for (Index i = 0; i < Q.rows(); ++i)
    for (Index j = 0; j < K.rows(); ++j) {
      const Matrix<Scalar> difference = Q.row(i) - K.row(j);
      distances(i, j) = dot(difference, 0, difference, 0);
    }
  return distances;
}

/// Dot products, and the cosines that are left when the lengths are divided out.
Cosines compare(Page& page, const Term& Q, const Term& K) {
  const Cosines compared = write_cosines(page, Q, K);
  const auto& [S, L, cosines] = compared;
  page.fact("no dot product is larger than length times length", S <= L);
  page.fact("nor smaller than its negative", all_at_most(-L.values(), S.values()));
  return compared;
}

void picture_of_keys(Page& page, const std::string& name, const std::string& caption) {
  page.figure({name, Figure::Kind::arrows, caption, "first entry", "second entry", {{"keys", "K", ""}}});
}

/// One query, four keys of the same length: only the direction differs.
void angles(Page& page) {
  page.example("angles", "One length, four directions");
  const Term Q = page.given("Q", "The query", {{"3", "4"}});
  page.tokens({"(3, 4)", "(4, 3)", "(−4, 3)", "(−3, −4)"});
  const Term K = page.given("K", "Four keys", {{"3", "4"}, {"4", "3"}, {"-4", "3"}, {"-3", "-4"}});
  const auto [S, L, cosines] = compare(page, Q, K);
  page.fact("the third key is orthogonal to the query", all_equal(S.values().col(2), constant(1, 1, 0)));
  page.fact("|q − k|² = |q|² + |k|² − 2 q·k, for every key",
            all_equal(squared_distances(Q.values(), K.values()), (L.values() - S.values()) * Exact(2)));
  picture_of_keys(page, "angles",
                  "Four arrows of length 5 from the origin, to (3, 4), (4, 3), (−4, 3) and (−3, −4)");
}

/// The dot product of every row of Q with every row of K, one at a time: what Q Kᵀ does at once.
Matrix<Exact> all_dots(const Matrix<Exact>& Q, const Matrix<Exact>& K) {
  Matrix<Exact> dots(Q.rows(), K.rows());
  for (Index i = 0; i < Q.rows(); ++i)
    for (Index j = 0; j < K.rows(); ++j) dots(i, j) = dot(Q, i, K, j);
  return dots;
}

/// Two queries, four keys, three entries each: no two sizes agree.
void pairs(Page& page) {
  page.example("pairs", "All pairs at once");
  const Term Q = page.given("Q", {{"1", "2", "-1"}, {"0", "1", "3"}});
  const Term K = page.given("K", {{"2", "0", "1"}, {"1", "1", "0"}, {"0", "3", "1"}, {"-1", "2", "2"}});
  const Term S = page.step("S", "Dot products of all pairs", Q * transpose(K));
  const Term turned = page.step("turned", "The other way round: keys first", K * transpose(Q));
  page.fact("one dot product at a time gives the same S", S == all_dots(Q.values(), K.values()));
  page.fact("K Qᵀ is S with rows and columns exchanged", turned == transpose(S));
}

/// The same query, keys of different lengths.
void lengths_against_directions(Page& page) {
  page.example("long", "Length against direction");
  const Term Q = page.given("Q", "The query", {{"3", "4"}});
  page.tokens({"(3, 4)", "(12, 9)", "(24, 7)", "(−8, 6)"});
  const Term K = page.given("K", "Four keys", {{"3", "4"}, {"12", "9"}, {"24", "7"}, {"-8", "6"}});
  const auto [S, L, cosines] = compare(page, Q, K);
  const Matrix<Exact> gain = S.values().middleCols(1, 2) - S.values().leftCols(2);
  const Matrix<Exact> loss = cosines.values().leftCols(2) - cosines.values().middleCols(1, 2);
  page.fact("each of the first three keys has a larger dot product than the one before it",
            all_at_most(constant(1, 2, 1), gain));
  page.fact("and a smaller cosine: by more than 1/30", all_at_most(constant(1, 2, Exact(1) / 30), loss));
  picture_of_keys(
      page, "long",
      "Arrows from the origin to (3, 4), (12, 9), (24, 7) and (−8, 6); the longer of the first three "
      "lean further away from the first");
}

/// The right product, and the two wrong ones that fit where everything is square.
struct Products {
  Term S, wrong, turned;
};

Products three_products(Page& page, const Term& Q, const Term& K) {
  const Term S = page.step("S", "Dot products of all pairs", Q * transpose(K));
  const Term wrong = page.step("wrong", "Without the transpose", Q * K);
  const Term turned = page.step("turned", "Keys first", K * transpose(Q));
  return {S, wrong, turned};
}

/// The column of the largest entry of each row.
template <typename Scalar>
Matrix<Scalar> best(const Matrix<Scalar>& scores) {
  Matrix<Scalar> columns(scores.rows(), 1);
  for (Index i = 0; i < scores.rows(); ++i) {
    Index greatest = 0;
    scores.row(i).maxCoeff(&greatest);
    columns(i, 0) = Scalar(static_cast<int>(greatest));
  }
  return columns;
}

/// Three queries and three keys of three entries each: every product fits.
void square(Page& page) {
  page.example("square", "Where the shapes forgive");
  const Term Q = page.given("Q", {{"1", "2", "0"}, {"0", "1", "3"}, {"2", "0", "1"}});
  const Term K = page.given("K", {{"1", "0", "2"}, {"3", "1", "0"}, {"0", "2", "1"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  const auto side_by_side = [](const auto& a, const auto& b, const auto& c) {
    auto columns = a;
    columns << best(a), best(b), best(c);
    return columns;
  };
  const Term found = page.computed("best", "Where each row has its largest entry", "\\operatorname{argmax}_j",
                                   compute(side_by_side, S, wrong, turned),
                                   {{"row 0", "row 1", "row 2"}, {"Q Kᵀ", "Q K", "K Qᵀ"}});
  const Matrix<Exact> moved = (found.values().col(0) - found.values().col(1)).cwiseAbs();
  page.fact("without the transpose every query finds another key", all_at_most(ones(found), moved));
  page.fact("with the keys first, some row finds another",
            differ_by_more_than(0, found.values().col(0), found.values().col(2)));
}

/// Queries and keys that are one symmetric matrix: all three products are the same.
void symmetric(Page& page) {
  page.example("kind", "Where symmetry forgives");
  const Term Q = page.given("Q", {{"2", "1"}, {"1", "3"}});
  const Term K = page.given("K", {{"2", "1"}, {"1", "3"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  page.fact("the missing transpose changes nothing", wrong == S);
  page.fact("keys first changes nothing", turned == S);
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: four more directions");
  page.details();
  const Term q = page.given("Q", {{"5", "12"}});
  const Term k = page.given("K", {{"12", "5"}, {"-7", "17"}, {"-12", "5"}, {"-10", "-24"}});
  compare(page, q, k);

  page.example("ex2", "Exercise 2: which products fit");
  page.details();
  const Term Q = page.given("Q", {{"2", "1"}, {"0", "3"}, {"1", "-1"}});
  const Term K = page.given("K", {{"1", "4"}, {"2", "0"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  page.fact("the missing transpose changes entries", wrong != S);

  page.example("ex3", "Exercise 3: the nearest key");
  page.details();
  const Term near = page.given("Q", {{"3", "1"}});
  const Term ring = page.given("K", {{"3", "4"}, {"0", "5"}, {"5", "0"}, {"-3", "4"}});
  const Term dots = page.step("S", "Dot products", near * transpose(ring));
  const Term distances = page.computed(
      "far", "Squared distances", "\\lvert q - k \\rvert^2",
      compute([](const auto& q, const auto& k) { return squared_distances(q, k); }, near, ring));
  page.fact("|q − k|² = 10 + 25 − 2 q·k, for every key",
            all_equal(distances.values(), constant(1, 4, 35) - dots.values() * Exact(2)));
}

void derivations(Page& page) {
  angles(page);
  pairs(page);
  lengths_against_directions(page);
  square(page);
  symmetric(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "02-dot-product", derivations); }
