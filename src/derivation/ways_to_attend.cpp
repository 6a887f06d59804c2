#include "derivation/ways_to_attend.hpp"

#include <array>
#include <bit>

#include "attention/merge_orders.hpp"
#include "derivation/mechanism.hpp"
#include "derivation/rounding_of_parts.hpp"

namespace derivation {
namespace {

using attention::attend_in_a_row;
using attention::attend_in_a_tree;

/// What two workers know, of half of the keys each, and what both together know.
template <typename Scalar>
std::array<attention::Partial<Scalar>, 3> two_blocks(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const Index half = Z.cols() / 2, rest = Z.cols() - half;
  const auto left = attend_in_a_row<Scalar>(Z.leftCols(half), V.topRows(half), half),
             right = attend_in_a_row<Scalar>(Z.rightCols(rest), V.bottomRows(rest), rest);
  return {left, right, attention::merge(left, right)};
}

/// m and l of each of the three.
const auto m_and_l = []<typename Scalar>(const Matrix<Scalar>& Z, const Matrix<Scalar>& V) {
  const auto [left, right, both] = two_blocks(Z, V);
  Matrix<Scalar> table(Z.rows(), 6);
  table << left.m, left.l, right.m, right.l, both.m, both.l;
  return table;
};

constexpr int keys_of_a_block = 4;

const auto in_three_passes = []<typename Scalar>(const Matrix<Scalar>& Z,
                                                 const Matrix<Scalar>& V) -> Matrix<Scalar> {
  return attention::softmax_rows(Z) * V;
};
const auto key_after_key = [](const auto& Z, const auto& V) { return output(attend_in_a_row(Z, V, 1)); };
const auto in_blocks = [](const auto& Z, const auto& V) {
  return output(attend_in_a_row(Z, V, keys_of_a_block));
};
const auto in_a_tree = [](const auto& Z, const auto& V) { return output(attend_in_a_tree(Z, V)); };

/// Of the four ways, in this order, for n keys.
Matrix<Exact> bounds(int n, const RowSize& row) {
  const int blocks = (n + keys_of_a_block - 1) / keys_of_a_block;
  const int height = std::bit_width(static_cast<unsigned>(n - 1));  // of the tree
  Matrix<Exact> all(4, 1);
  all << bound_of_three_passes(n, row), bound_of_merged(n - 1, 1, row),
      bound_of_merged(blocks - 1, keys_of_a_block, row), bound_of_merged(height, 1, row);
  return all;
}

}  // namespace

void prove_two_blocks(Page& page, const std::string& title, const Term& Z, const Term& V,
                      const ThreePasses& whole) {
  const Term parts = page.computed("parts", title, "", made_of({Z.name}, compute(m_and_l, Z, V)),
                                   {{}, {"m left", "l left", "m right", "l right", "m", "l"}});
  page.fact("merged, the two blocks have the row maxima", all_equal(parts.values().col(4), whole.m.values()));
  page.fact("merged, the two blocks have the row sums", all_equal(parts.values().col(5), whole.l.values()));
  const auto both = two_blocks(Z.values(), V.values()).back();
  page.fact("merged, the two blocks have the output", whole.Y == attention::output(both));
}

void write_ways_to_attend(Page& page, const Term& Z, const Term& V) {
  const auto show = [&](const std::string& name, const std::string& title, auto attend) {
    return page.computed(name, title, "", compute(attend, Z, V));
  };
  const Term three = show("three", "Three passes", in_three_passes);
  const Term single = show("single", "One key after the other", key_after_key);
  const Term blocks = show("blocks", "Blocks of four keys, one after the other", in_blocks);
  const Term tree = show("tree", "A tree of merges over single keys", in_a_tree);
  page.fact("three passes and one key after the other give the same", three == single);
  page.fact("three passes and blocks of four give the same", three == blocks);
  page.fact("three passes and a tree of merges give the same", three == tree);

  const RowSize row{Z.values().maxCoeff() - Z.values().minCoeff(), V.values().cwiseAbs().maxCoeff()};
  page.computed("bound", "What rounding explains, in units of u", "",
                made_of({Z.name, V.name}, known(bounds(static_cast<int>(Z.cols()), row))),
                {{"three passes", "single keys", "blocks of four", "tree"}, {"bound"}});
}

}  // namespace derivation
