#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "numbers/random_numbers.hpp"

/// A reader who goes another way than the book to the right weights, and rounds: plain loops over long
/// doubles, and nothing of src/.
namespace other_pencil {

using Number = long double;
using Grid = std::vector<std::vector<Number>>;  ///< −∞ where an entry is hidden
using Size = std::size_t;

constexpr Number hidden = -std::numeric_limits<Number>::infinity();

enum class Scale { as_in_the_book, scores, queries, keys, both };
enum class Hide { before_scaling, before_M, M, D, E, l, A };
enum class Shift { maximum, nothing, one_constant, one_a_row, greatest_of_all };

struct Habits {
  Scale scale = Scale::as_in_the_book;
  Hide hide = Hide::M;
  Shift shift = Shift::maximum;
  std::string hidden_score = "-inf";  ///< or a low number
  bool carries = true;                ///< goes on from what is written, and not from what was worked out
};

struct Example {
  Size T = 1, d_k = 1, d_v = 1, heads = 1;
  bool from_X = false;
  std::map<std::string, Grid> givens;
  Grid mask;  ///< empty: none
};

/// A step as it was written.
struct Written {
  std::string name;
  std::vector<std::vector<std::string>> texts;
};

inline Grid grid(Size rows, Size cols) { return Grid(rows, std::vector<Number>(cols, 0)); }
inline Grid times(const Grid& a, const Grid& b) {
  Grid c = grid(a.size(), b[0].size());
  for (Size i = 0; i < a.size(); ++i)
    for (Size j = 0; j < b[0].size(); ++j)
      for (Size k = 0; k < b.size(); ++k) c[i][j] += a[i][k] * b[k][j];
  return c;
}
inline Grid transposed(const Grid& a) {
  Grid t = grid(a[0].size(), a.size());
  for (Size i = 0; i < a.size(); ++i)
    for (Size j = 0; j < a[0].size(); ++j) t[j][i] = a[i][j];
  return t;
}
inline Grid times(Grid a, Number factor) {
  for (auto& row : a)
    for (Number& entry : row) entry *= factor;
  return a;
}

/// A number with so many significant digits, and a point: 2.32e-16, 0.0283, 36.0.
inline std::string rounded(Number value, int digits) {
  char text[64];
  if (value == 0) return "0." + std::string(static_cast<Size>(digits), '0');
  std::snprintf(text, sizeof text, "%.*Le", digits - 1, value);
  const int exponent = std::atoi(std::string(text).substr(std::string(text).find('e') + 1).c_str());
  if (exponent < -3 || exponent >= digits - 1) return text;
  std::snprintf(text, sizeof text, "%.*Lf", digits - 1 - exponent, value);
  return text;
}

class Sheet {
 public:
  Sheet(const Example& example, const Habits& habits, Random& random)
      : example_(example), habits_(habits), random_(random) {
    const Number scale = 1 / std::sqrt(static_cast<Number>(example.d_k));
    of_Q_ = habits.scale == Scale::queries ? scale : habits.scale == Scale::both ? std::sqrt(scale) : 1;
    of_K_ = habits.scale == Scale::keys ? scale : habits.scale == Scale::both ? std::sqrt(scale) : 1;
    scale_ = scale;
    project();
    if (example.heads == 1)
      attend("", value("Q"), value("K"), value("V"), true);
    else
      attend_in_heads();
  }

  std::vector<Written> steps;

  std::string markdown() const {
    std::string text = "```paper\n";
    if (example_.heads > 1) text += "heads = " + std::to_string(example_.heads) + "\n";
    if (!example_.mask.empty()) text += given("mask", example_.mask);
    for (const auto& [name, values] : example_.givens) text += given(name, values);
    for (const Written& step : steps) text += line(step.name, step.texts);
    return text + "```\n";
  }

 private:
  void attend_in_heads() {
    Grid all = grid(example_.T, 0);
    for (Size h = 0; h < example_.heads; ++h) {
      const std::string index = "_" + std::to_string(h + 1);
      attend(index, part("Q", h), part("K", h), part("V", h), false);
      const Grid& Y = values_["Y" + index];
      for (Size i = 0; i < example_.T; ++i) all[i].insert(all[i].end(), Y[i].begin(), Y[i].end());
    }
    step("Y", all, true);
  }

