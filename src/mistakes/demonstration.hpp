#pragma once
#include <string>
#include <vector>

#include "mistakes/catalogue.hpp"

namespace mistakes {

/// A step without a mistake and with it, and by how much the result changes.
template <typename Scalar>
struct Seen {
  Table<Scalar> right, wrong;
  Scalar change;
};

/// A mistake made in an example, in one way, where a reader sees it.
struct Demonstration {
  std::string mistake;  ///< one-key-too-few
  std::string detail;   ///< the last key of each row is missing
  std::string example;
  std::string step;    ///< the first one that goes wrong; weights or exponentials where it may hold −∞
  std::string result;  ///< what the change is measured by: "Y" or "gradients"
  Seen<Enclosure> enclosed;
  Seen<double> machine;

  /// Whether an entry of this row is another one by more than 10⁻⁶.
  bool shows_in_row(Index i) const;
};

/// A row of a step in which to slip.
struct Place {
  std::string step;
  Index row;
};

/// Every mistake of the catalogue, each of its rules in the first of these examples in which it shows, and
/// every slip in the first example, once, at the first of the places in which it comes to something. Rules
/// that show the same from elsewhere are left out.
std::vector<Demonstration> demonstrations(const std::vector<derivation::Example>& examples,
                                          const std::vector<Place>& places_of_slips);

}  // namespace mistakes
