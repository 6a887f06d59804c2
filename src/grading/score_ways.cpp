#include "grading/score_ways.hpp"

#include <algorithm>
#include <optional>

#include "grading/rewriting.hpp"
#include "mistakes/context.hpp"
#include "numbers/enclosure.hpp"

namespace grading {
namespace {

std::string base_of(const std::string& name) { return mistakes::split_name(name).base; }

/// What the scores are multiplied by.
std::optional<Exact> scale_of(const Example& truth, const Step& Z) {
  if (Z.operation != Operation::quotient && Z.operation != Operation::entrywise_product) return std::nullopt;
  if (find_step(truth, derivation::reference(Z.operands.at(1)).step)) return std::nullopt;
  const Exact operand = derivation::exact_operand(truth, Z.operands.at(1)).values(0, 0);
  return Z.operation == Operation::quotient ? Exact(1) / operand : operand;
}

/// Z, made of S by a number, and S, made of Q and K.
struct Scaling {
  const Step* Z;
  const Step* S;
  Exact scale;
};

std::optional<Scaling> scaling_at(const Example& truth, const Step& Z) {
  if (base_of(Z.name) != "Z" || Z.operands.empty()) return std::nullopt;
  const Step* S = find_step(truth, Z.operands.at(0));
  if (!S || base_of(S->name) != "S" || S->operation != Operation::product) return std::nullopt;
  const auto scale = scale_of(truth, Z);
  if (!scale || !(*scale > 0) || *scale == 1) return std::nullopt;
  return Scaling{&Z, S, *scale};
}

/// √scale to far more digits than anybody writes: a fourth root of a number is mostly outside the field.
std::string root_of(const Exact& scale) {
  return print(lower(sqrt(numbers::Enclosure(scale))), numbers::Notation::text);
}

/// The queries and keys multiplied by factors, which are the scale together.
struct Factors {
  std::string of_Q, of_K;  ///< empty: not scaled
  bool in_each_head = false;
};

class ScaledFirst {
 public:
  ScaledFirst(const Example& truth, const Exact& scale, const Factors& factors)
      : truth_(truth), scale_(scale), factors_(factors), to_(truth) {}

  /// Nothing where there is no step to scale.
  std::optional<Way> written() {
    bool scaled_Q = factors_.of_Q.empty(), scaled_K = factors_.of_K.empty();
    for (const Step& step : truth_.steps) {
      const std::string& factor = factor_of(step);
      if (!factor.empty()) {
        write_scaled(step, factor);
        (base_of(step.name) == "Q" ? scaled_Q : scaled_K) = true;
      } else if (is_scores(step)) {
        write_scores(step);
      } else if (scaling_at(truth_, step)) {
        to_.add_equal(step.name, Operation::entrywise_product, {step.operands[0], "1"}, step.name);
      } else if (step.operation == Operation::head && changed_.count(step.operands[0])) {
        to_.add(step.name, step.operation, step.operands);
        changed_.insert(step.name);
      } else {
        to_.keep(step);
      }
    }
    if (!scaled_Q || !scaled_K) return std::nullopt;
    return Way{to_.example(), {}, {}, "scaled-before-the-product", changed_};
  }

 private:
  const std::string& factor_of(const Step& step) const {
    static const std::string none;
    const mistakes::StepName name = mistakes::split_name(step.name);
    const bool can_be_scaled =
        step.kind != derivation::Kind::given && (name.head > 0) == factors_.in_each_head;
    if (!can_be_scaled || changed_.count(step.name)) return none;
    return name.base == "Q" ? factors_.of_Q : name.base == "K" ? factors_.of_K : none;
  }

  bool is_scores(const Step& step) const {
    return std::any_of(truth_.steps.begin(), truth_.steps.end(), [&](const Step& Z) {
      const auto scaling = scaling_at(truth_, Z);
      return scaling && scaling->S->name == step.name;
    });
  }

  void write_scaled(const Step& step, const std::string& factor) {
    to_.add_equal(step.name + "~", step.operation, step.operands, step.name);
    to_.add(step.name, Operation::entrywise_product, {step.name + "~", factor});
    changed_.insert(step.name);
  }

  void write_scores(const Step& S) {
    const std::string Z = std::find_if(truth_.steps.begin(), truth_.steps.end(), [&](const Step& each) {
                            const auto scaling = scaling_at(truth_, each);
                            return scaling && scaling->S->name == S.name;
                          })->name;
    if (factors_.of_Q.empty() && factors_.of_K.empty()) {
      to_.add_equal(S.name + "~", S.operation, S.operands, S.name);
      to_.add_equal(S.name, Operation::entrywise_product,
                    {S.name + "~", print(scale_, numbers::Notation::text)}, Z);
    } else {
      to_.add_equal(S.name, S.operation, S.operands, Z);
    }
    changed_.insert(S.name);
  }

  const Example& truth_;
  const Exact scale_;
  const Factors factors_;
  Rewriting to_;
  std::set<std::string> changed_;
};

/// M is S hidden, and Z is M scaled.
std::optional<Way> masked_first(const Example& truth) {
  Rewriting to(truth);
  std::set<std::string> changed;
  const auto mask_of = [&](const std::string& scaled) -> const Step* {
    for (const Step& M : truth.steps)
      if (M.operation == Operation::mask && M.operands.at(0) == scaled) return &M;
    return nullptr;
  };
  for (const Step& step : truth.steps) {
    if (scaling_at(truth, step) && mask_of(step.name)) continue;
    const Step* Z = step.operation == Operation::mask ? find_step(truth, step.operands.at(0)) : nullptr;
    const Step* scores = step.operands.empty() ? nullptr : find_step(truth, step.operands[0]);
    if (Z && scaling_at(truth, *Z)) {
      to.add(step.name, Operation::mask, {Z->operands[0], step.operands[1]});
      to.add(Z->name, Z->operation, {step.name, Z->operands[1]});
      changed.insert({step.name, Z->name});
    } else if (scores && changed.count(scores->name) && scores->operation == Operation::mask) {
      auto operands = step.operands;
      operands[0] = scores->operands.at(0);
      to.add_equal(step.name, step.operation, operands, step.name);
    } else {
      to.keep(step);
    }
  }
  if (changed.empty()) return std::nullopt;
  return Way{to.example(), {}, {}, "masked-before-scaling", changed};
}

}  // namespace

std::vector<Way> score_ways(const Example& truth) {
  std::vector<Way> ways;
  std::optional<Exact> scale;
  for (const Step& step : truth.steps)
    if (const auto scaling = scaling_at(truth, step)) {
      if (scale && *scale != scaling->scale) return {};
      scale = scaling->scale;
    }
  if (!scale) return {};
  const std::string whole = print(*scale, numbers::Notation::text), root = root_of(*scale);
  for (const bool in_each_head : {false, true})
    for (const Factors& factors : {Factors{"", "", in_each_head}, Factors{whole, "", in_each_head},
                                   Factors{"", whole, in_each_head}, Factors{root, root, in_each_head}}) {
      if (in_each_head && factors.of_Q.empty() && factors.of_K.empty()) continue;
      if (auto way = ScaledFirst(truth, *scale, factors).written()) ways.push_back(std::move(*way));
    }
  if (auto way = masked_first(truth)) ways.push_back(std::move(*way));
  return ways;
}

}  // namespace grading
