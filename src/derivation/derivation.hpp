#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/figure.hpp"
#include "derivation/operation.hpp"
#include "derivation/table.hpp"

/// A derivation as data: named matrices with their formulas, facts, a page to write them on, and the steps of
/// a head.
namespace derivation {

enum class Kind { given, step };

/// What the rows and the columns of a matrix stand for (tokens); empty where nothing was said.
struct Labels {
  std::vector<std::string> rows, cols;
};

/// One named matrix with its formula: everything that a rendering or a grader wants to know of it.
struct Step {
  std::string name;   ///< S
  std::string title;  ///< Scores
  Kind kind = Kind::step;
  bool detail = false;  ///< the chapter need not show it
  std::string formula;  ///< TeX, without "S =": Q K^\top
  Operation operation = Operation::given;
  std::vector<std::string> operands;  ///< names of earlier steps, K' for a transpose, or a scalar: sqrt(2)
  Labels labels;
  Table<Exact> exact;
  bool has_closed_form = true;  ///< otherwise `exact` holds the certified decimals, and nothing more is known
  std::vector<std::vector<std::string>> decimal;
  Table<double> machine;  ///< the same in double precision
  double gap = 0;         ///< largest |double − exact| over the entries, rounded to a double
};

/// A claim about steps that was decided, not sampled.
struct Fact {
  std::string claim;
  bool holds = false;
  std::string how;  ///< "exact"
};

struct Example {
  std::string name, title;
  std::vector<Step> steps;
  std::vector<Fact> facts;
  std::vector<Figure> figures;
};

struct Derivation {
  std::string chapter, title;
  std::vector<Example> examples;
};

const Example* find_example(const Derivation& derivation,
                            const std::string& name);  ///< null where there is none
const Step* find_step(const Example& example, const std::string& name);

/// The operand's table: an earlier step's, its transpose, or the 1×1 table of a scalar. Throws Error for
/// neither.
Table<Exact> exact_operand(const Example& example, const std::string& operand);
Table<double> machine_operand(const Example& example, const std::string& operand);

/// "K" of "K'": the step that an operand speaks of, and whether it is transposed.
struct Reference {
  std::string step;
  bool is_transposed;
};
Reference reference(const std::string& operand);

/// The decimals of a table, "-inf" for a hidden entry.
std::vector<std::vector<std::string>> decimals(const Table<Exact>& table, int digits);

/// |machine − exact|: infinite where the double is not finite.
double distance(double machine, const Exact& exact);

/// A distance as one reads it: 6.3e-17, or "without limit".
std::string two_digits(double distance);

/// |machine − exact| of one entry: 0 where both are hidden, infinite where only one of the two is.
double entry_gap(const Table<double>& machine, const Table<Exact>& exact, Index i, Index j);

/// The largest of these over the entries.
double gap(const Table<double>& machine, const Table<Exact>& exact);

/// The largest gap over all steps.
double largest_gap(const Derivation& derivation);

/// "06-attention-by-hand" of "chapters/06-attention-by-hand.md".
std::string stem_of(const std::string& path);

}  // namespace derivation
