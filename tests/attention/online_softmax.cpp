#include "attention/online_softmax.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <numeric>
#include <utility>

#include "attention/softmax.hpp"
#include "numbers/eigen.hpp"
#include "support/random_matrix.hpp"

using namespace attention;
using numbers::Exact;

namespace {

constexpr int cases = 1000;

using Keys = std::vector<Index>;
using Merge = std::function<Partial<Exact>(const Partial<Exact>&, const Partial<Exact>&)>;

/// Scores of some queries, and values; from 2 to 5 keys.
struct Toy {
  Matrix<Exact> Z, V;
};

Toy random_toy(Random& random) {
  const int queries = random.between(1, 2), keys = random.between(2, 5), d_v = random.between(1, 2);
  return {random_matrix(random, queries, keys, 4, 2), random_matrix(random, keys, d_v, 4, 2)};
}

Partial<Exact> attend_to(const Toy& toy, const Keys& keys) {
  Matrix<Exact> Z = toy.Z(Eigen::all, keys);
  const Matrix<Exact> V = toy.V(keys, Eigen::all);
  return attend_to_block<Exact>(Z, V);
}

Keys shuffled_keys(Random& random, Index count) {
  Keys keys(static_cast<std::size_t>(count));
  std::iota(keys.begin(), keys.end(), 0);
  for (int k = static_cast<int>(count) - 1; k > 0; --k)
    std::swap(keys[static_cast<std::size_t>(k)], keys[static_cast<std::size_t>(random.between(0, k))]);
  return keys;
}

/// The keys in a random order, cut into random blocks, and the blocks merged two by two in a random tree; a
/// part that has seen nothing stands somewhere among them.
Partial<Exact> in_random_pieces(const Toy& toy, const Merge& merge, Random& random) {
  std::vector<Partial<Exact>> parts = {nothing_seen<Exact>(toy.Z.rows(), toy.V.cols())};
  Keys block;
  for (const Index key : shuffled_keys(random, toy.Z.cols())) {
    block.push_back(key);
    if (random.one_in(2)) parts.push_back(attend_to(toy, std::exchange(block, {})));
  }
  if (!block.empty()) parts.push_back(attend_to(toy, block));
  while (parts.size() > 1) {
    const auto second = parts.begin() + random.between(1, static_cast<int>(parts.size()) - 1);
    const auto first = parts.begin() + random.between(0, static_cast<int>(second - parts.begin()) - 1);
    *first = random.one_in(2) ? merge(*first, *second) : merge(*second, *first);
    parts.erase(second);
  }
  return parts.front();
}

/// In how many random cases the pieces give other weights, or another output, than softmax_rows. The weights
/// are the output for values that are the identity.
int noticed(const Merge& merge, int tries = cases) {
  Random random(81);
  int count = 0;
  for (int k = 0; k < tries; ++k) {
    Toy toy = random_toy(random);
    const Matrix<Exact> A = softmax_rows(toy.Z), Y = A * toy.V;
    const bool right_output = output(in_random_pieces(toy, merge, random)) == Y;
    toy.V = Matrix<Exact>::Identity(toy.Z.cols(), toy.Z.cols());
    count += right_output && output(in_random_pieces(toy, merge, random)) == A ? 0 : 1;
  }
  return count;
}

Partial<Exact> with_factors(const Partial<Exact>& a, const Partial<Exact>& b, const Vector<Exact>& alpha,
                            const Vector<Exact>& beta) {
  const Partial<Exact> right = merge(a, b);
  return {right.m, alpha.cwiseProduct(a.l) + beta.cwiseProduct(b.l),
          alpha.asDiagonal() * a.O + beta.asDiagonal() * b.O};
}

const std::vector<std::pair<std::string, Merge>> mistakes = {
    {"nothing rescaled",
     [](const auto& a, const auto& b) {
       const Vector<Exact> one = Vector<Exact>::Constant(a.m.size(), Exact(1));
       return with_factors(a, b, one, one);
     }},
    {"only the first part rescaled",
     [](const auto& a, const auto& b) {
       const Vector<Exact> one = Vector<Exact>::Constant(a.m.size(), Exact(1));
       return with_factors(a, b, rescaling(a, merge(a, b).m), one);
     }},
    {"the factors exchanged",
     [](const auto& a, const auto& b) {
       const Vector<Exact> m = merge(a, b).m;
       return with_factors(a, b, rescaling(b, m), rescaling(a, m));
     }},
    {"the sum rescaled and the output not",
     [](const auto& a, const auto& b) {
       Partial<Exact> both = merge(a, b);
       both.O = a.O + b.O;
       return both;
     }},
    {"the mean of the two outputs",
     [](const auto& a, const auto& b) {
       Partial<Exact> both = merge(a, b);
       both.O = both.l.asDiagonal() * ((output(a) + output(b)) / Exact(2));
       return both;
     }},
    {"the last maximum kept",
     [](const auto& a, const auto& b) {
       Partial<Exact> both = merge(a, b);
       both.m = b.m;
       return both;
     }},
};

bool same(const Partial<Exact>& a, const Partial<Exact>& b) {
  for (Index i = 0; i < a.m.size(); ++i)
    if (a.l(i) != Exact(0) && a.m(i) != b.m(i)) return false;
  return a.l == b.l && a.O == b.O;
}

/// Three parts of random scores; now and then a row of one has seen nothing.
Partial<Exact> random_part(Random& random, Index queries) {
  const Index keys = random.between(1, 2);
  Matrix<Exact> Z = random_matrix(random, queries, keys, 4, 2);
  const Matrix<Exact> V = random_matrix(random, keys, 2, 4, 2);
  return attend_to_block<Exact>(Z, V, random.one_in(3) ? 1 : -keys);
}

}  // namespace

