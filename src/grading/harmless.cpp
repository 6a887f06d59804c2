#include "grading/harmless.hpp"

#include <algorithm>
#include <functional>

#include "mistakes/rules.hpp"
#include "numbers/error.hpp"

namespace grading {
namespace {

using derivation::Example;
using Names = std::vector<std::string>;

/// The steps from the scores to the weights of one head; with M where the mask is spoken of.
const Names after_the_scores = {"m", "D", "E", "l"};
const Names with_the_mask = {"M", "m", "D", "E", "l"};

StepGrade* find_grade(ExampleGrade& grade, const std::string& name) {
  const auto found = std::find_if(grade.steps.begin(), grade.steps.end(),
                                  [&](const StepGrade& step) { return step.name == name; });
  return found == grade.steps.end() ? nullptr : &*found;
}

/// What is written of one row, with what each entry would be.
template <typename Scalar>
struct Piece {
  const Claim* claim;
  bool visible;
  Scalar value;
};

/// Another way to the same weights: the tables of m, D, E and l on it.
template <typename Scalar>
using Way = std::map<std::string, Table<Scalar>>;

/// Everything that is written in row i of these tables.
template <typename Scalar>
std::vector<Piece<Scalar>> pieces(const Way<Scalar>& way, const Written& written, const std::string& index,
                                  Index i) {
  std::vector<Piece<Scalar>> all;
  for (const auto& [name, table] : way) {
    const auto claims = written.find(name + index);
    if (claims == written.end()) continue;
    const auto& row = claims->second[static_cast<std::size_t>(i)];
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j].kind != Claim::Kind::unanswered)
        all.push_back(
            {&row[j], table.visible(i, static_cast<Index>(j)), table.values(i, static_cast<Index>(j))});
  }
  return all;
}

/// At least two entries that are numbers on this way, those that follow from others among them, and all
/// others on it too: a single one could be explained by anything.
template <typename Scalar>
bool explains(const Way<Scalar>& way, const Written& written, const std::string& index, Index i,
              std::size_t following = 0) {
  const auto all = pieces(way, written, index, i);
  const auto numbers =
      std::count_if(all.begin(), all.end(), [](const Piece<Scalar>& piece) { return piece.visible; });
  return static_cast<std::size_t>(numbers) + following > 1 &&
         std::all_of(all.begin(), all.end(), [](const Piece<Scalar>& piece) {
           return piece.visible ? piece.claim->is_number() && piece.claim->allows(piece.value)
                                : piece.claim->kind == Claim::Kind::hidden;
         });
}

/// One head of one example.
template <typename Scalar>
class Ways {
 public:
  Ways(const mistakes::Values<Scalar>& values, const Written& written, const std::string& index)
      : values_(values), written_(written), index_(index) {}

  bool has(const std::string& name) const { return values_.count(name + index_) > 0; }

  /// Whether the row is right without the mask; that M is so as well is asked where M is not right.
  bool unmasked(Index i, bool with_M) const {
    if (!has("M") || !has("Z")) return false;
    const auto& Z = of("Z");
    const auto m = mistakes::maxima_of_rows(Z), D = mistakes::minus(Z, m);
    const auto E = mistakes::exponentials(D);
    Way<Scalar> way = {{"m", m}, {"D", D}, {"E", E}, {"l", mistakes::sums_of_rows(E)}};
    if (with_M) way["M"] = Z;
    return explains(way, written_, index_, i);
  }

  /// Whether the row is right with another constant. It is read off the first entry that is written.
  bool shifted(Index i, std::size_t following) const {
    if (const auto c = constant(i)) {
      const Scalar factor = exponential_of(*c);
      return explains(moved(i, *c, factor), written_, index_, i, following);
    }
    if (const auto factor = ratio(i))
      return explains(moved(i, Scalar(0), *factor), written_, index_, i, following);
    return false;
  }

 private:
  const Table<Scalar>& of(const std::string& name) const { return values_.at(name + index_); }

  const Claim* claim(const std::string& name, Index i, Index j) const {
    const auto found = written_.find(name + index_);
    if (found == written_.end()) return nullptr;
    const Claim& entry = found->second[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    return entry.is_number() && of(name).visible(i, j) ? &entry : nullptr;
  }

  /// D − D', or m' − m: what was taken off less.
  std::optional<Scalar> constant(Index i) const {
    if (const Claim* m = claim("m", i, 0)) return of("m").values(i, 0) - number(*m);
    for (Index j = 0; j < of("D").cols(); ++j)
      if (const Claim* D = claim("D", i, j)) return number(*D) - of("D").values(i, j);
    return std::nullopt;
  }

  /// E'/E or l'/l.
  std::optional<Scalar> ratio(Index i) const {
    for (Index j = 0; j < of("E").cols(); ++j)
      if (const Claim* E = of("D").visible(i, j) ? claim("E", i, j) : nullptr)
        return number(*E) / of("E").values(i, j);
    if (const Claim* l = claim("l", i, 0)) return number(*l) / of("l").values(i, 0);
    return std::nullopt;
  }

  Way<Scalar> moved(Index i, const Scalar& constant, const Scalar& factor) const {
    Way<Scalar> way = {{"m", of("m")}, {"D", of("D")}, {"E", of("E")}, {"l", of("l")}};
    way["m"].values(i, 0) -= constant;
    for (Index j = 0; j < way["D"].cols(); ++j) {
      way["D"].values(i, j) += constant;
      way["E"].values(i, j) *= factor;
    }
    way["l"].values(i, 0) *= factor;
    return way;
  }

  static Exact number(const Claim& claim, const Exact&) { return claim.value; }
  static Enclosure number(const Claim& claim, const Enclosure&) { return claim.interval(); }
  static Scalar number(const Claim& claim) { return number(claim, Scalar()); }
  static Scalar exponential_of(const Scalar& c) { return exp(c); }

  const mistakes::Values<Scalar>& values_;
  const Written& written_;
  const std::string& index_;
};

/// Decides for each row that has wrong entries on the way to right weights.
class Judge {
 public:
  Judge(ExampleGrade& grade, const Example& truth, const Written& written)
      : grade_(grade), truth_(truth), written_(written) {}

