#include <nlohmann/json.hpp>

#include "support/every_chapter.hpp"

using attention::causal_mask;
using attention::MultiHeadAttention;
using attention::no_mask;

namespace {

template <typename Scalar>
Matrix<Scalar> tokens(const Words& words) {
  return attention::draw_tokens<Scalar>(vocabulary, words);
}

/// Facts speak of weights and counts; a run with a mistake in another step would only take time.
bool is_claimed_about(const std::string& name) { return name[0] == 'A' || name == "w" || name == "where"; }

/// One entry off in these, and what that is too little for.
std::vector<Mistake> mistakes() {
  const Derivation right = committed(stem);
  std::vector<Mistake> all = one_entry_off(right);
  std::erase_if(all, [](const Mistake& mistake) { return !is_claimed_about(mistake.step); });
  const auto replace = [&](const std::string& example, const std::string& name, const Matrix<Exact>& values) {
    all.push_back({example, name, [values](Table<Exact>& table) { table.values = values; }});
  };
  const auto constant = [](Index rows, Index cols, const Exact& value) -> Matrix<Exact> {
    return Matrix<Exact>::Constant(rows, cols, value);
  };
  for (const std::string example : {"small", "lab", "causal", "verb", "verb_causal", "cat"}) {
    const auto& A = step(right, example, "A_1").exact;
    replace(example, "A_1", constant(A.rows(), A.cols(), Exact(-1)));
  }
  for (const std::string name : {"A_2", "A_3", "A_4"})  // equal words with unequal rows and columns
    replace("lab", name, Matrix<Exact>(Matrix<Exact>::Identity(8, 8)));
  replace("lab", "A_2", step(right, "lab", "A_1").exact.values);
  replace("cat", "A_2", step(right, "cat", "A_1").exact.values);
  replace("causal", "A_1", constant(8, 8, Exact(1) / Exact(8)));
  replace("layers", "w", constant(8, 1, Exact(1)));
  replace("layers", "w", constant(8, 1, Exact(0)));
  return all;
}

/// A claim about the doubles that were counted: no step enters it.
bool speaks_of_doubles(const std::string& fact) {
  return fact.find("the doubles decide") != std::string::npos;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  Problems cannot_fail = facts_that_cannot_fail(mistakes());
  std::erase_if(cannot_fail, speaks_of_doubles);
  CHECK(lines(cannot_fail) == "");
}

// ---- The class, with doubles, with exact numbers and with enclosures. ----

TEST_CASE("doubles compute the seeded scores without rounding") {
  const auto weights = attention::draw_weights<Exact>(d_model, layer_seed);
  const auto Q = [&](const Words& words) -> Matrix<Exact> { return tokens<Exact>(words) * weights.W_Q; };
  const auto K = [&](const Words& words) -> Matrix<Exact> { return tokens<Exact>(words) * weights.W_K; };
  for (const auto& [words, H] :
       {std::pair{lab_words, 4}, std::pair{verb_words, 4}, std::pair{cat_words, 8}}) {
    const auto S = exact_scores(layer(H), words);
    const Matrix<Exact> q = Q(words), k = K(words);
    const Index d_k = d_model / H;
    for (Index h = 0; h < H; ++h) {
      const Matrix<Exact> exact = q.middleCols(h * d_k, d_k) * k.middleCols(h * d_k, d_k).transpose();
      CHECK(S[static_cast<std::size_t>(h)] == exact);
    }
  }
}

namespace {

/// How far the class with doubles can be from the true values on the seeded example, by the standard model of
/// rounding: fl(a ∘ b) = (a ∘ b)(1 + δ), |δ| <= u = 2^-53, sums of n products γ_n = n·u / (1 − n·u), and
/// exp to within 2u (as in rounding.hpp). S and V are exact (the test above), and so is Z = S/4.
struct ClassBound {
  static constexpr double u = 0x1p-53;
  static double gamma(Index n) { return static_cast<double>(n) * u / (1 - static_cast<double>(n) * u); }

  /// Of a weight, relative: the shift Z − m is exact (both are whole numbers over 2^16, at most 2^25), the
  /// exponential has 2u, a sum of T positive terms 2u and γ_(T-1), the quotient one u.
  static double of_weight(Index T) { return (1 + 2 * u) * (1 + gamma(T)) * (1 + u) / (1 - 2 * u) - 1; }

