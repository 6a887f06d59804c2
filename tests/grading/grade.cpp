#include "grading/grade.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/graded.hpp"

using grading::Verdict;

namespace {

std::string block(const std::string& lines) { return "```paper\n" + lines + "\n```\n"; }

/// S = 2·1, so Z = 1 and the weights are 1/(1+e^-1) = 0.7310585… and 0.2689414….
const std::string trace =
    "Q = [ 1 0 1 0 ; 0 1 0 1 ]\n"
    "K = [ 1 0 1 0 ; 0 1 0 1 ]\n"
    "V = [ 10 20 30 40 ; 5 15 25 35 ]\n";

/// S = [ 0 1 ; 1 0 ], so the weights are 1/(1+exp(1/√2)) = 0.3302384… and 0.6697615….
const std::string lab =
    "Q = [ 1 0 ; 0 1 ]\n"
    "K = [ 0 1 ; 1 0 ]\n"
    "V = [ 2 0 ; 0 3 ]\n";

/// One number a token: S = [ 1 0 ; 0 0 ] and √d_k = 1.
const std::string small =
    "Q = [ 1 ; 0 ]\n"
    "K = [ 1 ; 0 ]\n"
    "V = [ 3 ; 5 ]\n";

Graded graded(const std::string& givens, const std::string& steps) { return Graded(block(givens + steps)); }

std::string complaint(const std::string& lines) {
  try {
    Graded ignored(block(lines));
  } catch (const paper::FileError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("proved equal is right in whatever form it is written") {
  CHECK(graded(small, "l = [ 1+exp(-1) ; 2 ]").tally() == "2 right");
  CHECK(graded(small, "l = [ (1-exp(-2))/(1-exp(-1)) ; 4/2 ]").tally() == "2 right");
  CHECK(graded(small, "A = [ exp(1)/(1+exp(1)) 1/(1+exp(1)) ; 1/2 0.5 ]").tally() == "4 right");
  CHECK(graded(small, "A = [ exp(1/2)/(exp(1/2)+exp(-1/2)) exp(-1)/(1+exp(-1)) ; 2^-1 1-1/2 ]").tally() ==
        "4 right");
  CHECK(graded(lab, "Z = [ 0 1/sqrt(2) ; sqrt(2)/2 sqrt(1/2)-0 ]").tally() == "3 right, 1 wrong");
}

TEST_CASE("a closed form that is not equal is wrong however near it is") {
  CHECK(graded(small, "l = [ 1+exp(-1)+1/10^30 ; 2 ]").wrong() == "l[0,0]");
  CHECK(graded(small, "l = [ 13678794411714423/10^16 ; 2 ]").wrong() == "l[0,0]");
}

TEST_CASE("a decimal is right to within half a unit of its last digit") {
  CHECK(graded(lab, "A = [ 0.330238 0.669762 ; 0.66976 0.33 ]").tally() == "4 right");
  CHECK(graded(lab, "A = [ 0.330239 0.669762 ; 0.66976 0.33 ]").wrong() == "A[0,0]");
  CHECK(graded(lab, "A = [ 0.330238 0.669761 ; 0.66976 0.33 ]").wrong() == "A[0,1]");
  CHECK(graded(lab, "A = [ 0.330238 0.669762 ; 0.66977 0.33 ]").wrong() == "A[1,0]");
  CHECK(graded(lab, "A = [ 0.330238 0.669762 ; 0.66976 0.34 ]").wrong() == "A[1,1]");
  CHECK(graded(small, "A = [ 0.73 0.27 ; 0.4 0.6 ]").wrong() == "A[1,0] A[1,1]");
}

TEST_CASE("half a unit itself is still right since 2.5 may be rounded up or down") {
  const std::string givens = "Q = [ 1/8 ]\nK = [ 1 ]\nV = [ 1 ]\n";
  CHECK(graded(givens, "S = [ 0.12 ]").tally() == "1 right");
  CHECK(graded(givens, "S = [ 0.13 ]").tally() == "1 right");
  CHECK(graded(givens, "S = [ 0.125 ]").tally() == "1 right");
  CHECK(graded(givens, "S = [ 0.126 ]").tally() == "1 wrong");
  CHECK(graded(givens, "S = [ 0.11 ]").tally() == "1 wrong");
}

TEST_CASE("rounding carried along is no mistake and a larger difference is one") {
  // 10 · 0.731059 + 5 · 0.268941 = 8.655295, where the true value is 8.655292893…
  const std::string weights = "A = [ 0.731059 0.268941 ; 0.268941 0.731059 ]\n";
  const std::string carried =
      "Y = [ 8.655295 18.655295 28.655295 38.655295 ; 6.344705 16.344705 26.344705 36.344705 ]";
  CHECK(graded(trace, weights + carried).tally() == "4 right, 8 right given");
  CHECK(graded(trace, weights + "Y = [ 8.655393 ? ? ? ; ? ? ? ? ]").wrong() == "Y[0,0]");
  CHECK(graded(trace, weights + "Y = [ 8.655293 ? ? ? ; ? ? ? ? ]").entry("Y", 0, 0).verdict ==
        Verdict::right);
  // Without the rounded weights on the paper nothing explains the rounded output.
  CHECK(graded(trace, "Y = [ 8.655295 ? ? ? ; ? ? ? ? ]").wrong() == "Y[0,0]");
}

TEST_CASE("a whole number is too short where its own .0 would be right and wrong where it is farther off") {
  // e^-4 = 0.0183…, and 1/(1+e^-4) = 0.982…
  const std::string near = "Q = [ 4 ]\nK = [ 1 ; 0 ]\nV = [ 1 ; 0 ]\n";
  const Graded short_paper = graded(near, "A = [ 1 0 ]");
  CHECK(short_paper.tally() == "2 too short");
  CHECK(!all_right(short_paper.grades));
  CHECK(graded(lab, "A = [ 0 1 ; 1 0 ]").tally() == "4 wrong");  // for 0.33 and 0.67
  CHECK(graded(lab, "A = [ 1 0 ; 1 0 ]").tally() == "4 wrong");
  CHECK(graded("Q = [ 1 1 ]\nK = [ 2 0 ]\nV = [ 1 ]\n", "Z = [ 1 ]").tally() == "1 wrong");  // for √2
  CHECK(graded("Q = [ 1 ]\nK = [ 7119/1000 ]\nV = [ 1 ]\n", "S = [ +7 ]").tally() == "1 wrong");
  CHECK(graded("Q = [ 1 ]\nK = [ 7019/1000 ]\nV = [ 1 ]\n", "S = [ +7 ]").tally() == "1 too short");
}

TEST_CASE("a whole number is right where no double could tell it from the value") {
  // 103 − 10^-75, and 4 + 2 e^-40 / (1 + e^-40) = 4 + 8.5e-18
  CHECK(graded("Q = [ 1 ]\nK = [ 103-10^(-75) ]\nV = [ 1 ]\n", "S = [ 103 ]").tally() == "1 right");
  CHECK(graded("Q = [ 1 ]\nK = [ 40 ; 0 ]\nV = [ 4 ; 6 ]\n", "Y = [ 4 ]").tally() == "1 right");
  CHECK(graded("Q = [ 1 ]\nK = [ 103-10^(-10) ]\nV = [ 1 ]\n", "S = [ 103 ]").tally() == "1 too short");
  // What is small is not nothing: e^-40 = 4.2e-18.
  CHECK(graded("Q = [ 1 ]\nK = [ 40 ; 0 ]\nV = [ 4 ; 6 ]\n", "E = [ 1 0 ]").tally() ==
        "1 right, 1 too short");
}

TEST_CASE("a number with a power of ten claims its last digit like any decimal") {
  const std::string near = "Q = [ 1 ]\nK = [ 821/10000 ]\nV = [ 1 ]\n";
  CHECK(graded(near, "S = [ 8e-2 ]").tally() == "1 right");
  CHECK(graded(near, "S = [ 9e-2 ]").tally() == "1 wrong");
  CHECK(graded(near, "S = [ 82e-3 ]").tally() == "1 right");
}

TEST_CASE("a point without a digit behind it is refused with what to write") {
  CHECK(complaint(lab + "A = [ 0. 1. ; 1 0 ]") == "p.md:5:8: a digit must follow the point: write 0.0");
}

TEST_CASE("a decimal of one digit is right and said to tell little") {
  const Graded graded_paper = graded(lab, "A = [ 0.3 0.7 ; 0.67 0.33 ]");
  CHECK(graded_paper.tally() == "4 right");
  CHECK(graded_paper.entry("A", 0, 0).few_digits);
  CHECK(graded_paper.entry("A", 0, 1).few_digits);
  CHECK(!graded_paper.entry("A", 1, 0).few_digits);
  CHECK(!graded(small, "A = [ ? ? ; 0.5 0.5 ]").entry("A", 1, 0).few_digits);  // the value has no more digits
}

TEST_CASE("a paper without an answer is not all right") {
  CHECK(!all_right(graded(lab, "").grades));
  CHECK(!all_right(graded(lab, "A = [ ? ? ; ? ? ]").grades));
  CHECK(graded(lab, "A = [ ? ? ; ? ? ]").tally() == "4 unanswered");
  CHECK(all_right(graded(lab, "A = [ 0.330238 ? ; ? ? ]").grades));
}

TEST_CASE("an entry that is not answered leaves what stands behind it right") {
  CHECK(graded(lab, "S = [ ? 1 ; 1 0 ]\nA = [ 0.330238 0.669762 ; 0.669762 ? ]").tally() ==
        "6 right, 2 unanswered");
}

TEST_CASE("an earlier slip is counted once where everything is in closed form") {
  // S[0,0] = 3 for 2, so Z[0,0] = 3/2 and the first row of everything follows from that.
  const Graded slip =
      graded(trace,
             "S = [ 3 0 ; 0 2 ]\nZ = [ 3/2 0 ; 0 1 ]\nm = [ 3/2 ; 1 ]\nD = [ 0 -3/2 ; -1 0 ]\n"
             "E = [ 1 exp(-3/2) ; exp(-1) 1 ]\nl = [ 1+exp(-3/2) ; 1+exp(-1) ]\n"
             "A = [ 1/(1+exp(-3/2)) 1/(1+exp(3/2)) ; 1/(1+exp(1)) 1/(1+exp(-1)) ]\n");
  CHECK(slip.wrong() == "S[0,0]");
  CHECK(slip.tally() == "16 right, 7 right given, 1 wrong");
}

TEST_CASE("an earlier slip is counted once where everything is in decimals") {
  // The same slip: e^-1.5 = 0.22313016, 1/(1+e^-1.5) = 0.81757448, and 10 · 0.817574 + 5 · 0.182426
  // = 9.08787.
  const Graded slip = graded(trace,
                             "S = [ 3 0 ; 0 2 ]\nA = [ 0.817574 0.182426 ; 0.268941 0.731059 ]\n"
                             "Y = [ 9.08787 ? ? ? ; 6.344705 ? ? ? ]");
  CHECK(slip.wrong() == "S[0,0]");
  CHECK(slip.entry("A", 0, 0).verdict == Verdict::right_given);
  CHECK(slip.entry("Y", 0, 0).verdict == Verdict::right_given);
  CHECK(graded(trace, "S = [ 3 0 ; 0 2 ]\nA = [ 0.817674 0.182426 ; 0.268941 0.731059 ]").wrong() ==
        "S[0,0] A[0,0]");
}

TEST_CASE("who corrects an earlier slip without a word is right") {
  CHECK(graded(trace, "S = [ 3 0 ; 0 2 ]\nZ = [ 1 0 ; 0 1 ]").wrong() == "S[0,0]");
}

TEST_CASE("a wrong entry says what it is and what it would be after an earlier slip") {
  const Graded slip = graded(trace, "S = [ 3 0 ; 0 2 ]\nZ = [ 4 0 ; 0 1 ]");
  CHECK(slip.entry("Z", 0, 0).expected == "1");
  CHECK(slip.entry("Z", 0, 0).given_before.find("1.5") == 0);
  CHECK(graded(trace, "S = [ 2 0 ; 0 2 ]\nZ = [ 4 0 ; 0 1 ]").entry("Z", 0, 0).given_before.empty());
}

TEST_CASE("the places of the grades are those of the entries") {
  const Graded paper = graded(trace, "S = [ 3 0\n  0 2 ]");
  CHECK(paper.entry("S", 0, 0).place.line == 5);
  CHECK(paper.entry("S", 0, 0).place.column == 7);
  CHECK(paper.entry("S", 1, 1).place.line == 6);
  CHECK(paper.entry("S", 1, 1).place.column == 5);
}

TEST_CASE("a hidden entry is written -inf and its weight 0") {
  const std::string masked = lab + "mask = causal\n";
  CHECK(
      graded(masked,
             "M = [ 0 -inf ; 1/sqrt(2) 0 ]\nE = [ 1 0 ; 1 exp(-1/sqrt(2)) ]\nA = [ 1 0 ; 0.669762 0.330238 ]")
          .tally() == "12 right");
  CHECK(graded(masked, "M = [ 0 0 ; 1/sqrt(2) 0 ]").wrong() == "M[0,1]");
  CHECK(graded(masked, "M = [ -inf -inf ; 1/sqrt(2) 0 ]").wrong() == "M[0,0]");
  CHECK(graded(masked, "A = [ 1 -inf ; ? ? ]").wrong() == "A[0,1]");
}

TEST_CASE("a mask one off is a slip that is counted where it was made") {
  // The second token forbidden to look at itself: the weights follow from that, and only M is wrong.
  const Graded slip =
      graded(lab + "mask = causal\n",
             "M = [ 0 -inf ; 1/sqrt(2) -inf ]\nE = [ 1 0 ; 1 0 ]\nl = [ 1 ; 1 ]\nA = [ 1 0 ; 1 0 ]\n"
             "Y = [ 2 0 ; 2 0 ]");
  CHECK(slip.wrong() == "M[1,1]");
}

TEST_CASE("e-3 is e less 3 and no power of ten") {
  const std::string givens = "```paper\nscale = 1\nQ = [ 1 ]\nK = [ 0 ; 1 ]\n";
  CHECK(Graded(givens + "V = [ e-3 ; e-3 ]\nY = [ e-3 ]\n```\n").wrong() == "");
  CHECK(Graded(givens + "V = [ e-3 ; e-3 ]\nY = [ 0 ]\n```\n").wrong() == "Y[0,0]");
}

TEST_CASE("a row that sees nothing has the maximum -inf and weights of 0") {
  const std::string blind = lab + "mask = [ 0 0 ; 1 1 ]\n";
  const Graded paper = graded(blind,
                              "m = [ -inf ; 1/sqrt(2) ]\nD = [ -inf -inf ; 0 -1/sqrt(2) ]\nl = [ 0 ; ? ]\n"
                              "A = [ 0 0 ; ? ? ]\nY = [ 0 0 ; ? ? ]");
  CHECK(paper.tally() == "11 right, 5 unanswered");
  CHECK(graded(blind, "A = [ 1/2 1/2 ; ? ? ]").wrong() == "A[0,0] A[0,1]");
}

TEST_CASE("a reader's own zero division ends no grading") {
  // l = 0 in the first row: no weight follows from it, and none is explained by it.
  const Graded paper = graded(small, "l = [ 0 ; 2 ]\nA = [ 5 1/(1+exp(1)) ; 1/2 1/2 ]");
  CHECK(paper.wrong() == "l[0,0] A[0,0]");
  CHECK(graded(small, "l = [ 0.0 ; 2 ]\nA = [ 5 1/(1+exp(1)) ; 1/2 1/2 ]").wrong() == "l[0,0] A[0,0]");
}

TEST_CASE("values of a reader that leave the field end no grading") {
  // exp(exp(1)) has no closed form here, and is 15.1542…: the weights are 0.938096… and 0.061903….
  CHECK(graded(small, "Z = [ exp(1) 0 ; 0 0 ]\nA = [ 0.9381 0.0619 ; 1/2 1/2 ]").wrong() == "Z[0,0]");
  CHECK(graded(small, "Z = [ exp(1) 0 ; 0 0 ]\nA = [ 0.9382 0.0618 ; 1/2 1/2 ]").wrong() ==
        "Z[0,0] A[0,0] A[0,1]");
  CHECK(graded(lab, "Z = [ sqrt(3) 1/sqrt(2) ; 1/sqrt(2) 0 ]\nD = [ 0 ? ; ? ? ]").wrong() == "Z[0,0]");
}

TEST_CASE("the gap of paper and code is the largest difference of an answer and the double") {
  const double truth = 1 / (1 + std::exp(1 / std::sqrt(2.0)));
  const double gap = graded(lab, "A = [ 0.33 ? ; ? ? ]").grades.largest_gap;
  CHECK(std::abs(gap - (truth - 0.33)) < 1e-15);  // two doubles near 1/3: a few units of 2^-54
  CHECK(graded(lab, "S = [ 0 1 ; 1 0 ]").grades.largest_gap == 0);
  CHECK(graded(lab, "S = [ 0 1 ; 1 7 ]").grades.largest_gap == 7);
}

TEST_CASE("X and its weights make Q and K and V answers") {
  const std::string tokens = "X = [ 1 2 ]\nW_Q = [ 1 ; 1 ]\nW_K = [ 0 ; 1 ]\nW_V = [ 1 ; 0 ]\n";
  CHECK(graded(tokens, "Q = [ 3 ]\nK = [ 2 ]\nV = [ 1 ]\nS = [ 6 ]\nY = [ 1 ]").tally() == "5 right");
  CHECK(graded(tokens, "Q = [ 4 ]").wrong() == "Q[0,0]");
  CHECK(graded(tokens, "").tally().empty());
}

TEST_CASE("the output weights make C and Y") {
  const std::string with_weights = small + "W_O = [ 2 -1 ]\n";
  CHECK(graded(with_weights, "C = [ (3+5*exp(-1))/(1+exp(-1)) ; 4 ]\nY = [ ? ? ; 8 -4 ]").tally() ==
        "4 right, 2 unanswered");
  CHECK(graded(with_weights, "Y = [ ? ? ; 8 4 ]").wrong() == "Y[1,1]");
}

TEST_CASE("a scale of one's own is what the scores are multiplied by") {
  CHECK(graded(lab + "scale = 1/4\n", "Z = [ 0 1/4 ; 1/4 0 ]").tally() == "4 right");
  CHECK(graded(lab + "scale = 1/4\n", "Z = [ 0 1/sqrt(2) ; 1/4 0 ]").wrong() == "Z[0,1]");
}

TEST_CASE("what cannot be compared is said with its place") {
  CHECK(complaint(lab + "S = [ 0 1 ]").find("p.md:5:1: S has 1×2 entries here, and 2×2") == 0);
  CHECK(complaint(lab + "P = [ 0 1 ]").find("p.md:5:1: unknown name P") == 0);
  CHECK(complaint(lab + "S = [ 0 1 ; 1 x ]").find("p.md:5:15: unknown name 'x'") == 0);
  CHECK(complaint(lab + "S = [ 0 1 ; 1 1/0 ]").find("p.md:5:16: division by zero") == 0);
}

TEST_CASE("a paper is graded against the derivation that it is given") {
  const auto paper = paper::read_paper("p.md", block("example = a\n" + lab + "S = [ 0 1 ; 1 0 ]"));
  auto truth = paper::derive_paper(paper, 20);
  CHECK(grading::all_right(grading::grade(paper, truth)));
  truth.examples[0].steps[0].exact.values(0, 0) = 5;  // its Q is another one: then a given is wrong
  CHECK(count(grading::grade(paper, truth), Verdict::wrong) == 1);
  CHECK(!grading::all_right(grading::grade(paper, truth)));
  truth.examples[0].name = "b";
  CHECK_THROWS_AS(grading::grade(paper, truth), paper::FileError);
}
