#include "grading/rewriting.hpp"
#include "grading/row_ways.hpp"

namespace grading {
namespace {

/// Writes the steps of one head's softmax anew, some rows of it on other ways.
class RowRewriting {
 public:
  RowRewriting(const Way& way, const SoftmaxNames& names, const RowWays& rows)
      : truth_(way.truth), names_(names), rows_(rows), to_(way.truth), result_(way) {}

  Way written() {
    for (const Step& step : truth_.steps) {
      if (step.name == names_.M && names_.unmasked)
        write_M(step);
      else if (step.name == names_.m)
        write_m();
      else if (step.name == names_.D)
        write_D();
      else if (step.name == names_.E)
        write_E();
      else if (step.name == names_.l)
        write_l();
      else if (step.name == names_.A)
        write_A();
      else
        to_.keep(step);
    }
    result_.truth = to_.example();
    return std::move(result_);
  }

 private:
  std::string between(const std::string& step, const std::string& what) const { return step + "~" + what; }

  bool any_from(Stage stage) const {
    for (const auto& [i, row] : rows_)
      if (row.hidden_from >= stage) return true;
    return false;
  }
  bool any_at(Stage stage) const {
    for (const auto& [i, row] : rows_)
      if (row.hidden_from == stage) return true;
    return false;
  }

  const Table<Exact>& scores() const { return find_step(truth_, names_.scores)->exact; }

  /// 0 where an entry is hidden and its row `stops` here; 1 elsewhere.
  template <typename Stops>
  Table<Exact> seen(Stops stops) const {
    Table<Exact> table(scores().rows(), scores().cols());
    for (Index i = 0; i < table.rows(); ++i)
      for (Index j = 0; j < table.cols(); ++j) {
        const auto row = rows_.find(i);
        const bool hidden = !scores().visible(i, j) && row != rows_.end() && stops(row->second.hidden_from);
        table.values(i, j) = hidden ? 0 : 1;
      }
    return table;
  }

  /// A column of 0 and 1: 1 for the rows on another way that are `meant`.
  template <typename Meant>
  Table<Exact> rows_that(Meant meant, bool otherwise = false) const {
    Table<Exact> table(scores().rows(), 1);
    for (Index i = 0; i < table.rows(); ++i) {
      const auto row = rows_.find(i);
      table.values(i, 0) = (row != rows_.end() && meant(row->second)) != otherwise ? 1 : 0;
    }
    return table;
  }

  /// The mask as it is for the rows that are hidden in M, and nothing hidden in the others.
  void write_M(const Step& M) {
    if (!any_from(Stage::D)) return to_.keep(M);
    Table<Exact> mask = derivation::exact_operand(truth_, M.operands.at(1));
    for (const auto& [i, row] : rows_)
      for (Index j = 0; j < mask.cols() && row.hidden_from > Stage::M; ++j) mask.values(i, j) = 1;
    to_.given(between(M.name, "mask"), mask);
    to_.add(M.name, Operation::mask, {*names_.unmasked, between(M.name, "mask")});
    for (const auto& [i, row] : rows_)
      if (row.keeps_M) result_.kept.insert({M.name, i});
  }

  /// What is taken off a row: its maximum, or the reader's constant.
  void write_m() {
    Table<Exact> constants(scores().rows(), 1);
    Claims claims(static_cast<std::size_t>(constants.rows()), std::vector<Claim>(1));
    bool any = false;
    for (const auto& [i, row] : rows_) {
      if (row.keeps_m) result_.kept.insert({names_.m, i});
      if (!row.constant) continue;
      constants.values(i, 0) = row.constant->value;
      claims[static_cast<std::size_t>(i)][0] = *row.constant;
      any = true;
    }
    if (!any) return to_.add(names_.m, Operation::row_maxima, {names_.scores});
    const auto has_constant = [](const RowWay& row) { return row.constant.has_value(); };
    const std::string c = between(names_.m, "constants"), mine = between(names_.m, "mine");
    result_.assumed[c] = claims;
    to_.given(c, constants);
    to_.given(between(mine, "rows"), rows_that(has_constant));
    to_.add(mine, Operation::mask, {c, between(mine, "rows")});
    Table<Exact> others(scores().rows(), scores().cols());
    for (Index i = 0; i < others.rows(); ++i)
      for (Index j = 0; j < others.cols(); ++j)
        others.values(i, j) = rows_.count(i) && has_constant(rows_.at(i)) ? 0 : 1;
    to_.given(between(names_.m, "others"), others);
    to_.add(between(names_.m, "scores"), Operation::mask, {names_.scores, between(names_.m, "others")});
    to_.add(between(names_.m, "all"), Operation::concatenation, {between(names_.m, "scores"), mine});
    to_.add(names_.m, Operation::row_maxima, {between(names_.m, "all")});
  }

