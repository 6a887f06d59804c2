#include "grading/base.hpp"

#include <algorithm>

namespace grading {
namespace {

Base right_base(const derivation::Example& truth) {
  return {mistakes::right_values<Enclosure>(truth), mistakes::right_values<Exact>(truth), true};
}

/// The reader's values; what is right is taken from the right ones, where it is enclosed already.
Base readers_base(const Chain& chain, const Base& right) {
  Base base;
  for (const auto& [name, value] : chain.values()) {
    if (!value.is_known()) continue;
    base.enclosed[name] = value.is_right() ? right.enclosed.at(name) : value.enclosed();
    if (value.exact()) base.exact[name] = *value.exact();
    base.all_exact = base.all_exact && value.exact();
  }
  return base;
}

bool all_right(const Chain& chain) {
  return std::all_of(chain.values().begin(), chain.values().end(),
                     [](const auto& entry) { return entry.second.is_right(); });
}

}  // namespace

std::vector<Base> bases(const derivation::Example& truth, const Chain& chain) {
  const Base right = right_base(truth);
  if (all_right(chain)) return {right};
  return {readers_base(chain, right), right};
}

}  // namespace grading
