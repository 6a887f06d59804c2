#include "derivation/heads_compared.hpp"

#include "attention/head_differences.hpp"

namespace derivation {
namespace {

using attention::HeadDifferences;

/// One kind of number of all heads' weights.
std::vector<Matrix<Enclosure>> enclosures(const std::vector<Term>& A) {
  std::vector<Matrix<Enclosure>> values;
  for (const Term& head : A) values.push_back(enclosed(head.values()));
  return values;
}
std::vector<Matrix<double>> doubles(const std::vector<Term>& A) {
  std::vector<Matrix<double>> values;
  for (const Term& head : A) values.push_back(head.doubles());
  return values;
}

template <typename Scalar>
Matrix<Scalar> table_of(const std::vector<HeadDifferences<Scalar>>& differences) {
  Matrix<Scalar> table(static_cast<Index>(differences.size()), 2);
  for (std::size_t k = 0; k < differences.size(); ++k)
    table.row(static_cast<Index>(k)) << differences[k].largest, differences[k].mean;
  return table;
}

template <typename Scalar>
Matrix<Scalar> differences_of_pairs(const std::vector<Matrix<Scalar>>& A) {
  std::vector<HeadDifferences<Scalar>> found;
  for (std::size_t g = 0; g < A.size(); ++g)
    for (std::size_t h = g + 1; h < A.size(); ++h) found.push_back(attention::head_differences(A[g], A[h]));
  return table_of(found);
}

const std::string formula = "\\lvert A_g - A_h \\rvert";

}  // namespace

Term write_difference(Page& page, const std::vector<Term>& A) {
  std::vector<std::string> operands;
  for (const Term& head : A) operands.push_back(head.name.empty() ? head.formula : head.name);
  const auto sure = attention::head_differences(enclosures(A));
  const auto machine = attention::head_differences(doubles(A));
  return page.certified("difference", "How much two heads' weights differ", formula,
                        {table_of<Enclosure>({sure}), table_of<double>({machine}), operands},
                        {{"any two heads"}, {"largest", "mean"}});
}

Term write_differences_of_pairs(Page& page, const std::vector<Term>& A) {
  Labels labels{{}, {"largest", "mean"}};
  for (std::size_t g = 1; g <= A.size(); ++g)
    for (std::size_t h = g + 1; h <= A.size(); ++h)
      labels.rows.push_back("heads " + std::to_string(g) + " and " + std::to_string(h));
  return page.certified("pairs", "How much each two heads' weights differ", formula,
                        {differences_of_pairs(enclosures(A)), differences_of_pairs(doubles(A))}, labels);
}

void draw_heads(Page& page, const std::string& name, const std::string& description, int heads) {
  std::vector<Series> panels;
  for (int h = 1; h <= heads; ++h)
    panels.push_back({"head " + std::to_string(h), "A_" + std::to_string(h), ""});
  page.figure({name, Figure::Kind::heatmap, description, "the key's token", "the query's token", panels});
}

}  // namespace derivation