TEST_CASE(
    "any block sizes, any order and any tree of merges give the weights and the output of softmax_rows") {
  CHECK(noticed(merge<Exact>) == 0);
}

TEST_CASE("a merge with a mistake in it is told from the right one") {
  for (const auto& [name, wrong] : mistakes) {
    const int count = noticed(wrong, 100);
    CHECK_MESSAGE(count > 50, name, " is noticed in ", count, " of 100 cases");
  }
}

TEST_CASE("merging is associative and commutative, and nothing seen is its neutral element") {
  Random random(82);
  int different = 0;
  for (int k = 0; k < cases; ++k) {
    const Index queries = random.between(2, 3);
    const auto a = random_part(random, queries), b = random_part(random, queries),
               c = random_part(random, queries), nothing = nothing_seen<Exact>(queries, 2);
    CAPTURE(k);
    REQUIRE(same(merge(merge(a, b), c), merge(a, merge(b, c))));
    REQUIRE(same(merge(a, b), merge(b, a)));
    REQUIRE(same(merge(a, nothing), a));
    REQUIRE(same(merge(nothing, a), a));
    different += same(merge(a, b), merge(a, c)) ? 0 : 1;
  }
  CHECK(different > cases * 3 / 4);  // parts are told apart
}

TEST_CASE("a block on the diagonal hides what a causal mask hides, wherever the diagonal runs") {
  Random random(83);
  int different = 0;
  for (int k = 0; k < cases; ++k) {
    const Index queries = random.between(2, 4), keys = random.between(2, 4);
    const int from = random.between(-5, 5);
    const Matrix<Exact> scores = random_matrix(random, queries, keys, 4, 2),
                        V = random_matrix(random, keys, 2, 4, 2);
    const auto visible = [&](int shift) {
      return Mask(Mask::NullaryExpr(queries, keys, [&](Index i, Index j) { return i >= j + from + shift; }));
    };
    Matrix<Exact> Z = scores;
    const Matrix<Exact> Y = output(attend_to_block<Exact>(Z, V, from));
    CAPTURE(k);
    REQUIRE(Y == softmax_rows(scores, visible(0)) * V);
    different += Y == softmax_rows(scores, visible(1)) * V ? 0 : 1;
  }
  CHECK(different > cases / 3);  // a diagonal one place off is told apart
}

TEST_CASE("scores of any size stay finite, in whichever part they stand") {
  for (const double low : {-1000.0, -1e300}) {
    Matrix<double> first = Matrix<double>::Constant(1, 1, low), second = Matrix<double>::Constant(1, 1, 1000);
    const Matrix<double> one = Matrix<double>::Constant(1, 1, 1), two = 2 * one;
    const auto a = attend_to_block<double>(first, one), b = attend_to_block<double>(second, two);
    const auto nothing = nothing_seen<double>(1, 1);
    CHECK(output(a)(0, 0) == 1);
    CHECK(output(merge(a, nothing))(0, 0) == 1);
    CHECK(output(merge(nothing, a))(0, 0) == 1);
    CHECK(output(merge(a, b))(0, 0) == 2);
    CHECK(output(merge(b, a))(0, 0) == 2);
    CHECK(output(merge(nothing, nothing))(0, 0) == 0);
    CHECK(merge(a, nothing).m(0) == low);
  }
}

TEST_CASE("parts and blocks that do not fit are refused with both shapes") {
  Matrix<double> Z = Matrix<double>::Zero(2, 3);
  const Matrix<double> V = Matrix<double>::Zero(2, 1), none(0, 1);
  Matrix<double> no_keys(2, 0);
  CHECK_THROWS_WITH_AS(attend_to_block<double>(Z, V),
                       "attend_to_block: scores 2×3 and V 2×1 need the same keys", std::invalid_argument);
  CHECK_THROWS_AS(attend_to_block<double>(no_keys, none), std::invalid_argument);
  CHECK_THROWS_WITH_AS(merge(nothing_seen<double>(2, 1), nothing_seen<double>(2, 2)),
                       "merge: parts with outputs 2×1 and 2×2 must have one shape", std::invalid_argument);
}
