#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "prose/pandoc.hpp"

/// A Markdown file as its reader finds things in it: section by section, read by pandoc.
namespace document {

using Json = nlohmann::json;

/// Some running text: as plain words, and what of it is a formula, a link, or bold.
struct Words {
  std::string text;
  std::vector<std::string> formulas, links, bold;
};

using Row = std::vector<Words>;  ///< of a table: one Words a cell

/// A heading and what stands below it, down to the next heading.
struct Section {
  int level = 0;
  Words title;
  std::string id;
  Words words;            ///< all of its text, tables included
  std::vector<Row> rows;  ///< of its tables, without their heads
  std::string html;       ///< its raw HTML
};

inline void read_words(const Json& json, Words& words) {
  if (json.is_array())
    for (const Json& part : json) read_words(part, words);
  if (!json.is_object() || !json.contains("t")) return;
  const std::string type = json.at("t");
  if (type == "Str") {
    words.text += json.at("c").get<std::string>();
  } else if (type == "Space" || type == "SoftBreak") {
    words.text += ' ';
  } else if (type == "Math") {
    words.formulas.push_back(json.at("c").at(1));
  } else if (type == "Code") {
    words.text += json.at("c").at(1).get<std::string>();
  } else if (type != "CodeBlock" && json.contains("c")) {
    const std::size_t before = words.text.size();
    read_words(json.at("c"), words);
    if (type == "Link") words.links.push_back(json.at("c").at(2).at(0));
    if (type == "Strong") words.bold.push_back(words.text.substr(before));
    if (type == "Para" || type == "Plain") words.text += '\n';
  }
}

inline Words words_of(const Json& json) {
  Words words;
  read_words(json, words);
  return words;
}

/// A table is [attributes, caption, columns, head, bodies, foot], a body [attributes, n, head rows, rows], a
/// row [attributes, cells].
inline void read_table(const Json& table, Section& section) {
  for (const Json& body : table.at(4))
    for (const Json& row : body.at(3)) {
      section.rows.emplace_back();
      for (const Json& cell : row.at(1)) section.rows.back().push_back(words_of(cell.at(4)));
    }
}

inline void read_blocks(const Json& blocks, std::vector<Section>& sections) {
  for (const Json& block : blocks) {
    const std::string type = block.at("t");
    const Json& content = block.contains("c") ? block.at("c") : Json();
    if (type == "Header") {
      sections.push_back({content.at(0), words_of(content.at(2)), content.at(1).at(0), {}, {}, ""});
    } else if (type == "Div") {
      read_blocks(content.at(1), sections);
    } else if (!sections.empty()) {
      if (type == "RawBlock") sections.back().html += content.at(1).get<std::string>();
      if (type == "Table") read_table(content, sections.back());
      read_words(block, sections.back().words);
    }
  }
}

/// The sections of a file of the source tree. What stands in front of the first heading is left out.
inline std::vector<Section> sections_of(const std::string& file) {
  std::vector<Section> sections;
  read_blocks(Json::parse(prose::pandoc_json(file)).at("blocks"), sections);
  return sections;
}

}  // namespace document
