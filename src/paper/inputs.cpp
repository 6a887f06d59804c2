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
const std::vector<std::string> input_names = {"X", "W_Q", "W_K", "W_V", "W_O", "dY"};

/// The way back: what each head has of its own, what there is of all heads together, and both.
const std::vector<std::string> head_gradients = {"dA", "G", "r", "U", "dZ", "dS"};
const std::vector<std::string> whole_gradients = {"dC",   "dW_O", "dW_Q", "dW_K",  "dW_V",
                                                  "dX_Q", "dX_K", "dX_V", "dX_QK", "dX"};
const std::vector<std::string> sent_gradients = {"dQ", "dK", "dV"};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A file that does not say which chapter it is about is taken for an example of its own.
constexpr const char* or_name_the_chapter =
    "; or, if this is an example of a chapter, name it: chapter = 06-attention-by-hand, say";

std::string all_names() {
  std::string text;
  for (const auto* names :
       {&input_names, &projections, &step_names, &head_gradients, &sent_gradients, &whole_gradients})
    for (const std::string& name : *names) text += (text.empty() ? "" : " ") + name;
  return text;
}

/// How many heads the example is derived with.
int heads_of(const std::string& file, const WrittenExample& example) {
  const Setting* setting = example.setting("heads");
  if (!setting) return 1;
  const std::string& text = setting->text;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || text.find_first_not_of('0') == std::string::npos)
    throw FileError(file, setting->text_place,
                    "heads = " + text + ": the number of heads is a whole number from 1 on");
  if (text.size() > 3 || std::stoi(text) > caps::heads)
    throw FileError(file, setting->text_place,
                    "heads = " + text + ": at most " + std::to_string(caps::heads) + " heads can be derived");
  return std::stoi(text);
}

/// Each head takes a block of the columns of Q, K and V, all of the same width.
void require_divisible(const std::string& file, const WrittenExample& example, int heads) {
  for (const std::string& name : projections) {
    const std::string weights = "W_" + name;
    const bool projected = example.matrix("X") && example.matrix(weights);
    const WrittenMatrix* matrix = example.matrix(projected ? weights : name);
    if (matrix && matrix->col_count() % heads != 0)
      throw FileError(file, example.setting("heads")->text_place,
                      "heads = " + std::to_string(heads) + " does not divide the " +
                          std::to_string(matrix->col_count()) + " columns of " + matrix->name +
                          ": each head needs a block of the same width");
  }
}

/// S of S_2, where there are several heads and 2 is one of them; empty for any other name.
std::string step_of_head(const std::string& name, int heads) {
  for (int h = 1; heads > 1 && h <= heads; ++h) {
    const std::string index = "_" + std::to_string(h);
    if (name.size() > index.size() && name.ends_with(index))
      return name.substr(0, name.size() - index.size());
  }
  return "";
}

bool is_gradient(const std::string& step) {
  return contains(head_gradients, step) || contains(whole_gradients, step) || contains(sent_gradients, step);
}

/// Whether the derivation can have the step: of one head of many, or of all.
bool is_known(const std::string& step, bool of_head) {
  if (of_head && step == "dY") return true;
  if (is_gradient(step)) return !of_head || !contains(whole_gradients, step);
  return (contains(step_names, step) && !(of_head && step == "C")) ||
         (of_head && contains(projections, step));
}

/// Whether there is one for each head, and none for all of them.
bool is_of_each_head(const std::string& step) {
  return step != "C" && step != "Y" && !contains(whole_gradients, step) && !contains(sent_gradients, step);
}

