#pragma once
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"

namespace mistakes {

using derivation::Enclosure;
using derivation::Exact;
using derivation::Index;
using derivation::Operation;
using derivation::Table;

/// The tables of an example's givens and steps by name, in one kind of number.
template <typename Scalar>
using Values = std::map<std::string, Table<Scalar>>;

/// The right ones: exact, enclosed, or as the machine computes them.
template <typename Scalar>
Values<Scalar> right_values(const derivation::Example& example);

/// "S" and 2 of "S_2": the step, and the head that it belongs to; 0 where it belongs to none.
struct StepName {
  std::string base;
  int head = 0;
};
StepName split_name(const std::string& name);

/// A rule has nothing to say at this step: it speaks of a step that is made in another way.
struct Elsewhere : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a rule may look at: the step that goes wrong, and the values of the steps before it.
template <typename Scalar>
class Context {
 public:
  Context(const derivation::Example& example, const derivation::Step& step, const Values<Scalar>& values)
      : example_(example), step_(step), values_(values), name_(split_name(step.name)) {}

  const std::string& base() const { return name_.base; }  ///< S of S_2
  int head() const { return name_.head; }                 ///< 2 of S_2; 0 where there is one head
  int heads() const;                                      ///< how many there are
  bool has(const std::string& name) const;

  /// The table of this head's Q where it has one, and of the only Q where not. Throws derivation::Error where
  /// there is none.
  const Table<Scalar>& operator()(const std::string& name) const;
  /// The table of exactly this name.
  const Table<Scalar>& whole(const std::string& name) const;

  const derivation::Step& step() const { return step_; }
  /// The k-th operand of the step itself, as it is used: transposed where the step transposes it.
  Table<Scalar> operand(std::size_t k) const;
  std::size_t operands() const { return step_.operands.size(); }
  /// What the step would be, made of its operands without a mistake.
  Table<Scalar> right() const;

  /// Throws Elsewhere unless the step is this operation; unless its operands are these, whatever their head
  /// and whether they are transposed or not.
  void require(Operation operation) const;
  void require_made_of(const std::string& first, const std::string& second) const;

  /// Every other table in reach: of this head, or of the whole, as it is called.
  std::vector<std::string> others() const;

 private:
  const derivation::Example& example_;
  const derivation::Step& step_;
  const Values<Scalar>& values_;
  StepName name_;
};

}  // namespace mistakes
