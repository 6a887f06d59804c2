#pragma once
#include <sstream>
#include <string>
#include <vector>

#include "derivation/table.hpp"
#include "numbers/expression.hpp"

/// "1 0 ; -inf 1/2" as a table, and back.
inline derivation::Table<derivation::Exact> table_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  std::istringstream words(text);
  for (std::string word; words >> word;)
    if (word == ";")
      rows.emplace_back();
    else
      rows.back().push_back(word);
  derivation::Table<derivation::Exact> table(static_cast<derivation::Index>(rows.size()),
                                             static_cast<derivation::Index>(rows[0].size()));
  for (derivation::Index i = 0; i < table.rows(); ++i)
    for (derivation::Index j = 0; j < table.cols(); ++j) {
      const std::string& word = rows.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j));
      table.visible(i, j) = word != "-inf";
      if (table.visible(i, j)) table.values(i, j) = numbers::evaluate(word);
    }
  return table;
}

inline derivation::Matrix<derivation::Exact> matrix_of(const std::string& text) {
  return table_of(text).values;
}

template <typename Print>
std::string text_of(derivation::Index rows, derivation::Index cols, Print print) {
  std::string text;
  for (derivation::Index i = 0; i < rows; ++i) {
    text += i > 0 ? " ;" : "";
    for (derivation::Index j = 0; j < cols; ++j) text += (text.empty() ? "" : " ") + print(i, j);
  }
  return text;
}

inline std::string text_of(const derivation::Table<derivation::Exact>& table) {
  return text_of(table.rows(), table.cols(), [&](derivation::Index i, derivation::Index j) {
    return table.visible(i, j) ? print(table.values(i, j), numbers::Notation::text) : std::string("-inf");
  });
}
