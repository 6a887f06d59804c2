#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "numbers/random_numbers.hpp"

/// Attention and its gradients in doubles with plain loops, and every mistake of the catalogue as a line of
/// code in its place. It knows nothing of src/: what the catalogue calls a mistake is held against this.
namespace wrong_program {

using Grid = std::vector<std::vector<double>>;  ///< −∞ where an entry is hidden

constexpr double hidden = -std::numeric_limits<double>::infinity();

/// The toy example that a program runs on.
struct Toy {
  std::string name;
  std::map<std::string, Grid> givens;
  int heads = 1;
  Grid mask;  ///< 1: may look; empty: no mask
};

/// Shapes that do not fit.
struct Misfit : std::runtime_error {
  Misfit() : std::runtime_error("the shapes do not fit") {}
};

inline std::size_t rows(const Grid& a) { return a.size(); }
inline std::size_t cols(const Grid& a) { return a[0].size(); }
inline Grid grid(std::size_t r, std::size_t c) { return Grid(r, std::vector<double>(c, 0.0)); }

inline Grid mul(const Grid& a, const Grid& b) {
  if (cols(a) != rows(b)) throw Misfit();
  Grid p = grid(rows(a), cols(b));
  for (std::size_t i = 0; i < rows(a); ++i)
    for (std::size_t j = 0; j < cols(b); ++j)
      for (std::size_t k = 0; k < rows(b); ++k) p[i][j] += a[i][k] * b[k][j];
  return p;
}
inline Grid tr(const Grid& a) {
  Grid t = grid(cols(a), rows(a));
  for (std::size_t i = 0; i < rows(a); ++i)
    for (std::size_t j = 0; j < cols(a); ++j) t[j][i] = a[i][j];
  return t;
}
template <typename Function>
Grid each(const Grid& a, Function f) {
  Grid r = a;
  for (std::size_t i = 0; i < rows(a); ++i)
    for (std::size_t j = 0; j < cols(a); ++j) r[i][j] = f(i, j);
  return r;
}
inline Grid divided(const Grid& a, double by) {
  return each(a, [&](std::size_t i, std::size_t j) { return a[i][j] / by; });
}
inline Grid shaped_as(const Grid& a, const Grid& like) {
  if (rows(a) != rows(like) || cols(a) != cols(like)) throw Misfit();
  return a;
}

/// A mistake, and which of several places or ways is meant.
struct Way {
  std::string mistake, at;
};

/// One run: right, or with mistakes in it.
class Program {
 public:
  struct Step {
    std::string name;
    Grid values;
  };

  explicit Program(const Toy& toy, std::vector<Way> ways = {})
      : toy_(toy), ways_(std::move(ways)), made_(ways_.size()) {
    project();
    attend();
    if (toy_.givens.count("dY")) go_back();
  }

  const std::vector<Step>& steps() const { return steps_; }
  /// Whether every mistake has had its place.
  bool all_made() const {
    return std::all_of(made_.begin(), made_.end(), [](bool made) { return made; });
  }
  bool has_step(const std::string& step) const { return values_.count(step) > 0; }
  const Grid& operator[](const std::string& step) const { return values_.at(step); }

 private:
  using Size = std::size_t;

  bool is(const std::string& mistake, const std::string& at = "") {
    bool any = false;
    for (std::size_t k = 0; k < ways_.size(); ++k) {
      const bool here = mistake == ways_[k].mistake && (at.empty() || at == ways_[k].at);
      made_[k] = made_[k] || here;
      any = any || here;
    }
    return any;
  }
  bool asks_for(const std::string& mistake) const {
    return std::any_of(ways_.begin(), ways_.end(), [&](const Way& way) { return way.mistake == mistake; });
  }
  bool has(const std::string& name) const { return values_.count(name) > 0 || toy_.givens.count(name) > 0; }
  const Grid& get(const std::string& name) const {
    const auto found = values_.find(name);
    return found != values_.end() ? found->second : toy_.givens.at(name);
  }
  Grid put(const std::string& name, const Grid& grid) {
    steps_.push_back({name, grid});
    values_[name] = grid;
    return grid;
  }
  bool many() const { return toy_.heads > 1; }

