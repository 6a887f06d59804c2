#include "exercises/exercise.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "attention/random.hpp"
#include "mistakes/replay.hpp"
#include "mistakes/strength.hpp"
#include "paper/inputs.hpp"

namespace exercises {
namespace {

using derivation::Error;
using derivation::Example;
using Draws = std::map<std::string, attention::Matrix<double>>;
using Reasons = std::map<std::string, int>;

/// How many attempts are decided with intervals, which takes far longer than to turn one down.
constexpr int most_decisions = 5;

/// Doubles turn down only what changes Y by less than this: half of strong_change(). The error of doubles is
/// many orders of magnitude below the other half, since Y and what is that close to it are small numbers. So
/// they turn down nothing that intervals would take, and the exercise is the same whatever a machine's exp
/// rounds to.
constexpr double surely_too_small = 5e-4;

void require_between(const std::string& name, int value, int least, int most) {
  if (value < least || value > most)
    throw Error(name + " = " + std::to_string(value) + ": a new exercise has " + name + " from " +
                std::to_string(least) + " to " + std::to_string(most));
}

void require_possible(const ExerciseShape& shape) {
  require_between("T", shape.tokens, 1, caps::exercise_tokens);
  require_between("d_model", shape.d_model, 1, caps::exercise_width);
  require_between("d_k", shape.d_k, 1, caps::exercise_width);
  require_between("d_v", shape.d_v, 1, caps::exercise_width);
  require_between("heads", shape.heads, 1, caps::exercise_heads);
  const std::string reason = never_strong(shape);
  if (!reason.empty()) throw Error("no exercise of these sizes is strong: " + reason);
}

/// Names and sizes of what is given.
struct Given {
  std::string name;
  Index rows, cols;
};

std::vector<Given> givens(const ExerciseShape& shape) {
  const Index keys = shape.d_k * shape.heads, values = shape.d_v * shape.heads;
  std::vector<Given> all = {{"X", shape.tokens, shape.d_model},
                            {"W_Q", shape.d_model, keys},
                            {"W_K", shape.d_model, keys},
                            {"W_V", shape.d_model, values}};
  if (shape.heads > 1) all.push_back({"W_O", values, shape.d_model});
  return all;
}

/// Large scores make a softmax that sees nothing but the greatest: with more of them to add, more zeros.
Draws draw(std::mt19937_64& random, const ExerciseShape& shape, bool sparse) {
  Draws draws;
  for (const Given& given : givens(shape)) {
    attention::Matrix<double>& entries = draws[given.name];
    entries.resize(given.rows, given.cols);
    for (Index i = 0; i < given.rows; ++i)
      for (Index j = 0; j < given.cols; ++j)
        entries(i, j) = attention::draw_small(random, sparse && given.name != "W_V");
  }
  return draws;
}

std::string in_words(const attention::Matrix<double>& entries) {
  std::string text;
  for (Index i = 0; i < entries.rows(); ++i) {
    text += i == 0 ? "[" : " ;";
    for (Index j = 0; j < entries.cols(); ++j) text += " " + std::to_string(std::lround(entries(i, j)));
  }
  return text + " ]\n";
}

paper::Paper written(const ExerciseShape& shape, std::uint64_t seed, const Draws& draws) {
  std::string text = "```paper\nexample = exercise\n";
  if (shape.heads > 1) text += "heads = " + std::to_string(shape.heads) + "\n";
  if (shape.causal) text += "mask = causal\n";
  for (const Given& given : givens(shape)) text += given.name + " = " + in_words(draws.at(given.name));
  return paper::read_paper("seed-" + std::to_string(seed), text + "```\n");
}

/// The steps that every exercise of a shape has: derived from zeros, which takes no time.
derivation::Derivation frame(const ExerciseShape& shape) {
  Draws zeros;
  for (const Given& given : givens(shape))
    zeros[given.name] = attention::Matrix<double>::Zero(given.rows, given.cols);
  return paper::derive_paper(written(shape, 0, zeros));
}

mistakes::Values<double> in_doubles(const Example& frame, const Draws& draws) {
  mistakes::Values<double> values;
  for (const derivation::Step& step : frame.steps) {
    const auto drawn = draws.find(step.name);
    if (drawn != draws.end())
      values[step.name] = Table<double>(drawn->second);
    else if (step.kind == derivation::Kind::given)
      values[step.name] = step.machine;
    else
      values[step.name] = mistakes::Context<double>(frame, step, values).right();
  }
  return values;
}

/// Whether an entry differs by so much, or by what is no number.
bool differs(const Table<double>& a, const Table<double>& b, double least) {
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (!(std::abs(a.values(i, j) - b.values(i, j)) < least)) return true;
  return false;
}

/// The exercises of a shape, as doubles see them.
class Sieve {
 public:
  explicit Sieve(const ExerciseShape& shape)
      : frame_(frame(shape)),
        example_(frame_.examples.front()),
        scope_(mistakes::steps_towards(example_, {"Y"})) {}

