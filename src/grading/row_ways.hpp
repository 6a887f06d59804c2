#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grading/attempt.hpp"

namespace grading {

/// From which of these steps on the hidden entries of a row are hidden.
enum class Stage { M, D, E, l, A };

/// How a reader leads one row of scores to its weights, otherwise than the book.
struct RowWay {
  Stage hidden_from = Stage::M;
  std::optional<Claim> constant;  ///< what is taken off the row; nothing: the row maximum
  std::optional<Claim> factor;    ///< what the book's exponentials are multiplied by
  bool keeps_M = false;           ///< M is written as in the book all the same
  bool keeps_m = false;           ///< and so are the row maxima
  std::string name;               ///< in the catalogue
};
using RowWays = std::map<Index, RowWay>;

/// The steps of one head from its scores on, by their names.
struct SoftmaxNames {
  explicit SoftmaxNames(const std::string& index)
      : M("M" + index), m("m" + index), D("D" + index), E("E" + index), l("l" + index), A("A" + index) {}
  std::string M, m, D, E, l, A;
  std::string scores;                   ///< what D is made of
  std::optional<std::string> unmasked;  ///< what the scores are made of by a mask, where there is one
};

/// Nothing where the example has no such steps.
std::optional<SoftmaxNames> softmax_names(const derivation::Example& truth, const std::string& index);

/// For each row with something wrong from the scores to the row sums: the ways that explain everything that
/// is written there, from the reader's own scores; one for each stage at most.
std::map<Index, std::vector<RowWay>> find_row_ways(const derivation::Example& truth, const Attempt& attempt,
                                                   const SoftmaxNames& names);

/// The example with these rows led on these ways. Throws where the numbers leave the field.
Way with_row_ways(const Way& way, const SoftmaxNames& names, const RowWays& rows);

}  // namespace grading
