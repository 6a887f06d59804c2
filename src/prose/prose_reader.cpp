#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "derivation/utf8.hpp"
#include "prose/number_words.hpp"
#include "prose/pandoc.hpp"
#include "prose/prose.hpp"

// Walks through pandoc's JSON. An element is {"t": type, "c": content}; with sourcepos, every run of text is
// wrapped in a Span (or Div) whose attribute data-pos says where it stands.

namespace prose {
namespace {

using Json = nlohmann::json;

struct Piece {
  enum Kind { word, formula, comment, gap } kind;
  std::string text;
  paper::Place place;
};

/// The place in "FILE@3:5-3:9" or "3:5-3:9". The file's name may hold an @ as well.
paper::Place place_in(const std::string& data_pos) {
  const std::string text =
      data_pos.substr(data_pos.rfind('@') == std::string::npos ? 0 : data_pos.rfind('@') + 1);
  return {std::stoi(text), std::stoi(text.substr(text.find(':') + 1))};
}

/// An attribute triple [id, classes, [[key, value], …]] may say where its element stands.
paper::Place place_of(const Json& attributes, paper::Place otherwise) {
  for (const Json& pair : attributes.at(2))
    if (pair.at(0) == "data-pos" && pair.at(1) != "") return place_in(pair.at(1));
  return otherwise;
}

std::string comment_in(const std::string& html) {
  static const std::regex comment("<!--\\s*([^]*?)\\s*-->");
  std::smatch match;
  return std::regex_match(html, match, comment) ? match[1].str() : "";
}

class Walker {
 public:
  explicit Walker(Prose& prose) : prose_(prose) {}

  void blocks(const Json& list, paper::Place place) {
    for (const Json& block : list) this->block(block, place);
  }

 private:
  void block(const Json& block, paper::Place place) {
    const std::string type = block.at("t");
    if (type == "Para" || type == "Plain") return paragraph(block.at("c"), place);
    if (type == "Div") return blocks(block.at("c").at(1), place_of(block.at("c").at(0), place));
    if (type == "Header" || type == "CodeBlock" || type == "RawBlock" || type == "HorizontalRule") return;
    descend(block.at("c"), place);
  }

  /// Lists, quotes, tables, definitions: whatever holds blocks or inlines somewhere inside.
  void descend(const Json& json, paper::Place place) {
    if (json.is_array() && json.size() == 3 && json[0].is_string() && json[1].is_array() &&
        json[2].is_array())
      return;
    if (json.is_object() && json.contains("t")) {
      static const std::regex names(
          "Para|Plain|Div|CodeBlock|RawBlock|Header|.*List|BlockQuote|Table|LineBlock");
      if (std::regex_match(json.at("t").get<std::string>(), names)) block(json, place);
    } else if (json.is_array()) {
      for (const Json& part : json) descend(part, place);
    }
  }

  void paragraph(const Json& content, paper::Place place) {
    if (is_transclusion(content, place)) return;
    std::vector<Piece> pieces;
    flatten(content, place, pieces);
    pieces.push_back({Piece::gap, "", place});
    collect(pieces);
  }

  void flatten(const Json& inlines, paper::Place place, std::vector<Piece>& pieces) {
    for (const Json& part : inlines) {
      const std::string type = part.at("t");
      if (type == "Str") {
        add_word(part.at("c"), place, pieces);
      } else if (type == "Math" || type == "Code") {
        pieces.push_back({Piece::formula, part.at("c").at(1), place});
      } else if (type == "RawInline") {
        if (const std::string text = comment_in(part.at("c").at(1)); !text.empty())
          pieces.push_back({Piece::comment, text, place});
      } else if (type == "Note") {
        blocks(part.at("c"), place);
      } else if (type == "Span" || type == "Link" || type == "Image") {
        flatten(part.at("c").at(1), place_of(part.at("c").at(0), place), pieces);
      } else if (type == "Quoted" || type == "Cite") {
        flatten(part.at("c").at(1), place, pieces);
      } else if (part.contains("c")) {
        flatten(part.at("c"), place, pieces);
      } else {
        pieces.push_back({Piece::gap, "", place});
      }
    }
  }

  /// "0", "." and "66976" come as three pieces of text: together they are one word.
  static void add_word(const std::string& text, paper::Place place, std::vector<Piece>& pieces) {
    if (!pieces.empty() && pieces.back().kind == Piece::word)
      pieces.back().text += text;
    else
      pieces.push_back({Piece::word, text, place});
  }

