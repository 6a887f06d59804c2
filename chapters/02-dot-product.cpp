#include "program/chapter.hpp"

// The derivations of chapter 2 as they stand on paper: every line is one step.
// main() runs them twice, with exact numbers and with doubles.

using namespace derivation;

namespace {

/// Multiply entry by entry and add.
template <typename Scalar>
Scalar dot(const Matrix<Scalar>& A, Index i, const Matrix<Scalar>& B, Index j) {
  Scalar sum = 0;
  for (Index c = 0; c < A.cols(); ++c) sum += A(i, c) * B(j, c);
  return sum;
}

/// The dot product of every row of A with every row of B, one at a time: what A Bᵀ does at once.
template <typename Scalar>
Matrix<Scalar> all_dots(const Matrix<Scalar>& A, const Matrix<Scalar>& B) {
  Matrix<Scalar> dots(A.rows(), B.rows());
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < B.rows(); ++j) dots(i, j) = dot(A, i, B, j);
  return dots;
}

/// |a − b|², for every row a of A and every row b of B.
template <typename Scalar>
Matrix<Scalar> squared_distances(const Matrix<Scalar>& A, const Matrix<Scalar>& B) {
  Matrix<Scalar> distances(A.rows(), B.rows());
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < B.rows(); ++j) {
      const Matrix<Scalar> difference = A.row(i) - B.row(j);
      distances(i, j) = dot(difference, 0, difference, 0);
    }
  return distances;
}

/// The length of each row: the root of the sum of its squares.
Term lengths(Page& page, const std::string& name, const Term& rows) {
  const auto squares = page.detail("squares_" + name, "Squares", entrywise_product(rows, rows));
  const auto sums = page.detail("sums_" + name, "Squared lengths", row_sums(squares));
  return page.step("length_" + name, "Lengths", sqrt(sums));
}

/// Dot products, and the cosines that are left when the lengths are divided out.
struct Compared {
  Term S, L, cosines;
};

Compared<Scalar> compare(Page& page, const Term& Q, const Term& K) {
  const auto S = page.step("S", "Dot products", Q * transpose(K));
  const auto length_Q = lengths(page, "Q", Q);
  const auto length_K = lengths(page, "K", K);
  const auto L = page.step("L", "Length times length", length_Q * transpose(length_K));
  const auto cosines = page.step("cos", "Cosines", S / L);
  page.fact("no dot product is larger than length times length", S <= L);
  page.fact("nor smaller than its negative", all_at_most<Scalar>(-L.values(), S.values()));
  return {S, L, cosines};
}

/// One query, four keys of the same length: only the direction differs.
void angles(Page& page) {
  page.example("angles", "One length, four directions");
  const auto Q = page.given("Q", "The query", {{"3", "4"}});
  page.tokens({"(3, 4)", "(4, 3)", "(−4, 3)", "(−3, −4)"});
  const auto K = page.given("K", "Four keys", {{"3", "4"}, {"4", "3"}, {"-4", "3"}, {"-3", "-4"}});
  const auto [S, L, cosines] = compare(page, Q, K);
  page.fact("the third key is orthogonal to the query",
            all_equal<Scalar>(S.values().col(2), Matrix<Scalar>::Constant(1, 1, Scalar(0))));
  page.fact("|q − k|² = |q|² + |k|² − 2 q·k, for every key",
            all_equal<Scalar>(squared_distances(Q.values(), K.values()),
                              (Scalar(2) * (L.values() - S.values())).eval()));
  page.figure({"angles",
               Figure::Kind::arrows,
               "Four arrows of length 5 from the origin, to (3, 4), (4, 3), (−4, 3) and (−3, −4)",
               "first entry",
               "second entry",
               {{"keys", "K", ""}}});
}

/// Two queries, four keys, three entries each: no two sizes agree.
void pairs(Page& page) {
  page.example("pairs", "All pairs at once");
  const auto Q = page.given("Q", {{"1", "2", "-1"}, {"0", "1", "3"}});
  const auto K = page.given("K", {{"2", "0", "1"}, {"1", "1", "0"}, {"0", "3", "1"}, {"-1", "2", "2"}});
  const auto S = page.step("S", "Dot products of all pairs", Q * transpose(K));
  const auto turned = page.step("turned", "The other way round: keys first", K * transpose(Q));
  page.fact("one dot product at a time gives the same S", S == all_dots(Q.values(), K.values()));
  page.fact("K Qᵀ is S with rows and columns exchanged", turned == transpose(S));
}

