#include "paper/printed_number.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "derivation/rounding.hpp"
#include "numbers/expression.hpp"
#include "paper/inputs.hpp"

namespace paper {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }

/// 1. and .5 as the expressions of a paper want them: 1.0 and 0.5.
std::string completed(std::string text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  if (point + 1 == text.size() || !is_digit(text[point + 1])) text.insert(point + 1, "0");
  if (point == 0 || !is_digit(text[point - 1])) text.insert(point, "0");
  return text;
}

/// What all numbers of a matrix tell together about how they were printed.
struct Printing {
  bool all_whole = true;    ///< no point and no exponent anywhere
  bool same_places = true;  ///< and so zeros at the end were printed, too
  int significant = 0;      ///< of the longest
  std::optional<int> places = {};

  void include(const PrintedNumber& number) {
    all_whole = all_whole && !number.has_mark;
    same_places = same_places && number.has_mark && (!places || *places == number.literal.places);
    places = number.literal.places;
    significant = std::max(significant, number.significant);
  }
  bool dropped_zeros(const numbers::MachineFormat& format) const {
    return !same_places && significant >= format.digits_of_full_length;
  }
};

/// A number with `missing` zeros at its end that were not printed.
Measured measured(const std::string& file, const Entry& entry, const PrintedNumber& number, int missing) {
  Measured result;
  result.value = value_at(file, entry.place, completed(entry.text));
  const int last = number.literal.exponent - number.literal.places;  // the power of ten of the last digit
  result.half_width = numbers::ten_to(last - missing) / 2;
  result.half_width_if_wrong = result.half_width;
  result.significant_digits = number.significant + missing;
  return result;
}

double largest_entry(const derivation::Step& step) {
  double largest = 0;
  for (derivation::Index i = 0; i < step.exact.rows(); ++i)
    for (derivation::Index j = 0; j < step.exact.cols(); ++j)
      if (step.exact.visible(i, j)) largest = std::max(largest, std::abs(to_double(step.exact.values(i, j))));
  return largest;
}

/// What rounding may have done to the numbers of one step.
class Allowance {
 public:
  Allowance(const derivation::Example& truth, const derivation::Step& step,
            const numbers::MachineFormat& format)
      : bounds_(rounding_bounds(truth, format).at(step.name)), ways_(format.is_narrow() ? 2 : 8) {
    const double largest = largest_entry(step), unit = format.unit_of_rounding();
    const double most = (format.is_narrow() ? 16 : 1024) * unit;
    without_bound_ = most * largest;
    for (derivation::Index i = 0; i < bounds_.rows(); ++i)
      for (derivation::Index j = 0; j < bounds_.cols(); ++j)
        if (std::isfinite(bounds_(i, j))) largest_bound_ = std::max(largest_bound_, bounds_(i, j));
    part_ = largest > 0 ? std::clamp(largest_bound_ / largest, unit, most) : unit;
  }

  double if_right(derivation::Index i, derivation::Index j, double number) const {
    const double bound = bounds_(i, j);
    if (!std::isfinite(bound)) return std::max(without_bound_, part_ * std::abs(number));
    return ways_ * std::max(bound, part_ * std::abs(number));
  }
  double if_wrong(derivation::Index i, derivation::Index j, double number) const {
    return std::max(if_right(i, j, number), ways_ * largest_bound_);
  }

 private:
  derivation::Matrix<double> bounds_;
  double ways_, without_bound_ = 0, largest_bound_ = 0, part_ = 0;
};

}  // namespace

std::optional<PrintedNumber> printed_number(const std::string& written) {
  const std::string text = completed(written);
  const std::size_t start = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (start == text.size() || !is_digit(text[start])) return std::nullopt;
  try {
    const numbers::Literal literal = numbers::read_literal(text, start);
    if (start + literal.length != text.size()) return std::nullopt;
    const std::size_t zeros = std::min(literal.digits.find_first_not_of('0'), literal.digits.size());
    return PrintedNumber{literal, text.find_first_of(".eE") != std::string::npos,
                         static_cast<int>(literal.digits.size() - zeros)};
  } catch (const numbers::ExpressionError&) {
    return std::nullopt;
  }
}

void measure_printed(const std::string& file, std::vector<std::vector<Entry>>& rows,
                     const numbers::MachineFormat& format) {
  Printing printing;
  for (const auto& row : rows)
    for (const Entry& entry : row)
      if (const auto number = printed_number(entry.text)) printing.include(*number);
  if (printing.all_whole) return;
  const bool dropped_zeros = printing.dropped_zeros(format);
  for (auto& row : rows)
    for (Entry& entry : row) {
      const auto number = printed_number(entry.text);
      if (!number) continue;
      entry.measured =
          measured(file, entry, *number, dropped_zeros ? printing.significant - number->significant : 0);
      const bool is_whole = !number->has_mark && !dropped_zeros;
      const bool has_no_size = number->significant == 0 && !printing.same_places;
      if (is_whole || has_no_size) entry.measured->half_width = entry.measured->half_width_if_wrong = 0;
    }
}

void measure_written(const std::string& file, std::vector<std::vector<Entry>>& rows) {
  for (auto& row : rows)
    for (Entry& entry : row)
      if (const auto number = printed_number(entry.text); number && number->has_mark)
        entry.measured = measured(file, entry, *number, 0);
}

void allow_rounding(WrittenMatrix& matrix, const derivation::Example& truth,
                    const numbers::MachineFormat& format) {
  const derivation::Step* step = find_step(truth, matrix.name);
  if (!step || matrix.row_count() != step->exact.rows() || matrix.col_count() != step->exact.cols()) return;
  const Allowance allowance(truth, *step, format);
  for (std::size_t i = 0; i < matrix.rows.size(); ++i)
    for (std::size_t j = 0; j < matrix.rows[i].size(); ++j) {
      auto& number = matrix.rows[i][j].measured;
      if (!number || !number->is_finite) continue;
      const auto row = static_cast<derivation::Index>(i), col = static_cast<derivation::Index>(j);
      const double value = to_double(number->value);
      number->half_width_if_wrong =
          number->half_width + numbers::exactly(allowance.if_wrong(row, col, value));
      number->half_width += numbers::exactly(allowance.if_right(row, col, value));
    }
}

}  // namespace paper
