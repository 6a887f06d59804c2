// The notation is a list, and a list goes stale: here it is held against what the derivations use.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "derivation/names.hpp"
#include "derivation/pipeline.hpp"
#include "support/chapter.hpp"
#include "support/document.hpp"

using namespace chapter_tests;
using derivation::Example;
using derivation::Index;
using derivation::Step;
using document::Row;
using document::Section;

namespace {

std::vector<Section> notation() { return document::sections_of(source_path("chapters/a4-notation.md")); }

const Section& section(const std::vector<Section>& sections, const std::string& title) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const Section& section) { return section.title.text == title; });
  if (found == sections.end()) throw derivation::Error("a4-notation.md has no section " + title);
  return *found;
}

/// A matrix in the list, by its formula: Q, W_Q, A_h, dW_Q.
struct Listed {
  std::vector<std::string> shapes;  ///< alternatives, "T \times d_k"
  std::string meaning, chapter;     ///< chapter: the file that the row links to
};
using List = std::map<std::string, Listed>;

void add_rows(const Section& section, List& list) {
  for (const Row& row : section.rows)
    for (const std::string& symbol : row.at(0).formulas)
      list[symbol] = {row.at(1).formulas, row.at(2).text, row.at(3).links.at(0)};
}

List listed_matrices(const std::vector<Section>& sections) {
  List list;
  add_rows(section(sections, "The matrices of a head"), list);
  add_rows(section(sections, "Head h of several"), list);
  add_rows(section(sections, "Gradients"), list);
  return list;
}

std::set<std::string> listed_sizes(const std::vector<Section>& sections) {
  std::set<std::string> sizes;
  for (const Row& row : section(sections, "Sizes").rows) sizes.insert(row.at(0).formulas.at(0));
  return sizes;
}

/// The symbol that stands for a step in the list: for A it is A, for A_2, "Weights of head 2", A_h. Empty for
/// a step that is not of the vocabulary: a name of one example, or a variant such as A_u.
std::string symbol_of(const Step& step) {
  const std::size_t underscore = step.name.find('_');
  const bool has_number = underscore != std::string::npos && std::isdigit(step.name[underscore + 1]);
  const std::string usual = derivation::usual_title(step.name);
  if (has_number) return step.title == usual ? step.name.substr(0, underscore) + "_h" : "";
  const bool is_variant =
      underscore != std::string::npos && usual == derivation::usual_title(step.name.substr(0, underscore));
  return usual.empty() || is_variant ? "" : derivation::tex_name(step.name);
}

using Sizes = std::map<std::string, Index>;

/// "H d_k" with H = 2 and d_k = 5: 10.
Index product_of(const std::string& factors, const Sizes& sizes) {
  Index product = 1;
  std::istringstream words(factors);
  for (std::string word; words >> word;) product *= word == "1" ? 1 : sizes.at(word);
  return product;
}

bool has_shape(const Listed& listed, const Step& step, const Sizes& sizes) {
  const std::string times = "\\times";
  return std::any_of(listed.shapes.begin(), listed.shapes.end(), [&](const std::string& shape) {
    const std::size_t at = shape.find(times);
    return product_of(shape.substr(0, at), sizes) == step.exact.rows() &&
           product_of(shape.substr(at + times.size()), sizes) == step.exact.cols();
  });
}

/// What the list lacks of these steps, or says wrongly: their symbols, titles and shapes.
Problems problems_of(const List& list, const Example& example, const Sizes& sizes) {
  Problems problems;
  for (const Step& step : example.steps) {
    const auto found = list.find(symbol_of(step));
    if (found == list.end())
      problems.push_back(step.name + " is not listed");
    else if (!has_shape(found->second, step, sizes))
      problems.push_back(step.name + " has the shape " + attention::shape(step.exact.values));
  }
  return problems;
}

derivation::Matrix<Exact> any(Index rows, Index cols) {
  derivation::Matrix<Exact> values(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) values(i, j) = Exact(static_cast<int>((i + 2 * j) % 3));
  return values;
}

/// A derivation with all that the pipeline can do, and all sizes different.
Example head_of(const Sizes& sizes, bool with_output_weights) {
  const Index T = sizes.at("T"), d_model = sizes.at("d_{\\mathrm{model}}"), H = sizes.at("H");
  const Index keys = H * sizes.at("d_k"), values = H * sizes.at("d_v");
  derivation::HeadInputs inputs;
  inputs.name = "all";
  inputs.heads = static_cast<int>(H);
  inputs.mask = derivation::Matrix<Exact>::Constant(T, T, Exact(1));
  inputs.givens = {{"X", any(T, d_model)},
                   {"W_Q", any(d_model, keys)},
                   {"W_K", any(d_model, keys)},
                   {"W_V", any(d_model, values)}};
  if (with_output_weights) inputs.givens.push_back({"W_O", any(values, d_model)});
  return derivation::derive_heads("any", "", {inputs}, 20).examples.front();
}

