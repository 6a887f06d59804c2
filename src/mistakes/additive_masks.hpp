#pragma once
#include <string>
#include <vector>

#include "mistakes/answers.hpp"

/// What a row of weights comes to where a very negative number is added to the scores of hidden keys, instead
/// of leaving these keys out.
namespace mistakes {

/// Softmax of one row of machine numbers, each operation rounded: shift, exponentials, sum, quotients. For
/// double, float and Eigen::half.
template <typename Number>
std::vector<Number> softmax_of(std::vector<Number> row);

/// What the keys get that should share the weight of a row, if anybody should.
enum class Fate {
  not_a_number,  ///< NaN
  zeros,         ///< 0 each, as all other keys: what a row that sees nothing should get
  equal,         ///< equal weights
  as_scored,     ///< the weights that their scores alone give them
  other,         ///< anything else; or another key gets something
};

/// What a value that is added to hidden scores does to a row, in one kind of number.
struct AdditiveMask {
  std::string name;
  Fate half_hidden;     ///< added to the second half of the scores: what the first half gets
  Fate all_hidden;      ///< added to all scores: what all of them get
  Fate once_and_twice;  ///< added once to the first half, twice to the second: what the first half gets
};

/// For double, float and Eigen::half. `scores`: four or more, an even number, that differ.
template <typename Number>
AdditiveMask additive_mask(const std::string& name, Number value, const std::vector<double>& scores);

/// The values that programs add, −∞, −10^9, −10^4 and the lowest finite number, in double, float and half
/// (64, 32 and 16 bits).
std::vector<AdditiveMask> additive_masks(const std::vector<double>& scores);

/// The fates as answers: a row for each value. The questions speak of four scores.
Answers outcomes(const std::vector<AdditiveMask>& masks);

/// What is left of scores after a value was added and taken away again: the addition rounds, as IEEE 754
/// prescribes, the rest is exact. For double and float.
template <typename Number>
derivation::Matrix<derivation::Exact> left_over(const derivation::Matrix<double>& scores, Number value);

}  // namespace mistakes