/// The same query, keys of different lengths.
void lengths_against_directions(Page& page) {
  page.example("long", "Length against direction");
  const auto Q = page.given("Q", "The query", {{"3", "4"}});
  page.tokens({"(3, 4)", "(12, 9)", "(24, 7)", "(−8, 6)"});
  const auto K = page.given("K", "Four keys", {{"3", "4"}, {"12", "9"}, {"24", "7"}, {"-8", "6"}});
  const auto [S, L, cosines] = compare(page, Q, K);
  const Matrix<Scalar> gain = S.values().middleCols(1, 2) - S.values().leftCols(2);
  const Matrix<Scalar> loss = cosines.values().leftCols(2) - cosines.values().middleCols(1, 2);
  page.fact("each of the first three keys has a larger dot product than the one before it",
            all_at_most<Scalar>(Matrix<Scalar>::Constant(1, 2, Scalar(1)), gain));
  page.fact("and a smaller cosine: by more than 1/30",
            all_at_most<Scalar>(Matrix<Scalar>::Constant(1, 2, Scalar(1) / Scalar(30)), loss));
  page.figure(
      {"long",
       Figure::Kind::arrows,
       "Arrows from the origin to (3, 4), (12, 9), (24, 7) and (−8, 6); the longer of the first three "
       "lean further away from the first",
       "first entry",
       "second entry",
       {{"keys", "K", ""}}});
}

/// The column of the largest entry of each row.
template <typename Scalar>
Matrix<Scalar> best(const Matrix<Scalar>& scores) {
  Matrix<Scalar> columns(scores.rows(), 1);
  for (Index i = 0; i < scores.rows(); ++i) {
    Index greatest = 0;
    for (Index j = 1; j < scores.cols(); ++j)
      if (scores(i, greatest) < scores(i, j)) greatest = j;
    columns(i, 0) = Scalar(static_cast<int>(greatest));
  }
  return columns;
}

/// The right product, and the two wrong ones that fit where everything is square.
struct Products {
  Term S, wrong, turned;
};

Products<Scalar> three_products(Page& page, const Term& Q, const Term& K) {
  const auto S = page.step("S", "Dot products of all pairs", Q * transpose(K));
  const auto wrong = page.step("wrong", "Without the transpose", Q * K);
  const auto turned = page.step("turned", "Keys first", K * transpose(Q));
  return {S, wrong, turned};
}

/// Three queries and three keys of three entries each: every product fits.
void square(Page& page) {
  page.example("square", "Where the shapes forgive");
  const auto Q = page.given("Q", {{"1", "2", "0"}, {"0", "1", "3"}, {"2", "0", "1"}});
  const auto K = page.given("K", {{"1", "0", "2"}, {"3", "1", "0"}, {"0", "2", "1"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  Matrix<Scalar> columns(3, 3);
  columns << best(S.values()), best(wrong.values()), best(turned.values());
  const auto found = page.computed("best", "Where each row has its largest entry", "\\operatorname{argmax}_j",
                                   {"S", "wrong", "turned"}, columns,
                                   {{"row 0", "row 1", "row 2"}, {"Q Kᵀ", "Q K", "K Qᵀ"}});
  const Matrix<Scalar> moved = (found.values().col(0) - found.values().col(1)).cwiseAbs();
  page.fact("without the transpose every query finds another key", all_at_most<Scalar>(ones(found), moved));
  page.fact("with the keys first, some row finds another",
            differ_by_more_than<Scalar>(Exact(0), found.values().col(0), found.values().col(2)));
}

/// Queries and keys that are one symmetric matrix: all three products are the same.
void symmetric(Page& page) {
  page.example("kind", "Where symmetry forgives");
  const auto Q = page.given("Q", {{"2", "1"}, {"1", "3"}});
  const auto K = page.given("K", {{"2", "1"}, {"1", "3"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  page.fact("the missing transpose changes nothing", wrong == S);
  page.fact("keys first changes nothing", turned == S);
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: four more directions");
  page.details();
  const auto q = page.given("Q", {{"5", "12"}});
  const auto k = page.given("K", {{"12", "5"}, {"-7", "17"}, {"-12", "5"}, {"-10", "-24"}});
  compare(page, q, k);

  page.example("ex2", "Exercise 2: which products fit");
  page.details();
  const auto Q = page.given("Q", {{"2", "1"}, {"0", "3"}, {"1", "-1"}});
  const auto K = page.given("K", {{"1", "4"}, {"2", "0"}});
  const auto [S, wrong, turned] = three_products(page, Q, K);
  page.fact("the missing transpose changes entries", wrong != S);

  page.example("ex3", "Exercise 3: the nearest key");
  page.details();
  const auto near = page.given("Q", {{"3", "1"}});
  const auto ring = page.given("K", {{"3", "4"}, {"0", "5"}, {"5", "0"}, {"-3", "4"}});
  const auto dots = page.step("S", "Dot products", near * transpose(ring));
  const auto distances = page.computed("far", "Squared distances", "\\lvert q - k \\rvert^2", {"Q", "K"},
                                       squared_distances(near.values(), ring.values()), {});
  page.fact(
      "|q − k|² = 10 + 25 − 2 q·k, for every key",
      distances == Matrix<Scalar>(Matrix<Scalar>::Constant(1, 4, Scalar(35)) - Scalar(2) * dots.values()));
}

const auto derivations = [](Page& page) {
  angles(page);
  pairs(page);
  lengths_against_directions(page);
  square(page);
  symmetric(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) { return program::derive_chapter(argc, argv, "02-dot-product", derivations); }
