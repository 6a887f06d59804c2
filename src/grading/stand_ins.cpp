#include "grading/stand_ins.hpp"

#include <algorithm>
#include <cmath>

namespace grading {
namespace {

using derivation::Example;
using derivation::Mask;
using derivation::Step;

/// e^-746 is less than half of the least double, 2^-1074 = e^-744.44: it is rounded to 0.
constexpr double far_below = 746;

bool keeps_places(Operation operation) {
  return operation == Operation::quotient || operation == Operation::entrywise_product ||
         operation == Operation::sum || operation == Operation::difference;
}

/// Whether the entries of `from` become those of `to` one by one.
bool leads_to(const Example& truth, const std::string& from, const std::string& to) {
  const Step* step = find_step(truth, to);
  for (std::size_t steps = 0; step && steps < truth.steps.size(); ++steps) {
    if (step->name == from) return true;
    if (!keeps_places(step->operation)) return false;
    step = find_step(truth, step->operands.at(0));
  }
  return false;
}

/// What a later step leaves visible of this one; nothing where none hides any of it.
std::optional<Mask> visible_later(const Example& truth, const Step& step) {
  for (const Step& later : truth.steps)
    if (later.operation == Operation::mask && later.name != step.name &&
        leads_to(truth, step.name, later.operands.at(0)))
      return later.exact.visible;
  return std::nullopt;
}

double greatest_in_row(const Table<Exact>& table, Index i) {
  std::optional<double> greatest;
  for (Index j = 0; j < table.cols(); ++j)
    if (table.visible(i, j)) greatest = std::max(greatest.value_or(-HUGE_VAL), to_double(table.values(i, j)));
  return greatest.value_or(0);
}

bool is_far_below(const Claim& claim, double greatest) {
  return claim.is_number() && to_double(claim.value + claim.half_unit) <= greatest - far_below;
}

}  // namespace

StandIns hidden_in_other_words(const Claims& claims, const Step& step, const Example& truth) {
  StandIns result{claims, {}, ""};
  if (step.kind == derivation::Kind::given) return result;
  const auto later = visible_later(truth, step);
  if (!later && step.exact.visible.all()) return result;
  for (std::size_t i = 0; i < claims.size(); ++i)
    for (std::size_t j = 0; j < claims[i].size(); ++j) {
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      const bool is_low = is_far_below(claims[i][j], greatest_in_row(step.exact, row));
      if (!step.exact.visible(row, col) && is_low) {
        result.claims[i][j].kind = Claim::Kind::hidden;
        result.places.push_back({row, col});
        result.way = "low-number-for-hidden";
      } else if (later && !(*later)(row, col) && (is_low || claims[i][j].kind == Claim::Kind::hidden)) {
        result.claims[i][j] = Claim();
        result.places.push_back({row, col});
        result.way = "masked-before-scaling";
      }
    }
  return result;
}

Explanation praise_of(const std::string& non_mistake, const std::string& step) {
  const mistakes::Mistake& found = *mistakes::find_mistake(non_mistake);
  return {
      found.name,   found.kind, step, mistakes::said_of(found.what, step), mistakes::said_of(found.why, step),
      found.chapter};
}

}  // namespace grading
