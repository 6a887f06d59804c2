#include "derivation/page.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "derivation/names.hpp"
#include "numbers/decimal.hpp"
#include "numbers/expression.hpp"

namespace derivation {
namespace {

std::string place(const std::string& example, const std::string& name) {
  return "example " + example + ", " + name + ": ";
}

Matrix<Exact> evaluated(const std::string& where, const Entries& entries) {
  if (entries.empty() || entries.front().empty()) throw Error(where + "a matrix needs at least one entry");
  const std::size_t rows = entries.size(), cols = entries.front().size();
  Matrix<Exact> values(static_cast<Index>(rows), static_cast<Index>(cols));
  for (std::size_t i = 0; i < rows; ++i) {
    if (entries[i].size() != cols)
      throw Error(where + "row " + std::to_string(i) + " has " + std::to_string(entries[i].size()) +
                  " entries, row 0 has " + std::to_string(cols));
    for (std::size_t j = 0; j < cols; ++j)
      values(static_cast<Index>(i), static_cast<Index>(j)) = numbers::evaluate(entries[i][j]);
  }
  return values;
}

/// Tokens label the rows of what has one row a token.
bool has_token_rows(const std::string& name) {
  return name == "X" || name == "Q" || name == "K" || name == "V";
}

/// The middle of an enclosure, or the double itself.
Exact middle(const Enclosure& value) { return Exact(lower(value) + upper(value)) / Exact(2); }
double middle(double value) { return value; }

/// The enclosures of an exact run; the other runs have none.
std::optional<Matrix<Enclosure>> enclosures_of(const Matrix<Enclosure>& values) { return values; }
std::optional<Matrix<Enclosure>> enclosures_of(const Matrix<double>&) { return std::nullopt; }

/// How far the double is from the far end of the enclosure: the value's distance, as far as it is known.
double distance_from(const Enclosure& enclosure, double machine) {
  if (!std::isfinite(machine)) return std::numeric_limits<double>::infinity();
  return numbers::to_double(upper(abs(Enclosure(numbers::exactly(machine)) - enclosure)));
}

/// The digits that the enclosures decide; the exact table holds these and nothing else, as it would when they
/// are read back from JSON.
void certify(Step& step, const Matrix<Enclosure>& enclosures, int digits) {
  step.has_closed_form = false;
  step.gap = 0;
  for (Index i = 0; i < enclosures.rows(); ++i)
    for (Index j = 0; j < enclosures.cols(); ++j) {
      std::string& decimal = step.decimal[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      decimal = numbers::decimal(enclosures(i, j), digits);
      if (decimal == "?") throw Error("step " + step.name + ": the enclosure of an entry decides no digit");
      step.exact.values(i, j) = numbers::evaluate(decimal);
      step.gap = std::max(step.gap, distance_from(enclosures(i, j), step.machine.values(i, j)));
    }
}

Step joined(const Record<Exact>& exact, const Record<double>& machine, int digits) {
  Step step;
  step.name = exact.term.name;
  step.title = exact.title;
  step.kind = exact.kind;
  step.detail = exact.detail;
  step.formula = exact.kind == Kind::given ? "" : exact.term.formula;
  step.operation = exact.term.operation;
  step.operands = exact.term.operands;
  step.labels = exact.term.labels;
  step.exact = exact.term.table;
  step.machine = machine.term.table;
  step.decimal = decimals(step.exact, digits);
  step.gap = gap(step.machine, step.exact);
  if (exact.enclosures) certify(step, *exact.enclosures, digits);
  return step;
}

}  // namespace

template <typename Scalar>
RecordedExample<Scalar>& Page<Scalar>::current() {
  if (examples_.empty()) throw Error("start with page.example(name, title): a step belongs to an example");
  return examples_.back();
}

template <typename Scalar>
void Page<Scalar>::example(const std::string& name, const std::string& title) {
  for (const auto& known : examples_)
    if (known.name == name) throw Error("there are two examples named " + name);
  examples_.push_back({name, title, {}, {}, {}});
  tokens_.clear();
  details_ = false;
}

template <typename Scalar>
void Page<Scalar>::details() {
  details_ = true;
}

template <typename Scalar>
void Page<Scalar>::tokens(const std::vector<std::string>& words) {
  tokens_ = words;
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::record(const std::string& name, const std::string& title, Kind kind,
                                  Term<Scalar> term) {
  RecordedExample<Scalar>& example = current();
  for (const auto& known : example.records)
    if (known.term.name == name)
      throw Error(place(example.name, name) + "there is already a step of this name");
  for (const std::string& operand : term.operands)
    if (operand.empty())
      throw Error(place(example.name, name) +
                  "one operation a step: make the inner expression a step of its own");
  if (change_) change_(example.name, name, term.table);
  term.name = name;
  example.records.push_back({title, kind, details_, term, std::nullopt});
  term.formula = tex_name(name);
  term.is_atom = true;
  return term;
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::given(const std::string& name, const std::string& title,
                                 const Matrix<Exact>& values) {
  Term<Scalar> term;
  term.table = Table<Scalar>(as_scalars<Scalar>(values));
  if (has_token_rows(name) && static_cast<std::size_t>(values.rows()) == tokens_.size())
    term.labels.rows = tokens_;
  return record(name, title, Kind::given, std::move(term));
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::given(const std::string& name, const std::string& title, const Entries& entries) {
  return given(name, title, evaluated(place(current().name, name), entries));
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::given(const std::string& name, const Entries& entries) {
  return given(name, usual_title(name), entries);
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::step(const std::string& name, const std::string& title,
                                const Term<Scalar>& expression) {
  return record(name, title, Kind::step, expression);
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::detail(const std::string& name, const std::string& title,
                                  const Term<Scalar>& expression) {
  Term<Scalar> term = record(name, title, Kind::step, expression);
  mark_detail();
  return term;
}

template <typename Scalar>
void Page<Scalar>::mark_detail() {
  current().records.back().detail = true;
}

template <typename Scalar>
void Page<Scalar>::mark_all_details() {
  for (Record<Scalar>& record : current().records) record.detail = true;
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::computed(const std::string& name, const std::string& title,
                                    const std::string& formula, const std::vector<std::string>& operands,
                                    const Matrix<Scalar>& values, const Labels& labels) {
  Term<Scalar> term;
  term.table = Table<Scalar>(values);
  term.labels = labels;
  term.formula = formula;
  term.operation = Operation::computed;
  term.operands = operands;
  return record(name, title, Kind::step, std::move(term));
}

template <typename Scalar>
Term<Scalar> Page<Scalar>::certified(const std::string& name, const std::string& title,
                                     const std::string& formula, const std::vector<std::string>& operands,
                                     const Matrix<Certified<Scalar>>& values, const Labels& labels) {
  const Matrix<Scalar> middles = values.unaryExpr([](const auto& value) -> Scalar { return middle(value); });
  const Term<Scalar> term = computed(name, title, formula, operands, middles, labels);
  current().records.back().enclosures = enclosures_of(values);
  return term;
}

template <typename Scalar>
void Page<Scalar>::fact(const std::string& claim, const Condition& condition) {
  current().facts.push_back({claim, condition.answer() == Answer::yes, "exact"});
}

template <typename Scalar>
void Page<Scalar>::figure(const Figure& figure) {
  current().figures.push_back(figure);
}

Derivation join(const std::string& chapter, const std::string& title, const Page<Exact>& exact,
                const Page<double>& machine, int digits) {
  Derivation derivation{chapter, title, {}};
  for (std::size_t e = 0; e < exact.examples().size(); ++e) {
    const auto& recorded = exact.examples()[e];
    Example example{recorded.name, recorded.title, {}, recorded.facts, recorded.figures};
    for (std::size_t s = 0; s < recorded.records.size(); ++s)
      example.steps.push_back(joined(recorded.records[s], machine.examples().at(e).records.at(s), digits));
    derivation.examples.push_back(std::move(example));
  }
  return derivation;
}

template class Page<Exact>;
template class Page<double>;

}  // namespace derivation
