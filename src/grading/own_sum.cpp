#include "grading/own_sum.hpp"

#include "derivation/arithmetic.hpp"
#include "numbers/error.hpp"

namespace grading {

std::string own_sum(const derivation::Step& step, const EntryPlace& place, const Evidence& evidence) {
  const auto right = [&] {
    return derivation::equation(evidence.truth, step, place.row, place.col, numbers::Notation::unicode);
  };
  const auto& own = evidence.bases.front().exact;
  derivation::Example readers = evidence.truth;
  for (derivation::Step& each : readers.steps) {
    const auto found = own.find(each.name);
    if (found == own.end()) return right();
    if (each.name != step.name) each.exact = found->second;
  }
  try {
    derivation::Step mine = step;
    mine.exact = mistakes::Context<Exact>(readers, step, own).right();
    return derivation::equation(readers, mine, place.row, place.col, numbers::Notation::unicode);
  } catch (const derivation::Error&) {
  } catch (const numbers::Error&) {
  }
  return right();
}

}  // namespace grading
