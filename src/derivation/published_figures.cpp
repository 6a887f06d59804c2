#include "derivation/published_figures.hpp"

#include "numbers/expression.hpp"

namespace derivation {
namespace {

/// A row of the table: the figure, whether its digits are right, what the value has more, and the value,
/// which is the longest.
void append_row(Computed& table, const std::string& figure, const Exact& value, double machine) {
  const Exact published = numbers::evaluate(figure);
  const double nearest = as_scalar<double>(published);
  const int is_right = has_right_digits(figure, value) ? 1 : 0;
  const Index k = table.exact.rows();
  table.exact.conservativeResize(k + 1, 4);
  table.exact.row(k) << published, is_right, value - published, value;
  table.machine.conservativeResize(k + 1, 4);
  table.machine.row(k) << nearest, is_right, machine - nearest, machine;
}

/// The rows of one step's figures, and their labels: Z[0,1].
void append_rows(Computed& table, std::vector<std::string>& labels, const Published& published) {
  const Term& step = published.step;
  for (std::size_t i = 0; i < published.figures.size(); ++i)
    for (std::size_t j = 0; j < published.figures[i].size(); ++j) {
      const std::string& figure = published.figures[i][j];
      if (figure.empty()) continue;
      const Index row = static_cast<Index>(i), col = static_cast<Index>(j);
      append_row(table, figure, step.values()(row, col), step.doubles()(row, col));
      labels.push_back(step.name + "[" + std::to_string(i) + "," + std::to_string(j) + "]");
    }
}

}  // namespace

bool has_right_digits(const std::string& figure, const Exact& value) {
  const auto literal = numbers::decimal_literal(figure);
  const Exact half_unit = literal ? literal->half_unit : Exact(0);
  return abs(value - numbers::evaluate(figure)) <= half_unit;
}

void compare_with_published(Page& page, const std::vector<Published>& all, int right) {
  Labels labels{{}, {"published", "digits right: 1", "exact less published", "exact"}};
  Computed table;
  for (const Published& published : all) {
    table.operands.push_back(published.step.name);
    append_rows(table, labels.rows, published);
  }
  const Term compared =
      page.computed("compared", "Every published figure beside its exact value", "", table, labels);
  page.fact(std::to_string(right) + " of " + std::to_string(compared.rows()) + " figures have right digits",
            all_equal(constant(1, 1, compared.values().col(1).sum()), constant(1, 1, right)));
}

}  // namespace derivation