  void excuse(const std::string& index) {
    const StepGrade* A = find_grade(grade_, "A" + index);
    for (const char* name : {"m", "D", "E", "l"})
      if (!find_step(truth_, name + index)) return;
    for (std::size_t i = 0; A && i < A->entries.size(); ++i)
      if (is_right(A->entries[i], true) && has_wrong(with_the_mask, index, i))
        excuse_row(index, i, is_right(A->entries[i], false));
  }

 private:
  /// Whether the row is answered, and right; or follows from what stands before, where that is enough.
  static bool is_right(const std::vector<EntryGrade>& row, bool or_follows) {
    bool answered = false;
    for (const EntryGrade& entry : row) {
      if (entry.verdict == Verdict::unanswered) continue;
      if (entry.verdict != Verdict::right && !(or_follows && entry.verdict == Verdict::right_given))
        return false;
      answered = true;
    }
    return answered;
  }

  bool has_wrong(const Names& names, const std::string& index, std::size_t i) const {
    for (const std::string& name : names)
      if (const StepGrade* step = find_grade(grade_, name + index))
        for (const EntryGrade& entry : step->entries[i])
          if (entry.verdict == Verdict::wrong) return true;
    return false;
  }

  /// What follows from shifted scores is right with rounding carried along; what follows from unmasked ones
  /// has to be the right weights themselves.
  void excuse_row(const std::string& index, std::size_t i, bool truly_right) {
    const bool with_M = has_wrong({"M"}, index, i);
    std::size_t following = 0;
    const Written own = without_what_follows(index, i, following);
    if (explained(own, index, i, [&](const auto& ways, Index row) { return ways.shifted(row, following); }))
      call_right(after_the_scores, index, i, "another-constant-subtracted");
    else if (truly_right && explained(written_, index, i, [&](const auto& ways, Index row) {
               return ways.unmasked(row, with_M);
             }))
      call_right(with_the_mask, index, i, "masked-after-softmax-and-renormalised");
  }

  /// What is written of the row, but for the entries that follow from others of it: these are counted.
  Written without_what_follows(const std::string& index, std::size_t i, std::size_t& following) const {
    Written own;
    for (const std::string& name : after_the_scores) {
      const auto claims = written_.find(name + index);
      if (claims == written_.end()) continue;
      Claims& mine = own[name + index] = claims->second;
      const auto& grades = find_grade(grade_, name + index)->entries[i];
      for (std::size_t j = 0; j < grades.size(); ++j) {
        if (grades[j].verdict != Verdict::right_given) continue;
        mine[i][j] = Claim();
        ++following;
      }
    }
    return own;
  }

  /// To the digits written; and where everything is written in closed form, exactly.
  template <typename Question>
  bool explained(const Written& written, const std::string& index, std::size_t i, Question question) {
    const Index row = static_cast<Index>(i);
    try {
      if (enclosed_.empty()) enclosed_ = mistakes::right_values<Enclosure>(truth_);
      if (!question(Ways<Enclosure>(enclosed_, written, index), row)) return false;
      if (has_decimals(index, i)) return true;
      if (exact_.empty()) exact_ = mistakes::right_values<Exact>(truth_);
      return question(Ways<Exact>(exact_, written, index), row);
    } catch (const numbers::Error&) {
    } catch (const derivation::Error&) {
    }
    return false;
  }

  bool has_decimals(const std::string& index, std::size_t i) const {
    for (const std::string& name : with_the_mask) {
      const auto claims = written_.find(name + index);
      if (claims == written_.end()) continue;
      for (const Claim& claim : claims->second[i])
        if (claim.kind == Claim::Kind::decimal) return true;
    }
    return false;
  }

  void call_right(const Names& names, const std::string& index, std::size_t i, const std::string& mistake) {
    const mistakes::Mistake& found = *mistakes::find_mistake(mistake);
    for (const std::string& name : names) {
      StepGrade* step = find_grade(grade_, name + index);
      if (!step) continue;
      for (EntryGrade& entry : step->entries[i])
        if (entry.verdict == Verdict::wrong || entry.verdict == Verdict::right_given) {
          entry.verdict = Verdict::right;
          step->praise =
              Explanation{found.name, found.kind, step->name, found.what, found.why, found.chapter};
        }
    }
  }

  mistakes::Values<Enclosure> enclosed_;
  mistakes::Values<Exact> exact_;
  ExampleGrade& grade_;
  const Example& truth_;
  const Written& written_;
};

}  // namespace

void excuse_harmless(ExampleGrade& grade, const Example& truth, const Written& written) {
  Judge judge(grade, truth, written);
  for (const derivation::Step& step : truth.steps) {
    const mistakes::StepName name = mistakes::split_name(step.name);
    if (name.base == "A") judge.excuse(step.name.substr(1));
  }
}

}  // namespace grading
