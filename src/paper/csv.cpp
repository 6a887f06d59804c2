#include "paper/csv.hpp"

#include <algorithm>
#include <cctype>

#include "paper/printed_number.hpp"

namespace paper {
namespace {

constexpr const char* byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

char separator_of(const std::string& text) {
  for (const char separator : {';', ','})
    if (text.find(separator) != std::string::npos) return separator;
  return ' ';
}

/// Takes a line apart, and knows at which character (not byte) each entry begins.
class Line {
 public:
  Line(const std::string& file, const std::string& text, int number, char separator)
      : file_(file), text_(text.substr(0, text.find('#'))), number_(number), separator_(separator) {}

  std::vector<Entry> entries() {
    std::vector<Entry> row;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      row.push_back(entry());
      skip_blanks();
      if (separator_ == ' ' || at_ == text_.size()) continue;
      if (text_[at_] != separator_)
        throw FileError(file_, place(), "a separator is missing: put a " + named() + " between two entries");
      ++at_;
    }
    return row;
  }

 private:
  std::string named() const { return separator_ == ';' ? "semicolon" : "comma"; }
  Place place() const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto before = std::count_if(text_.begin(), end, [](char c) { return (c & 0xC0) != 0x80; });
    return {number_, 1 + static_cast<int>(before)};
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Entry entry() {
    const Place start = place();
    const std::size_t from = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != separator_) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20)
        throw FileError(file_, place(), "a character that no text has: is this a text file?");
      if (c == '[' || c == ']' || c == '{' || c == '}' || c == '"' || c == '\'')
        throw FileError(
            file_, place(),
            std::string("leave the ") + c + " out: a row of the matrix is a line of numbers alone");
      ++at_;
    }
    if (at_ == from)
      throw FileError(file_, start, "an entry is missing here: write a number, or ? for no answer");
    return {start, text_.substr(from, at_ - from)};
  }

  const std::string& file_;
  std::string text_;
  int number_;
  char separator_;
  std::size_t at_ = 0;
};

void require_rows(const std::string& file, const std::vector<std::vector<Entry>>& rows) {
  if (rows.empty()) throw FileError(file, {1, 1}, "no entries here: write a row of the matrix on each line");
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].size() != rows[0].size())
      throw FileError(file, rows[i][0].place,
                      "row " + std::to_string(i) + " has " + std::to_string(rows[i].size()) +
                          (rows[i].size() == 1 ? " entry" : " entries") + ", row 0 has " +
                          std::to_string(rows[0].size()) + "; every row needs as many");
}

std::vector<std::vector<Entry>> read_rows(const std::string& file, const std::string& text) {
  const char separator = separator_of(text);
  std::vector<std::vector<Entry>> rows;
  std::size_t count = 0;
  int number = 0;
  for (std::size_t from = text.starts_with(byte_order_mark) ? 3 : 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::vector<Entry> row = Line(file, text.substr(from, end - from), ++number, separator).entries();
    from = end + 1;
    count += row.size();
    if (count > caps::entries)
      throw FileError(file, row.front().place, "more than " + std::to_string(caps::entries) + " entries");
    if (!row.empty()) rows.push_back(std::move(row));
  }
  require_rows(file, rows);
  return rows;
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void read_word(Entry& entry) {
  const std::string word = lower_case(entry.text);
  const std::string plain = word[0] == '-' || word[0] == '+' ? word.substr(1) : word;
  if (word == "-inf" || word == "-infinity")
    entry.text = "-inf";
  else if (plain == "nan" || plain == "inf" || plain == "infinity")
    entry.measured = Measured{false, {}, {}, 0};
}

}  // namespace

WrittenMatrix read_csv(const std::string& name, const std::string& file, const std::string& text,
                       const numbers::MachineFormat& format) {
  if (text.size() > caps::file_bytes)
    throw FileError(file, {1, 1},
                    "the file is larger than " + std::to_string(caps::file_bytes >> 20) +
                        " MiB: hand in one matrix, a row a line");
  WrittenMatrix matrix{name, {1, 1}, read_rows(file, text), file};
  for (auto& row : matrix.rows)
    for (Entry& entry : row) read_word(entry);
  measure_printed(file, matrix.rows, format);
  return matrix;
}

}  // namespace paper
