#include "grading/attempt.hpp"

#include <algorithm>
#include <limits>

#include "grading/claim.hpp"
#include "grading/stand_ins.hpp"
#include "numbers/decimal.hpp"
#include "paper/inputs.hpp"

namespace grading {
namespace {

using derivation::Step;

/// A decimal of one significant digit leaves room for most wrong values of its size.
constexpr int telling_digits = 2;

const std::string& file_of(const std::string& paper, const paper::WrittenMatrix& matrix) {
  return matrix.file.empty() ? paper : matrix.file;
}

/// What the entries claim. In a given, a decimal was chosen and not rounded: 0.50 is one half.
Claims claims_of(const std::string& file, const paper::WrittenMatrix& matrix, derivation::Kind kind) {
  Claims claims(matrix.rows.size());
  for (std::size_t i = 0; i < matrix.rows.size(); ++i)
    for (const paper::Entry& entry : matrix.rows[i]) {
      claims[i].push_back(claim_of(file_of(file, matrix), entry));
      Claim& claim = claims[i].back();
      if (kind == derivation::Kind::given && claim.kind == Claim::Kind::decimal) claim = claim.as_chosen();
    }
  return claims;
}

bool is_right(const Claim& claim, const Step& step, Index i, Index j) {
  if (!step.exact.visible(i, j)) return claim.kind == Claim::Kind::hidden;
  return claim.allows(step.exact.values(i, j));
}

/// Whether what stands before leads to the true value: then there is nothing else to say of it.
bool agrees(const ChainValue& before, const Step& step, Index i, Index j) {
  if (before.is_right()) return true;
  if (!before.is_known(i, j)) return false;
  if (before.exact()) {
    if (before.exact()->visible(i, j) != step.exact.visible(i, j)) return false;
    return !step.exact.visible(i, j) || before.exact()->values(i, j) == step.exact.values(i, j);
  }
  if (before.enclosed().visible(i, j) != step.exact.visible(i, j)) return false;
  return !step.exact.visible(i, j) ||
         overlap(before.enclosed().values(i, j), Enclosure(step.exact.values(i, j)));
}

/// How far a whole number is off from a value that is not whole; nothing where it is another kind of claim.
std::optional<Exact> off_from_whole(const Claim& claim, const Step& step, Index i, Index j) {
  if (claim.kind != Claim::Kind::whole || !step.exact.visible(i, j)) return std::nullopt;
  const Exact& truth = step.exact.values(i, j);
  if (is_integer(truth)) return std::nullopt;
  return abs(Exact(truth - claim.value));
}

/// Nearer than any double: 103 for 103 − 10^-75 is what every program and every sheet says. A 0 has no size,
/// and what is small is not nothing.
bool is_whole_to_a_double(const Claim& claim, const Step& step, Index i, Index j) {
  const auto off = off_from_whole(claim, step, i, j);
  return off && *off <= abs(claim.value) / pow(Exact(2), 53);
}

/// Too short: the same number with a point and a 0 would be right. What is farther off is wrong.
bool is_rounded_to_whole(const Claim& claim, const Step& step, Index i, Index j) {
  const auto off = off_from_whole(claim, step, i, j);
  return off && *off <= Exact(1) / Exact(20);
}

constexpr int shown_digits = 8;

std::string shown(const std::string& closed, const std::string& decimal) {
  constexpr std::size_t readable = 40;
  if (closed == decimal) return closed;
  return closed.size() > readable ? decimal : decimal + ", exactly " + closed;
}

std::string shown(const Table<Exact>& table, Index i, Index j) {
  if (!table.visible(i, j)) return "-inf";
  return shown(print(table.values(i, j), numbers::Notation::unicode),
               numbers::decimal(table.values(i, j), shown_digits));
}

std::string shown(const ChainValue& before, Index i, Index j) {
  if (before.exact()) return shown(*before.exact(), i, j);
  if (!before.enclosed().visible(i, j)) return "-inf";
  return "about " + numbers::decimal(numbers::exactly(midpoint(before.enclosed().values(i, j))), 7);
}

EntryGrade graded(const paper::Entry& entry, const Claim& claim, const Step& step, const ChainValue& before,
                  Index i, Index j) {
  EntryGrade grade{entry.place, entry.text, Verdict::wrong, false, shown(step.exact, i, j), ""};
  if (claim.kind == Claim::Kind::unanswered) {
    grade.verdict = Verdict::unanswered;
  } else if (is_right(claim, step, i, j) || is_whole_to_a_double(claim, step, i, j)) {
    grade.verdict = Verdict::right;
    grade.few_digits = claim.kind == Claim::Kind::decimal && claim.significant_digits < telling_digits &&
                       claim.value != step.exact.values(i, j);
  } else if (!before.is_right() && before.explains(claim, i, j)) {
    grade.verdict = Verdict::right_given;
  } else if (is_rounded_to_whole(claim, step, i, j)) {
    grade.verdict = Verdict::too_short;
  } else if (before.is_known(i, j)) {
    if (!agrees(before, step, i, j)) grade.given_before = shown(before, i, j);
  }
  return grade;
}

void require_shape(const std::string& file, const paper::WrittenMatrix& matrix, const Step& step) {
  if (matrix.row_count() == step.exact.rows() && matrix.col_count() == step.exact.cols()) return;
  throw paper::FileError(file_of(file, matrix), matrix.place,
                         matrix.name + " has " + std::to_string(matrix.row_count()) + "×" +
                             std::to_string(matrix.col_count()) + " entries here, and " +
                             attention::shape(step.exact.values) + " in the derivation");
}

const Step& step_of(const std::string& file, const paper::WrittenMatrix& matrix,
                    const derivation::Example& truth) {
  const Step* step = find_step(truth, matrix.name);
  if (step) return *step;
  std::string known;
  for (const Step& each : truth.steps) known += " " + each.name;
  throw paper::FileError(
      file, matrix.place,
      "unknown name " + matrix.name + ": example " + truth.name + " has the steps" + known);
}

/// Grades one example against one way.
class Grader {
 public:
  Grader(const std::string& file, const paper::WrittenExample& written, const Way& way)
      : file_(file), written_(written), way_(way), result_{{written.name, {}}, Chain(way.truth), {}, 0} {}

