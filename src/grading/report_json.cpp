#include "grading/report_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace grading {
namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::unanswered:
      return "unanswered";
    case Verdict::right:
      return "right";
    case Verdict::right_given:
      return "right_given";
    case Verdict::too_short:
      return "too_short";
    case Verdict::wrong:
      break;
  }
  return "wrong";
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json to_json(const EntryGrade& entry) {
  return {{"line", entry.place.line},
          {"column", entry.place.column},
          {"written", entry.written},
          {"verdict", name_of(entry.verdict)},
          {"few_digits", entry.few_digits},
          {"expected", entry.expected},
          {"given_before", text_or_null(entry.given_before)}};
}

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::mistake:
      return "mistake";
    case Kind::slip:
      return "slip";
    case Kind::non_mistake:
      break;
  }
  return "non_mistake";
}

Json to_json(const Explanation& explanation) {
  return {{"mistake", explanation.mistake}, {"kind", name_of(explanation.kind)},
          {"step", explanation.step},       {"what", explanation.what},
          {"why", explanation.why},         {"chapter", explanation.chapter}};
}

Json to_json(const Reason& reason) {
  Json entries = Json::array(), explanations = Json::array();
  for (const EntryPlace& entry : reason.entries) entries.push_back({entry.row, entry.col});
  for (const Explanation& each : reason.explanations) explanations.push_back(to_json(each));
  return {{"entries", entries},
          {"explanations", explanations},
          {"tied", reason.tied},
          {"cannot_be_told_apart", reason.cannot_be_told_apart}};
}

Json to_json(const StepGrade& step) {
  Json rows = Json::array();
  for (const auto& row : step.entries) {
    Json entries = Json::array();
    for (const EntryGrade& entry : row) entries.push_back(to_json(entry));
    rows.push_back(entries);
  }
  Json reasons = Json::array();
  for (const Reason& reason : step.reasons) reasons.push_back(to_json(reason));
  return {{"name", step.name},
          {"kind", step.is_given ? "given" : "step"},
          {"file", step.file},
          {"entries", rows},
          {"own_sum", text_or_null(step.own_sum)},
          {"reasons", reasons},
          {"praise", step.praise ? to_json(*step.praise) : Json(nullptr)}};
}

Json to_json(const std::optional<Slip>& slip) {
  if (!slip) return nullptr;
  return {{"example", slip->example}, {"step", slip->step}, {"row", slip->row}, {"col", slip->col}};
}

Json summary(const Grades& grades) {
  const double gap = grades.largest_gap;
  Json json = Json::object();
  for (const Verdict verdict :
       {Verdict::right, Verdict::right_given, Verdict::too_short, Verdict::wrong, Verdict::unanswered})
    json[name_of(verdict)] = count(grades, verdict);
  json["all_right"] = all_right(grades);
  json["first_slip"] = to_json(first_slip(grades));
  json["max_abs_diff_paper_vs_code"] = std::isfinite(gap) ? Json(gap) : Json("inf");
  return json;
}

bool is_slip(const EntryGrade& entry) {
  return entry.verdict == Verdict::wrong || entry.verdict == Verdict::too_short;
}

}  // namespace

std::optional<Slip> first_slip(const Grades& grades) {
  for (const ExampleGrade& example : grades.examples)
    for (const StepGrade& step : example.steps)
      for (std::size_t i = 0; i < step.entries.size(); ++i)
        for (std::size_t j = 0; j < step.entries[i].size(); ++j)
          if (is_slip(step.entries[i][j])) return Slip{example.name, step.name, i, j};
  return std::nullopt;
}

Grades until_first_slip(const Grades& grades) {
  const std::optional<Slip> slip = first_slip(grades);
  if (!slip) return grades;
  Grades before = grades;
  while (before.examples.back().name != slip->example) before.examples.pop_back();
  auto& steps = before.examples.back().steps;
  while (steps.back().name != slip->step) steps.pop_back();
  return before;
}

std::string report_json(const std::string& file, const Grades& grades) {
  Json examples = Json::array();
  for (const ExampleGrade& example : grades.examples) {
    Json steps = Json::array();
    for (const StepGrade& step : example.steps) steps.push_back(to_json(step));
    examples.push_back({{"name", example.name}, {"steps", steps}});
  }
  const Json json = {
      {"version", version}, {"file", file}, {"examples", examples}, {"summary", summary(grades)}};
  // What is no UTF-8 in a reader's file becomes U+FFFD.
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace grading
