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

/// The middle of an enclosure.
Exact middle(const Enclosure& value) { return Exact(lower(value) + upper(value)) / Exact(2); }

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

Step step_of(const Record& record, int digits) {
  const Term& term = record.term;
  Step step;
  step.name = term.name;
  step.title = record.title;
  step.kind = record.kind;
  step.detail = record.detail;
  step.formula = record.kind == Kind::given ? "" : term.formula;
  step.operation = term.operation;
  step.operands = term.operands;
  step.labels = term.labels;
  step.exact = term.exact;
  step.machine = term.machine;
  step.decimal = decimals(step.exact, digits);
  step.gap = gap(step.machine, step.exact);
  if (record.enclosures) certify(step, *record.enclosures, digits);
  return step;
}

Example example_of(const RecordedExample& recorded, int digits) {
  Example example{recorded.name, recorded.title, {}, recorded.facts, recorded.figures};
  for (const Record& record : recorded.records) example.steps.push_back(step_of(record, digits));
  return example;
}

}  // namespace

RecordedExample& Page::current() {
  if (examples_.empty()) throw Error("start with page.example(name, title): a step belongs to an example");
  return examples_.back();
}

void Page::example(const std::string& name, const std::string& title) {
  for (const auto& other : examples_)
    if (other.name == name) throw Error("there are two examples named " + name);
  examples_.push_back({name, title, {}, {}, {}});
  tokens_.clear();
  details_ = false;
}

void Page::details() { details_ = true; }

void Page::tokens(const std::vector<std::string>& words) { tokens_ = words; }

Term Page::record(const std::string& name, const std::string& title, Kind kind, Term term) {
  RecordedExample& example = current();
  for (const auto& other : example.records)
    if (other.term.name == name)
      throw Error(place(example.name, name) + "there is already a step of this name");
  for (const std::string& operand : term.operands)
    if (operand.empty())
      throw Error(place(example.name, name) +
                  "one operation a step: make the inner expression a step of its own");
  if (change_) change_(example.name, name, term);
  term.name = name;
  example.records.push_back({title, kind, details_, term});
  term.formula = tex_name(name);
  term.is_atom = true;
  return term;
}

Term Page::given(const std::string& name, const std::string& title, const Matrix<Exact>& values) {
  Term term = literal(values);
  if (has_token_rows(name) && static_cast<std::size_t>(values.rows()) == tokens_.size())
    term.labels.rows = tokens_;
  return record(name, title, Kind::given, std::move(term));
}

Term Page::given(const std::string& name, const std::string& title, const Entries& entries) {
  return given(name, title, evaluated(place(current().name, name), entries));
}

Term Page::given(const std::string& name, const Entries& entries) {
  return given(name, usual_title(name), entries);
}

Term Page::step(const std::string& name, const std::string& title, const Term& expression) {
  return record(name, title, Kind::step, expression);
}

Term Page::detail(const std::string& name, const std::string& title, const Term& expression) {
  Term term = record(name, title, Kind::step, expression);
  mark_detail();
  return term;
}

void Page::mark_detail() { current().records.back().detail = true; }

void Page::mark_all_details() {
  for (Record& record : current().records) record.detail = true;
}

Term Page::step(const std::string& name, const Term& expression) {
  return step(name, usual_title(name), expression);
}

Term Page::computed(const std::string& name, const std::string& title, const std::string& formula,
                    const Computed& values, const Labels& labels) {
  Term term;
  term.exact = Table<Exact>(values.exact);
  term.machine = Table<double>(values.machine);
  term.labels = labels;
  term.formula = formula;
  term.operation = Operation::computed;
  term.operands = values.operands;
  return record(name, title, Kind::step, std::move(term));
}

Term Page::certified(const std::string& name, const std::string& title, const std::string& formula,
                     const Enclosed& values, const Labels& labels) {
  const Matrix<Exact> middles =
      values.enclosures.unaryExpr([](const Enclosure& value) { return middle(value); });
  const Term term = computed(name, title, formula, {middles, values.machine, values.operands}, labels);
  current().records.back().enclosures = values.enclosures;
  return term;
}

void Page::fact(const std::string& claim, const Condition& condition) {
  current().facts.push_back({claim, condition.answer() == Answer::yes, "exact"});
}

void Page::figure(const Figure& figure) { current().figures.push_back(figure); }

Example Page::written_so_far(int digits) const {
  if (examples_.empty()) throw Error("start with page.example(name, title): nothing is written yet");
  return example_of(examples_.back(), digits);
}

Computed known(const Matrix<Exact>& values) { return {values, as_scalars<double>(values)}; }
Computed known_integers(const Matrix<int>& values) {
  return known(values.unaryExpr([](int value) { return Exact(value); }));
}
Computed zeros_and_ones(const Mask& mask) { return known_integers(mask.cast<int>()); }

Derivation written(const Page& page, const std::string& chapter, const std::string& title, int digits) {
  Derivation derivation{chapter, title, {}};
  for (const RecordedExample& recorded : page.examples())
    derivation.examples.push_back(example_of(recorded, digits));
  return derivation;
}

Derivation derive(const std::string& chapter, const std::string& title, int digits,
                  const std::function<void(Page&)>& write) {
  Page page;
  write(page);
  return written(page, chapter, title, digits);
}

Matrix<Exact> constant(Index rows, Index cols, const Exact& value) {
  return Matrix<Exact>::Constant(rows, cols, value);
}

Entries column(const std::vector<std::string>& entries) {
  Entries rows;
  for (const std::string& entry : entries) rows.push_back({entry});
  return rows;
}

Matrix<Exact> ones(const Term& like) { return constant(like.rows(), 1, Exact(1)); }

Computed made_of(const std::vector<std::string>& operands, Computed values) {
  values.operands = operands;
  return values;
}

Computed stacked(const std::vector<Term>& tables) {
  Index rows = 0;
  for (const Term& table : tables) {
    if (table.cols() != tables.front().cols())
      throw Error("tables one below the other need as many columns: " + attention::shape(table.values()) +
                  " does not fit below " + attention::shape(tables.front().values()));
    rows += table.rows();
  }
  Computed all{Matrix<Exact>(rows, tables.at(0).cols()), Matrix<double>(rows, tables.at(0).cols())};
  Index row = 0;
  for (const Term& table : tables) {
    all.exact.middleRows(row, table.rows()) = table.values();
    all.machine.middleRows(row, table.rows()) = table.doubles();
    row += table.rows();
  }
  return all;
}

}  // namespace derivation