/// With one head and with three, with output weights and without.
const std::vector<std::pair<Sizes, Example>>& heads() {
  static const auto all = [] {
    std::vector<std::pair<Sizes, Example>> examples;
    for (const Index H : {1, 3})
      for (const bool with_output_weights : {false, true}) {
        const Sizes sizes = {{"T", 2}, {"d_{\\mathrm{model}}", 7}, {"d_k", 4}, {"d_v", 5}, {"H", H}};
        examples.emplace_back(sizes, head_of(sizes, with_output_weights));
      }
    return examples;
  }();
  return all;
}

Problems problems_of_pipeline(const List& list) {
  Problems problems;
  for (const auto& [sizes, example] : heads()) {
    const Problems found = problems_of(list, example, sizes);
    problems.insert(problems.end(), found.begin(), found.end());
  }
  return problems;
}

/// Steps of the chapters that the vocabulary has a title for, and the list no row, or another title.
Problems problems_of_titles(const List& list) {
  Problems problems;
  for (const std::string& stem : numbered_chapters())
    for (const Example& example : committed(stem).examples)
      for (const Step& step : example.steps) {
        const std::string symbol = symbol_of(step), title = derivation::usual_title(step.name);
        if (symbol.empty()) continue;
        if (!list.count(symbol))
          problems.push_back(stem + ": " + step.name + " is not listed");
        else if (symbol == derivation::tex_name(step.name) && list.at(symbol).meaning.rfind(title, 0) != 0)
          problems.push_back(step.name + " is called " + title);
      }
  return problems;
}

/// For each symbol of the vocabulary, the first chapter whose derivation has a step of it.
std::map<std::string, std::string> first_chapters() {
  std::map<std::string, std::string> first;
  for (const std::string& stem : numbered_chapters())
    for (const Example& example : committed(stem).examples)
      for (const Step& step : example.steps)
        if (const std::string symbol = symbol_of(step); !symbol.empty()) first.emplace(symbol, stem + ".md");
  return first;
}

/// A matrix that no chapter derives (M_h) may link to any.
Problems problems_of_links(const List& list) {
  const auto first = first_chapters();
  Problems problems;
  for (const auto& [symbol, listed] : list)
    if (first.count(symbol) && listed.chapter != first.at(symbol))
      problems.push_back(symbol + " is first derived in " + first.at(symbol));
  return problems;
}

/// What a gradient is the gradient of has its shape.
Problems problems_of_gradients(const List& list) {
  Problems problems;
  for (const auto& [symbol, listed] : list)
    if (symbol[0] == 'd' && list.at(symbol.substr(1)).shapes != listed.shapes)
      problems.push_back(symbol + " has not the shape of " + symbol.substr(1));
  return problems;
}

/// Sizes in the shapes that the list of sizes does not have.
Problems problems_of_sizes(const List& list, const std::set<std::string>& sizes) {
  Problems problems;
  for (const auto& [symbol, listed] : list)
    for (const std::string& shape : listed.shapes) {
      std::istringstream words(shape);
      for (std::string word; words >> word;)
        if (word != "1" && word != "\\times" && !sizes.count(word))
          problems.push_back(symbol + ": " + word + " is no size");
    }
  return problems;
}

/// The sections of a chapter, read once.
const std::vector<Section>& chapter(const std::string& file) {
  static std::map<std::string, std::vector<Section>> chapters;
  const auto known = chapters.find(file);
  if (known != chapters.end()) return known->second;
  return chapters[file] = document::sections_of(source_path("chapters/" + file));
}

/// Symbols that stand in no formula of the chapter that their row links to.
Problems problems_of_symbols(const std::vector<Row>& rows) {
  Problems problems;
  for (const Row& row : rows) {
    const std::string symbol = row.at(0).formulas.at(0), file = row.at(2).links.at(0);
    bool stands = false;
    for (const Section& section : chapter(file))
      for (const std::string& formula : section.words.formulas)
        stands = stands || formula.find(symbol) != std::string::npos;
    if (!stands) problems.push_back(symbol + " stands in no formula of " + file);
  }
  return problems;
}

