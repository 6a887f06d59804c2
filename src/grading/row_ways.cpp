#include "grading/row_ways.hpp"

#include <algorithm>

#include "grading/undecided.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace grading {
namespace {

using derivation::Example;
using derivation::Step;

constexpr Stage stages[] = {Stage::M, Stage::D, Stage::E, Stage::l, Stage::A};

/// A constant that a reader may take off a row, and how many numbers have to bear it out: one where anybody
/// would think of it, two where it is read off the numbers themselves.
struct Constant {
  Claim value;
  std::size_t witnesses = 1;
  bool is_written = false;  ///< it stands in m
  bool is_nothing = false;
};

Claim exactly_claimed(const Exact& value) {
  Claim claim;
  claim.kind = Claim::Kind::closed_form;
  claim.value = value;
  return claim;
}

/// An interval as if somebody had written it.
Claim claimed(const Enclosure& interval) {
  const Exact least = lower(interval), greatest = upper(interval);
  if (least == greatest) return exactly_claimed(least);
  Claim claim;
  claim.kind = Claim::Kind::decimal;
  claim.value = (least + greatest) / 2;
  claim.half_unit = (greatest - least) / 2;
  return claim;
}

std::optional<Enclosure> common(const Enclosure& a, const Enclosure& b) {
  if (!overlap(a, b)) return std::nullopt;
  return Enclosure(std::max(lower(a), lower(b)), std::min(upper(a), upper(b)));
}

/// What is written in one row, held against a way from the scores on.
class Row {
 public:
  Row(const Example& truth, const Attempt& attempt, const SoftmaxNames& names, Index i)
      : truth_(truth), attempt_(attempt), names_(names), i_(i) {}

  std::vector<RowWay> ways(const std::vector<Constant>& of_other_rows) const {
    std::vector<RowWay> found;
    for (const Stage stage : stages) {
      if (stage != Stage::M && !hides_something()) break;
      if (stage == Stage::M && (!is_hidden_as_in_the_book() || !has_wrong_behind_M())) continue;
      if (const auto way = way_at(stage, of_other_rows)) found.push_back(*way);
    }
    return found;
  }

  bool has_wrong() const { return has_wrong_in(names_.M) || has_wrong_behind_M(); }

 private:
  // ---- What is written ----

  bool has_wrong_in(const std::string& step) const {
    const StepGrade* grade = find_grade(attempt_.grade, step);
    if (!grade) return false;
    const auto& row = grade->entries[static_cast<std::size_t>(i_)];
    return std::any_of(row.begin(), row.end(),
                       [](const EntryGrade& entry) { return entry.verdict == Verdict::wrong; });
  }
  bool has_wrong_behind_M() const {
    return has_wrong_in(names_.m) || has_wrong_in(names_.D) || has_wrong_in(names_.E) ||
           has_wrong_in(names_.l);
  }

  const Claim* claim(const std::string& step, Index j) const {
    const auto found = attempt_.claims.find(step);
    if (found == attempt_.claims.end()) return nullptr;
    const Claim& entry = found->second[static_cast<std::size_t>(i_)][static_cast<std::size_t>(j)];
    return entry.kind == Claim::Kind::unanswered ? nullptr : &entry;
  }

  bool is_book_visible(Index j) const { return find_step(truth_, names_.scores)->exact.visible(i_, j); }
  Index keys() const { return find_step(truth_, names_.D)->exact.cols(); }

  bool hides_something() const {
    if (!names_.unmasked) return false;
    for (Index j = 0; j < keys(); ++j)
      if (!is_book_visible(j)) return true;
    return false;
  }

  /// The reader's own scores, as far as they hide.
  bool is_hidden_as_in_the_book() const {
    const Mask& visible = chain(names_.scores).enclosed().visible;
    for (Index j = 0; j < keys(); ++j)
      if (visible(i_, j) != is_book_visible(j)) return false;
    return true;
  }

  /// M is written with its hidden entries hidden, whatever goes on from there.
  bool keeps_M(Stage stage) const {
    if (stage == Stage::M || !names_.unmasked) return false;
    for (Index j = 0; j < keys(); ++j)
      if (const Claim* M = claim(names_.M, j); M && !is_book_visible(j)) return !M->is_number();
    return false;
  }

