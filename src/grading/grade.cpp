#include "grading/grade.hpp"

#include <algorithm>
#include <limits>

#include "grading/chain.hpp"
#include "grading/claim.hpp"
#include "grading/explain.hpp"
#include "grading/harmless.hpp"
#include "numbers/decimal.hpp"
#include "numbers/work.hpp"
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
  if (before.exact()) {
    if (before.exact()->visible(i, j) != step.exact.visible(i, j)) return false;
    return !step.exact.visible(i, j) || before.exact()->values(i, j) == step.exact.values(i, j);
  }
  if (before.enclosed().visible(i, j) != step.exact.visible(i, j)) return false;
  return !step.exact.visible(i, j) ||
         overlap(before.enclosed().values(i, j), Enclosure(step.exact.values(i, j)));
}

bool is_rounded_to_whole(const Claim& claim, const Step& step, Index i, Index j) {
  if (claim.kind != Claim::Kind::whole || !step.exact.visible(i, j)) return false;
  const Exact& truth = step.exact.values(i, j);
  return !is_integer(truth) && abs(Exact(truth - claim.value)) <= Exact(1) / Exact(2);
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
  if (before.is_divided_by_zero(i, j)) return "";
  if (!before.enclosed().visible(i, j)) return "-inf";
  return "about " + numbers::decimal(numbers::exactly(midpoint(before.enclosed().values(i, j))), 7);
}

EntryGrade graded(const paper::Entry& entry, const Claim& claim, const Step& step, const ChainValue& before,
                  Index i, Index j) {
  EntryGrade grade{entry.place, entry.text, Verdict::wrong, false, shown(step.exact, i, j), ""};
  if (claim.kind == Claim::Kind::unanswered) {
    grade.verdict = Verdict::unanswered;
  } else if (is_right(claim, step, i, j)) {
    grade.verdict = Verdict::right;
    grade.few_digits = claim.kind == Claim::Kind::decimal && claim.significant_digits < telling_digits &&
                       claim.value != step.exact.values(i, j);
  } else if (!before.is_right() && before.explains(claim, i, j)) {
    grade.verdict = Verdict::right_given;
  } else if (is_rounded_to_whole(claim, step, i, j)) {
    grade.verdict = Verdict::too_short;
  } else if (before.is_known()) {
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

/// Grades an example: its steps in the order of the derivation, whatever their order on the paper.
class Grader {
 public:
  Grader(const std::string& file, const paper::WrittenExample& written, const derivation::Example& truth)
      : file_(file), written_(written), truth_(truth), chain_(truth) {}

  ExampleGrade grade(double& largest_gap) {
    for (const paper::WrittenMatrix& matrix : written_.matrices)
      require_shape(file_, matrix, step_of(file_, matrix, truth_));
    ExampleGrade result{written_.name, {}};
    for (const Step& step : truth_.steps) {
      const ChainValue before = chain_.from_before(step);
      const paper::WrittenMatrix* matrix = written_.matrix(step.name);
      const Claims claims = matrix ? claims_of(file_, *matrix, step.kind) : Claims{};
      if (matrix) result.steps.push_back(grade_step(*matrix, claims, step, before, largest_gap));
      chain_.enter(step, before, claims);
      if (matrix) claims_[step.name] = claims;
    }
    excuse_harmless(result, truth_, claims_);
    explain(result, truth_, chain_, claims_);
    return result;
  }

 private:
  StepGrade grade_step(const paper::WrittenMatrix& matrix, const Claims& claims, const Step& step,
                       const ChainValue& before, double& largest_gap) const {
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
          largest_gap = std::numeric_limits<double>::infinity();
        if (claims[i][j].is_number() && step.machine.visible(row, col))
          largest_gap =
              std::max(largest_gap, derivation::distance(step.machine.values(row, col), claims[i][j].value));
      }
    }
    return grade;
  }

  const std::string& file_;
  const paper::WrittenExample& written_;
  const derivation::Example& truth_;
  Chain chain_;
  std::map<std::string, Claims> claims_;
};

}  // namespace

std::vector<EntryPlace> StepGrade::wrong_entries() const {
  std::vector<EntryPlace> wrong;
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (std::size_t j = 0; j < entries[i].size(); ++j)
      if (entries[i][j].verdict == Verdict::wrong)
        wrong.push_back({static_cast<Index>(i), static_cast<Index>(j)});
  return wrong;
}

int count(const Grades& grades, Verdict verdict) {
  int found = 0;
  for (const ExampleGrade& example : grades.examples)
    for (const StepGrade& step : example.steps)
      for (const auto& row : step.entries)
        for (const EntryGrade& entry : row)
          if (entry.verdict == verdict && (!step.is_given || verdict == Verdict::wrong)) ++found;
  return found;
}

bool all_right(const Grades& grades) {
  const int good = count(grades, Verdict::right) + count(grades, Verdict::right_given);
  return good > 0 && count(grades, Verdict::wrong) == 0 && count(grades, Verdict::too_short) == 0;
}

Grades grade(const paper::Paper& paper, const derivation::Derivation& derivation) {
  Grades grades;
  for (const paper::WrittenExample& written : paper.examples) {
    const derivation::Example* truth = find_example(derivation, written.name);
    if (!truth)
      throw paper::FileError(paper.file, written.place,
                             "the derivation of " + derivation.chapter + " has no example " + written.name);
    try {
      grades.examples.push_back(Grader(paper.file, written, *truth).grade(grades.largest_gap));
    } catch (const numbers::TooMuchWork& error) {
      throw paper::FileError(paper.file, written.place, paper::in_example(written) + error.what());
    }
  }
  return grades;
}

}  // namespace grading
