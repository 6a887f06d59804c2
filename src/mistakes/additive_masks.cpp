#include "mistakes/additive_masks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mistakes {

using derivation::Exact;
using derivation::Index;
using derivation::Matrix;

template <typename Number>
std::vector<Number> softmax_of(std::vector<Number> row) {
  using std::exp;
  const Number maximum = *std::max_element(row.begin(), row.end());
  Number sum(0);
  for (Number& z : row) z = exp(z - maximum);
  for (const Number& e : row) sum = sum + e;
  for (Number& e : row) e = e / sum;
  return row;
}

template std::vector<double> softmax_of(std::vector<double>);
template std::vector<float> softmax_of(std::vector<float>);
template std::vector<Eigen::half> softmax_of(std::vector<Eigen::half>);

namespace {

using Row = std::vector<double>;

bool all_are(double value, const Row& row) {
  return std::all_of(row.begin(), row.end(), [value](double weight) { return weight == value; });
}

/// All is decided by ==, but for what is rounded: weights in half, which has 11 bits, or of float scores next
/// to −10^4, which are 2^-10 apart, are off by less than 1/500.
bool are_near(const Row& row, const Row& expected) {
  return std::equal(row.begin(), row.end(), expected.begin(),
                    [](double a, double b) { return std::abs(a - b) <= 1.0 / 500; });
}

/// The fate of the first keys of a row, so many of them, under the scores that they had before.
Fate fate_of(const Row& weights, const Row& scores, Index sharing) {
  const Row first(weights.begin(), weights.begin() + sharing),
      others(weights.begin() + sharing, weights.end());
  if (std::any_of(weights.begin(), weights.end(), [](double weight) { return std::isnan(weight); }))
    return Fate::not_a_number;
  if (!all_are(0, others)) return Fate::other;
  if (all_are(0, first)) return Fate::zeros;
  if (all_are(1 / static_cast<double>(sharing), first)) return Fate::equal;
  const Row alone = softmax_of<double>({scores.begin(), scores.begin() + sharing});
  return are_near(first, alone) ? Fate::as_scored : Fate::other;
}

/// The weights after the value was added to each score so many times.
template <typename Number>
Row weights_with(Number value, const Row& scores, const std::vector<int>& times) {
  std::vector<Number> row;
  for (std::size_t j = 0; j < scores.size(); ++j) {
    row.push_back(static_cast<Number>(scores[j]));
    for (int k = 0; k < times[j]; ++k) row.back() = row.back() + value;
  }
  Row weights;
  for (const Number& weight : softmax_of(row)) weights.push_back(static_cast<double>(weight));
  return weights;
}

template <typename Number>
std::vector<AdditiveMask> additive_masks_in(const std::string& type, const Row& scores) {
  using Limits = std::numeric_limits<Number>;
  return {additive_mask<Number>(type + ", −∞", -Limits::infinity(), scores),
          additive_mask<Number>(type + ", −1e9", static_cast<Number>(-1e9), scores),
          additive_mask<Number>(type + ", −1e4", static_cast<Number>(-1e4), scores),
          additive_mask<Number>(type + ", lowest", Limits::lowest(), scores)};
}

}  // namespace

template <typename Number>
AdditiveMask additive_mask(const std::string& name, Number value, const std::vector<double>& scores) {
  const auto half = static_cast<Index>(scores.size() / 2), all = static_cast<Index>(scores.size());
  const auto fate = [&](int times_first, int times_second, Index sharing) {
    std::vector<int> times(scores.size(), times_second);
    std::fill_n(times.begin(), half, times_first);
    return fate_of(weights_with(value, scores, times), scores, sharing);
  };
  return {name, fate(0, 1, half), fate(1, 1, all), fate(1, 2, half)};
}

template AdditiveMask additive_mask(const std::string&, double, const std::vector<double>&);
template AdditiveMask additive_mask(const std::string&, float, const std::vector<double>&);
template AdditiveMask additive_mask(const std::string&, Eigen::half, const std::vector<double>&);

std::vector<AdditiveMask> additive_masks(const std::vector<double>& scores) {
  std::vector<AdditiveMask> all = additive_masks_in<double>("double", scores);
  for (const AdditiveMask& mask : additive_masks_in<float>("float", scores)) all.push_back(mask);
  for (const AdditiveMask& mask : additive_masks_in<Eigen::half>("half", scores)) all.push_back(mask);
  return all;
}

Answers outcomes(const std::vector<AdditiveMask>& masks) {
  Answers answers({"two hidden: weights 0", "all hidden: NaN", "all hidden: 1/4 each", "all hidden: no mask",
                   "all hidden: 0 each", "once and twice: NaN", "once and twice: 1/2 each",
                   "once and twice: as scored"});
  for (const auto& [name, half, all, twice] : masks)
    answers.add(name, {half == Fate::as_scored, all == Fate::not_a_number, all == Fate::equal,
                       all == Fate::as_scored, all == Fate::zeros, twice == Fate::not_a_number,
                       twice == Fate::equal, twice == Fate::as_scored});
  return answers;
}

template <typename Number>
Matrix<Exact> left_over(const Matrix<double>& scores, Number value) {
  return scores.unaryExpr([value](double score) -> Exact {
    const Number sum = static_cast<Number>(score) + value;
    return numbers::exactly(static_cast<double>(sum)) - numbers::exactly(static_cast<double>(value));
  });
}

template Matrix<Exact> left_over(const Matrix<double>&, double);
template Matrix<Exact> left_over(const Matrix<double>&, float);

}  // namespace mistakes
