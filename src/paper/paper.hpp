#pragma once
#include <string>
#include <vector>

#include "paper/error.hpp"

/// What a person wrote: the paper blocks of a Markdown file, read but not yet understood.
namespace paper {

/// What the reader of paper takes at most; what is larger is an error that says so.
namespace caps {
constexpr std::size_t file_bytes = 1 << 20;
constexpr std::size_t entries = 4096;  ///< of one matrix
constexpr std::size_t tokens = 32;     ///< of one example
constexpr int heads = 8;               ///< of one example
constexpr std::size_t examples = 100;  ///< of one file
}  // namespace caps

struct Entry {
  Place place;
  std::string text;  ///< an expression, -inf or ?
};

struct WrittenMatrix {
  std::string name;
  Place place;
  std::vector<std::vector<Entry>> rows;

  int row_count() const { return static_cast<int>(rows.size()); }
  int col_count() const { return static_cast<int>(rows.front().size()); }
};

/// A setting such as `scale = 1/4`: what stands behind the equals sign.
struct Setting {
  std::string name;
  Place place;
  std::string text;
  Place text_place;
};

/// One example: the blocks that name it, or go on with it, put together.
struct WrittenExample {
  std::string name;
  Place place;
  std::vector<Setting> settings;  ///< heads, mask (none, causal), scale, tokens
  std::vector<WrittenMatrix> matrices;

  const Setting* setting(const std::string& name) const;
  const WrittenMatrix* matrix(const std::string& name) const;
};

struct Paper {
  std::string file;
  std::vector<WrittenExample> examples;
};

/// Reads the paper blocks of a Markdown text. Throws FileError.
Paper read_paper(const std::string& file, const std::string& markdown);

/// Reads a file from the disk. Throws FileError, and derivation::FileError where it cannot be read.
Paper load_paper(const std::string& file);

}  // namespace paper
