#pragma once
#include <string>
#include <vector>

#include "derivation/derivation.hpp"

namespace grading {

using derivation::Exact;
using derivation::Example;
using derivation::Index;
using derivation::Operation;
using derivation::Step;
using derivation::Table;

/// Writes an example anew, step by step, with some steps made in another way. Steps between two of the book's
/// have names with a ~, which no paper can write.
class Rewriting {
 public:
  explicit Rewriting(const Example& truth) : truth_(truth) {
    example_.name = truth.name;
    example_.title = truth.title;
  }

  /// Takes a step over as it is.
  void keep(const Step& step) { example_.steps.push_back(step); }
  /// A step made of earlier ones; its values are what that comes to. Throws what the operation throws.
  void add(const std::string& name, Operation operation, const std::vector<std::string>& operands);
  /// The same where its values are known to be the book's of `like`.
  void add_equal(const std::string& name, Operation operation, const std::vector<std::string>& operands,
                 const std::string& like);
  void given(const std::string& name, const Table<Exact>& values);

  const Example& example() const { return example_; }

 private:
  void push(const std::string& name, Operation operation, const std::vector<std::string>& operands,
            Table<Exact> exact);

  const Example& truth_;
  Example example_;
};

}  // namespace grading