  void collect(const std::vector<Piece>& pieces) {
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      const bool claimed = k + 1 < pieces.size() && pieces[k + 1].kind == Piece::comment;
      const std::string comment = claimed ? pieces[k + 1].text : "";
      const bool is_claim = comment == "published" || comment == "measured" || comment.rfind("=", 0) == 0 ||
                            comment.rfind("published,", 0) == 0;
      if (pieces[k].kind == Piece::comment && pieces[k].text.rfind("fact ", 0) == 0)
        prose_.facts.push_back({pieces[k].place, pieces[k].text.substr(5)});
      if (pieces[k].kind == Piece::word || pieces[k].kind == Piece::formula)
        add_numbers(pieces, k, is_claim ? comment : "");
      else if (pieces[k].kind == Piece::comment && (k == 0 || pieces[k - 1].kind != Piece::word) &&
               (k == 0 || pieces[k - 1].kind != Piece::formula) && comment_is_claim(pieces[k].text))
        prose_.numbers.push_back({pieces[k].place, "", pieces[k].text});
    }
  }

  static bool comment_is_claim(const std::string& comment) { return comment.substr(0, 1) == "="; }

  /// The claimed number is the last one of the word; every other decimal in it has no claim.
  void add_numbers(const std::vector<Piece>& pieces, std::size_t k, const std::string& comment) {
    static const std::regex last_number("(?:-|−)?[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?$");
    static const std::regex last_word("[A-Za-z]+(?:-[a-z]+)?$");
    std::string text = pieces[k].text;
    if (!comment.empty()) {
      std::smatch match;
      const bool found = std::regex_search(text, match, last_number) ||
                         (std::regex_search(text, match, last_word) && number_in_words(match.str()));
      const bool whole = pieces[k].kind == Piece::word || (found && match.position(0) == 0);
      prose_.numbers.push_back({pieces[k].place, found && whole ? match.str() : "", comment});
      text = found ? text.substr(0, static_cast<std::size_t>(match.position(0))) : text;
    }
    const bool is_version = k >= 2 && pieces[k - 1].kind == Piece::gap && pieces[k - 2].text == "version";
    if (!is_version) add_unclaimed(text, pieces[k].place);
  }

  /// Decimals, but for versions and dates of three parts (1.81.0), sections (§3.2) and arXiv:1706.03762.
  void add_unclaimed(const std::string& text, paper::Place place) {
    static const std::regex decimal("((?:§|arXiv:)?)([0-9]*(?:\\.[0-9]+)+)");  // § is two bytes
    for (std::sregex_iterator match(text.begin(), text.end(), decimal), end; match != end; ++match) {
      const std::string number = (*match)[2];
      const bool three_parts = std::count(number.begin(), number.end(), '.') > 1;
      if (three_parts || (*match)[1].length() > 0) continue;
      prose_.numbers.push_back({place, number, ""});
    }
  }

  /// A paragraph that is one link whose text begins with derivation: (code: and measurement: are the book
  /// builder's own).
  bool is_transclusion(const Json& content, paper::Place place) {
    if (content.size() != 1) return false;
    const Json& part = content.at(0);
    if (part.at("t") == "Span")
      return is_transclusion(part.at("c").at(1), place_of(part.at("c").at(0), place));
    if (part.at("t") != "Link") return false;
    place = place_of(part.at("c").at(0), place);
    std::vector<Piece> pieces;
    flatten(part.at("c").at(1), place, pieces);
    std::string text;
    for (const Piece& piece : pieces) text += piece.kind == Piece::gap ? " " : piece.text;
    if (text.rfind("code: ", 0) == 0 || text.rfind("measurement: ", 0) == 0) return true;
    if (text.rfind("derivation: ", 0) != 0) return false;
    const std::string target = part.at("c").at(2).at(0);
    prose_.transclusions.push_back(
        {place, derivation::stem_of(target.substr(0, target.find('#'))), text.substr(12)});
    return true;
  }

  Prose& prose_;
};

}  // namespace

Prose read_prose(const std::string& file, const std::string& pandoc_json) {
  Prose prose{file, {}, {}, {}};
  try {
    Walker(prose).blocks(Json::parse(pandoc_json).at("blocks"), {1, 1});
  } catch (const Json::exception& error) {
    throw derivation::Error(file + ": this is not pandoc's JSON: " + error.what());
  }
  return prose;
}

Prose load_prose(const std::string& file) {
  derivation::require_readable_name(file);
  return read_prose(file, pandoc_json(file));
}

}  // namespace prose