  const ChainValue& chain(const std::string& step) const { return attempt_.chain.values().at(step); }

  /// The reader's own score; nothing where it is hidden or not known.
  std::optional<Enclosure> score(Stage stage, Index j) const {
    const Claim* M = stage == Stage::M ? nullptr : claim(names_.M, j);
    const ChainValue& scores =
        chain(stage == Stage::M || (M && M->is_number()) ? names_.scores : *names_.unmasked);
    if (!scores.is_known(i_, j) || !scores.enclosed().visible(i_, j)) return std::nullopt;
    return scores.enclosed().values(i_, j);
  }

  bool is_visible(Stage stage, Stage at, Index j) const {
    if (!score(stage, j)) return false;
    return stage == Stage::M || at < stage || is_book_visible(j);
  }

  // ---- Constants ----

  std::vector<Constant> constants(Stage stage, const std::vector<Constant>& of_other_rows) const {
    std::vector<Constant> all;
    if (const Claim* m = claim(names_.m, 0); m && m->is_number()) all.push_back({*m, 1, true, m->value == 0});
    all.push_back({exactly_claimed(0), 1, false, true});
    if (const auto greatest = greatest_score(i_, names_.scores)) all.push_back({*greatest});
    for (const auto& scores : {names_.unmasked, std::optional(names_.scores)}) {
      if (!scores) continue;
      if (const auto greatest = greatest_score(i_, *scores)) all.push_back({*greatest});
      if (const auto greatest = greatest_of_all(*scores)) all.push_back({*greatest});
    }
    all.insert(all.end(), of_other_rows.begin(), of_other_rows.end());
    if (const auto left = common_constant(stage)) all.push_back({claimed(*left), 2});
    return all;
  }

  /// In the closed form of the book where the reader has the book's.
  std::optional<Claim> greatest_score(Index i, const std::string& step) const {
    const ChainValue& scores = chain(step);
    std::optional<Enclosure> greatest;
    std::optional<Exact> exact;
    for (Index j = 0; j < keys(); ++j) {
      if (!scores.is_known(i, j) || !scores.enclosed().visible(i, j)) continue;
      const Enclosure value = scores.enclosed().values(i, j);
      greatest = greatest ? max(*greatest, value) : value;
      if (scores.exact() && (!exact || *exact < scores.exact()->values(i, j)))
        exact = scores.exact()->values(i, j);
    }
    if (!greatest) return std::nullopt;
    return exact ? exactly_claimed(*exact) : claimed(*greatest);
  }

  std::optional<Claim> greatest_of_all(const std::string& step) const {
    std::optional<Claim> greatest;
    for (Index i = 0; i < find_step(truth_, names_.D)->exact.rows(); ++i) {
      const auto of_row = greatest_score(i, step);
      if (of_row && (!greatest || greatest->value < of_row->value)) greatest = of_row;
    }
    return greatest;
  }

  /// What Z − D is in every entry of D that is written.
  std::optional<Enclosure> common_constant(Stage stage) const {
    std::optional<Enclosure> left;
    for (Index j = 0; j < keys(); ++j) {
      const Claim* D = claim(names_.D, j);
      if (!D || !D->is_number() || !score(stage, j)) continue;
      const Enclosure here = *score(stage, j) - D->interval();
      left = left ? common(*left, here) : here;
      if (!left) return std::nullopt;
    }
    return left;
  }

  /// What E is against the book's, in every entry that says something: two at least, and D and m are not
  /// written.
  std::optional<Enclosure> common_factor(Stage stage) const {
    const auto greatest = greatest_score(i_, names_.scores);
    if (!greatest) return std::nullopt;
    std::optional<Enclosure> factor;
    std::size_t witnesses = 0;
    for (Index j = 0; j < keys(); ++j) {
      if (claim(names_.D, j)) return std::nullopt;
      const Claim* E = claim(names_.E, j);
      if (!E || !is_visible(stage, Stage::E, j) || !E->is_number() || !is_decided(E->interval())) continue;
      const Enclosure book = exp(*score(stage, j) - greatest->interval());
      if (!is_decided(book)) continue;
      const Enclosure here = E->interval() / book;
      factor = factor ? common(*factor, here) : here;
      if (!factor) return std::nullopt;
      ++witnesses;
    }
    return witnesses > 1 && is_decided(*factor) ? factor : std::nullopt;
  }

