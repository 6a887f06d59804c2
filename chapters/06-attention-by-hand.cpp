#include "program/chapter.hpp"

// The derivations of chapter 6 as they stand on paper: every line is one step.
// main() runs them twice, with exact numbers and with doubles.

using namespace derivation;
using attention::softmax_rows;
using attention::sqrt_of;

namespace {

/// Queries, keys and values to the output.
Term attend(Page& page, const Term& Q, const Term& K, const Term& V) {
  const auto d_k = number("d_k", K.cols());
  const auto S = page.step("S", "Scores", Q * transpose(K));
  const auto Z = page.step("Z", "Scaled scores", S / sqrt(d_k));
  const auto m = page.step("m", "Row maxima", row_maxima(Z));
  const auto D = page.step("D", "Shifted scores", Z - m);
  const auto E = page.step("E", "Exponentials", exp(D));
  const auto l = page.step("l", "Row sums", row_sums(E));
  const auto A = page.step("A", "Weights", E / l);
  const auto Y = page.step("Y", "Output", A * V);
  page.fact("each row of A sums to 1", row_sums(A) == ones(A));
  page.fact("attention(), the code, gives the same Y",
            Y == attention::attention(Q.values(), K.values(), V.values()).Y);
  return Y;
}

/// What a head starts from: the tokens and its three weight matrices.
struct Head {
  Term X, W_Q, W_K, W_V;
};

/// Tokens and weights to the output.
Term project_and_attend(Page& page, const Head<Scalar>& head) {
  const auto Q = page.step("Q", "Queries", head.X * head.W_Q);
  const auto K = page.step("K", "Keys", head.X * head.W_K);
  const auto V = page.step("V", "Values", head.X * head.W_V);
  return attend(page, Q, K, V);
}

// ---- The wrong programs: each is the right one with one mistake in it. ----

/// What a program computes: nothing, where the shapes of its matrices do not fit.
template <typename Scalar>
using Output = std::optional<Matrix<Scalar>>;

template <typename Scalar>
struct WrongProgram {
  std::string mistake;
  std::function<Matrix<Scalar>(const Matrix<Scalar>& X, const Matrix<Scalar>& W_Q, const Matrix<Scalar>& W_K,
                               const Matrix<Scalar>& W_V)>
      run;
};

/// A product that says so when the shapes do not fit.
template <typename Scalar>
Matrix<Scalar> times(const Matrix<Scalar>& a, const Matrix<Scalar>& b) {
  attention::require_shapes(a.cols() == b.rows(), attention::shape(a) + " times " + attention::shape(b));
  return a * b;
}

/// Attention, with the scores made into weights by another rule.
template <typename Scalar, typename Weights>
Matrix<Scalar> attend_with(const Matrix<Scalar>& X, const Matrix<Scalar>& W_Q, const Matrix<Scalar>& W_K,
                           const Matrix<Scalar>& W_V, Weights weights) {
  const Matrix<Scalar> Q = times(X, W_Q), K = times(X, W_K), V = times(X, W_V);
  return times<Scalar>(weights(times<Scalar>(Q, K.transpose())), V);
}

/// Attention, with the scores divided by √n instead of √d_k.
template <typename Scalar>
Matrix<Scalar> scaled_by_root(Index n, const Matrix<Scalar>& X, const Matrix<Scalar>& W_Q,
                              const Matrix<Scalar>& W_K, const Matrix<Scalar>& W_V) {
  const Scalar divisor = sqrt_of<Scalar>(n);
  return attend_with(X, W_Q, W_K, W_V, [&](const Matrix<Scalar>& S) -> Matrix<Scalar> {
    return softmax_rows<Scalar>(S / divisor);
  });
}

template <typename Scalar>
Matrix<Scalar> right(const Matrix<Scalar>& X, const Matrix<Scalar>& W_Q, const Matrix<Scalar>& W_K,
                     const Matrix<Scalar>& W_V) {
  return scaled_by_root(W_K.cols(), X, W_Q, W_K, W_V);
}

/// One softmax over all entries, instead of one a row.
template <typename Scalar>
Matrix<Scalar> softmax_of_all(const Matrix<Scalar>& Z) {
  const Matrix<Scalar> as_one_row = Z.reshaped().transpose();
  return softmax_rows(as_one_row).reshaped(Z.rows(), Z.cols());
}

/// Attention, with the scaled scores made into weights by another rule.
template <typename Scalar, typename Weights>
Matrix<Scalar> scaled_then(const Matrix<Scalar>& X, const Matrix<Scalar>& W_Q, const Matrix<Scalar>& W_K,
                           const Matrix<Scalar>& W_V, Weights weights) {
  const Scalar divisor = sqrt_of<Scalar>(W_K.cols());
  return attend_with(X, W_Q, W_K, W_V, [&](const Matrix<Scalar>& S) -> Matrix<Scalar> {
    return weights(Matrix<Scalar>(S / divisor));
  });
}

/// The sixteen that are tried on the lab's example; the first ten cannot be told from the right program
/// there.
template <typename Scalar>
std::vector<WrongProgram<Scalar>> sixteen_wrong_programs() {
  using M = Matrix<Scalar>;
  return {
      {"W_Q transposed",
       [](const M& X, const M& Q, const M& K, const M& V) { return right<Scalar>(X, Q.transpose(), K, V); }},
      {"W_K transposed",
       [](const M& X, const M& Q, const M& K, const M& V) { return right<Scalar>(X, Q, K.transpose(), V); }},
      {"W_V transposed",
       [](const M& X, const M& Q, const M& K, const M& V) { return right<Scalar>(X, Q, K, V.transpose()); }},
      {"Q and K swapped", [](const M& X, const M& Q, const M& K, const M& V) { return right(X, K, Q, V); }},
      {"Q K instead of Q Kᵀ",
       [](const M& X, const M& Q, const M& K, const M& V) -> M {
         const M Z = times<Scalar>(times(X, Q), times(X, K)) / sqrt_of<Scalar>(K.cols());
         return times<Scalar>(softmax_rows(Z), times(X, V));
       }},
      {"softmax over columns",
       [](const M& X, const M& Q, const M& K, const M& V) {
         return scaled_then(X, Q, K, V,
                            [](const M& Z) -> M { return softmax_rows<Scalar>(Z.transpose()).transpose(); });
       }},
      {"Aᵀ V instead of A V",
       [](const M& X, const M& Q, const M& K, const M& V) {
         return scaled_then(X, Q, K, V, [](const M& Z) -> M { return softmax_rows(Z).transpose(); });
       }},
      {"W X instead of X W",
       [](const M& X, const M& Q, const M& K, const M& V) -> M {
         return attention::attention<Scalar>(times(Q, X), times(K, X), times(V, X)).Y;
       }},
      {"scaled by √T",
       [](const M& X, const M& Q, const M& K, const M& V) { return scaled_by_root(X.rows(), X, Q, K, V); }},
      {"X ignored",
       [](const M&, const M& Q, const M& K, const M& V) -> M { return attention::attention(Q, K, V).Y; }},
      {"not scaled",
       [](const M& X, const M& Q, const M& K, const M& V) { return scaled_by_root(1, X, Q, K, V); }},
      {"scaled by d_k", [](const M& X, const M& Q, const M& K,
                           const M& V) { return scaled_by_root(K.cols() * K.cols(), X, Q, K, V); }},
      {"softmax left out",
       [](const M& X, const M& Q, const M& K, const M& V) {
         return scaled_then(X, Q, K, V, [](const M& Z) -> M { return Z; });
       }},
      {"softmax over the whole matrix",
       [](const M& X, const M& Q, const M& K, const M& V) {
         return scaled_then(X, Q, K, V, softmax_of_all<Scalar>);
       }},
      {"W_V in place of W_K", [](const M& X, const M& Q, const M&, const M& V) { return right(X, Q, V, V); }},
      {"W_V forgotten",
       [](const M& X, const M& Q, const M& K, const M&) -> M {
         return attention::attention<Scalar>(times(X, Q), times(X, K), X).Y;
       }},
  };
}

/// More of the kind; the strong example has to tell these as well.
template <typename Scalar>
std::vector<WrongProgram<Scalar>> more_wrong_programs() {
  using M = Matrix<Scalar>;
  return {
      {"W_K in place of W_Q", [](const M& X, const M&, const M& K, const M& V) { return right(X, K, K, V); }},
      {"W_Q in place of W_K", [](const M& X, const M& Q, const M&, const M& V) { return right(X, Q, Q, V); }},
      {"W_V in place of W_Q", [](const M& X, const M&, const M& K, const M& V) { return right(X, V, K, V); }},
      {"W_Q in place of W_V", [](const M& X, const M& Q, const M& K, const M&) { return right(X, Q, K, Q); }},
      {"W_K in place of W_V", [](const M& X, const M& Q, const M& K, const M&) { return right(X, Q, K, K); }},
      {"A K instead of A V",
       [](const M& X, const M& Q, const M& K, const M&) -> M {
         return attention::attention<Scalar>(times(X, Q), times(X, K), times(X, K)).Y;
       }},
      {"scaled by √d_model",
       [](const M& X, const M& Q, const M& K, const M& V) { return scaled_by_root(X.cols(), X, Q, K, V); }},
  };
}

/// What a wrong program makes of a head: nothing, if a product or the shape of its output does not fit.
Output<Scalar> output_of(const WrongProgram<Scalar>& program, const Head<Scalar>& head, const Term& Y) {
  try {
    Matrix<Scalar> output =
        program.run(head.X.values(), head.W_Q.values(), head.W_K.values(), head.W_V.values());
    if (output.rows() == Y.rows() && output.cols() == Y.cols()) return output;
  } catch (const std::invalid_argument&) {
  }
  return std::nullopt;
}

/// The step `change`: for every wrong program that runs, the largest |wrong − right| over the entries of Y.
void tabulate_changes(Page& page, const std::vector<WrongProgram<Scalar>>& programs, const Head<Scalar>& head,
                      const Term& Y) {
  Labels labels;
  std::vector<Scalar> changes;
  for (const WrongProgram<Scalar>& program : programs)
    if (const auto output = output_of(program, head, Y)) {
      labels.rows.push_back(program.mistake);
      changes.push_back(largest_difference(*output, Y.values()));
    }
  const Matrix<Scalar> column =
      Eigen::Map<const attention::Vector<Scalar>>(changes.data(), static_cast<Index>(changes.size()));
  page.computed("change", "Largest change of Y, by each wrong program that runs",
                "\\max_{i,j} \\lvert Y'_{i,j} - Y_{i,j} \\rvert", {"X", "W_Q", "W_K", "W_V", "Y"}, column,
                labels);
}

// ---- The examples. ----

/// The lab's toy example: two tokens, symmetric weights.
void lab(Page& page) {
  page.example("lab", "Two tokens");
  const Head<Scalar> head = {
      page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
      page.given("W_K", {{"0", "1"}, {"1", "0"}}), page.given("W_V", {{"2", "0"}, {"0", "3"}})};
  const auto Y = project_and_attend(page, head);

  const auto programs = sixteen_wrong_programs<Scalar>();
  tabulate_changes(page, programs, head, Y);
  constexpr std::size_t undetected = 10;
  for (std::size_t k = 0; k < programs.size(); ++k) {
    const auto output = output_of(programs[k], head, Y);
    if (k < undetected)
      page.fact("undetected: " + programs[k].mistake, Y == output.value());
    else
      page.fact("changes Y by more than 1/10: " + programs[k].mistake,
                differ_by_more_than(Exact(1) / Exact(10), output.value(), Y.values()));
  }
}

/// Three tokens; T = 3, d_model = 2, d_k = 4 and d_v = 2 leave no wrong program undetected.
void strong(Page& page) {
  page.example("strong", "Three tokens, and no wrong program undetected");
  const Head<Scalar> head = {page.given("X", {{"0", "2"}, {"1", "0"}, {"0", "1"}}),
                             page.given("W_Q", {{"1", "1", "0", "1"}, {"1", "0", "1", "0"}}),
                             page.given("W_K", {{"0", "0", "1", "1"}, {"1", "1", "0", "1"}}),
                             page.given("W_V", {{"3", "3"}, {"0", "3"}})};
  const auto Y = project_and_attend(page, head);

  auto programs = sixteen_wrong_programs<Scalar>();
  for (auto& program : more_wrong_programs<Scalar>()) programs.push_back(std::move(program));
  tabulate_changes(page, programs, head, Y);
  for (const auto& program : programs) {
    const auto output = output_of(program, head, Y);
    if (output)
      page.fact("changes Y by more than 1/1000: " + program.mistake,
                differ_by_more_than(Exact(1) / Exact(1000), *output, Y.values()));
    else
      page.fact("does not fit the shapes: " + program.mistake, is_absent(output));
  }
}

/// Queries, keys and values given directly: the trace that a project page prints.
void trace(Page& page) {
  page.example("trace", "Starting at Q, K and V");
  const auto Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const auto K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const auto V = page.given("V", {{"10", "20", "30", "40"}, {"5", "15", "25", "35"}});
  attend(page, Q, K, V);
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: other values");
  page.details();
  project_and_attend<Scalar>(
      page, {page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
             page.given("W_K", {{"0", "1"}, {"1", "0"}}), page.given("W_V", {{"1", "1"}, {"0", "2"}})});

  page.example("ex2", "Exercise 2: a head of size four");
  page.details();
  const auto Q = page.given("Q", {{"1", "1", "0", "1"}, {"1", "1", "2", "0"}});
  const auto K = page.given("K", {{"1", "1", "0", "0"}, {"0", "0", "2", "0"}});
  const auto V = page.given("V", {{"3"}, {"1"}});
  attend(page, Q, K, V);

  page.example("ex3", "Exercise 3: one entry of W_K changed");
  page.details();
  const Head<Scalar> head = {
      page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
      page.given("W_K", {{"0", "2"}, {"1", "0"}}), page.given("W_V", {{"2", "0"}, {"0", "3"}})};
  const auto Y = project_and_attend(page, head);
  const auto swapped =
      right<Scalar>(head.X.values(), head.W_K.values(), head.W_Q.values(), head.W_V.values());
  page.computed("swapped", "Y with queries and keys swapped", "Y'", {"X", "W_Q", "W_K", "W_V"}, swapped, {});
  page.fact("changes Y by more than 1/10: Q and K swapped",
            differ_by_more_than(Exact(1) / Exact(10), swapped, Y.values()));
}

const auto derivations = [](Page& page) {
  lab(page);
  strong(page);
  trace(page);
  exercises(page);
};

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "06-attention-by-hand", derivations);
}
