#pragma once
#include <initializer_list>
#include <utility>

#include "attention/matrix.hpp"
#include "mistakes/catalogue.hpp"
#include "numbers/eigen.hpp"

/// What the rooms of the catalogue are written with: a few words for what is done to tables, and how a rule
/// is made of a function that works with every number.
namespace mistakes {

// ---- Tables ----

template <typename Scalar>
Table<Scalar> times(const Table<Scalar>& a, const Table<Scalar>& b) {
  return derivation::apply<Scalar>(Operation::product, {a, b});
}
template <typename Scalar>
Table<Scalar> plus(const Table<Scalar>& a, const Table<Scalar>& b) {
  return derivation::apply<Scalar>(Operation::sum, {a, b});
}
template <typename Scalar>
Table<Scalar> minus(const Table<Scalar>& a, const Table<Scalar>& b) {
  return derivation::apply<Scalar>(Operation::difference, {a, b});
}
template <typename Scalar>
Table<Scalar> entrywise(const Table<Scalar>& a, const Table<Scalar>& b) {
  return derivation::apply<Scalar>(Operation::entrywise_product, {a, b});
}
template <typename Scalar>
Table<Scalar> over(const Table<Scalar>& a, const Table<Scalar>& b) {
  return derivation::apply<Scalar>(Operation::normalise, {a, b});
}
template <typename Scalar>
Table<Scalar> over(const Table<Scalar>& a, const Scalar& divisor) {
  Table<Scalar> b(1, 1);
  b.values(0, 0) = divisor;
  return derivation::apply<Scalar>(Operation::quotient, {a, b});
}
template <typename Scalar>
Table<Scalar> flip(const Table<Scalar>& a) {
  return derivation::transposed(a);
}
template <typename Scalar>
Table<Scalar> exponentials(const Table<Scalar>& a) {
  return derivation::apply<Scalar>(Operation::exponential, {a});
}
template <typename Scalar>
Table<Scalar> sums_of_rows(const Table<Scalar>& a) {
  return derivation::apply<Scalar>(Operation::row_sums, {a});
}
template <typename Scalar>
Table<Scalar> maxima_of_rows(const Table<Scalar>& a) {
  return derivation::apply<Scalar>(Operation::row_maxima, {a});
}
template <typename Scalar>
Table<Scalar> hidden_by(const Table<Scalar>& scores, const Table<Scalar>& may_look) {
  return derivation::apply<Scalar>(Operation::mask, {scores, may_look});
}

/// Hidden entries count as 0.
template <typename Scalar>
Table<Scalar> with_zeros(const Table<Scalar>& a) {
  Table<Scalar> result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (a.visible(i, j)) result.values(i, j) = a.values(i, j);
  return result;
}

/// A row that sees nothing weighs 0.
template <typename Scalar>
Table<Scalar> softmax_of_rows(const Table<Scalar>& scores) {
  const Table<Scalar> E = exponentials(minus(scores, maxima_of_rows(scores)));
  return over(E, sums_of_rows(E));
}

/// √n in the scalar's own arithmetic.
template <typename Scalar>
Scalar root(Index n) {
  return attention::sqrt_of<Scalar>(n);
}
template <typename Scalar>
Scalar whole_number(Index n) {
  return Scalar(static_cast<int>(n));
}

/// What goes into the softmax: the masked scores where there is a mask.
template <typename Scalar>
const Table<Scalar>& last_scores(const Context<Scalar>& c) {
  for (const char* name : {"M", "Z"})
    if (c.has(name)) return c(name);
  return c("S");
}

/// Throws unless a rule would give what has the step's shape.
inline void require_fit(bool fits) {
  if (!fits) throw derivation::Error("the shapes do not fit");
}

// ---- Rules ----

template <typename Scalar>
std::vector<Wrong<Scalar>> as_list(Table<Scalar> table) {
  return {{std::move(table), ""}};
}
template <typename Scalar>
std::vector<Wrong<Scalar>> as_list(std::vector<Wrong<Scalar>> list) {
  return list;
}

/// A rule from a function of a context that gives a table, or a list of wrong tables.
template <typename Function>
Rule rule(std::vector<std::string> steps, Function function) {
  const auto listed = [function](const auto& context) { return as_list(function(context)); };
  return {std::move(steps), listed, listed, listed};
}

/// The same mistake, seen from these steps: see Rule::second.
template <typename Function>
Rule also_seen(std::vector<std::string> steps, Function function) {
  Rule made = rule(std::move(steps), function);
  made.second = true;
  return made;
}

/// The rule at each of these steps, by itself.
template <typename Function>
std::vector<Rule> at_each(std::initializer_list<const char*> steps, Function function) {
  std::vector<Rule> rules;
  for (const char* step : steps) rules.push_back(rule({step}, function));
  return rules;
}

template <typename Function>
EntryRule entry_rule(Function function) {
  return {function, function, function};
}

using Mistakes = std::vector<Mistake>;

// The rooms of the catalogue.
Mistakes mistakes_of_projections();
Mistakes mistakes_of_scores();
Mistakes mistakes_of_masks();
Mistakes mistakes_of_softmax();
Mistakes mistakes_of_output();
Mistakes mistakes_of_heads();
Mistakes mistakes_of_gradients();
Mistakes slips_of_steps();
Mistakes slips_of_entries();
Mistakes non_mistakes();

}  // namespace mistakes
