#include "grading/other_ways.hpp"

#include <algorithm>
#include <optional>

#include "grading/row_ways.hpp"
#include "grading/score_ways.hpp"
#include "grading/stand_ins.hpp"
#include "numbers/error.hpp"
#include "numbers/work.hpp"

namespace grading {
namespace {

using derivation::Example;

bool is_wrong(const EntryGrade& entry) { return entry.verdict == Verdict::wrong; }

const std::vector<EntryGrade>* row_of(const ExampleGrade& grade, const std::string& step, Index i) {
  const StepGrade* found = find_grade(grade, step);
  return found ? &found->entries[static_cast<std::size_t>(i)] : nullptr;
}

bool has_wrong_in(const ExampleGrade& grade, const std::string& step, Index i) {
  const auto* row = row_of(grade, step, i);
  return row && std::any_of(row->begin(), row->end(), is_wrong);
}

/// Whether the row is answered, and nothing of it is wrong.
bool is_right_in(const ExampleGrade& grade, const std::string& step, Index i) {
  const auto* row = row_of(grade, step, i);
  const auto is_good = [](const EntryGrade& entry) {
    return entry.verdict == Verdict::right || entry.verdict == Verdict::right_given;
  };
  return row && std::any_of(row->begin(), row->end(), is_good) &&
         std::none_of(row->begin(), row->end(), [&](const EntryGrade& entry) {
           return !is_good(entry) && entry.verdict != Verdict::unanswered;
         });
}

bool is_answered_right(const StepGrade& step) {
  return !step.is_given && step.wrong_entries().empty() &&
         std::any_of(step.entries.begin(), step.entries.end(), [](const auto& row) {
           return std::any_of(row.begin(), row.end(), [](const EntryGrade& entry) {
             return entry.verdict == Verdict::right || entry.verdict == Verdict::right_given;
           });
         });
}

class Search {
 public:
  Search(const std::string& file, const paper::WrittenExample& written, const Example& truth)
      : file_(file),
        written_(written),
        truth_(truth),
        way_(std::make_shared<Way>(Way{truth})),
        best_(attempt(file, written, *way_)) {}

  Chosen best() {
    if (wrong_in(best_.grade) > 0) scale_otherwise();
    if (wrong_in(best_.grade) > 0) go_row_by_row();
    return {way_, std::move(best_)};
  }

 private:
  // ---- The scores ----

  /// The way with the fewest wrong entries.
  void scale_otherwise() {
    if (!has_wrong_scores()) return;
    std::shared_ptr<const Way> best_way;
    std::optional<Attempt> best;
    for (Way& other : score_ways(truth_)) {
      const auto way = std::make_shared<Way>(std::move(other));
      Attempt tried = attempt(file_, written_, *way);
      if (!explains(*way, tried) || (best && wrong_in(best->grade) <= wrong_in(tried.grade))) continue;
      best_way = way;
      best = std::move(tried);
    }
    if (!best) return;
    for (const std::string& step : best_way->changed) praise(best->grade, step, best_way->name);
    way_ = best_way;
    best_ = std::move(*best);
  }

  bool has_wrong_scores() const {
    return std::any_of(best_.grade.steps.begin(), best_.grade.steps.end(), [](const StepGrade& step) {
      static const std::set<std::string> names = {"Q", "K", "S", "M"};
      const bool is_score = names.count(mistakes::split_name(step.name).base) > 0;
      return is_score && !step.is_given && !step.wrong_entries().empty();
    });
  }

  /// Fewer entries are wrong, none in the steps that are made otherwise, and a step that the scaled scores
  /// lead to is written too: that they were used is shown.
  bool explains(const Way& way, const Attempt& tried) const {
    if (wrong_in(tried.grade) >= wrong_in(best_.grade)) return false;
    bool is_shown = false;
    for (const StepGrade& step : tried.grade.steps) {
      const std::string base = mistakes::split_name(step.name).base;
      if ((way.changed.count(step.name) || base == "Z") && !step.wrong_entries().empty()) return false;
      is_shown = is_shown || (base != "Q" && base != "K" && base != "V" && is_answered_right(step));
    }
    return is_shown;
  }

  void praise(ExampleGrade& grade, const std::string& step, const std::string& name) const {
    StepGrade* found = find_grade(grade, step);
    const StepGrade* before = find_grade(best_.grade, step);
    if (found && before && !before->wrong_entries().empty() && !found->praise)
      found->praise = praise_of(name, step);
  }