  // ---- Forward ----

  void project() {
    for (const std::string P : {"Q", "K", "V"}) {
      if (toy_.givens.count(P)) continue;
      const Grid &X = get("X"), &W = get("W_" + P);
      const Grid right = mul(X, W);
      Grid result = right;
      if (is("weights-transposed", P)) result = mul(X, tr(W));
      if (is("weights-first", P)) result = mul(W, X);
      if (P != "V" && is("Q-and-K-swapped", "weights")) result = mul(X, get(P == "Q" ? "W_K" : "W_Q"));
      if (P != "Q" && is("K-and-V-mixed-up", "weights")) result = mul(X, get(P == "K" ? "W_V" : "W_K"));
      for (const std::string O : {"Q", "K", "V"})
        if (O != P && is("other-weights", P + O)) result = mul(X, get("W_" + O));
      if (is("weights-forgotten", P)) result = X;
      if (is("tokens-ignored", P)) result = W;
      put(P, shaped_as(result, right));
    }
  }

  Grid block(const std::string& P, Size h) {
    const Grid& all = get(P);
    const Size d = cols(all) / static_cast<Size>(toy_.heads), T = rows(all);
    const bool by_rows = is("wrong-reshape", "rows"), by_columns = is("wrong-reshape", "columns");
    Grid result = grid(T, d);
    for (Size t = 0; t < T; ++t)
      for (Size j = 0; j < d; ++j) {
        const Size flat = (h * T + t) * d + j;
        result[t][j] = all[t][h * d + j];
        if (by_rows) result[t][j] = all[flat / cols(all)][flat % cols(all)];
        if (by_columns) result[t][j] = all[t][j * static_cast<Size>(toy_.heads) + h];
      }
    return result;
  }

  void attend() {
    std::vector<Grid> outputs;
    for (Size h = 0; h < static_cast<Size>(toy_.heads); ++h) {
      const std::string x = many() ? "_" + std::to_string(h + 1) : "";
      if (many())
        for (const std::string P : {"Q", "K", "V"}) put(P + x, block(P, h));
      const Grid A = weights(x), V = get("V" + x);
      Grid Y = mul(A, V);
      const Grid right = Y;
      if (is("weights-of-A-transposed")) Y = mul(tr(A), V);
      if (is("A-times-K")) Y = mul(A, get("K" + x));
      if (is("K-and-V-mixed-up", "values")) Y = mul(A, get("K" + x));
      if (is("one-value-too-few", "last")) Y = without(A, V, rows(V) - 1);
      if (is("one-value-too-few", "first")) Y = without(A, V, 0);
      outputs.push_back(shaped_as(Y, right));
      if (many()) put("Y" + x, Y);
    }
    const Grid C = many() ? side_by_side(outputs) : outputs[0];
    if (!has("W_O")) {
      put("Y", C);
      return;
    }
    put("C", C);
    Grid Y = mul(C, get("W_O"));
    const Grid right = Y;
    if (is("W_O-forgotten")) Y = C;
    if (is("W_O-transposed")) Y = mul(C, tr(get("W_O")));
    if (many() && is("heads-averaged", "output")) Y = divided(Y, toy_.heads);
    put("Y", shaped_as(Y, right));
  }

  static Grid without(const Grid& A, const Grid& V, Size left_out) {
    Grid Y = grid(rows(A), cols(V));
    for (Size i = 0; i < rows(A); ++i)
      for (Size j = 0; j < cols(V); ++j)
        for (Size k = 0; k < rows(V); ++k)
          if (k != left_out) Y[i][j] += A[i][k] * V[k][j];
    return Y;
  }

