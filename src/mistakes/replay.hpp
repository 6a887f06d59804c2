#pragma once
#include <set>
#include <string>
#include <vector>

#include "mistakes/catalogue.hpp"

namespace mistakes {

/// What an example comes to when a rule is made in it.
template <typename Scalar>
struct Outcome {
  Values<Scalar> values;  ///< those of `base`, with the wrong steps and what follows from them
  std::string detail;     ///< see Wrong
};

/// Makes the mistake of a rule in every step of `scope` that it speaks of, and makes again the steps of
/// `scope` that follow from it. There is one outcome for each way in which the rule can be wrong; none where
/// the shapes do not allow it, where the rule speaks of no step in scope, or where a value leaves the
/// numbers. `base` holds all earlier values; scope holds step names.
template <typename Scalar>
std::vector<Outcome<Scalar>> replay(const derivation::Example& example, const Rule& rule,
                                    const Values<Scalar>& base, const std::set<std::string>& scope);

/// Whether the rule has anything to say at this step of the example, fitting shapes or not.
bool speaks_of(const Rule& rule, const derivation::Example& example, const derivation::Step& step,
               const Values<Enclosure>& right);

/// The steps that `targets` are made of, these among them, back to the givens.
std::set<std::string> steps_towards(const derivation::Example& example, const std::set<std::string>& targets);

}  // namespace mistakes
