#include "mistakes/rules.hpp"

// Slips that can happen in any step: the rule was right, and the whole table went wrong on the way to paper.

namespace mistakes {
namespace {

template <typename Scalar>
std::vector<Wrong<Scalar>> rows_swapped(const Table<Scalar>& right, const std::string& lines) {
  std::vector<Wrong<Scalar>> wrong;
  for (Index a = 0; a < right.rows(); ++a)
    for (Index b = a + 1; b < right.rows(); ++b) {
      Table<Scalar> table = right;
      table.values.row(a).swap(table.values.row(b));
      table.visible.row(a).swap(table.visible.row(b));
      wrong.push_back({table, lines + " " + std::to_string(a) + " and " + std::to_string(b)});
    }
  return wrong;
}

template <typename Scalar>
Table<Scalar> negated(const Table<Scalar>& right) {
  Table<Scalar> table = right;
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j) table.values(i, j) = -table.values(i, j);
  return table;
}

template <typename Scalar>
Table<Scalar> without_signs(const Table<Scalar>& right) {
  using std::abs;
  Table<Scalar> table = right;
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j) table.values(i, j) = abs(table.values(i, j));
  return table;
}

/// A rule that speaks of every step.
template <typename Function>
std::vector<Rule> anywhere(Function function) {
  return {rule({}, function)};
}

const auto copied = [](const auto& c) {
  const auto right = c.right();
  decltype(as_list(c.right())) wrong;
  for (const std::string& other : c.others()) {
    const auto& table = c.whole(other);
    if (table.rows() == right.rows() && table.cols() == right.cols())
      wrong.push_back({table, "it is " + other});
  }
  return wrong;
};

}  // namespace

Mistakes slips_of_steps() {
  return {
      {"rows-swapped",
       Kind::slip,
       "Two rows of {step} are swapped.",
       "Each row belongs to one token, in the order of the tokens.",
       "01-why-attention",
       anywhere([](const auto& c) { return rows_swapped(c.right(), "rows"); }),
       {}},
      {"columns-swapped",
       Kind::slip,
       "Two columns of {step} are swapped.",
       "Each column belongs to one feature, or to one key, in their order.",
       "01-why-attention",
       anywhere([](const auto& c) {
         auto wrong = rows_swapped(flip(c.right()), "columns");
         for (auto& each : wrong) each.table = flip(each.table);
         return wrong;
       }),
       {}},
      {"signs-lost",
       Kind::slip,
       "The signs of {step} are lost.",
       "A negative number stays negative when it is copied.",
       "02-dot-product",
       anywhere([](const auto& c) { return without_signs(c.right()); }),
       {}},
      {"signs-turned",
       Kind::slip,
       "All signs of {step} are turned round.",
       "Look at one entry's own sum: it has the other sign.",
       "02-dot-product",
       anywhere([](const auto& c) { return negated(c.right()); }),
       {}},
      {"step-transposed",
       Kind::slip,
       "You wrote {step} transposed: its rows are the columns of the right one.",
       "Rows come first: entry (i, j) belongs to query i and key j, or to token i and feature j.",
       "02-dot-product",
       anywhere([](const auto& c) { return flip(c.right()); }),
       {}},
      {"step-copied",
       Kind::slip,
       "You copied {step} from another matrix.",
       "It has its own rule and its own numbers.",
       "06-attention-by-hand",
       anywhere(copied),
       {}},
  };
}

}  // namespace mistakes
