#pragma once
#include <string>
#include <vector>

#include "paper/fence.hpp"
#include "paper/paper.hpp"

namespace paper {

/// Walks through the characters of one paper block and knows where in the file it stands.
class Scanner {
 public:
  /// Throws FileError where the block is no UTF-8.
  Scanner(const std::string& file, const Fence& block);

  /// Skips blanks, empty lines and comments; whether anything follows.
  bool at_statement();
  /// Whether a [ comes next in this line.
  bool at_matrix();
  Place place() const;

  std::string name();
  void equals_sign(const std::string& name);
  std::string rest_of_line();         ///< without blanks around it
  std::string rest_before_comment();  ///< the same, up to a #
  /// Everything from [ to ], row by row; nothing else may stand behind it in its line.
  std::vector<std::vector<Entry>> matrix(const std::string& name);

 private:
  bool at_end() const { return line_ == block_.lines.size(); }
  bool at_line_end() const { return at_end() || column_ >= block_.lines[line_].size(); }
  char peek() const { return block_.lines[line_][column_]; }
  void next_line();
  void skip_blanks();
  Entry entry();
  void check_rows(const std::string& name, Place start, const std::vector<std::vector<Entry>>& rows) const;
  [[noreturn]] void fail(const std::string& message) const;

  const std::string& file_;
  const Fence& block_;
  std::size_t line_ = 0, column_ = 0;
};

bool is_example_name(const std::string& text);

}  // namespace paper