/// What is wrong with the name of a step; empty where nothing is.
std::string name_problem(const WrittenExample& example, const std::string& name, int heads) {
  const std::string of_head = step_of_head(name, heads);
  const std::string& step = of_head.empty() ? name : of_head;
  if (!is_known(step, !of_head.empty()))
    return "unknown name " + name + ": a derivation has " + all_names() +
           (heads > 1 ? "; head 1 has Q_1 … Y_1, and so on up to head " + std::to_string(heads) : "") +
           or_name_the_chapter;
  if (heads > 1 && of_head.empty() && is_of_each_head(step))
    return name + ": with heads = " + std::to_string(heads) + " each head has its own; write " + name +
           "_1, " + name + "_2 …";
  if (step == "M" && !example.setting("mask") && !example.matrix("mask"))
    return name + ", the masked scores, needs a mask: write mask = causal, or leave " + name + " out";
  if ((is_gradient(step) || step == "dY") && !example.matrix("dY"))
    return name + ", a gradient, needs the gradient of the output: give dY as well";
  if ((step == "C" || step == "dC" || step == "dW_O") && !example.matrix("W_O"))
    return name + (step == "C" ? ", the weighted values before the output weights, needs W_O; without it: Y"
                               : " needs the output weights: give W_O as well");
  return "";
}

void require_known_names(const std::string& file, const WrittenExample& example, int heads) {
  for (const WrittenMatrix& matrix : example.matrices) {
    const std::string& name = matrix.name;
    if (name == "mask" || contains(input_names, name) || contains(projections, name)) continue;
    const std::string problem = name_problem(example, name, heads);
    if (!problem.empty()) throw FileError(file, matrix.place, problem);
  }
}

/// Every given is used by something: a W_Q beside no X, say, is a slip that must not pass unseen.
void require_used(const std::string& file, const WrittenExample& example) {
  if (example.matrix("X")) return;
  for (const std::string name : {"W_Q", "W_K", "W_V"})
    if (const WrittenMatrix* matrix = example.matrix(name))
      throw FileError(file, matrix->place, name + " needs the tokens: give X as well");
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
    throw FileError(file, example.place,
                    in_example(example) + name + " is missing: give " + name + " itself, or X and W_" + name +
                        or_name_the_chapter);
  return matrix->row_count();
}

std::vector<std::string> tokens_of(const std::string& file, const WrittenExample& example) {
  const Index count = row_count(file, example, "Q");
  const Index most = std::max(count, row_count(file, example, "K"));
  if (static_cast<std::size_t>(most) > caps::tokens)
    throw FileError(file, example.place,
                    in_example(example) + std::to_string(most) + " tokens here; at most " +
                        std::to_string(caps::tokens) + " can be derived");
  const Setting* setting = example.setting("tokens");
  if (!setting) return {};
  const std::vector<std::string> tokens = words(setting->text);
  if (static_cast<Index>(tokens.size()) != count)
    throw FileError(file, setting->text_place,
                    std::to_string(tokens.size()) + " tokens for " + std::to_string(count) +
                        " rows: name one token a row, spaces between them");
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

std::string in_example(const WrittenExample& example) {
  return example.name == default_example ? "" : "example " + example.name + ": ";
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
  HeadInputs inputs;
  inputs.heads = heads_of(file, example);
  require_known_names(file, example, inputs.heads);
  require_used(file, example);
  require_divisible(file, example, inputs.heads);
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

derivation::Derivation derive_paper(const Paper& paper, int digits, Passes passes) {
  const std::string stem = derivation::stem_of(paper.file);
  derivation::Derivation all{stem, stem, {}};
  for (const WrittenExample& example : paper.examples) {
    HeadInputs inputs = head_inputs(paper.file, example);
    if (passes == Passes::forward)
      std::erase_if(inputs.givens, [](const auto& given) { return given.name == "dY"; });
    try {
      auto derived = derivation::derive_heads(stem, stem, {inputs}, digits);
      all.examples.push_back(std::move(derived.examples.front()));
    } catch (const derivation::Error& error) {
      throw FileError(paper.file, example.place, in_example(example) + error.what());
    } catch (const numbers::Error& error) {
      throw FileError(paper.file, example.place, in_example(example) + error.what());
    }
  }
  return all;
}

}  // namespace paper