  // ---- Rows of scores ----

  void go_row_by_row() {
    for (const derivation::Step& step : truth_.steps)
      if (mistakes::split_name(step.name).base == "A")
        if (const auto names = softmax_names(way_->truth, step.name.substr(1))) go_row_by_row(*names);
  }

  /// Each row goes the first of its ways on which it is right, or the book's.
  void go_row_by_row(const SoftmaxNames& names) {
    auto candidates = find_row_ways(way_->truth, best_, names);
    while (!candidates.empty()) {
      RowWays rows;
      for (const auto& [i, ways] : candidates) rows[i] = ways.front();
      auto tried = on_these_rows(names, rows);
      if (!tried) return;
      bool all_shown = true;
      for (const auto& row : rows) {
        if (is_shown(names, row, tried->attempt.grade)) continue;
        all_shown = false;
        auto& ways = candidates.at(row.first);
        ways.erase(ways.begin());
        if (ways.empty()) candidates.erase(row.first);
      }
      if (!all_shown) continue;
      call_right(names, rows, *tried);
      way_ = tried->way;
      best_ = std::move(tried->attempt);
      return;
    }
  }

  /// Nothing where a constant of the reader's leads out of the field.
  std::optional<Chosen> on_these_rows(const SoftmaxNames& names, const RowWays& rows) const {
    try {
      const auto way = std::make_shared<Way>(with_row_ways(*way_, names, rows));
      Chosen tried{way, attempt(file_, written_, *way)};
      take_over_kept_rows(*way, tried.attempt);
      return tried;
    } catch (const numbers::TooMuchWork&) {
      throw;
    } catch (const numbers::Error&) {
      return std::nullopt;
    }
  }

  void take_over_kept_rows(const Way& way, Attempt& tried) const {
    for (const auto& [step, i] : way.kept)
      if (StepGrade* grade = find_grade(tried.grade, step))
        if (const auto* row = row_of(best_.grade, step, i))
          grade->entries[static_cast<std::size_t>(i)] = *row;
  }

  /// Everything that is written of the row follows; and where hidden keys went along, they are seen to be
  /// struck out.
  static bool is_shown(const SoftmaxNames& names, const RowWays::value_type& row, const ExampleGrade& grade) {
    const auto& [i, way] = row;
    for (const std::string& step : {names.m, names.D, names.E, names.l})
      if (has_wrong_in(grade, step, i)) return false;
    if (way.hidden_from == Stage::M) return true;
    if (has_wrong_in(grade, names.M, i) || has_wrong_in(grade, names.A, i)) return false;
    const std::map<Stage, std::string> struck_out = {
        {Stage::D, names.D}, {Stage::E, names.E}, {Stage::l, names.l}};
    const auto here = struck_out.find(way.hidden_from);
    if (here != struck_out.end() && is_right_in(grade, here->second, i)) return true;
    if (is_right_in(grade, names.A, i)) return true;
    const std::string index = names.A.substr(1);
    return !row_of(grade, names.A, i) &&
           (is_right_in(grade, "Y" + index, i) || is_right_in(grade, "C" + index, i));
  }

  void call_right(const SoftmaxNames& names, const RowWays& rows, Chosen& tried) const {
    for (const auto& [i, way] : rows)
      for (const std::string& name : {names.M, names.m, names.D, names.E, names.l})
        if (StepGrade* step = find_grade(tried.attempt.grade, name);
            step && !tried.way->kept.count({name, i}))
          call_right(*step, i, way.name);
  }

  void call_right(StepGrade& step, Index i, const std::string& name) const {
    const auto& before = *row_of(best_.grade, step.name, i);
    auto& row = step.entries[static_cast<std::size_t>(i)];
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (before[j].verdict == Verdict::right || before[j].verdict == Verdict::unanswered) continue;
      row[j].verdict = Verdict::right;
      step.praise = praise_of(name, step.name);
    }
  }

  const std::string& file_;
  const paper::WrittenExample& written_;
  const Example& truth_;
  std::shared_ptr<const Way> way_;
  Attempt best_;
};

}  // namespace

Chosen best_way(const std::string& file, const paper::WrittenExample& written, const Example& books) {
  return Search(file, written, books).best();
}

}  // namespace grading
