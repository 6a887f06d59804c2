#pragma once
#include <set>
#include <string>
#include <vector>

#include "mistakes/catalogue.hpp"
#include "numbers/enclosure.hpp"

namespace mistakes {

/// What a mistake is measured by: the output Y, or the gradients where it is made on the way back.
struct Result {
  std::string name;             ///< "Y" or "gradients"
  std::set<std::string> steps;  ///< what is compared
  std::set<std::string> scope;  ///< what has to be made again for it
};

/// The largest difference of the entries of a result.
template <typename Scalar>
Scalar largest_change(const Values<Scalar>& right, const Values<Scalar>& wrong, const Result& result);

/// What one rule, made in one way, does to an example.
struct Effect {
  std::string detail;  ///< which way to be wrong, where there are several
  Result result;
  Values<Enclosure> values;  ///< with the wrong steps, and what follows from them on the way to the result
  Enclosure largest_change;  ///< of an entry of the result
  numbers::Answer changes;   ///< no: proved that the result is the same, to every digit
};

/// Tries mistakes on one example.
class Trial {
 public:
  explicit Trial(const derivation::Example& example);

  /// All ways to make the mistake of a rule, measured by Y, or by the gradients where Y comes before it.
  /// Nothing where the shapes do not allow it.
  std::vector<Effect> effects(const Rule& rule) const;

  const derivation::Example& example() const { return example_; }
  const Values<Enclosure>& right() const { return right_; }

 private:
  std::vector<Effect> effects(const Rule& rule, const Result& result) const;
  numbers::Answer changes(const Effect& effect, const Rule& rule) const;

  const derivation::Example& example_;
  Values<Enclosure> right_;
  Values<Exact> exact_;
  std::vector<Result> results_;
};

}  // namespace mistakes
