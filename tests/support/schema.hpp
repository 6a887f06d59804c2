#pragma once
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

/// Holds JSON to a JSON Schema: the keywords that docs/derivation.schema.json uses, and no others.
class Schema {
 public:
  using Json = nlohmann::json;

  explicit Schema(Json schema) : root_(std::move(schema)) {}

  /// What is wrong, a line each: "/examples/0/name: …".
  std::vector<std::string> problems(const Json& document) const {
    std::vector<std::string> found;
    check(root_, document, "", found);
    return found;
  }

 private:
  using Problems = std::vector<std::string>;

  void check(const Json& schema, const Json& value, const std::string& path, Problems& found) const {
    for (const auto& [keyword, rule] : schema.items()) {
      if (keyword == "$schema" || keyword == "$id" || keyword == "$defs" || keyword == "title" ||
          keyword == "description" || keyword == "properties" || keyword == "additionalProperties")
        continue;
      if (!holds(keyword, rule, value, path, found))
        found.push_back(path + ": " + keyword + " " + rule.dump());
    }
    if (value.is_object()) check_members(schema, value, path, found);
  }

  bool holds(const std::string& keyword, const Json& rule, const Json& value, const std::string& path,
             Problems& found) const {
    if (keyword == "type") return has_type(rule, value);
    if (keyword == "const") return value == rule;
    if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
    if (keyword == "minimum") return !value.is_number() || value >= rule;
    if (keyword == "minItems") return !value.is_array() || value.size() >= rule.get<std::size_t>();
    if (keyword == "pattern")
      return !value.is_string() ||
             std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
    if (keyword == "required") return has_all(rule, value);
    if (keyword == "anyOf") return is_any_of(rule, value);
    if (keyword == "items") return check_items(rule, value, path, found);
    if (keyword == "$ref") return check_reference(rule, value, path, found);
    found.push_back("the schema has a keyword that is not known here: " + keyword);
    return true;
  }

  static bool has_type(const Json& types, const Json& value) {
    if (types.is_array())
      return std::any_of(types.begin(), types.end(), [&](const Json& type) { return has_type(type, value); });
    const std::string type = types;
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == value.type_name();
  }

  static bool has_all(const Json& names, const Json& value) {
    return std::all_of(names.begin(), names.end(), [&](const Json& name) {
      return !value.is_object() || value.contains(name.get<std::string>());
    });
  }

  bool is_any_of(const Json& schemas, const Json& value) const {
    return std::any_of(schemas.begin(), schemas.end(), [&](const Json& schema) {
      Problems found;
      check(schema, value, "", found);
      return found.empty();
    });
  }

  bool check_items(const Json& schema, const Json& value, const std::string& path, Problems& found) const {
    for (std::size_t k = 0; value.is_array() && k < value.size(); ++k)
      check(schema, value[k], path + "/" + std::to_string(k), found);
    return true;
  }

  bool check_reference(const std::string& reference, const Json& value, const std::string& path,
                       Problems& found) const {
    check(root_.at(Json::json_pointer(reference.substr(1))), value, path, found);
    return true;
  }

  void check_members(const Json& schema, const Json& value, const std::string& path, Problems& found) const {
    const Json& known = schema.contains("properties") ? schema["properties"] : Json::object();
    for (const auto& [name, member] : value.items())
      if (known.contains(name))
        check(known[name], member, path + "/" + name, found);
      else if (schema.contains("additionalProperties") && schema["additionalProperties"] == false)
        found.push_back(path + ": there should be no " + name);
  }

  Json root_;
};
