#include "rendering/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "derivation/files.hpp"
#include "numbers/decimal.hpp"
#include "numbers/expression.hpp"

namespace rendering {

using namespace derivation;

namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

Json real(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/// A matrix, row by row; entry(i, j) makes the JSON of one entry.
template <typename Entry>
Json rows(Index row_count, Index col_count, Entry entry) {
  Json matrix = Json::array();
  for (Index i = 0; i < row_count; ++i) {
    Json row = Json::array();
    for (Index j = 0; j < col_count; ++j) row.push_back(entry(i, j));
    matrix.push_back(row);
  }
  return matrix;
}

Json exact_rows(const Table<Exact>& table) {
  return rows(table.rows(), table.cols(), [&](Index i, Index j) -> Json {
    return table.visible(i, j) ? print(table.values(i, j), numbers::Notation::text) : "-inf";
  });
}

Json double_rows(const Table<double>& table) {
  return rows(table.rows(), table.cols(), [&](Index i, Index j) -> Json {
    return table.visible(i, j) ? real(table.values(i, j)) : Json("-inf");
  });
}

Json to_json(const Step& step) {
  Json json = {
      {"name", step.name}, {"title", step.title}, {"kind", step.kind == Kind::given ? "given" : "step"}};
  if (step.detail) json["detail"] = true;
  json["formula"] = step.formula;
  json["operation"] = to_string(step.operation);
  json["operands"] = step.operands;
  json["rows"] = step.exact.rows();
  json["cols"] = step.exact.cols();
  json["row_labels"] = step.labels.rows;
  json["col_labels"] = step.labels.cols;
  json["exact"] = step.has_closed_form ? exact_rows(step.exact) : Json(nullptr);
  json["decimal"] = step.decimal;
  json["double"] = double_rows(step.machine);
  json["gap"] = real(step.gap);
  return json;
}

Json to_json(const Figure& figure) {
  Json series = Json::array();
  for (const Series& each : figure.series)
    series.push_back({{"label", each.label}, {"x", each.x}, {"y", each.y}});
  return {{"name", figure.name},       {"kind", to_string(figure.kind)}, {"description", figure.description},
          {"x_label", figure.x_label}, {"y_label", figure.y_label},      {"series", series}};
}

Json to_json(const Example& example) {
  Json steps = Json::array(), facts = Json::array(), figures = Json::array();
  for (const Step& step : example.steps) steps.push_back(to_json(step));
  for (const Fact& fact : example.facts)
    facts.push_back({{"claim", fact.claim}, {"holds", fact.holds}, {"how", fact.how}});
  for (const Figure& figure : example.figures) figures.push_back(to_json(figure));
  Json json = {{"name", example.name}, {"title", example.title}, {"steps", steps}, {"facts", facts}};
  if (!figures.empty()) json["figures"] = figures;
  return json;
}

/// Objects and lists of lists go over several lines, a row of numbers stays on one: so that a diff shows a
/// row.
void write(std::string& out, const Json& json, const std::string& indent) {
  const bool is_list = json.is_array() && !json.empty() && json.front().is_structured();
  if (!is_list && !json.is_object()) {
    if (!json.is_array()) return void(out += json.dump());
    out += '[';
    for (std::size_t k = 0; k < json.size(); ++k) out += (k ? ", " : "") + json[k].dump();
    return void(out += ']');
  }
  out += is_list ? "[" : "{";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    out += std::string(first ? "\n" : ",\n") + indent + "  ";
    if (!is_list) out += Json(key).dump() + ": ";
    write(out, value, indent + "  ");
    first = false;
  }
  out += "\n" + indent + (is_list ? "]" : "}");
}

void require(bool fine, const std::string& fault) {
  if (!fine) throw Error("this is no derivation: " + fault);
}

/// Every row of a matrix is there and has all its entries.
void require_shape(const Json& step, const char* field, Index row_count, Index col_count) {
  const Json& matrix = step.at(field);
  bool fits = matrix.is_array() && static_cast<Index>(matrix.size()) == row_count;
  for (const Json& row : matrix) fits = fits && row.is_array() && static_cast<Index>(row.size()) == col_count;
  require(fits,
          step.at("name").get<std::string>() + "/" + field + " has not the shape that rows and cols say");
}

Table<Exact> read_exact(const Json& json, Index row_count, Index col_count) {
  Table<Exact> table(row_count, col_count);
  for (Index i = 0; i < row_count; ++i)
    for (Index j = 0; j < col_count; ++j) {
      const std::string text =
          json.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j)).get<std::string>();
      table.visible(i, j) = text != "-inf";
      if (table.visible(i, j)) table.values(i, j) = numbers::evaluate(text);
    }
  return table;
}

double read_real(const Json& json) {
  if (json.is_number()) return json.get<double>();
  const std::string text = json.get<std::string>();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  require(text == "nan", "'" + text + "' is no double");
  return std::nan("");
}

Table<double> read_double(const Json& json, const Mask& visible) {
  Table<double> table(visible.rows(), visible.cols());
  for (Index i = 0; i < visible.rows(); ++i)
    for (Index j = 0; j < visible.cols(); ++j) {
      const Json& entry = json.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j));
      table.visible(i, j) = visible(i, j) || entry != "-inf";
      if (table.visible(i, j)) table.values(i, j) = read_real(entry);
    }
  return table;
}

