#pragma once
#include <algorithm>
#include <vector>

#include "attention/matrix.hpp"

namespace attention {

/// Where the largest weight of all heads stands.
struct StrongestWeight {
  Index head = 0;          ///< from 1
  Index from = 0, to = 0;  ///< the query's token and the key's, from 0
  double ahead = 0;        ///< how much larger it is than the largest weight of any other head
};

/// The largest weight of one head or more; of equal ones, that of the first head.
inline StrongestWeight strongest_weight(const std::vector<Matrix<double>>& heads) {
  StrongestWeight found;
  double largest = 0;
  for (std::size_t h = 0; h < heads.size(); ++h) {
    Index i = 0, j = 0;
    const double weight = heads[h].maxCoeff(&i, &j);
    if (weight > largest)
      found = {static_cast<Index>(h) + 1, i, j, weight - largest};
    else
      found.ahead = std::min(found.ahead, largest - weight);
    largest = std::max(largest, weight);
  }
  return found;
}

}  // namespace attention
