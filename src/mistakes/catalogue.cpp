#include "mistakes/catalogue.hpp"

#include <algorithm>

#include "mistakes/rules.hpp"

namespace mistakes {
namespace {

std::vector<Mistake> all_rooms() {
  std::vector<Mistake> all;
  for (const auto room : {mistakes_of_projections, mistakes_of_scores, mistakes_of_masks, mistakes_of_softmax,
                          mistakes_of_output, mistakes_of_heads, mistakes_of_gradients, slips_of_entries,
                          slips_of_steps, non_mistakes})
    for (Mistake& mistake : room()) all.push_back(std::move(mistake));
  return all;
}

}  // namespace

bool Rule::speaks_of(const std::string& base) const {
  return std::find(steps.begin(), steps.end(), base) != steps.end();
}

const std::vector<Mistake>& catalogue() {
  static const std::vector<Mistake> all = all_rooms();
  return all;
}

const Mistake* find_mistake(const std::string& name) {
  for (const Mistake& mistake : catalogue())
    if (mistake.name == name) return &mistake;
  return nullptr;
}

std::string said_of(const std::string& sentence, const std::string& step) {
  std::string text = sentence;
  const auto replace = [&](const std::string& key, const std::string& value) {
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + value.size()))
      text.replace(at, key.size(), value);
  };
  replace("{step}", step);
  replace("{base}", split_name(step).base);
  return text;
}

}  // namespace mistakes