  Attempt grade() {
    for (const paper::WrittenMatrix& matrix : written_.matrices)
      require_shape(file_, matrix, step_of(file_, matrix, way_.truth));
    for (const Step& step : way_.truth.steps) {
      const ChainValue before = result_.chain.from_before(step);
      if (const paper::WrittenMatrix* matrix = written_.matrix(step.name))
        grade(*matrix, step, before);
      else
        result_.chain.enter(step, before, assumed(step));
    }
    return std::move(result_);
  }

 private:
  Claims assumed(const Step& step) const {
    const auto found = way_.assumed.find(step.name);
    return found == way_.assumed.end() ? Claims{} : found->second;
  }

  void grade(const paper::WrittenMatrix& matrix, const Step& step, const ChainValue& before) {
    Claims claims = claims_of(file_, matrix, step.kind);
    StandIns stand_ins = hidden_in_other_words(claims, step, way_.truth);
    result_.grade.steps.push_back(grade_step(matrix, stand_ins.claims, step, before));
    for (const EntryPlace& place : stand_ins.places) call_right(result_.grade.steps.back(), place);
    if (!stand_ins.places.empty()) result_.grade.steps.back().praise = praise_of(stand_ins.way, step.name);
    result_.claims[step.name] = stand_ins.claims;
    for (std::size_t i = 0; i < claims.size(); ++i)
      if (way_.kept.count({step.name, static_cast<Index>(i)}))
        for (Claim& claim : stand_ins.claims[i]) claim = Claim();
    result_.chain.enter(step, before, stand_ins.claims);
  }

  static void call_right(StepGrade& step, const EntryPlace& place) {
    EntryGrade& entry =
        step.entries[static_cast<std::size_t>(place.row)][static_cast<std::size_t>(place.col)];
    entry.verdict = Verdict::right;
    entry.given_before.clear();
  }

  StepGrade grade_step(const paper::WrittenMatrix& matrix, const Claims& claims, const Step& step,
                       const ChainValue& before) {
    StepGrade grade;
    grade.name = step.name;
    grade.is_given = step.kind == derivation::Kind::given;
    grade.file = file_of(file_, matrix);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      grade.entries.emplace_back();
      for (std::size_t j = 0; j < claims[i].size(); ++j) {
        const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
        grade.entries[i].push_back(graded(matrix.rows[i][j], claims[i][j], step, before, row, col));
        if (claims[i][j].kind == Claim::Kind::not_finite)
          result_.largest_gap = std::numeric_limits<double>::infinity();
        if (claims[i][j].is_number() && step.machine.visible(row, col))
          result_.largest_gap = std::max(
              result_.largest_gap, derivation::distance(step.machine.values(row, col), claims[i][j].value));
      }
    }
    return grade;
  }

  const std::string& file_;
  const paper::WrittenExample& written_;
  const Way& way_;
  Attempt result_;
};

}  // namespace

Attempt attempt(const std::string& file, const paper::WrittenExample& written, const Way& way) {
  return Grader(file, written, way).grade();
}

int wrong_in(const ExampleGrade& grade) {
  int wrong = 0;
  for (const StepGrade& step : grade.steps)
    if (!step.is_given) wrong += static_cast<int>(step.wrong_entries().size());
  return wrong;
}

const StepGrade* find_grade(const ExampleGrade& grade, const std::string& name) {
  const auto found = std::find_if(grade.steps.begin(), grade.steps.end(),
                                  [&](const StepGrade& step) { return step.name == name; });
  return found == grade.steps.end() ? nullptr : &*found;
}

StepGrade* find_grade(ExampleGrade& grade, const std::string& name) {
  return const_cast<StepGrade*>(find_grade(static_cast<const ExampleGrade&>(grade), name));
}

}  // namespace grading
