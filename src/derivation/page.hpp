#pragma once
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "derivation/term.hpp"

namespace derivation {

using numbers::sqrt;

/// The entries of a given as they are written in code or on paper: {{"1", "1/2"}, {"sqrt(2)", "0.1"}}.
using Entries = std::vector<std::vector<std::string>>;

/// What code of a chapter's own makes of terms: in exact numbers, and in doubles. operands names the terms.
struct Computed {
  Matrix<Exact> exact;
  Matrix<double> machine;
  std::vector<std::string> operands = {};
};

/// function(arguments …), which has to be a matrix. An expression of Eigen's that is not evaluated yet would
/// still look at its arguments, when these are gone.
template <typename Function, typename... Arguments>
auto plain_result(const Function& function, const Arguments&... arguments) {
  using Result = std::remove_cvref_t<decltype(function(arguments...))>;
  static_assert(std::is_base_of_v<Eigen::PlainObjectBase<Result>, Result>,
                "the function returns an expression: give its result the type Matrix<…>, or .eval() it");
  return function(arguments...);
}

/// function(values …), once with the exact matrices of the terms and once with their doubles.
template <typename Function, typename... Terms>
Computed compute(const Function& function, const Terms&... terms) {
  return {
      plain_result(function, terms.values()...), plain_result(function, terms.doubles()...), {terms.name...}};
}

/// The same where no term is looked at: function(1), with the exact 1 and with the double.
template <typename Function>
Computed compute_from_numbers(const Function& function) {
  return {plain_result(function, Exact(1)), plain_result(function, 1.0)};
}

/// Values that are known exactly; the doubles are the nearest ones.
Computed known(const Matrix<Exact>& values);
Computed known_integers(const Matrix<int>& values);
Computed zeros_and_ones(const Mask& mask);  ///< 1 where it is true

/// The same as Computed where there is no closed form that fits on a page: enclosures beside the doubles.
struct Enclosed {
  Matrix<Enclosure> enclosures;
  Matrix<double> machine;
  std::vector<std::string> operands = {};
};

/// function(values …), once with enclosures of the terms' exact matrices and once with their doubles.
template <typename Function, typename... Terms>
Enclosed enclose(const Function& function, const Terms&... terms) {
  return {plain_result(function, enclosed(terms.values())...),
          plain_result(function, terms.doubles()...),
          {terms.name...}};
}

/// One given or step, as it was recorded.
struct Record {
  std::string title;
  Kind kind = Kind::step;
  bool detail = false;
  Term term;
  std::optional<Matrix<Enclosure>> enclosures = {};  ///< of a certified step
};

struct RecordedExample {
  std::string name, title;
  std::vector<Record> records;
  std::vector<Fact> facts;
  std::vector<Figure> figures;
};

/// The page that a derivation is written on: examples with givens, steps and facts.
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
  Term given(const std::string& name, const std::string& title, const Entries& entries);
  Term given(const std::string& name, const Entries& entries);
  Term given(const std::string& name, const std::string& title, const Matrix<Exact>& values);

  /// Gives an expression of named matrices a name of its own. One operation a step, so that each entry's own
  /// arithmetic can be written out: an expression inside an expression has to be a step first. Without a
  /// title it has the usual one (see names.hpp).
  Term step(const std::string& name, const std::string& title, const Term& expression);
  Term step(const std::string& name, const Term& expression);

  /// The same for a step that the chapter need not show.
  Term detail(const std::string& name, const std::string& title, const Term& expression);

  /// A step that the chapter's own code computed: no entry has an arithmetic to show.
  Term computed(const std::string& name, const std::string& title, const std::string& formula,
                const Computed& values, const Labels& labels = {});

  /// The same for values without a closed form that fits on a page: decimals alone are known of them, and
  /// these are certified. The term that it returns holds the enclosures' midpoints. Throws Error for an
  /// enclosure that is too wide to decide a digit.
  Term certified(const std::string& name, const std::string& title, const std::string& formula,
                 const Enclosed& values, const Labels& labels = {});

  /// Marks the step recorded last as a detail.
  void mark_detail();

  /// Marks everything that the current example holds so far as details.
  void mark_all_details();

  /// A claim, and the condition over the numbers that decides it.
  void fact(const std::string& claim, const Condition& condition);

  /// A picture of steps of the current example.
  void figure(const Figure& figure);

  /// Calls change(example, name, term) for each given and step before it is recorded. A test puts a mistake
  /// into a derivation this way, to see which facts notice it.
  using Change = std::function<void(const std::string& example, const std::string& name, Term& term)>;
  void before_recording(Change change) { change_ = std::move(change); }

  const std::vector<RecordedExample>& examples() const { return examples_; }

  /// The current example as far as it is written, with so many digits.
  Example written_so_far(int digits = 1) const;

 private:
  RecordedExample& current();
  Term record(const std::string& name, const std::string& title, Kind kind, Term term);

  std::vector<RecordedExample> examples_;
  std::vector<std::string> tokens_;
  bool details_ = false;
  Change change_;
};

/// What stands on a page, as a derivation; its decimals have so many digits.
Derivation written(const Page& page, const std::string& chapter, const std::string& title, int digits);

/// Runs a derivation: write(page).
Derivation derive(const std::string& chapter, const std::string& title, int digits,
                  const std::function<void(Page&)>& write);

/// A matrix of one number, such as zeros or ones.
Matrix<Exact> constant(Index rows, Index cols, const Exact& value);

/// Entries one below the other.
Entries column(const std::vector<std::string>& entries);

/// A column of ones, one for each row of the term.
Matrix<Exact> ones(const Term& like);

/// The same values, and the names of the terms that they were made of.
Computed made_of(const std::vector<std::string>& operands, Computed values);

/// Tables one below the other, of at least one. Throws Error unless they have as many columns.
Computed stacked(const std::vector<Term>& tables);

}  // namespace derivation
