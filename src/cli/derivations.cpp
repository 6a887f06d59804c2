#include "cli/derivations.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "program/options.hpp"
#include "rendering/json.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

/// The folder named, or the nearest derivations/ from the current folder upwards; empty where there is none.
fs::path folder_of_derivations(const std::string& named) {
  if (!named.empty()) return named;
  std::error_code unknown;
  for (fs::path folder = fs::current_path(unknown); !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_directory(folder / "derivations", unknown)) return folder / "derivations";
    if (folder == folder.root_path()) break;
  }
  return {};
}

/// The stems of the derivations in a folder that begin so, in order.
std::vector<std::string> stems(const fs::path& folder, const std::string& beginning) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".json" && stem.starts_with(beginning)) found.push_back(stem);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::optional<std::string> derivation_beside(const std::string& file) {
  const fs::path beside = fs::path(file).parent_path() / ".." / "derivations";
  const fs::path found = beside / (derivation::stem_of(file) + ".json");
  std::error_code unknown;
  if (!fs::exists(found, unknown)) return std::nullopt;
  return found.string();
}

std::optional<std::string> find_derivation(const std::string& name, const std::string& folder) {
  const fs::path derivations = folder_of_derivations(folder);
  const std::vector<std::string> found = stems(derivations, name);
  const bool is_whole = std::find(found.begin(), found.end(), name) != found.end();
  if (!is_whole && found.size() != 1) return std::nullopt;
  return (derivations / ((is_whole ? name : found.front()) + ".json")).string();
}

std::string why_not_found(const std::string& name, const std::string& folder) {
  const fs::path derivations = folder_of_derivations(folder);
  if (derivations.empty())
    return "there is no folder derivations/ here or above: run this in the book's folder, or name it with "
           "--derivations DIR";
  const std::vector<std::string> close = stems(derivations, name);
  std::string known;
  for (const std::string& stem : close.empty() ? stems(derivations, "") : close) known += " " + stem;
  if (known.empty()) return derivations.string() + " holds no derivations: name another folder";
  return (close.empty() ? "there is no chapter " + name + "; there are"
                        : name + " begins several chapters:") +
         known;
}

bool is_chapter_name(const std::string& argument) {
  std::error_code unknown;
  const fs::path path(argument);
  constexpr std::size_t longest = 100;
  return argument.size() <= longest && !fs::exists(path, unknown) && !path.has_extension() &&
         !path.has_parent_path();
}

std::optional<std::string> derivation_of(const paper::Paper& paper, const std::string& folder) {
  if (!paper.chapter) return derivation_beside(paper.file);
  const std::string& name = paper.chapter->text;
  if (const auto found = find_derivation(name, folder)) return found;
  throw paper::FileError(paper.file, paper.chapter->text_place,
                         "chapter = " + name + ": " + why_not_found(name, folder));
}

derivation::Derivation derivation_named(const std::string& subject, int digits, paper::Passes passes) {
  if (is_chapter_name(subject)) {
    const auto found = find_derivation(subject, "");
    if (!found)
      throw program::UsageError("no file and no chapter " + subject + ": " + why_not_found(subject, ""));
    return rendering::load_json(*found);
  }
  const paper::Paper paper = paper::load_paper(subject);
  const auto found = derivation_of(paper, "");
  return found ? rendering::load_json(*found) : paper::derive_paper(paper, digits, passes);
}

namespace {

void require_example(const paper::Paper& paper, const paper::WrittenExample& written,
                     const derivation::Derivation& truth) {
  if (find_example(truth, written.name)) return;
  std::string known;
  for (const auto& example : truth.examples) known += " " + example.name;
  const std::string chapter = truth.chapter + " has the examples" + known;
  if (written.name == paper::default_example)
    throw paper::FileError(paper.file, written.place,
                           "which example is this? " + chapter + ": write a line example = " +
                               (truth.examples.empty() ? "NAME" : truth.examples.front().name) +
                               ", say, before this one");
  throw paper::FileError(paper.file, written.place, "there is no example " + written.name + ": " + chapter);
}

/// "m = [ 1 ; 2 ]": the row that was written, as a column.
std::string as_column(const paper::WrittenMatrix& matrix) {
  std::string text;
  for (const paper::Entry& entry : matrix.rows.front()) text += (text.empty() ? "" : " ; ") + entry.text;
  return matrix.name + " = [ " + text + " ]";
}

void require_columns(const paper::Paper& paper, const paper::WrittenExample& written,
                     const derivation::Example& truth) {
  for (const paper::WrittenMatrix& matrix : written.matrices) {
    const derivation::Step* step = find_step(truth, matrix.name);
    const bool is_turned = step && step->exact.cols() == 1 && step->exact.rows() > 1 &&
                           matrix.row_count() == 1 && matrix.col_count() == step->exact.rows();
    if (is_turned)
      throw paper::FileError(matrix.file.empty() ? paper.file : matrix.file, matrix.place,
                             matrix.name + " has a number for each row: write it as a column, " +
                                 (matrix.file.empty() ? as_column(matrix) : "a number a line"));
  }
}

}  // namespace

void require_comparable(const paper::Paper& paper, const derivation::Derivation& truth) {
  for (const paper::WrittenExample& written : paper.examples) {
    require_example(paper, written, truth);
    require_columns(paper, written, *find_example(truth, written.name));
  }
}

}  // namespace cli