  Grid side_by_side(const std::vector<Grid>& parts) {
    const Size T = rows(parts[0]), d = cols(parts[0]), H = parts.size();
    Grid C = grid(T, H * d);
    const bool averaged = is("heads-averaged", "blocks"), turned = is("heads-out-of-order");
    const bool by_rows = is("wrong-reshape", "rows back"), by_columns = is("wrong-reshape", "columns back");
    for (Size t = 0; t < T; ++t)
      for (Size c = 0; c < H * d; ++c) {
        const Size h = c / d, j = c % d, flat = t * H * d + c;
        C[t][c] = parts[turned ? H - 1 - h : h][t][j];
        if (by_rows) C[t][c] = parts[flat / (T * d)][flat % (T * d) / d][flat % d];
        if (by_columns) C[t][c] = parts[c % H][t][c / H];
        if (!averaged) continue;
        C[t][c] = 0;
        for (const Grid& part : parts) C[t][c] += part[t][j] / static_cast<double>(H);
      }
    return C;
  }

  Grid scores(const std::string& x) {
    const Grid &Q = get("Q" + x), &K = get("K" + x);
    const Grid right = mul(Q, tr(K));
    Grid S = right;
    if (is("keys-not-transposed")) S = mul(Q, K);
    if (is("Q-and-K-swapped", "scores")) S = mul(K, tr(Q));
    if (is("K-and-V-mixed-up", "values")) S = mul(Q, tr(get("V" + x)));
    return put("S" + x, shaped_as(S, right));
  }

  double divisor(const std::string& x) {
    const Grid& K = get("K" + x);
    const double d_k = static_cast<double>(cols(K));
    if (is("not-scaled")) return 1;
    if (is("scaled-by-d_k")) return d_k;
    if (has("X") && is("scaled-by-root-d_model")) return std::sqrt(static_cast<double>(cols(get("X"))));
    if (is("scaled-by-root-T")) return std::sqrt(static_cast<double>(rows(K)));
    if (many() && is("scaled-by-all-heads")) return std::sqrt(d_k * toy_.heads);
    if (is("multiplied-by-the-scale")) return 1 / std::sqrt(d_k);
    return std::sqrt(d_k);
  }

  Grid mask() {
    Grid m = toy_.mask;
    const Size n = cols(m);
    for (Size i = 0; i < rows(m); ++i)
      for (Size j = 0; j < n; ++j) {
        if (is("mask-too-strict")) m[i][j] = j + 1 < n ? toy_.mask[i][j + 1] : 0;
        if (is("mask-too-loose")) m[i][j] = toy_.mask[i][j > 0 ? j - 1 : 0];
        if (is("mask-inverted")) m[i][j] = 1 - toy_.mask[i][j];
      }
    if (is("mask-transposed")) m = shaped_as(tr(m), toy_.mask);
    return m;
  }

  Grid visible_scores(const std::string& x, const Grid& Z) {
    if (toy_.mask.empty() || asks_for("masked-after-softmax")) return Z;  // no step: the mask comes later
    const Grid m = mask();
    const bool as_zeros = is("mask-as-zero-scores"), forgotten = is("mask-forgotten");
    return put("M" + x, each(Z, [&](Size i, Size j) {
                 if (forgotten || m[i][j] != 0.0) return Z[i][j];
                 return as_zeros ? 0.0 : hidden;
               }));
  }

  /// A row that sees nothing weighs 0; any other division by 0 leaves nothing to write down.
  static double quotient(double e, double sum) {
    if (std::abs(sum) > 1e-9) return e / sum;
    if (std::abs(e) > 1e-9) throw Misfit();
    return 0;
  }

  static double or_zero(double value) { return value == hidden ? 0 : value; }

