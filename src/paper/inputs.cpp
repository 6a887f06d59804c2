#include "paper/inputs.hpp"

#include <algorithm>
#include <sstream>

#include "numbers/expression.hpp"

namespace paper {
namespace {

using derivation::Exact;
using derivation::HeadInputs;
using derivation::Index;
using derivation::Matrix;

const std::vector<std::string> step_names = {"S", "Z", "M", "m", "D", "E", "l", "A", "C", "Y"};
const std::vector<std::string> projections = {"Q", "K", "V"};
const std::vector<std::string> input_names = {"X", "W_Q", "W_K", "W_V", "W_O"};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string all_names() {
  std::string text;
  for (const auto* names : {&input_names, &projections, &step_names})
    for (const std::string& name : *names) text += (text.empty() ? "" : " ") + name;
  return text;
}

void require_known_names(const std::string& file, const WrittenExample& example) {
  const bool masked = example.setting("mask") || example.matrix("mask");
  for (const WrittenMatrix& matrix : example.matrices) {
    const std::string& name = matrix.name;
    if (name == "mask" || contains(input_names, name) || contains(projections, name)) continue;
    if (!contains(step_names, name))
      throw FileError(file, matrix.place, "unknown name " + name + ": a derivation has " + all_names());
    if (name == "M" && !masked)
      throw FileError(file, matrix.place,
                      "M, the masked scores, needs a mask: write mask = causal, or leave M out");
    if (name == "C" && !example.matrix("W_O"))
      throw FileError(file, matrix.place,
                      "C, the weighted values before the output weights, needs W_O; without it: Y");
  }
}

/// Every given is used by something: a W_Q beside no X, say, is a slip that must not pass unseen.
void require_used(const std::string& file, const WrittenExample& example) {
  if (example.matrix("X")) return;
  for (const std::string name : {"W_Q", "W_K", "W_V"})
    if (const WrittenMatrix* matrix = example.matrix(name))
      throw FileError(file, matrix->place, name + " needs the tokens: give X as well");
}

void require_heads(const std::string& file, const WrittenExample& example) {
  const Setting* heads = example.setting("heads");
  if (heads && heads->text != "1")
    throw FileError(file, heads->text_place,
                    "heads = " + heads->text + ": one head is what can be derived; write heads = 1");
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in(text);
  for (std::string word; in >> word;) result.push_back(word);
  return result;
}

Index row_count(const std::string& file, const WrittenExample& example, const std::string& name) {
  const WrittenMatrix* matrix = example.matrix(name);
  if (!matrix) matrix = example.matrix("X");
  if (!matrix)
    throw FileError(
        file, example.place,
        "example " + example.name + " has no " + name + ": give " + name + " itself, or X and W_" + name);
  return matrix->row_count();
}

std::vector<std::string> tokens_of(const std::string& file, const WrittenExample& example) {
  const Index count = row_count(file, example, "Q");
  const Index most = std::max(count, row_count(file, example, "K"));
  if (static_cast<std::size_t>(most) > caps::tokens)
    throw FileError(file, example.place,
                    "example " + example.name + " has " + std::to_string(most) + " tokens; at most " +
                        std::to_string(caps::tokens) + " can be derived");
  const Setting* setting = example.setting("tokens");
  if (!setting) return {};
  const std::vector<std::string> tokens = words(setting->text);
  if (static_cast<Index>(tokens.size()) != count)
    throw FileError(file, setting->text_place,
                    std::to_string(tokens.size()) + " tokens for " + std::to_string(count) +
                        " rows: name one token a row, blanks between them");
  return tokens;
}

Matrix<Exact> causal(const std::string& file, Place place, Index queries, Index keys) {
  if (queries != keys)
    throw FileError(file, place,
                    "a causal mask needs as many queries as keys, here " + std::to_string(queries) + " and " +
                        std::to_string(keys) + "; write the mask as a matrix of 0 and 1");
  const derivation::Mask may_look = attention::causal_mask(queries);
  return may_look.unaryExpr([](bool visible) -> Exact { return visible ? 1 : 0; });
}

std::optional<Matrix<Exact>> mask_of(const std::string& file, const WrittenExample& example) {
  const Index queries = row_count(file, example, "Q"), keys = row_count(file, example, "K");
  if (const Setting* setting = example.setting("mask")) {
    if (setting->text == "none") return std::nullopt;
    if (setting->text == "causal") return causal(file, setting->text_place, queries, keys);
    throw FileError(file, setting->text_place,
                    "mask = " + setting->text + ": write none, causal, or a matrix of 0 and 1");
  }
  const WrittenMatrix* matrix = example.matrix("mask");
  if (!matrix) return std::nullopt;
  if (matrix->row_count() != queries || matrix->col_count() != keys)
    throw FileError(file, matrix->place,
                    "the mask needs one row a query and one column a key: " + std::to_string(queries) + "×" +
                        std::to_string(keys));
  for (const auto& row : matrix->rows)
    for (const Entry& entry : row)
      if (entry.text != "0" && entry.text != "1")
        throw FileError(file, entry.place, "a mask holds 1 (may look) and 0 (may not), not " + entry.text);
  return exact_entries(file, *matrix);
}

std::optional<derivation::Number> scale_of(const std::string& file, const WrittenExample& example) {
  const Setting* setting = example.setting("scale");
  if (!setting) return std::nullopt;
  const Exact value = value_at(file, setting->text_place, setting->text);
  return derivation::Number{numbers::print_factor(value, numbers::Notation::tex), value};
}

}  // namespace

Exact value_at(const std::string& file, Place place, const std::string& text) {
  try {
    return numbers::evaluate(text);
  } catch (const numbers::ExpressionError& error) {
    throw FileError(file, {place.line, place.column + static_cast<int>(error.column) - 1}, error.what());
  }
}

bool is_given(const WrittenExample& example, const std::string& name) {
  if (name == "mask" || contains(input_names, name)) return true;
  return contains(projections, name) && !(example.matrix("X") && example.matrix("W_" + name));
}

Matrix<Exact> exact_entries(const std::string& file, const WrittenMatrix& matrix) {
  Matrix<Exact> values(matrix.row_count(), matrix.col_count());
  for (Index i = 0; i < values.rows(); ++i)
    for (Index j = 0; j < values.cols(); ++j) {
      const Entry& entry = matrix.rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      if (entry.text == "?" || entry.text == "-inf")
        throw FileError(file, entry.place,
                        matrix.name + " is given here, so every entry needs a number, not " + entry.text);
      values(i, j) = value_at(file, entry.place, entry.text);
    }
  return values;
}

HeadInputs head_inputs(const std::string& file, const WrittenExample& example) {
  require_known_names(file, example);
  require_used(file, example);
  require_heads(file, example);
  HeadInputs inputs;
  inputs.name = example.name;
  inputs.title = "from " + derivation::stem_of(file);
  inputs.tokens = tokens_of(file, example);
  for (const WrittenMatrix& matrix : example.matrices)
    if (matrix.name != "mask" && is_given(example, matrix.name))
      inputs.givens.push_back({matrix.name, exact_entries(file, matrix)});
  inputs.mask = mask_of(file, example);
  inputs.scale = scale_of(file, example);
  return inputs;
}

derivation::Derivation derive_paper(const Paper& paper, int digits) {
  const std::string stem = derivation::stem_of(paper.file);
  derivation::Derivation all{stem, stem, {}};
  for (const WrittenExample& example : paper.examples) {
    const HeadInputs inputs = head_inputs(paper.file, example);
    try {
      auto derived = derivation::derive_heads(stem, stem, {inputs}, digits);
      all.examples.push_back(std::move(derived.examples.front()));
    } catch (const derivation::Error& error) {
      throw FileError(paper.file, example.place, "example " + example.name + ": " + error.what());
    } catch (const numbers::Error& error) {
      throw FileError(paper.file, example.place, "example " + example.name + ": " + error.what());
    }
  }
  return all;
}

}  // namespace paper