  void write_D() {
    if (!any_from(Stage::D)) return to_.add(names_.D, Operation::difference, {names_.scores, names_.m});
    const std::string all = between(names_.D, "all"), mask = between(names_.D, "mask");
    to_.add(all, Operation::difference, {names_.scores, names_.m});
    to_.given(mask, seen([](Stage stage) { return stage <= Stage::D; }));
    to_.add(names_.D, Operation::mask, {all, mask});
  }

  void write_E() {
    const std::string all = between(names_.E, "all"), mask = between(names_.E, "mask");
    to_.add(all, Operation::exponential, {names_.D});
    const std::string moved = with_factors(all);
    to_.given(mask, seen([](Stage stage) { return stage == Stage::E; }));
    to_.add(names_.E, Operation::entrywise_product, {moved, mask});
  }

  std::string with_factors(const std::string& exponentials) {
    Table<Exact> factors(scores().rows(), 1);
    Claims claims(static_cast<std::size_t>(factors.rows()), std::vector<Claim>(1));
    bool any = false;
    for (Index i = 0; i < factors.rows(); ++i) {
      factors.values(i, 0) = 1;
      const auto row = rows_.find(i);
      if (row == rows_.end() || !row->second.factor) continue;
      factors.values(i, 0) = row->second.factor->value;
      claims[static_cast<std::size_t>(i)][0] = *row->second.factor;
      any = true;
    }
    if (!any) return exponentials;
    const std::string f = between(names_.E, "factors"), moved = between(names_.E, "moved");
    result_.assumed[f] = claims;
    to_.given(f, factors);
    to_.add(moved, Operation::entrywise_product, {exponentials, f});
    return moved;
  }

  void write_l() {
    if (!any_at(Stage::l)) return to_.add(names_.l, Operation::row_sums, {names_.E});
    const std::string mask = between(names_.l, "mask"), seen_here = between(names_.l, "seen");
    to_.given(mask, seen([](Stage stage) { return stage == Stage::l; }));
    to_.add(seen_here, Operation::entrywise_product, {names_.E, mask});
    to_.add(names_.l, Operation::row_sums, {seen_here});
  }

  /// Where nothing was hidden before, the weights are divided by the sums of what is left.
  void write_A() {
    if (!any_from(Stage::l))
      return to_.add_equal(names_.A, Operation::normalise, {names_.E, names_.l}, names_.A);
    const std::string mask = between(names_.A, "mask"), seen_here = between(names_.A, "seen"),
                      sums = between(names_.A, "sums"), own = between(names_.A, "own"),
                      left = between(names_.A, "left");
    to_.given(mask, seen([](Stage stage) { return stage >= Stage::l; }));
    to_.add(seen_here, Operation::entrywise_product, {names_.E, mask});
    const auto is_last = [](const RowWay& row) { return row.hidden_from == Stage::A; };
    to_.given(between(sums, "rows"), rows_that(is_last));
    to_.given(between(own, "rows"), rows_that(is_last, true));
    to_.add(between(sums, "all"), Operation::row_sums, {seen_here});
    to_.add(sums, Operation::entrywise_product, {between(sums, "all"), between(sums, "rows")});
    to_.add(own, Operation::entrywise_product, {names_.l, between(own, "rows")});
    to_.add(left, Operation::sum, {sums, own});
    to_.add_equal(names_.A, Operation::normalise, {seen_here, left}, names_.A);
  }

  const Example& truth_;
  const SoftmaxNames& names_;
  const RowWays& rows_;
  Rewriting to_;
  Way result_;
};

}  // namespace

Way with_row_ways(const Way& way, const SoftmaxNames& names, const RowWays& rows) {
  return RowRewriting(way, names, rows).written();
}

}  // namespace grading