  // ---- Whether a way fits ----

  std::optional<RowWay> way_at(Stage stage, const std::vector<Constant>& of_other_rows) const {
    for (const Constant& constant : constants(stage, of_other_rows))
      if (const auto way = fitting(stage, constant)) return way;
    const auto factor = common_factor(stage);
    if (!factor) return std::nullopt;
    RowWay way{stage,          std::nullopt, claimed(*factor),
               keeps_M(stage), true,         name_of(stage, "another-constant-subtracted")};
    return factor_fits(way, *factor) ? std::optional(way) : std::nullopt;
  }

  static std::string name_of(Stage stage, const std::string& constant) {
    if (stage == Stage::M) return constant;
    return stage == Stage::A ? "masked-after-softmax-and-renormalised" : "hidden-later";
  }

  std::optional<RowWay> fitting(Stage stage, const Constant& constant) const {
    RowWay way{stage,
               constant.value,
               std::nullopt,
               keeps_M(stage),
               false,
               name_of(stage, constant.is_nothing && !constant.is_written ? "nothing-subtracted"
                                                                          : "another-constant-subtracted")};
    if (!M_fits(way)) return std::nullopt;
    if (!constant.is_written && !m_fits(constant, way)) return std::nullopt;
    std::size_t witnesses = constant.is_written && constant.witnesses > 1 ? 1 : 0;
    std::optional<Enclosure> sum = Enclosure(0);
    for (Index j = 0; j < keys(); ++j) {
      const auto Z = score(stage, j);
      std::optional<Enclosure> D;
      if (Z) D = *Z - constant.value.interval();
      const auto E = exponential(stage, j, D, Enclosure(1), witnesses);
      if (!E) return std::nullopt;
      add(sum, stage, j, *E);
    }
    if (!l_fits(sum, witnesses)) return std::nullopt;
    if (witnesses < constant.witnesses && !sees_nothing(stage)) return std::nullopt;
    return way;
  }

  bool factor_fits(const RowWay& way, const Enclosure& factor) const {
    const Stage stage = way.hidden_from;
    if (!M_fits(way)) return false;
    const auto greatest = greatest_score(i_, names_.scores);
    const Claim* m = claim(names_.m, 0);
    if (!greatest || (m && !(m->is_number() && m->allows(greatest->interval())))) return false;
    std::size_t witnesses = 0;
    std::optional<Enclosure> sum = Enclosure(0);
    for (Index j = 0; j < keys(); ++j) {
      const auto Z = score(stage, j);
      std::optional<Enclosure> D;
      if (Z) D = *Z - greatest->interval();
      const auto E = exponential(stage, j, D, factor, witnesses);
      if (!E) return false;
      add(sum, stage, j, *E);
    }
    return l_fits(sum, witnesses);
  }

  /// Such a row bears any constant out: what is taken off −∞ changes nothing. That it sees nothing has to be
  /// written.
  bool sees_nothing(Stage stage) const {
    bool is_written = claim(names_.l, 0) != nullptr;
    for (Index j = 0; j < keys(); ++j) {
      if (is_visible(stage, Stage::E, j)) return false;
      is_written = is_written || claim(names_.D, j) || claim(names_.E, j);
    }
    return is_written;
  }

  bool M_fits(const RowWay& way) const {
    if (way.hidden_from == Stage::M) return true;
    if (way.keeps_M) return is_right(names_.M);
    const ChainValue& Z = chain(*names_.unmasked);
    for (Index j = 0; j < keys(); ++j)
      if (const Claim* M = claim(names_.M, j); M && !Z.explains(*M, i_, j)) return false;
    return true;
  }

