#pragma once
#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

/// Reads an SVG and says what is wrong with it: tags that do not close, elements and attributes that our
/// pictures do not use, numbers that are none, no size, no words for those who do not see it. Written for the
/// tests alone.
class Picture {
 public:
  explicit Picture(std::string svg) : text_(std::move(svg)) { read(); }

  const std::vector<std::string>& problems() const { return problems_; }
  int count(const std::string& element) const {
    const auto found = counts_.find(element);
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  using Attributes = std::map<std::string, std::string>;

  void complain(const std::string& message) { problems_.push_back(message); }

  void read() {
    while (at_ < text_.size()) {
      if (text_[at_] == '<')
        tag();
      else
        content();
    }
    for (const std::string& element : open_) complain("<" + element + "> is not closed");
    if (count("svg") != 1) complain("there is not one <svg>");
    if (count("title") != 1) complain("there is not one <title>");
  }

  void content() {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    std::string words = text_.substr(at_, end - at_);
    at_ = end;
    const bool is_blank = words.find_first_not_of(" \n") == std::string::npos;
    const std::string inside = open_.empty() ? "" : open_.back();
    if (!is_blank && inside != "text" && inside != "title" && inside != "style")
      complain("text inside <" + inside + ">: " + words);
    if (is_blank && inside == "title") complain("an empty title");
    check_entities(words);
  }

  void check_entities(const std::string& words) {
    static const std::set<std::string> known = {"&lt;", "&gt;", "&amp;", "&quot;"};
    for (std::size_t k = words.find('&'); k != std::string::npos; k = words.find('&', k + 1))
      if (!known.count(words.substr(k, words.find(';', k) - k + 1))) complain("a bare &: " + words);
  }

  void tag() {
    const std::size_t end = text_.find('>', at_);
    if (end == std::string::npos) {
      complain("a tag without end");
      at_ = text_.size();
      return;
    }
    std::string inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (!inside.empty() && inside[0] == '/') return close(inside.substr(1));
    const bool is_empty = !inside.empty() && inside.back() == '/';
    if (is_empty) inside.pop_back();
    const std::string name = inside.substr(0, inside.find(' '));
    ++counts_[name];
    check_element(name, attributes(name, inside.substr(name.size())));
    if (!is_empty) open_.push_back(name);
  }

  void close(const std::string& name) {
    if (open_.empty() || open_.back() != name)
      complain("</" + name + "> closes nothing");
    else
      open_.pop_back();
  }

  Attributes attributes(const std::string& element, const std::string& text) {
    Attributes found;
    std::size_t k = 0;
    while ((k = text.find_first_not_of(' ', k)) != std::string::npos) {
      const std::size_t equals = text.find("=\"", k);
      const std::size_t end = equals == std::string::npos ? equals : text.find('"', equals + 2);
      if (end == std::string::npos) {
        complain("<" + element + "> has a malformed attribute:" + text);
        return found;
      }
      const std::string name = text.substr(k, equals - k);
      if (!found.emplace(name, text.substr(equals + 2, end - equals - 2)).second)
        complain("<" + element + "> has " + name + " twice");
      k = end + 1;
    }
    return found;
  }

  static bool is_number(const std::string& text) {
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0' && (std::isdigit(static_cast<unsigned char>(text.back())) != 0);
  }

  void check_element(const std::string& name, const Attributes& attributes) {
    static const std::map<std::string, std::set<std::string>> known = {
        {"svg", {"xmlns", "viewBox", "width", "height", "role"}},
        {"title", {}},
        {"style", {}},
        {"g", {"transform", "class"}},
        {"rect", {"x", "y", "width", "height", "fill", "class", "style"}},
        {"text", {"x", "y", "class", "transform"}},
        {"line", {"x1", "y1", "x2", "y2", "class"}},
        {"circle", {"cx", "cy", "r", "class"}},
        {"path", {"d", "class", "transform"}},
        {"polyline", {"points", "class"}},
        {"polygon", {"points", "class"}}};
    static const std::set<std::string> numbers = {"x",  "y",  "width", "height", "x1", "y1",
                                                  "x2", "y2", "cx",    "cy",     "r"};
    if (!known.count(name)) return complain("unknown element <" + name + ">");
    for (const auto& [attribute, value] : attributes) {
      if (!known.at(name).count(attribute)) complain("<" + name + "> has an unknown " + attribute);
      if (numbers.count(attribute) && !is_number(value))
        complain("<" + name + "> " + attribute + "=" + value + " is no number");
      if (attribute == "width" && std::strtod(value.c_str(), nullptr) < 0) complain("a negative width");
    }
    if (name == "svg" && (attributes.count("viewBox") == 0 || attributes.at("role") != "img"))
      complain("<svg> needs a viewBox and the role img");
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_, problems_;
  std::map<std::string, int> counts_;
};
