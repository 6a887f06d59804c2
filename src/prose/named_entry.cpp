#include "prose/named_entry.hpp"

#include "numbers/error.hpp"

namespace prose {

NamedEntry find_entry(const derivation::Derivation& derivation, const numbers::Name& name) {
  const std::size_t dot = name.text.find('.');
  const auto* example = find_example(derivation, name.text.substr(0, dot));
  const derivation::Step* step =
      example && dot != std::string::npos ? find_step(*example, name.text.substr(dot + 1)) : nullptr;
  if (!step)
    throw numbers::Error("there is no step " + name.text + " in the derivation of " + derivation.chapter);
  const bool is_one = step->exact.rows() == 1 && step->exact.cols() == 1;
  if (!is_one && (!name.row || !name.col))
    throw numbers::Error(name.text + " is a matrix: name one entry, " + name.text + "[row,column]");
  const int i = name.row.value_or(0), j = name.col.value_or(0);
  if (i < 0 || j < 0 || i >= step->exact.rows() || j >= step->exact.cols())
    throw numbers::Error(name.text + " has no entry [" + std::to_string(i) + "," + std::to_string(j) +
                         "]: its shape is " + attention::shape(step->exact.values));
  if (!step->exact.visible(i, j)) throw numbers::Error(name.text + " is hidden there: -inf is no number");
  return {*example, *step, i, j};
}

}  // namespace prose
