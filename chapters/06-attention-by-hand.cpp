#include "mistakes/wrong_program.hpp"
#include "program/chapter.hpp"

// The derivations of chapter 6 as they stand on paper: every line is one step.
// Each is computed with exact numbers and with doubles.

using namespace derivation;
using mistakes::output_of;
using mistakes::WrongProgram;

namespace {

/// Queries, keys and values to the output.
Term attend(Page& page, const Term& Q, const Term& K, const Term& V) {
  const Number d_k = number("d_k", K.cols());
  const Term S = page.step("S", "Scores", Q * transpose(K));
  const Term Z = page.step("Z", "Scaled scores", S / sqrt(d_k));
  const Term m = page.step("m", "Row maxima", row_maxima(Z));
  const Term D = page.step("D", "Shifted scores", Z - m);
  const Term E = page.step("E", "Exponentials", exp(D));
  const Term l = page.step("l", "Row sums", row_sums(E));
  const Term A = page.step("A", "Weights", E / l);
  const Term Y = page.step("Y", "Output", A * V);
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
Term project_and_attend(Page& page, const Head& head) {
  const Term Q = page.step("Q", "Queries", head.X * head.W_Q);
  const Term K = page.step("K", "Keys", head.X * head.W_K);
  const Term V = page.step("V", "Values", head.X * head.W_V);
  return attend(page, Q, K, V);
}

/// The lab's toy example: two tokens, symmetric weights.
Term lab(Page& page) {
  page.example("lab", "Two tokens");
  return project_and_attend(
      page, {page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
             page.given("W_K", {{"0", "1"}, {"1", "0"}}), page.given("W_V", {{"2", "0"}, {"0", "3"}})});
}

/// Three tokens; T = 3, d_model = 2, d_k = 4 and d_v = 2 leave no wrong program undetected.
Term strong(Page& page) {
  page.example("strong", "Three tokens, and no wrong program undetected");
  return project_and_attend(page, {page.given("X", {{"0", "2"}, {"1", "0"}, {"0", "1"}}),
                                   page.given("W_Q", {{"1", "1", "0", "1"}, {"1", "0", "1", "0"}}),
                                   page.given("W_K", {{"0", "0", "1", "1"}, {"1", "1", "0", "1"}}),
                                   page.given("W_V", {{"3", "3"}, {"0", "3"}})});
}

/// Queries, keys and values given directly: the trace that a project page prints.
void trace(Page& page) {
  page.example("trace", "Starting at Q, K and V");
  const Term Q = page.given("Q", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const Term K = page.given("K", {{"1", "0", "1", "0"}, {"0", "1", "0", "1"}});
  const Term V = page.given("V", {{"10", "20", "30", "40"}, {"5", "15", "25", "35"}});
  attend(page, Q, K, V);
}

// ---- The wrong programs: each is the right one with one mistake of the catalogue in it. ----

using Programs = std::vector<WrongProgram>;

/// The lab's example cannot tell these from the right program.
const Programs ten_undetected = {
    {"W_Q transposed", "weights-transposed", {"Q"}},
    {"W_K transposed", "weights-transposed", {"K"}},
    {"W_V transposed", "weights-transposed", {"V"}},
    {"Q and K swapped", "Q-and-K-swapped"},
    {"Q K instead of Q Kᵀ", "keys-not-transposed"},
    {"softmax over columns", "softmax-over-columns"},
    {"Aᵀ V instead of A V", "weights-of-A-transposed"},
    {"W X instead of X W", "weights-first", {"Q", "K", "V"}},
    {"scaled by √T", "scaled-by-root-T"},
    {"X ignored", "tokens-ignored", {"Q", "K", "V"}},
};

/// It can tell these.
const Programs six_detected = {
    {"not scaled", "not-scaled"},
    {"scaled by d_k", "scaled-by-d_k"},
    {"softmax left out", "softmax-left-out"},
    {"softmax over the whole matrix", "softmax-of-all"},
    {"W_V in place of W_K", "other-weights", {"K"}, "with W_V"},
    {"W_V forgotten", "weights-forgotten", {"V"}},
};

/// More of the kind; the strong example has to tell these as well.
const Programs seven_more = {
    {"W_K in place of W_Q", "other-weights", {"Q"}, "with W_K"},
    {"W_Q in place of W_K", "other-weights", {"K"}, "with W_Q"},
    {"W_V in place of W_Q", "other-weights", {"Q"}, "with W_V"},
    {"W_Q in place of W_V", "other-weights", {"V"}, "with W_Q"},
    {"W_K in place of W_V", "other-weights", {"V"}, "with W_K"},
    {"A K instead of A V", "A-times-K"},
    {"scaled by √d_model", "scaled-by-root-d_model"},
};

Programs joined(const std::vector<Programs>& parts) {
  Programs all;
  for (const Programs& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const std::vector<std::string> inputs_and_output = {"X", "W_Q", "W_K", "W_V", "Y"};

void wrong_programs_in_the_lab(Page& page, const Term& Y) {
  const Example example = page.written_so_far();
  mistakes::write_changes(page, joined({ten_undetected, six_detected}), inputs_and_output);
  for (const WrongProgram& program : ten_undetected)
    page.fact("undetected: " + program.title, Y == output_of<Exact>(program, example).value().values);
  for (const WrongProgram& program : six_detected) {
    const Matrix<Exact> output = output_of<Exact>(program, example).value().values;
    page.fact("changes Y by more than 1/10: " + program.title,
              differ_by_more_than(Exact(1) / 10, output, Y.values()));
  }
}

void wrong_programs_in_the_strong_example(Page& page, const Term& Y) {
  const Example example = page.written_so_far();
  const Programs programs = joined({ten_undetected, six_detected, seven_more});
  mistakes::write_changes(page, programs, inputs_and_output);
  for (const WrongProgram& program : programs)
    if (const auto output = output_of<Exact>(program, example))
      page.fact("changes Y by more than 1/1000: " + program.title,
                differ_by_more_than(Exact(1) / 1000, output->values, Y.values()));
    else
      page.fact("does not fit the shapes: " + program.title, is_absent(output));
}

// ---- The exercises. ----

void exercises(Page& page) {
  page.example("ex1", "Exercise 1: other values");
  page.details();
  project_and_attend(
      page, {page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
             page.given("W_K", {{"0", "1"}, {"1", "0"}}), page.given("W_V", {{"1", "1"}, {"0", "2"}})});

  page.example("ex2", "Exercise 2: a head of size four");
  page.details();
  const Term Q = page.given("Q", {{"1", "1", "0", "1"}, {"1", "1", "2", "0"}});
  const Term K = page.given("K", {{"1", "1", "0", "0"}, {"0", "0", "2", "0"}});
  const Term V = page.given("V", {{"3"}, {"1"}});
  attend(page, Q, K, V);

  page.example("ex3", "Exercise 3: one entry of W_K changed");
  page.details();
  const Term Y = project_and_attend(
      page, {page.given("X", {{"1", "0"}, {"0", "1"}}), page.given("W_Q", {{"1", "0"}, {"0", "1"}}),
             page.given("W_K", {{"0", "2"}, {"1", "0"}}), page.given("W_V", {{"2", "0"}, {"0", "3"}})});
  const Example example = page.written_so_far();
  const WrongProgram program{"Q and K swapped", "Q-and-K-swapped"};
  const Matrix<Exact> swapped = output_of<Exact>(program, example).value().values;
  page.computed("swapped", "Y with queries and keys swapped", "Y'",
                {swapped, output_of<double>(program, example).value().values, {"X", "W_Q", "W_K", "W_V"}});
  page.fact("changes Y by more than 1/10: " + program.title,
            differ_by_more_than(Exact(1) / 10, swapped, Y.values()));
}

void derivations(Page& page) {
  wrong_programs_in_the_lab(page, lab(page));
  wrong_programs_in_the_strong_example(page, strong(page));
  trace(page);
  exercises(page);
}

}  // namespace

int main(int argc, char** argv) {
  return program::derive_chapter(argc, argv, "06-attention-by-hand", derivations);
}
