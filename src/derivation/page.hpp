#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "derivation/term.hpp"

namespace derivation {

using numbers::sqrt;

/// The entries of a given as they are written in code or on paper: {{"1", "1/2"}, {"sqrt(2)", "0.1"}}.
using Entries = std::vector<std::vector<std::string>>;

/// What one run of a derivation records of a step: all but the other runs' numbers.
template <typename Scalar>
struct Record {
  std::string title;
  Kind kind = Kind::step;
  bool detail = false;
  Term<Scalar> term;
  std::optional<Matrix<Enclosure>> enclosures;  ///< of a certified step, in the exact run
};

template <typename Scalar>
struct RecordedExample {
  std::string name, title;
  std::vector<Record<Scalar>> records;
  std::vector<Fact> facts;
  std::vector<Figure> figures;
};

/// The page that a derivation is written on: examples with givens, steps and facts, in one kind of number.
template <typename Scalar>
class Page {
 public:
  /// Starts an example; what follows belongs to it.
  void example(const std::string& name, const std::string& title);

  /// Marks the current example's steps as details: the chapter need not show them (an exercise's, for
  /// instance).
  void details();

  /// Names the tokens: they label the rows of the givens X, Q, K and V that follow.
  void tokens(const std::vector<std::string>& words);

  /// An input: every entry an expression (see numbers::evaluate).
  Term<Scalar> given(const std::string& name, const std::string& title, const Entries& entries);
  Term<Scalar> given(const std::string& name, const Entries& entries);
  Term<Scalar> given(const std::string& name, const std::string& title, const Matrix<Exact>& values);

  /// Gives an expression of named matrices a name of its own. One operation a step, so that each entry's own
  /// arithmetic can be written out: an expression inside an expression has to be a step first.
  Term<Scalar> step(const std::string& name, const std::string& title, const Term<Scalar>& expression);

  /// The same for a step that the chapter need not show.
  Term<Scalar> detail(const std::string& name, const std::string& title, const Term<Scalar>& expression);

  /// A step that the chapter's own code computed from the steps named: no entry has an arithmetic to show.
  Term<Scalar> computed(const std::string& name, const std::string& title, const std::string& formula,
                        const std::vector<std::string>& operands, const Matrix<Scalar>& values,
                        const Labels& labels);

  /// The same for values without a closed form that fits on a page: decimals alone are known of them, and
  /// these are certified. The term that it returns holds the enclosures' midpoints. Throws Error for an
  /// enclosure that is too wide to decide a digit.
  Term<Scalar> certified(const std::string& name, const std::string& title, const std::string& formula,
                         const std::vector<std::string>& operands, const Matrix<Certified<Scalar>>& values,
                         const Labels& labels);

  /// Marks the step recorded last as a detail.
  void mark_detail();

  /// Marks everything that the current example holds so far as details.
  void mark_all_details();

  /// A claim, and the condition over the numbers that decides it.
  void fact(const std::string& claim, const Condition& condition);

  /// A picture of steps of the current example.
  void figure(const Figure& figure);

  /// Calls change(example, name, table) for each given and step before it is recorded. A test puts a mistake
  /// into a derivation this way, to see which facts notice it.
  using Change =
      std::function<void(const std::string& example, const std::string& name, Table<Scalar>& table)>;
  void before_recording(Change change) { change_ = std::move(change); }

  const std::vector<RecordedExample<Scalar>>& examples() const { return examples_; }

 private:
  RecordedExample<Scalar>& current();
  Term<Scalar> record(const std::string& name, const std::string& title, Kind kind, Term<Scalar> term);

  std::vector<RecordedExample<Scalar>> examples_;
  std::vector<std::string> tokens_;
  bool details_ = false;
  Change change_;
};

/// The exact run and the double run of one derivation, put side by side.
Derivation join(const std::string& chapter, const std::string& title, const Page<Exact>& exact,
                const Page<double>& machine, int digits);

/// Runs a derivation with both kinds of number. write(page) is called once with each.
template <typename Write>
Derivation derive(const std::string& chapter, const std::string& title, int digits, Write write) {
  Page<Exact> exact;
  write(exact);
  Page<double> machine;
  write(machine);
  return join(chapter, title, exact, machine, digits);
}

/// A column of ones, one for each of `rows` rows.
template <typename Scalar>
Matrix<Scalar> ones(const Term<Scalar>& like) {
  return Matrix<Scalar>::Constant(like.rows(), 1, Scalar(1));
}

}  // namespace derivation