  static std::string line(const std::string& name, const std::vector<std::vector<std::string>>& texts) {
    std::string text = name + " = [";
    for (const auto& row : texts) {
      for (const std::string& entry : row) text += " " + entry;
      text += " ;";
    }
    return text + " ]\n";
  }
  static std::string given(const std::string& name, const Grid& values) {
    std::vector<std::vector<std::string>> texts;
    for (const auto& row : values) {
      texts.emplace_back();
      for (const Number entry : row) texts.back().push_back(std::to_string(static_cast<int>(entry)));
    }
    return line(name, texts);
  }

  const Grid& value(const std::string& name) const {
    const auto found = values_.find(name);
    return found != values_.end() ? found->second : example_.givens.at(name);
  }

  Grid part(const std::string& name, Size h) const {
    const Grid& all = value(name);
    const Size width = all[0].size() / example_.heads;
    Grid result = grid(all.size(), width);
    for (Size i = 0; i < all.size(); ++i)
      for (Size j = 0; j < width; ++j) result[i][j] = all[i][h * width + j];
    return result;
  }

  /// Writes a step, or does not; what is gone on from is what is written.
  Grid step(const std::string& name, Grid values, bool is_written) {
    if (is_written) {
      const int digits = random_.between(3, 10);
      Written written{name, {}};
      for (auto& row : values) {
        written.texts.emplace_back();
        for (Number& entry : row) {
          written.texts.back().push_back(entry == hidden ? habits_.hidden_score : rounded(entry, digits));
          if (habits_.carries && entry != hidden)
            entry = std::strtold(written.texts.back().back().c_str(), nullptr);
        }
      }
      steps.push_back(written);
    }
    values_[name] = values;
    return values;
  }
  bool sometimes() { return random_.one_in(2); }

  void project() {
    if (!example_.from_X) return;
    for (const std::string name : {"Q", "K", "V"}) {
      const Number factor = name == "Q" ? of_Q_ : name == "K" ? of_K_ : 1;
      step(name, times(times(value("X"), value("W_" + name)), factor), factor != 1 || sometimes());
    }
  }

  bool sees(Size i, Size j) const { return example_.mask.empty() || example_.mask[i][j] == 1; }
  bool hides(Hide here) const { return !example_.mask.empty() && habits_.hide <= here; }
  void hide(Grid& values, Number as) const {
    for (Size i = 0; i < values.size(); ++i)
      for (Size j = 0; j < values[i].size(); ++j)
        if (!sees(i, j)) values[i][j] = as;
  }

  void attend(const std::string& index, const Grid& Q, const Grid& K, const Grid& V, bool writes_Y) {
    Grid S = times(Q, transposed(K));
    Number left = scale_;
    const bool in_Q_and_K = habits_.scale != Scale::as_in_the_book && habits_.scale != Scale::scores;
    if (in_Q_and_K && !example_.from_X) S = times(S, of_Q_ * of_K_);
    if (habits_.scale == Scale::scores) S = times(S, scale_);
    if (habits_.scale != Scale::as_in_the_book) left = 1;
    if (hides(Hide::before_scaling)) hide(S, hidden);
    S = step("S" + index, S, left == 1 || sometimes());
    Grid Z = times(S, left);
    if (hides(Hide::before_M)) hide(Z, hidden);
    Z = step("Z" + index, Z, sometimes());
    if (hides(Hide::M)) hide(Z, hidden);
    if (!example_.mask.empty() && habits_.hide <= Hide::D) Z = step("M" + index, Z, sometimes());
    softmax(index, Z);
    Grid Y = times(value("A" + index), V);
    step("Y" + index, Y, writes_Y || sometimes());
  }

  std::vector<Number> constants(const Grid& Z) {
    std::vector<Number> maxima, all(Z.size());
    for (const auto& row : Z) maxima.push_back(*std::max_element(row.begin(), row.end()));
    const Number greatest = *std::max_element(maxima.begin(), maxima.end());
    const int one = random_.between(-3, 3);
    for (Size i = 0; i < Z.size(); ++i) {
      if (habits_.shift == Shift::maximum) all[i] = maxima[i];
      if (habits_.shift == Shift::nothing) all[i] = 0;
      if (habits_.shift == Shift::one_constant) all[i] = one;
      if (habits_.shift == Shift::one_a_row) all[i] = random_.between(-3, 3);
      if (habits_.shift == Shift::greatest_of_all) all[i] = greatest;
      if (maxima[i] == hidden) all[i] = hidden;
    }
    return all;
  }

