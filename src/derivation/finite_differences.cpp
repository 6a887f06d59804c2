#include "derivation/finite_differences.hpp"

#include <cmath>

namespace derivation {

Exact one_sided_error(const MovedInput& input, const Exact& h) {
  return abs((input.L(h) - input.L(0)) / h - input.slope);
}

Exact central_error(const MovedInput& input, const Exact& h) {
  return abs((input.L(h) - input.L(-h)) / (h + h) - input.slope);
}

DifferenceLosses difference_losses(const MovedInput& input) {
  const double unit = 0x1p-53 * std::abs(to_double(input.value));
  DifferenceLosses losses;
  for (int exponent = -1; exponent >= -10; --exponent) {
    const Exact h = pow(Exact(10), exponent);
    losses.exponent.push_back(exponent);
    losses.one_sided.push_back(to_double(one_sided_error(input, h)));
    losses.central.push_back(to_double(central_error(input, h)));
    losses.storing.push_back(unit / to_double(h));
  }
  return losses;
}

Condition falls_by(const std::vector<double>& errors, double least, double most) {
  const Index rest = static_cast<Index>(errors.size()) - 1;
  const Eigen::Map<const attention::Vector<double>> all(errors.data(), rest + 1);
  Matrix<double> low(2 * rest, 1), high(2 * rest, 1);
  low << all.tail(rest) * least, all.head(rest);
  high << all.head(rest), all.tail(rest) * most;
  return all_at_most(low, high);
}

namespace {

/// log10 to two decimals: far coarser than the difference of two machines' log10.
Matrix<Exact> rounded_log10(const std::vector<double>& values) {
  Matrix<Exact> column(static_cast<Index>(values.size()), 1);
  for (std::size_t k = 0; k < values.size(); ++k)
    column(static_cast<Index>(k), 0) = Exact(std::lround(100 * std::log10(values[k]))) / Exact(100);
  return column;
}

/// A row for each step, a column for each loss.
Matrix<Exact> write_powers(Page& page, const DifferenceLosses& losses,
                           const std::vector<std::string>& operands) {
  Matrix<Exact> powers(static_cast<Index>(losses.exponent.size()), 3);
  powers << rounded_log10(losses.one_sided), rounded_log10(losses.central), rounded_log10(losses.storing);
  Labels labels{{}, {"one-sided", "central", "storing $L$"}};
  for (const int exponent : losses.exponent)
    labels.rows.push_back("$h = 10^{" + std::to_string(exponent) + "}$");
  page.computed("t", "The power of ten of the error of a difference quotient", "",
                {powers, as_scalars<double>(powers), operands}, labels);
  return powers;
}

/// The picture needs each column by itself.
void write_columns(Page& page, const DifferenceLosses& losses, const Matrix<Exact>& powers) {
  const auto column = [&](const std::string& name, const std::string& title, const Matrix<Exact>& values) {
    page.computed(name, title, "\\log_{10}", {values, as_scalars<double>(values), {"t"}});
    page.mark_detail();
  };
  const Eigen::Map<const attention::Vector<int>> exponents(losses.exponent.data(), powers.rows());
  column("h", "Power of ten of the step h", known_integers(exponents).exact);
  column("t_1", "Truncation of the one-sided quotient", powers.col(0));
  column("t_2", "Truncation of the central quotient", powers.col(1));
  column("t_u", "What storing L in a double can cost", powers.col(2));
}

void draw_differences(Page& page) {
  page.figure(
      {"differences",
       Figure::Kind::lines,
       "Error of a difference quotient against its step, both as powers of ten: the truncation of the "
       "one-sided quotient falls with slope one, that of the central quotient with slope two, and the "
       "rounding of a double rises with slope one as the step gets smaller",
       "step h, as a power of ten",
       "error, as a power of ten",
       {{"truncation, one-sided", "h", "t_1"},
        {"truncation, central", "h", "t_2"},
        {"storing L in a double: u |L| / h", "h", "t_u"}}});
}

}  // namespace

void write_finite_differences(Page& page, const MovedInput& input, const std::vector<std::string>& operands) {
  const DifferenceLosses losses = difference_losses(input);
  write_columns(page, losses, write_powers(page, losses, operands));
  page.fact("a tenth of the step divides the error of the one-sided quotient by 9 to 11",
            falls_by(losses.one_sided, 9, 11));
  page.fact("a tenth of the step divides the error of the central quotient by 99 to 101",
            falls_by(losses.central, 99, 101));
  draw_differences(page);
}

}  // namespace derivation
