#include "paper/paper.hpp"

#include <algorithm>

#include "derivation/files.hpp"
#include "derivation/utf8.hpp"
#include "paper/fence.hpp"
#include "paper/scanner.hpp"

namespace paper {
namespace {

const std::vector<std::string> setting_names = {"example", "heads", "mask", "scale", "tokens"};

bool is_setting(const std::string& name) {
  return std::find(setting_names.begin(), setting_names.end(), name) != setting_names.end();
}

/// Reads one block after the other into the paper.
class Reader {
 public:
  explicit Reader(Paper& paper) : paper_(paper) {}

  void read(const Fence& block) {
    Scanner scanner(paper_.file, block);
    if (!scanner.at_statement())
      throw FileError(paper_.file, {block.opened_at, 1},
                      "this paper block is empty: write NAME = [ … ] in it");
    while (scanner.at_statement()) read_statement(scanner);
  }

 private:
  void read_statement(Scanner& scanner) {
    const Place place = scanner.place();
    const std::string name = scanner.name();
    scanner.equals_sign(name);
    if (name == "example") return start_example(scanner, place);
    if (name == "chapter") return name_chapter(scanner, place);
    WrittenExample& example = current(place);
    require_new(example, name, place);
    if (scanner.at_matrix() && (!is_setting(name) || name == "mask"))
      example.matrices.push_back({name, place, scanner.matrix(name)});
    else if (is_setting(name))
      read_setting(scanner, example, name, place);
    else
      throw FileError(paper_.file, scanner.place(),
                      "a matrix begins with [: write " + name + " = [ 1 0 ; 0 1 ]");
  }

  void read_setting(Scanner& scanner, WrittenExample& example, const std::string& name, Place place) {
    const Place text_place = scanner.place();
    const std::string text = name == "tokens" ? scanner.rest_of_line() : scanner.rest_before_comment();
    if (text.empty())
      throw FileError(paper_.file, text_place, name + " = what? Write a value behind the equals sign");
    example.settings.push_back({name, place, text, text_place});
  }

  /// `example = NAME` begins an example, or goes on with one of that name.
  void start_example(Scanner& scanner, Place place) {
    const Place text_place = scanner.place();
    const std::string name = scanner.rest_before_comment();
    if (!is_example_name(name))
      throw FileError(paper_.file, text_place, "an example's name is one word of letters, digits, - and _");
    for (std::size_t k = 0; k < paper_.examples.size(); ++k)
      if (paper_.examples[k].name == name) return void(current_ = k);
    add_example(name, place);
  }

  /// `chapter = NAME`: the whole file is about that chapter's examples.
  void name_chapter(Scanner& scanner, Place place) {
    const Place text_place = scanner.place();
    const std::string name = scanner.rest_before_comment();
    if (!is_example_name(name))
      throw FileError(paper_.file, text_place, "a chapter is named as its files are: 06-attention-by-hand");
    if (paper_.chapter && paper_.chapter->text != name)
      throw FileError(paper_.file, place,
                      "chapter = " + paper_.chapter->text + " stands already in line " +
                          std::to_string(paper_.chapter->place.line) + "; a file is about one chapter");
    if (!paper_.chapter) paper_.chapter = Setting{"chapter", place, name, text_place};
  }

  WrittenExample& current(Place place) {
    if (paper_.examples.empty()) add_example(default_example, place);
    return paper_.examples[current_];
  }

  void add_example(const std::string& name, Place place) {
    if (paper_.examples.size() == caps::examples)
      throw FileError(paper_.file, place,
                      "more than " + std::to_string(caps::examples) + " examples in one file");
    paper_.examples.push_back({name, place, {}, {}});
    current_ = paper_.examples.size() - 1;
  }

  void require_new(const WrittenExample& example, const std::string& name, Place place) const {
    const Setting* setting = example.setting(name);
    const WrittenMatrix* matrix = example.matrix(name);
    if (!setting && !matrix) return;
    const Place before = setting ? setting->place : matrix->place;
    throw FileError(paper_.file, place,
                    name + " stands already in line " + std::to_string(before.line) +
                        "; a name stands once in an example");
  }

  Paper& paper_;
  std::size_t current_ = 0;
};

}  // namespace

const Setting* WrittenExample::setting(const std::string& wanted) const {
  for (const Setting& setting : settings)
    if (setting.name == wanted) return &setting;
  return nullptr;
}

const WrittenMatrix* WrittenExample::matrix(const std::string& wanted) const {
  for (const WrittenMatrix& matrix : matrices)
    if (matrix.name == wanted) return &matrix;
  return nullptr;
}

Paper read_paper(const std::string& file, const std::string& markdown) {
  Paper paper{file, {}};
  Reader reader(paper);
  bool found = false;
  for (const Fence& block : fenced_blocks(markdown)) {
    if (block.language != "paper") continue;
    reader.read(block);
    found = true;
  }
  if (!found)
    throw FileError(file, {1, 1},
                    "no paper block here: put the derivation between a line ```paper and a line ```");
  return paper;
}

Paper load_paper(const std::string& file) {
  derivation::require_readable_name(file);
  const std::string markdown = derivation::read_file(file, caps::file_bytes);
  if (markdown.size() > caps::file_bytes)
    throw FileError(file, {1, 1},
                    "the file is larger than " + std::to_string(caps::file_bytes >> 20) +
                        " MiB: hand in the derivation alone");
  return read_paper(file, markdown);
}

}  // namespace paper
