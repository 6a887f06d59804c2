#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "numbers/decimal.hpp"
#include "numbers/exact.hpp"
#include "numbers/expression.hpp"
#include "numbers/random_numbers.hpp"

/// What a reader does with a pencil: one head, entry by entry with plain loops, and nothing of
/// src/derivation.
namespace pencil {

using numbers::Exact;

using Entry = std::optional<Exact>;  ///< nothing: hidden, −∞
using Rows = std::vector<std::vector<Entry>>;
using Texts = std::vector<std::vector<std::string>>;

struct Named {
  std::string name;
  Rows values;
  Texts texts;  ///< as written
};

/// A toy example: its givens (X and the weights, or Q, K and V), and whether its mask is causal.
struct Toy {
  std::vector<Named> givens;
  bool causal = false;
};

/// How an entry of a step is written; "-inf" is written for a hidden one without asking.
using Write =
    std::function<std::string(const std::string& step, std::size_t i, std::size_t j, const Exact& value)>;

/// Changes the values of a step before they are written.
using Change = std::function<void(const std::string& step, Rows& values)>;

inline std::string closed_form(const Exact& value) { return print(value, numbers::Notation::text); }

/// The value of what is written.
inline Entry read(const std::string& text) {
  if (text == "-inf") return std::nullopt;
  return numbers::evaluate(text);
}

/// One head, worked out step by step.
class Sheet {
 public:
  /// carry: each step goes on from what is written for the steps before; otherwise from the values in the
  /// head. change: a slip of the head, which everything goes on from.
  Sheet(const Toy& toy, const Write& write, bool carry, const Change& change = {})
      : toy_(toy), write_(write), carry_(carry), change_(change) {
    for (const Named& given : toy.givens) known_.push_back(given);
    for (const std::string name : {"Q", "K", "V"})
      if (!find(name)) step(name, product(value("X"), value("W_" + name)));
    scores();
    softmax();
    step("Y", product(value("A"), value("V")));
  }

  const std::vector<Named>& steps() const { return steps_; }

  /// The paper block that all of this is handed in as.
  std::string markdown() const {
    std::string text = "```paper\n" + std::string(toy_.causal ? "mask = causal\n" : "");
    for (const Named& given : toy_.givens) text += line(given);
    for (const Named& each : steps_) text += line(each);
    return text + "```\n";
  }

 private:
  static std::string line(const Named& matrix) {
    std::string text = matrix.name + " = [";
    for (const auto& row : matrix.texts) {
      for (const std::string& entry : row) text += " " + entry;
      text += " ;";
    }
    return text + " ]\n";
  }

  const Named* find(const std::string& name) const {
    for (const Named& named : known_)
      if (named.name == name) return &named;
    return nullptr;
  }
  const Rows& value(const std::string& name) const { return find(name)->values; }

  void step(const std::string& name, const Rows& values) {
    Named written{name, values, Texts(values.size())};
    if (change_) change_(name, written.values);
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t j = 0; j < values[i].size(); ++j) {
        Entry& entry = written.values[i][j];
        written.texts[i].push_back(entry ? write_(name, i, j, *entry) : "-inf");
        if (carry_) entry = read(written.texts[i][j]);
      }
    steps_.push_back(written);
    known_.push_back(written);
  }

  static Rows product(const Rows& a, const Rows& b) {
    Rows result(a.size(), std::vector<Entry>(b[0].size(), Exact(0)));
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < b[0].size(); ++j)
        for (std::size_t k = 0; k < b.size(); ++k) *result[i][j] += *a[i][k] * *b[k][j];
    return result;
  }

  void scores() {
    const Rows Q = value("Q"), K = value("K");
    Rows S(Q.size(), std::vector<Entry>(K.size(), Exact(0)));
    for (std::size_t i = 0; i < Q.size(); ++i)
      for (std::size_t j = 0; j < K.size(); ++j)
        for (std::size_t k = 0; k < Q[0].size(); ++k) *S[i][j] += *Q[i][k] * *K[j][k];
    step("S", S);
    Rows Z = value("S");
    for (auto& row : Z)
      for (Entry& entry : row) *entry /= sqrt(Exact(static_cast<int>(K[0].size())));
    step("Z", Z);
    if (!toy_.causal) return;
    Rows M = value("Z");
    for (std::size_t i = 0; i < M.size(); ++i)
      for (std::size_t j = i + 1; j < M.size(); ++j) M[i][j].reset();
    step("M", M);
  }

  void softmax() {
    Rows D = value(toy_.causal ? "M" : "Z"), m(D.size(), {std::nullopt});
    for (std::size_t i = 0; i < D.size(); ++i)
      for (const Entry& entry : D[i])
        if (entry && (!m[i][0] || *m[i][0] < *entry)) m[i][0] = entry;
    step("m", m);
    for (std::size_t i = 0; i < D.size(); ++i)
      for (Entry& entry : D[i])
        if (entry) *entry -= *value("m")[i][0];
    step("D", D);
    Rows E = value("D"), l(E.size(), {Exact(0)});
    for (auto& row : E)
      for (Entry& entry : row) entry = entry ? exp(*entry) : Exact(0);
    step("E", E);
    for (std::size_t i = 0; i < E.size(); ++i)
      for (const Entry& entry : value("E")[i]) *l[i][0] += *entry;
    step("l", l);
    Rows A = value("E");
    for (std::size_t i = 0; i < A.size(); ++i)
      for (Entry& entry : A[i]) *entry /= *value("l")[i][0];
    step("A", A);
  }

  Toy toy_;
  Write write_;
  bool carry_;
  Change change_;
  std::vector<Named> known_, steps_;
};

/// A given of random whole numbers from -2 to 2.
inline Named random_given(Random& random, const std::string& name, int rows, int cols) {
  Named given{name, Rows(static_cast<std::size_t>(rows)), Texts(static_cast<std::size_t>(rows))};
  for (std::size_t i = 0; i < given.values.size(); ++i)
    for (int j = 0; j < cols; ++j) {
      given.values[i].push_back(Exact(random.between(-2, 2)));
      given.texts[i].push_back(closed_form(*given.values[i].back()));
    }
  return given;
}

/// T from 2 to 4, d_k from 1 to 4, d_v from 1 to 3, d_model from 1 to 3; with a causal mask or without; from
/// X and its weights or from Q, K and V directly.
inline Toy random_toy(Random& random) {
  const int T = random.between(2, 4), d_k = random.between(1, 4), d_v = random.between(1, 3);
  Toy toy{{}, random.one_in(2)};
  if (random.one_in(2)) {
    const int d_model = random.between(1, 3);
    toy.givens = {random_given(random, "X", T, d_model), random_given(random, "W_Q", d_model, d_k),
                  random_given(random, "W_K", d_model, d_k), random_given(random, "W_V", d_model, d_v)};
  } else {
    toy.givens = {random_given(random, "Q", T, d_k), random_given(random, "K", T, d_k),
                  random_given(random, "V", T, d_v)};
  }
  return toy;
}

}  // namespace pencil