  /// The first mistake that surely changes Y by too little; null where there is none.
  const mistakes::Mistake* hidden_by(const Draws& draws) const {
    const mistakes::Values<double> right = in_doubles(example_, draws);
    for (const mistakes::Mistake& mistake : mistakes::catalogue())
      if (mistake.kind == mistakes::Kind::mistake)
        for (const mistakes::Rule& rule : mistake.rules)
          if (!rule.second && hides(rule, right)) return &mistake;
    return nullptr;
  }

 private:
  bool hides(const mistakes::Rule& rule, const mistakes::Values<double>& right) const {
    const auto outcomes = mistakes::replay(example_, rule, right, scope_);
    return std::any_of(outcomes.begin(), outcomes.end(), [&](const mistakes::Outcome<double>& outcome) {
      return !differs(outcome.values.at("Y"), right.at("Y"), surely_too_small);
    });
  }

  derivation::Derivation frame_;
  const Example& example_;
  std::set<std::string> scope_;
};

/// The exercise, where intervals prove that it is strong.
std::optional<Exercise> proved(paper::Paper paper) {
  derivation::Derivation truth = paper::derive_paper(paper);
  if (!mistakes::is_strong(mistakes::strength(truth.examples.front()), strong_change())) return std::nullopt;
  return Exercise{std::move(paper), std::move(truth)};
}

std::string none_found(int attempts, const Reasons& reasons) {
  std::string text = "no strong exercise of these sizes in " + std::to_string(attempts) +
                     (attempts == 1 ? " attempt" : " attempts");
  const auto often = std::max_element(reasons.begin(), reasons.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  if (often != reasons.end()) text += "; most often this mistake did not show: " + often->first;
  return text + ". Try another --seed, or other sizes";
}

}  // namespace

std::string never_strong(const ExerciseShape& shape) {
  if (shape.tokens == 1) return "with T = 1 the only weight is 1, whatever the scores are";
  if (shape.d_model == 1)
    return "with d_model = 1 the scores are symmetric, and queries and keys swapped do not show";
  if (shape.d_k == 1) return "with d_k = 1 the scale √d_k is 1, and a forgotten scale does not show";
  if (shape.tokens == shape.d_k) return "with T = d_k the scale √T for √d_k does not show";
  if (shape.d_model == shape.d_k) return "with d_model = d_k the scale √d_model for √d_k does not show";
  if (shape.heads > 1 && shape.d_v == 1)
    return "with several heads and d_v = 1 their columns dealt out in turn are the right ones";
  return "";
}

Exercise new_exercise(const ExerciseShape& shape, std::uint64_t seed, int most_attempts) {
  require_possible(shape);
  const Sieve sieve(shape);
  std::mt19937_64 random(seed);
  Reasons reasons;
  int attempt = 0, decisions = 0;
  for (; attempt < most_attempts && decisions < most_decisions; ++attempt) {
    const Draws draws = draw(random, shape, attempt % 2 == 1);
    if (const mistakes::Mistake* hidden = sieve.hidden_by(draws)) {
      ++reasons[hidden->name];
      continue;
    }
    ++decisions;
    if (auto exercise = proved(written(shape, seed, draws))) return std::move(*exercise);
  }
  throw Error(none_found(attempt, reasons));
}

}  // namespace exercises
