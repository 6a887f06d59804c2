#include "mistakes/wrong_program.hpp"

#include "mistakes/replay.hpp"

namespace mistakes {
namespace {

/// The first rule of the mistake that speaks of the steps; made in all of them.
Rule rule_of(const WrongProgram& program) {
  const Mistake* mistake = find_mistake(program.mistake);
  if (!mistake) throw derivation::Error("the catalogue has no mistake named " + program.mistake);
  for (Rule rule : mistake->rules) {
    if (rule.second) continue;
    if (program.steps.empty()) return rule;
    if (!rule.steps.empty() && !rule.speaks_of(program.steps.front())) continue;
    rule.steps = program.steps;
    return rule;
  }
  throw derivation::Error("the catalogue has no rule by which a program makes the mistake " +
                          program.mistake + (program.steps.empty() ? "" : " in " + program.steps.front()));
}

/// A column, of programs that run.
template <typename Scalar>
derivation::Matrix<Scalar> largest_changes(const std::vector<WrongProgram>& programs,
                                           const derivation::Example& example) {
  const Table<Scalar> right = right_values<Scalar>(example).at("Y");
  derivation::Matrix<Scalar> changes(static_cast<Index>(programs.size()), 1);
  for (std::size_t k = 0; k < programs.size(); ++k)
    changes(static_cast<Index>(k), 0) =
        derivation::largest_difference(output_of<Scalar>(programs[k], example).value().values, right.values);
  return changes;
}

}  // namespace

template <typename Scalar>
std::optional<Table<Scalar>> output_of(const WrongProgram& program, const derivation::Example& example,
                                       const std::string& step) {
  if (!find_step(example, step)) throw derivation::Error("example " + example.name + " has no step " + step);
  std::optional<Table<Scalar>> output;
  for (const auto& outcome :
       replay(example, rule_of(program), right_values<Scalar>(example), steps_towards(example, {step}))) {
    if (!program.way.empty() && outcome.detail != program.way) continue;
    if (output)
      throw derivation::Error(program.mistake + " can be made in several ways: say which, such as \"" +
                              outcome.detail + "\"");
    output = outcome.values.at(step);
  }
  return output;
}

template std::optional<Table<Exact>> output_of(const WrongProgram&, const derivation::Example&,
                                               const std::string&);
template std::optional<Table<Enclosure>> output_of(const WrongProgram&, const derivation::Example&,
                                                   const std::string&);
template std::optional<Table<double>> output_of(const WrongProgram&, const derivation::Example&,
                                                const std::string&);

void write_changes(derivation::Page& page, const std::vector<WrongProgram>& programs,
                   const std::vector<std::string>& operands) {
  const derivation::Example example = page.written_so_far();
  std::vector<WrongProgram> running;
  derivation::Labels labels;
  for (const WrongProgram& program : programs) {
    if (!output_of<Exact>(program, example)) continue;
    running.push_back(program);
    labels.rows.push_back(program.title);
  }
  page.computed(
      "change", "Largest change of Y, by each wrong program that runs",
      "\\max_{i,j} \\lvert Y'_{i,j} - Y_{i,j} \\rvert",
      {largest_changes<Exact>(running, example), largest_changes<double>(running, example), operands},
      labels);
}

}  // namespace mistakes
