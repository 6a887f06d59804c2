#pragma once
#include <optional>
#include <string>
#include <vector>

#include "numbers/exact.hpp"
#include "paper/error.hpp"

/// What a person or a program wrote down, read: the paper blocks of a Markdown file, matrices as programs
/// print them, and the givens that a derivation starts from.
namespace paper {

using numbers::Exact;

/// What the reader of paper takes at most; what is larger is an error that says so.
namespace caps {
constexpr std::size_t file_bytes = 1 << 20;
constexpr std::size_t entries = 4096;  ///< of one matrix
constexpr std::size_t tokens = 32;     ///< of one example
constexpr int heads = 8;               ///< of one example
constexpr std::size_t examples = 100;  ///< of one file
/// Units of numbers::WorkLimit for a whole file, a second or two: to derive it, whichever verb does so, and
/// as many again to grade it. So what one verb hands out, all others accept.
constexpr std::size_t derive_work = 6'000'000;
constexpr std::size_t grade_work = 6'000'000;
}  // namespace caps

/// A number that a program printed (see printed_number.hpp). A person claims a value by the digits they
/// write; this one is claimed to within half_width.
struct Measured {
  bool is_finite = true;  ///< false: nan, or an overflow
  Exact value, half_width;
  Exact half_width_if_wrong;  ///< what a mistake may be away from it
  int significant_digits = 0;
};

struct Entry {
  Place place;
  std::string text;  ///< an expression, -inf or ?
  std::optional<Measured> measured = {};
};

struct WrittenMatrix {
  std::string name;
  Place place;
  std::vector<std::vector<Entry>> rows;
  std::string file = {};  ///< where it was handed in; empty: in the paper's own file

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
  std::optional<Setting> chapter = {};  ///< chapter = NAME: graded against that chapter's derivation
};

/// The name of an example that its file does not name.
constexpr const char* default_example = "example";

/// Reads the paper blocks of a Markdown text. Throws FileError.
Paper read_paper(const std::string& file, const std::string& markdown);

/// Reads a file from the disk. Throws FileError, and derivation::FileError where it cannot be read.
Paper load_paper(const std::string& file);

}  // namespace paper