  /// Of A V, entry by entry: each product's error, and that of the sum.
  static Matrix<double> of_head(const Matrix<double>& A, const Matrix<double>& V) {
    return (of_weight(A.cols()) * (1 + gamma(A.cols())) + gamma(A.cols())) * (A * V.cwiseAbs());
  }
};

}  // namespace

TEST_CASE("the class with doubles agrees with certified values to 1e-12, and to its rounding bound") {
  for (const auto& mask : {no_mask(8, 8), causal_mask(8)}) {
    const MultiHeadAttention<double> machine(d_model, 4, layer_seed);
    const MultiHeadAttention<derivation::Enclosure> certain(d_model, 4, layer_seed);
    const auto found = machine.forward_with_heads(tokens<double>(lab_words), mask);
    const auto sure = certain.forward_with_heads(tokens<derivation::Enclosure>(lab_words), mask);
    const auto distance = [](const Matrix<double>& a,
                             const Matrix<derivation::Enclosure>& b) -> Matrix<double> {
      Matrix<double> result(a.rows(), a.cols());
      for (Index i = 0; i < a.rows(); ++i)
        for (Index j = 0; j < a.cols(); ++j) {
          const auto off = abs(derivation::Enclosure(numbers::exactly(a(i, j))) - b(i, j));
          result(i, j) = numbers::to_double(upper(off));  // as far as it can be
        }
      return result;
    };
    const Matrix<double> V = tokens<double>(lab_words) * machine.weights().W_V;
    Matrix<double> bound_C(8, d_model);
    for (Index h = 0; h < 4; ++h) {
      const auto& head = found.heads[static_cast<std::size_t>(h)];
      const Matrix<double> off = distance(head.A, sure.heads[static_cast<std::size_t>(h)].A);
      CHECK((off.array() <= ClassBound::of_weight(8) * head.A.array() * (1 + 1e-9)).all());
      bound_C.middleCols(16 * h, 16) = ClassBound::of_head(head.A, V.middleCols(16 * h, 16));
    }
    const Matrix<double> W_O = machine.weights().W_O.cwiseAbs();
    const Matrix<double> bound_Y =
        bound_C * W_O * (1 + ClassBound::gamma(64)) + ClassBound::gamma(64) * (found.C.cwiseAbs() * W_O);
    const Matrix<double> off = distance(found.Y, sure.Y);
    CHECK((off.array() <= bound_Y.array() * (1 + 1e-9)).all());
    CHECK(bound_Y.maxCoeff() < 1e-12);
    CHECK(off.maxCoeff() > bound_Y.maxCoeff() / 1000);  // the bound is not slack
  }
}

TEST_CASE("a class in single precision is noticed") {
  const MultiHeadAttention<float> single(d_model, 4, layer_seed);
  const MultiHeadAttention<double> machine(d_model, 4, layer_seed);
  const Matrix<float> Y = single.forward(tokens<float>(lab_words), no_mask(8, 8));
  const Matrix<double> right = machine.forward(tokens<double>(lab_words), no_mask(8, 8));
  CHECK((Y.cast<double>() - right).cwiseAbs().maxCoeff() > 1e-12);
}

TEST_CASE("the derivation's weights are those of the class") {
  const Derivation derivation = committed(stem);
  const auto class_weights = [](const Words& words, Index H, const attention::Mask& mask) {
    return MultiHeadAttention<double>(d_model, H, layer_seed)
        .forward_with_heads(tokens<double>(words), mask)
        .heads;
  };
  const auto check = [&](const std::string& example, const auto& heads) {
    for (std::size_t h = 0; h < heads.size(); ++h) {
      const Matrix<double> exact =
          as_scalars<double>(values(derivation, example, "A_" + std::to_string(h + 1)));
      // Both are the exact weight within of_weight, the one rounded once more.
      CHECK((heads[h].A - exact).cwiseAbs().maxCoeff() <= ClassBound::of_weight(8) + ClassBound::u);
    }
  };
  check("lab", class_weights(lab_words, 4, no_mask(8, 8)));
  check("causal", class_weights(lab_words, 4, causal_mask(8)));
  check("verb", class_weights(verb_words, 4, no_mask(8, 8)));
  check("verb_causal", class_weights(verb_words, 4, causal_mask(8)));
}

// ---- The manifest. ----

TEST_CASE("the manifest has the lab's fields") {
  const auto json = nlohmann::json::parse(program::manifest(stem, about(committed(stem))));
  CHECK(json["experiment"] == stem);
  CHECK(json["seed"] == 0);
  CHECK(json["date"].get<std::string>().size() == 10);
  CHECK(json["versions"].contains("eigen"));
  CHECK(json["config"]["d_model"] == 64);
  CHECK(json["config"]["n_heads"] == 4);
  CHECK(json["config"]["T"] == 8);
  CHECK(json["config"]["input_snippet"] == "<bos> I work , you work , he");
  const auto& results = json["results_summary"];
  // A layer with one head and a single head run the same operations in the same order.
  CHECK(results["single_head_equivalence_max_diff"] == 0.0);
  const Matrix<Exact> certified = values(committed(stem), "lab", "difference");
  const double rounding =
      2 * ClassBound::of_weight(8) + ClassBound::gamma(64 + 6 + 2);  // two weights, two means
  CHECK(std::abs(results["head_weights_max_abs_diff"].get<double>() - numbers::to_double(certified(0, 0))) <
        rounding);
  CHECK(std::abs(results["head_weights_mean_abs_diff"].get<double>() - numbers::to_double(certified(0, 1))) <
        rounding);
}