Step read_step(const Json& json) {
  Step step;
  step.name = json.at("name");
  step.title = json.at("title");
  step.kind = json.at("kind") == "given" ? Kind::given : Kind::step;
  require(step.kind == Kind::given || json.at("kind") == "step", step.name + " is neither given nor a step");
  step.detail = json.value("detail", false);
  step.formula = json.at("formula");
  step.operation = operation_named(json.at("operation"));
  step.operands = json.at("operands").get<std::vector<std::string>>();
  step.labels = {json.at("row_labels").get<std::vector<std::string>>(),
                 json.at("col_labels").get<std::vector<std::string>>()};
  const Index rows = json.at("rows"), cols = json.at("cols");
  require(rows > 0 && cols > 0, step.name + " has no entries");
  step.has_closed_form = !json.at("exact").is_null();
  const char* closed_forms = step.has_closed_form ? "exact" : "decimal";
  for (const char* field : {closed_forms, "decimal", "double"}) require_shape(json, field, rows, cols);
  for (const auto& [labels, count] : {std::pair{step.labels.rows, rows}, std::pair{step.labels.cols, cols}})
    require(labels.empty() || static_cast<Index>(labels.size()) == count, step.name + " has too few labels");
  step.exact = read_exact(json.at(closed_forms), rows, cols);
  step.decimal = json.at("decimal").get<std::vector<std::vector<std::string>>>();
  step.machine = read_double(json.at("double"), step.exact.visible);
  step.gap = read_real(json.at("gap"));
  return step;
}

Figure read_figure(const Json& json) {
  Figure figure{json.at("name"),        figure_kind_named(json.at("kind")),
                json.at("description"), json.at("x_label"),
                json.at("y_label"),     {}};
  for (const Json& series : json.at("series"))
    figure.series.push_back({series.at("label"), series.at("x"), series.at("y")});
  return figure;
}

Example read_example(const Json& json) {
  Example example{json.at("name"), json.at("title"), {}, {}, {}};
  for (const Json& step : json.at("steps")) example.steps.push_back(read_step(step));
  for (const Json& fact : json.at("facts"))
    example.facts.push_back({fact.at("claim"), fact.at("holds"), fact.at("how")});
  for (const Json& figure : json.value("figures", Json::array()))
    example.figures.push_back(read_figure(figure));
  return example;
}

/// Whether two doubles are at most so many representable numbers apart.
bool near(double a, double b, int ulps) {
  for (int k = 0; k < ulps && a != b; ++k) a = std::nextafter(a, b);
  return a == b;
}

/// The largest size of a double in the fields named "double".
double largest_double(const Json& json, bool inside = false) {
  if (json.is_number_float()) return inside ? std::abs(json.get<double>()) : 0;
  double largest = 0;
  if (json.is_structured())
    for (const auto& [key, value] : json.items())
      largest = std::max(largest, largest_double(value, inside || key == "double"));
  return largest;
}

/// Compares two JSON texts: the doubles by their own last places; a gap, which is the difference of a double
/// and its exact value, by the last place of the largest double that it was taken of.
class Comparison {
 public:
  Comparison(const Json& whole, int ulps) : whole_(whole), ulps_(ulps) {}

  std::string difference(const Json& a, const Json& b, const std::string& path, bool in_double) const {
    const std::string both = path + ": " + a.dump() + " and " + b.dump();
    if (in_double && a.is_number_float() && b.is_number_float())
      return near(a.get<double>(), b.get<double>(), ulps_) ? "" : both;
    if (a.type() != b.type() || a.size() != b.size()) return both;
    if (!a.is_structured()) return a == b ? "" : both;
    auto other = b.items().begin();
    for (const auto& [key, value] : a.items()) {
      if (key != other.key()) return path + ": " + key + " and " + other.key();
      const std::string found = of_member(key, a, value, other.value(), path + "/" + key, in_double);
      if (!found.empty()) return found;
      ++other;
    }
    return "";
  }

 private:
  std::string of_member(const std::string& key, const Json& parent, const Json& a, const Json& b,
                        const std::string& path, bool in_double) const {
    const bool of_step = key == "gap", of_all = key == "max_abs_diff_exact_vs_double";
    if ((of_step || of_all) && a.is_number() && b.is_number()) {
      const double largest = largest_double(of_step ? parent : whole_);
      const double unit = std::nextafter(largest, std::numeric_limits<double>::infinity()) - largest;
      if (std::abs(a.get<double>() - b.get<double>()) <= ulps_ * unit) return "";
    }
    return difference(a, b, path, in_double || key == "double");
  }

  const Json& whole_;
  int ulps_;
};

}  // namespace

std::string to_json(const Derivation& derivation) {
  Json examples = Json::array();
  for (const Example& example : derivation.examples) examples.push_back(to_json(example));
  const Json json = {{"version", version},
                     {"chapter", derivation.chapter},
                     {"title", derivation.title},
                     {"examples", examples},
                     {"summary", {{"max_abs_diff_exact_vs_double", real(largest_gap(derivation))}}}};
  std::string out;
  write(out, json, "");
  return out + "\n";
}

Derivation from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != version) throw Error("its version is not " + std::to_string(version));
    Derivation derivation{json.at("chapter"), json.at("title"), {}};
    for (const Json& example : json.at("examples")) derivation.examples.push_back(read_example(example));
    return derivation;
  } catch (const Json::exception& error) {
    throw Error(std::string("this is no derivation: ") + error.what());
  } catch (const numbers::Error& error) {
    throw Error(std::string("this is no derivation: ") + error.what());
  }
}

Derivation load_json(const std::string& file) {
  const std::string text = read_file(file);
  try {
    return from_json(text);
  } catch (const Error& error) {
    throw FileError(file + ": " + error.what());
  }
}

std::string difference(const std::string& committed, const std::string& regenerated, int ulps) {
  const Json whole = Json::parse(committed);
  return Comparison(whole, ulps).difference(whole, Json::parse(regenerated), "", false);
}

}  // namespace rendering