/// What stands in bold in each chapter.
std::map<std::string, std::set<std::string>> bold_words() {
  std::map<std::string, std::set<std::string>> bold;
  for (const std::string& stem : numbered_chapters()) {
    const std::string file = stem + ".md";
    for (const Section& section : chapter(file))
      for (std::string words : section.words.bold) {
        std::transform(words.begin(), words.end(), words.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        bold[file].insert(words);
      }
  }
  return bold;
}

/// Terms that are not in bold where the list sends its reader, in the singular or the plural, or already in a
/// chapter before.
Problems problems_of_terms(const std::vector<Row>& terms) {
  const auto bold = bold_words();
  Problems problems;
  for (const Row& row : terms) {
    std::string term = row.at(0).text.substr(0, row.at(0).text.find('\n'));
    std::transform(term.begin(), term.end(), term.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::string many = term.back() == 'x' ? term.substr(0, term.size() - 1) + "ces" : term + "s";
    std::string first = "no chapter";
    for (const auto& [file, words] : bold)
      if (words.count(term) || words.count(many)) {
        first = file;
        break;
      }
    if (row.at(2).links.at(0) != first) problems.push_back(term + " is first explained in " + first);
  }
  return problems;
}

}  // namespace

TEST_CASE("every step that can be derived is listed, with its shape") {
  const List list = listed_matrices(notation());
  CHECK(lines(problems_of_pipeline(list)) == "");
  for (const auto& [symbol, listed] : list) {
    if (symbol[0] == 'd') continue;
    INFO(symbol);
    List without = list;
    without.erase(symbol);
    CHECK_FALSE(problems_of_pipeline(without).empty());
    List of_other_shape = list;
    of_other_shape[symbol].shapes = {"T \\times d_k d_v"};
    CHECK_FALSE(problems_of_pipeline(of_other_shape).empty());
  }
}

TEST_CASE("gradients have the shapes that a derivation finds, and those of their matrices") {
  const List list = listed_matrices(notation());
  CHECK(lines(problems_of_gradients(list)) == "");
  const Derivation backward = committed("10-backward");
  Example strong = *find_example(backward, "strong");
  std::erase_if(strong.steps, [](const Step& step) { return symbol_of(step).empty(); });
  const Sizes sizes = {{"T", 3}, {"d_{\\mathrm{model}}", 2}, {"d_k", 4}, {"d_v", 2}, {"H", 1}};
  CHECK(lines(problems_of(list, strong, sizes)) == "");
  for (const auto& [symbol, listed] : list) {
    if (symbol[0] != 'd') continue;
    INFO(symbol);
    List of_other_shape = list;
    of_other_shape[symbol].shapes = {"T \\times d_k d_v"};
    CHECK_FALSE(problems_of_gradients(of_other_shape).empty());
    CHECK_FALSE(problems_of(of_other_shape, strong, sizes).empty());
  }
}

TEST_CASE("what the chapters call their steps is listed under the same name") {
  List list = listed_matrices(notation());
  CHECK(lines(problems_of_titles(list)) == "");
  list["S"].meaning = "Similarities: each query times each key.";
  list.erase("dW_O");
  const std::string problems = lines(problems_of_titles(list));
  CHECK(problems.find("S is called Scores") != std::string::npos);
  CHECK(problems.find("10-backward: dW_O is not listed") != std::string::npos);
}

TEST_CASE("each matrix links to the first chapter that derives it") {
  List list = listed_matrices(notation());
  CHECK(lines(problems_of_links(list)) == "");
  list["V"].chapter = "06-attention-by-hand.md";
  CHECK(lines(problems_of_links(list)) == "V is first derived in 04-query-key-value.md\n");
}

TEST_CASE("the sizes in the shapes are listed") {
  const List list = listed_matrices(notation());
  std::set<std::string> sizes = listed_sizes(notation());
  CHECK(lines(problems_of_sizes(list, sizes)) == "");
  sizes.erase("d_v");
  CHECK_FALSE(problems_of_sizes(list, sizes).empty());
}

TEST_CASE("each size and each sign links to a chapter that uses it") {
  CHECK(lines(problems_of_symbols(section(notation(), "Sizes").rows)) == "");
  std::vector<Row> signs = section(notation(), "Signs").rows;
  CHECK(lines(problems_of_symbols(signs)) == "");
  signs.resize(1);
  signs[0][2].links = {"01-why-attention.md"};
  CHECK(lines(problems_of_symbols(signs)) == "q \\cdot k stands in no formula of 01-why-attention.md\n");
}

TEST_CASE("each term links to the first chapter that explains it") {
  std::vector<Row> terms = section(notation(), "Terms").rows;
  CHECK(lines(problems_of_terms(terms)) == "");
  std::erase_if(terms, [](const Row& row) { return !row[0].text.starts_with("attention"); });
  REQUIRE(terms.size() == 1);
  terms[0][2].links = {"02-dot-product.md"};
  CHECK(lines(problems_of_terms(terms)) == "attention is first explained in 01-why-attention.md\n");
}

TEST_CASE("the prose holds") {
  CHECK(lines(prose_problems("a4-notation", {"a4-notation", "Notation", {}})) == "");
}