  void softmax(const std::string& index, const Grid& Z) {
    const bool needs_m = habits_.shift == Shift::one_constant || habits_.shift == Shift::one_a_row;
    Grid m;
    for (const Number c : constants(Z)) m.push_back({c});
    if (habits_.shift != Shift::nothing) m = step("m" + index, m, needs_m || sometimes());
    Grid D = Z;
    for (Size i = 0; i < D.size(); ++i)
      for (Number& entry : D[i])
        if (entry != hidden) entry -= m[i][0];
    if (hides(Hide::D)) hide(D, hidden);
    D = step("D" + index, D, sometimes());
    Grid E = D, l = grid(D.size(), 1);
    for (auto& row : E)
      for (Number& entry : row) entry = std::exp(entry);
    if (hides(Hide::E)) hide(E, 0);
    const bool is_needed =
        habits_.shift != Shift::maximum || habits_.hide > Hide::M;  // to show what m is for
    E = step("E" + index, E, is_needed || sometimes());
    for (Size i = 0; i < E.size(); ++i)
      for (Size j = 0; j < E[i].size(); ++j)
        if (sees(i, j) || !hides(Hide::l)) l[i][0] += E[i][j];
    l = step("l" + index, l, sometimes());
    step("A" + index, weights(E, l), true);
  }

  Grid weights(const Grid& E, const Grid& l) const {
    Grid A = E;
    hide(A, 0);
    for (Size i = 0; i < A.size(); ++i) {
      Number sum = 0;
      for (const Number entry : A[i]) sum += entry;
      if (hides(Hide::l)) sum = l[i][0];
      for (Number& entry : A[i]) entry = sum == 0 ? 0 : entry / sum;
    }
    return A;
  }

  const Example& example_;
  const Habits& habits_;
  Random& random_;
  Number of_Q_ = 1, of_K_ = 1, scale_ = 1;
  std::map<std::string, Grid> values_;
};

inline Grid random_given(Random& random, Size rows, Size cols) {
  Grid values = grid(rows, cols);
  for (auto& row : values)
    for (Number& entry : row) entry = random.between(-3, 3);
  return values;
}

/// T from 1, d_k and d_v from 1, one head or two; no mask, a causal one, or any (rows that see nothing, and
/// rows that see one key, among them); from X and its weights or from Q, K and V.
inline Example random_example(Random& random) {
  const auto size = [&](int most) { return static_cast<Size>(random.between(1, most)); };
  Example example{size(4), size(4), size(2), size(2), random.one_in(2), {}, {}};
  const Size T = example.T, d = example.d_k * example.heads, v = example.d_v * example.heads;
  if (example.from_X) {
    const Size model = size(3);
    example.givens = {{"X", random_given(random, T, model)},
                      {"W_Q", random_given(random, model, d)},
                      {"W_K", random_given(random, model, d)},
                      {"W_V", random_given(random, model, v)}};
  } else {
    example.givens = {{"Q", random_given(random, T, d)},
                      {"K", random_given(random, T, d)},
                      {"V", random_given(random, T, v)}};
  }
  const int kind = random.between(0, 2);
  if (kind == 0) return example;
  example.mask = grid(T, T);
  for (Size i = 0; i < T; ++i)
    for (Size j = 0; j < T; ++j) example.mask[i][j] = kind == 1 ? j <= i : random.one_in(2);
  return example;
}

inline Habits random_habits(Random& random, const Example& example) {
  static const std::string low[] = {"-inf", "-inf", "-1000000000", "-1.0e9", "-3.4028235e38"};
  Habits habits;
  habits.scale = static_cast<Scale>(random.between(0, 4));
  habits.hide = static_cast<Hide>(random.between(0, 6));
  habits.shift = static_cast<Shift>(random.between(0, 4));
  habits.hidden_score = low[random.between(0, 4)];
  habits.carries = !random.one_in(4);
  if (!example.from_X && habits.scale > Scale::scores) habits.scale = Scale::scores;
  return habits;
}

}  // namespace other_pencil
