#include "prose/pandoc.hpp"

#include <array>
#include <cstdio>

#include "derivation/files.hpp"

namespace prose {
namespace {

/// As the book reads a chapter (docs/book/reader.yaml), and with the place of everything. Extensions by name:
/// the bundle commonmark_x is not the same in all versions of pandoc.
constexpr const char* reader =
    "commonmark+attributes+bracketed_spans+fenced_divs+footnotes+gfm_auto_identifiers+pipe_tables+raw_html"
    "+smart+strikeout+task_lists+tex_math_dollars+yaml_metadata_block+sourcepos";

/// The path as one word of the shell, whatever characters it has.
std::string quoted(const std::string& path) {
  std::string text = "'";
  for (const char c : path) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string pandoc_json(const std::string& file) {
  derivation::read_file(file, 0);  // says what is wrong with a file that cannot be read
  const std::string command = std::string("pandoc --from ") + reader + " --to json -- " + quoted(file);
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw derivation::Error("pandoc cannot be run");
  std::string output;
  std::array<char, 65536> buffer{};
  for (std::size_t got; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), got);
  if (pclose(pipe) != 0) throw derivation::FileError(file + ": pandoc cannot read it (is pandoc installed?)");
  return output;
}

}  // namespace prose