  Grid weights(const std::string& x) {
    const Grid S = scores(x);
    const Grid M = visible_scores(x, put("Z" + x, divided(S, divisor(x))));
    const Size T = rows(M), n = cols(M);
    Grid m = grid(T, 1), D = M, E = M, l = grid(T, 1), A = M;
    const bool columns = is("softmax-over-columns"), all = is("softmax-of-all");
    if (columns || all) {
      // Such a program has none of the steps between the scores and the weights.
      for (Size i = 0; i < T; ++i)
        for (Size j = 0; j < n; ++j) {
          double sum = 0;
          for (Size a = 0; a < T; ++a)
            for (Size b = 0; b < n; ++b)
              if (all || b == j) sum += std::exp(M[a][b]);
          A[i][j] = sum > 0 ? std::exp(M[i][j]) / sum : 0;
        }
      return put("A" + x, A);
    }
    if (is("softmax-left-out"))
      return put("A" + x, each(M, [&](Size i, Size j) { return or_zero(M[i][j]); }));
    for (Size i = 0; i < T; ++i) {
      m[i][0] = *std::max_element(M[i].begin(), M[i].end());
      for (Size j = 0; j < n; ++j) {
        D[i][j] = M[i][j] == hidden ? hidden : M[i][j] - m[i][0];
        E[i][j] = std::exp(D[i][j]);
        if (is("base-2")) E[i][j] = std::exp2(D[i][j]);
        if (is("wrong-sign-in-exp")) E[i][j] = D[i][j] == hidden ? 0 : std::exp(-D[i][j]);
        if (is("exp-left-out", "scores")) E[i][j] = or_zero(M[i][j]);
        if (is("exp-left-out", "shifted")) E[i][j] = or_zero(D[i][j]);
        l[i][0] += E[i][j];
      }
      const auto seen = [&](Size j) { return M[i][j] != hidden; };
      if (is("one-key-too-few", "last"))
        for (Size j = n; j-- > 0;)
          if (seen(j)) {
            l[i][0] -= E[i][j];
            break;
          }
      if (is("one-key-too-few", "first"))
        for (Size j = 0; j < n; ++j)
          if (seen(j)) {
            l[i][0] -= E[i][j];
            break;
          }
      if (is("one-key-too-many")) l[i][0] += m[i][0] == hidden ? 1 : std::exp(-m[i][0]);
      for (Size j = 0; j < n; ++j) A[i][j] = quotient(E[i][j], l[i][0]);
    }
    if (is("not-normalised")) A = E;
    if (!toy_.mask.empty() && is("masked-after-softmax"))
      A = each(A, [&](Size i, Size j) { return A[i][j] * toy_.mask[i][j]; });
    put("m" + x, m);
    put("D" + x, D);
    put("E" + x, E);
    put("l" + x, l);
    return put("A" + x, A);
  }

  // ---- Back ----

  /// The factors of a product on the way back, with the transposes that were forgotten or put in.
  Grid back(const std::string& name, const Grid& a, const Grid& b, const std::string& first,
            const std::string& second = "", const std::string& mirrored = "") {
    const Grid right = mul(a, b);
    Grid result = right;
    const std::string base = name.substr(
        0, many() && name.size() > 2 && std::isdigit(name.back()) ? name.size() - 2 : name.size());
    if (!first.empty() && is(first, base)) result = mul(tr(a), b);
    if (!second.empty() && is(second, base)) result = mul(a, tr(b));
    if (!mirrored.empty() && is(mirrored, base)) result = tr(right);
    return put(name, shaped_as(result, right));
  }

  void back_through_softmax(const std::string& x, const Grid& A, const Grid& dA) {
    const bool forgotten = is("second-term-forgotten"), diagonal = is("diagonal-of-the-Jacobian-alone");
    const bool product = is("compact-form-as-a-product"), skipped = is("softmax-skipped-backward");
    const bool plain = is("row-sums-without-the-weights");
    const Grid both = mul(dA, tr(A));
    Grid G = A, r = grid(rows(A), 1), U = A, dZ = A;
    for (Size i = 0; i < rows(A); ++i) {
      for (Size j = 0; j < cols(A); ++j) {
        G[i][j] = A[i][j] * dA[i][j];
        r[i][0] += plain ? dA[i][j] : G[i][j];
      }
      for (Size j = 0; j < cols(A); ++j) {
        U[i][j] = dA[i][j] - r[i][0];
        dZ[i][j] = A[i][j] * U[i][j];
        if (forgotten) dZ[i][j] = G[i][j];
        if (diagonal) dZ[i][j] = A[i][j] * (1 - A[i][j]) * dA[i][j];
        if (product) {
          if (rows(A) != cols(A)) throw Misfit();
          dZ[i][j] = A[i][j] * (dA[i][j] - both[i][j]);
        }
        if (skipped) dZ[i][j] = dA[i][j];
      }
    }
    put("G" + x, G);
    put("r" + x, r);
    put("U" + x, U);
    put("dZ" + x, dZ);
  }