  /// The row maximum may stand in m though something else is taken off; where nothing but the numbers
  /// themselves say what is taken off, m has to say the same.
  bool m_fits(const Constant& constant, RowWay& way) const {
    const Claim* m = claim(names_.m, 0);
    if (!m) return true;
    if (m->is_number() && m->allows(constant.value.interval())) return true;
    way.keeps_m = constant.witnesses == 1 && is_right(names_.m);
    return way.keeps_m;
  }

  bool is_right(const std::string& step) const {
    for (const EntryGrade& entry : find_grade(attempt_.grade, step)->entries[static_cast<std::size_t>(i_)])
      if (entry.verdict == Verdict::wrong || entry.verdict == Verdict::too_short) return false;
    return true;
  }

  /// The exponential of an entry as the reader has it, D and E among what is written; nothing where that does
  /// not fit.
  std::optional<Enclosure> exponential(Stage stage, Index j, std::optional<Enclosure> D,
                                       const Enclosure& factor, std::size_t& witnesses) const {
    if (const Claim* written = claim(names_.D, j)) {
      if (!is_visible(stage, Stage::D, j)) {
        if (written->is_number()) return std::nullopt;
      } else {
        if (!written->is_number() || !written->allows(*D)) return std::nullopt;
        D = written->interval();
        ++witnesses;
      }
    }
    const bool counts = is_visible(stage, Stage::E, j);
    const Enclosure before = counts ? exp(*D) * factor : Enclosure(0);
    const Claim* written = claim(names_.E, j);
    if (!written) return !counts || is_decided(before) ? std::optional(before) : std::nullopt;
    if (!written->is_number() || !written->allows(before)) return std::nullopt;
    if (!counts) return before;
    if (!is_decided(before)) return std::nullopt;
    if (is_decided(written->interval())) ++witnesses;
    return written->interval();
  }

  void add(std::optional<Enclosure>& sum, Stage stage, Index j, const Enclosure& E) const {
    if (is_visible(stage, Stage::l, j)) *sum += E;
  }

  bool l_fits(const std::optional<Enclosure>& sum, std::size_t& witnesses) const {
    const Claim* l = claim(names_.l, 0);
    if (!l) return true;
    if (!l->is_number() || !l->allows(*sum)) return false;
    if (is_decided(l->interval())) ++witnesses;
    return true;
  }

  const Example& truth_;
  const Attempt& attempt_;
  const SoftmaxNames& names_;
  const Index i_;
};

}  // namespace

std::optional<SoftmaxNames> softmax_names(const Example& truth, const std::string& index) {
  SoftmaxNames names(index);
  for (const std::string& name : {names.m, names.D, names.E, names.l, names.A})
    if (!find_step(truth, name)) return std::nullopt;
  const Step &m = *find_step(truth, names.m), &D = *find_step(truth, names.D),
             &E = *find_step(truth, names.E), &l = *find_step(truth, names.l),
             &A = *find_step(truth, names.A);
  if (m.operation != Operation::row_maxima || D.operation != Operation::difference ||
      E.operation != Operation::exponential || l.operation != Operation::row_sums ||
      A.operation != Operation::normalise || D.operands.at(0) != m.operands.at(0))
    return std::nullopt;
  names.scores = D.operands.at(0);
  const Step* scores = find_step(truth, names.scores);
  if (!scores) return std::nullopt;
  if (scores->operation == Operation::mask) {
    names.M = names.scores;
    names.unmasked = scores->operands.at(0);
  }
  return names;
}

std::map<Index, std::vector<RowWay>> find_row_ways(const Example& truth, const Attempt& attempt,
                                                   const SoftmaxNames& names) {
  std::map<Index, std::vector<RowWay>> found;
  std::vector<Constant> constants;
  for (int round = 0; round < 2; ++round)  // a constant of one row may be that of the others
    for (Index i = 0; i < find_step(truth, names.D)->exact.rows(); ++i) {
      const Row row(truth, attempt, names, i);
      if (found.count(i) || !row.has_wrong()) continue;
      try {
        const auto ways = row.ways(constants);
        if (ways.empty()) continue;
        found[i] = ways;
        if (ways.front().constant) constants.push_back({*ways.front().constant});
      } catch (const numbers::TooMuchWork&) {
        throw;
      } catch (const numbers::Error&) {
      }
    }
  return found;
}

}  // namespace grading
