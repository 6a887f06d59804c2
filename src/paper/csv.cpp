#include "paper/csv.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "derivation/rounding.hpp"
#include "numbers/expression.hpp"
#include "numbers/literal.hpp"
#include "paper/inputs.hpp"

namespace paper {
namespace {

constexpr double other_ways = 8;
constexpr double roundings_without_bound = 1024;
constexpr const char* byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }

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

/// 1. and .5 as the expressions of a paper want them: 1.0 and 0.5.
std::string completed(std::string text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  if (point + 1 == text.size() || !is_digit(text[point + 1])) text.insert(point + 1, "0");
  if (point == 0 || !is_digit(text[point - 1])) text.insert(point, "0");
  return text;
}

/// A number as programs print it, taken apart.
struct Printed {
  numbers::Literal literal;
  bool has_mark = false;  ///< a point or an exponent
  int significant = 0;    ///< digits, from the first that is not 0
};

/// Nothing for an expression, and for a number that no paper takes: reading it as on paper says why.
std::optional<Printed> printed(const std::string& written) {
  const std::string text = completed(written);
  const std::size_t start = text[0] == '-' || text[0] == '+' ? 1 : 0;
  if (start == text.size() || !is_digit(text[start])) return std::nullopt;
  try {
    const numbers::Literal literal = numbers::read_literal(text, start);
    if (start + literal.length != text.size()) return std::nullopt;
    const std::size_t zeros = std::min(literal.digits.find_first_not_of('0'), literal.digits.size());
    return Printed{literal, text.find_first_of(".eE") != std::string::npos,
                   static_cast<int>(literal.digits.size() - zeros)};
  } catch (const numbers::ExpressionError&) {
    return std::nullopt;
  }
}

/// What all numbers of a matrix tell together about how they were printed.
struct Format {
  bool all_whole = true;    ///< no point and no exponent anywhere
  bool same_places = true;  ///< and so zeros at the end were printed, too
  int significant = 0;      ///< of the longest
  std::optional<int> places = {};

  void include(const Printed& number) {
    all_whole = all_whole && !number.has_mark;
    same_places = same_places && number.has_mark && (!places || *places == number.literal.places);
    places = number.literal.places;
    significant = std::max(significant, number.significant);
  }
};

Measured measured(const std::string& file, const Entry& entry, const Printed& number, const Format& format) {
  Measured result;
  result.value = value_at(file, entry.place, completed(entry.text));
  if (number.significant == 0 && !format.same_places) return result;  // a 0, without a size
  const int missing = format.same_places ? 0 : format.significant - number.significant;
  const int last = number.literal.exponent - number.literal.places;  // the power of ten of the last digit
  result.half_width = numbers::ten_to(last - missing) / 2;
  result.significant_digits = number.significant + missing;
  return result;
}

void read_word(Entry& entry) {
  const std::string word = lower_case(entry.text);
  const std::string plain = word[0] == '-' || word[0] == '+' ? word.substr(1) : word;
  if (word == "-inf" || word == "-infinity")
    entry.text = "-inf";
  else if (plain == "nan" || plain == "inf" || plain == "infinity")
    entry.measured = Measured{false, {}, {}, 0};
}

void measure(const std::string& file, std::vector<std::vector<Entry>>& rows) {
  Format format;
  for (auto& row : rows)
    for (Entry& entry : row) {
      if (const auto number = printed(entry.text)) format.include(*number);
      read_word(entry);
    }
  if (format.all_whole) return;
  for (auto& row : rows)
    for (Entry& entry : row)
      if (const auto number = printed(entry.text)) entry.measured = measured(file, entry, *number, format);
}

double largest_entry(const derivation::Step& step) {
  double largest = 0;
  for (derivation::Index i = 0; i < step.exact.rows(); ++i)
    for (derivation::Index j = 0; j < step.exact.cols(); ++j)
      if (step.exact.visible(i, j)) largest = std::max(largest, std::abs(to_double(step.exact.values(i, j))));
  return largest;
}

}  // namespace

WrittenMatrix read_csv(const std::string& name, const std::string& file, const std::string& text) {
  if (text.size() > caps::file_bytes)
    throw FileError(file, {1, 1},
                    "the file is larger than " + std::to_string(caps::file_bytes >> 20) +
                        " MiB: hand in one matrix, a row a line");
  WrittenMatrix matrix{name, {1, 1}, read_rows(file, text), file};
  measure(file, matrix.rows);
  return matrix;
}

void allow_rounding(WrittenMatrix& matrix, const derivation::Example& truth, Precision precision) {
  const derivation::Step* step = find_step(truth, matrix.name);
  if (!step || matrix.row_count() != step->exact.rows() || matrix.col_count() != step->exact.cols()) return;
  const derivation::Matrix<double> bounds = rounding_bounds(truth).at(matrix.name);
  const double without_bound = roundings_without_bound * 0x1p-53 * largest_entry(*step);
  // The bounds are for double precision, and proportional to its unit of rounding.
  const double unit = precision == Precision::single_precision ? 0x1p29 : 1;
  for (std::size_t i = 0; i < matrix.rows.size(); ++i)
    for (std::size_t j = 0; j < matrix.rows[i].size(); ++j) {
      auto& number = matrix.rows[i][j].measured;
      if (!number || !number->is_finite) continue;
      const double bound = bounds(static_cast<derivation::Index>(i), static_cast<derivation::Index>(j));
      const double allowed = unit * (std::isfinite(bound) ? other_ways * bound : without_bound);
      number->half_width += numbers::exactly(allowed);
    }
}

}  // namespace paper