  void back_through_head(const std::string& x, const Grid& dY) {
    const Grid &A = get("A" + x), &K = get("K" + x), &Q = get("Q" + x);
    const double root = std::sqrt(static_cast<double>(cols(K)));
    back("dV" + x, tr(A), dY, "dV-without-the-transpose");
    back("dA" + x, dY, tr(get("V" + x)), "", "values-not-transposed-in-dA", "gradient-mirrored");
    back_through_softmax(x, A, get("dA" + x));
    Grid dS = divided(get("dZ" + x), root);
    if (is("scale-lost-backward")) dS = get("dZ" + x);
    if (is("scaled-twice-backward")) dS = divided(dS, root);
    put("dS" + x, dS);
    if (is("dQ-and-dK-swapped", "dQ"))
      put("dQ" + x, shaped_as(mul(dS, Q), Q));
    else
      back("dQ" + x, dS, K, "dQ-with-a-transpose");
    if (is("dQ-and-dK-swapped", "dK"))
      put("dK" + x, shaped_as(mul(tr(dS), K), K));
    else
      back("dK" + x, tr(dS), Q, "dK-without-the-transpose");
  }

  void go_back() {
    Grid dC = get("dY");
    if (has("W_O")) {
      dC = back("dC", get("dY"), tr(get("W_O")), "", "weights-not-transposed-backward");
      back("dW_O", tr(get("C")), get("dY"), "inputs-not-transposed-backward", "", "gradient-mirrored");
    }
    const Size d = cols(dC) / static_cast<Size>(toy_.heads);
    std::map<std::string, Grid> whole;
    for (Size h = 0; h < static_cast<Size>(toy_.heads) && many(); ++h) {
      const std::string x = "_" + std::to_string(h + 1);
      Grid dY = grid(rows(dC), d);
      for (Size t = 0; t < rows(dC); ++t)
        for (Size j = 0; j < d; ++j) dY[t][j] = dC[t][h * d + j];
      back_through_head(x, put("dY" + x, dY));
      for (const std::string P : {"dQ", "dK", "dV"}) {
        if (h == 0) whole[P] = grid(rows(get(P + x)), 0);
        for (Size t = 0; t < whole[P].size(); ++t)
          whole[P][t].insert(whole[P][t].end(), get(P + x)[t].begin(), get(P + x)[t].end());
      }
    }
    if (many())
      for (const std::string P : {"dQ", "dK", "dV"}) put(P, whole[P]);
    else
      back_through_head("", dC);
    if (has("X")) back_to_the_tokens();
  }

  void back_to_the_tokens() {
    const Grid& X = get("X");
    for (const std::string P : {"Q", "K", "V"})
      back("dW_" + P, tr(X), get("d" + P), "inputs-not-transposed-backward", "", "gradient-mirrored");
    for (const std::string P : {"Q", "K", "V"})
      back("dX_" + P, get("d" + P), tr(get("W_" + P)), "", "weights-not-transposed-backward");
    const auto sum = [&](const Grid& a, const Grid& b) {
      return each(a, [&](Size i, Size j) { return a[i][j] + b[i][j]; });
    };
    const Grid &q = get("dX_Q"), &k = get("dX_K"), &v = get("dX_V");
    put("dX_QK", sum(q, k));
    Grid dX = sum(get("dX_QK"), v);
    if (is("paths-forgotten", "Q alone")) dX = q;
    if (is("paths-forgotten", "V alone")) dX = v;
    if (is("paths-forgotten", "without K")) dX = sum(q, v);
    if (is("paths-forgotten", "without Q")) dX = sum(k, v);
    put("dX", dX);
  }

  const Toy& toy_;
  std::vector<Way> ways_;
  std::vector<bool> made_;
  std::map<std::string, Grid> values_;
  std::vector<Step> steps_;
};

/// Every mistake, with the places and ways in which this program can make it.
inline std::vector<Way> all_ways() {
  std::vector<Way> ways;
  const auto add = [&](const std::string& mistake, const std::vector<std::string>& places) {
    for (const std::string& place : places) ways.push_back({mistake, place});
  };
  for (const char* each : {"weights-transposed", "weights-first", "weights-forgotten", "tokens-ignored"})
    add(each, {"Q", "K", "V"});
  add("Q-and-K-swapped", {"weights", "scores"});
  add("K-and-V-mixed-up", {"weights", "values"});
  add("other-weights", {"QK", "QV", "KQ", "KV", "VQ", "VK"});
  for (const char* each : {"keys-not-transposed",
                           "not-scaled",
                           "scaled-by-d_k",
                           "scaled-by-root-d_model",
                           "scaled-by-root-T",
                           "scaled-by-all-heads",
                           "multiplied-by-the-scale",
                           "mask-forgotten",
                           "mask-too-strict",
                           "mask-too-loose",
                           "mask-transposed",
                           "mask-inverted",
                           "mask-as-zero-scores",
                           "masked-after-softmax",
                           "softmax-over-columns",
                           "softmax-of-all",
                           "softmax-left-out",
                           "not-normalised",
                           "base-2",
                           "wrong-sign-in-exp",
                           "one-key-too-many",
                           "weights-of-A-transposed",
                           "A-times-K",
                           "W_O-forgotten",
                           "W_O-transposed",
                           "heads-out-of-order",
                           "second-term-forgotten",
                           "diagonal-of-the-Jacobian-alone",
                           "compact-form-as-a-product",
                           "softmax-skipped-backward",
                           "row-sums-without-the-weights",
                           "scale-lost-backward",
                           "scaled-twice-backward"})
    add(each, {""});
  add("dV-without-the-transpose", {"dV"});
  add("values-not-transposed-in-dA", {"dA"});
  add("dK-without-the-transpose", {"dK"});
  add("dQ-with-a-transpose", {"dQ"});
  add("exp-left-out", {"scores", "shifted"});
  add("one-key-too-few", {"last", "first"});
  add("one-value-too-few", {"last", "first"});
  add("heads-averaged", {"blocks", "output"});
  add("wrong-reshape", {"rows", "columns", "rows back", "columns back"});
  add("dQ-and-dK-swapped", {"dQ", "dK"});
  add("gradient-mirrored", {"dA", "dW_Q", "dW_K", "dW_V", "dW_O"});
  add("weights-not-transposed-backward", {"dC", "dX_Q", "dX_K", "dX_V"});
  add("inputs-not-transposed-backward", {"dW_Q", "dW_K", "dW_V", "dW_O"});
  add("paths-forgotten", {"Q alone", "V alone", "without K", "without Q"});
  return ways;
}

// ---- Toy examples ----

inline Grid random_grid(Random& random, std::size_t r, std::size_t c) {
  return each(grid(r, c), [&](std::size_t, std::size_t) { return random.between(-2, 2); });
}

inline Grid causal(std::size_t T) {
  return each(grid(T, T), [](std::size_t i, std::size_t j) { return j <= i ? 1 : 0; });
}

struct Shape {
  std::size_t T, d_model, d_k, d_v;  ///< d_k and d_v of one head
  int heads = 1;
  bool is_causal = false, output_weights = false, gradients = false;
};

inline Toy random_toy(const std::string& name, std::uint64_t seed, const Shape& s) {
  Random random(seed);
  const std::size_t H = static_cast<std::size_t>(s.heads);
  Toy toy{name, {}, s.heads, s.is_causal ? causal(s.T) : Grid{}};
  toy.givens["X"] = random_grid(random, s.T, s.d_model);
  toy.givens["W_Q"] = random_grid(random, s.d_model, H * s.d_k);
  toy.givens["W_K"] = random_grid(random, s.d_model, H * s.d_k);
  toy.givens["W_V"] = random_grid(random, s.d_model, H * s.d_v);
  if (s.output_weights) toy.givens["W_O"] = random_grid(random, H * s.d_v, s.d_model);
  if (s.gradients) toy.givens["dY"] = random_grid(random, s.T, s.output_weights ? s.d_model : H * s.d_v);
  return toy;
}

}  // namespace wrong_program
