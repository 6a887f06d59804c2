#include <doctest/doctest.h>

#include "support/graded.hpp"
#include "support/other_pencil.hpp"

// Other ways to the right weights are right, with rounding carried along; what does not follow is not.

using grading::Verdict;

namespace {

std::string block(const std::string& lines) { return "```paper\n" + lines + "\n```\n"; }
Graded graded(const std::string& lines) { return Graded(block(lines)); }
bool is_right(const std::string& lines) { return all_right(graded(lines).grades); }

std::string praise(const Graded& paper, const std::string& name) {
  for (const auto& step : paper.grades.examples.at(0).steps)
    if (step.name == name) return step.praise ? step.praise->mistake : "";
  return "not written";
}

const std::string pair = "Q = [ 1 ]\nK = [ 3 ; 5 ]\nV = [ 4 ; 6 ]\n";
const std::string causal = "mask = causal\nQ = [ 1 ; 1 ]\nK = [ 3 ; 5 ]\nV = [ 4 ; 6 ]\n";
const std::string weights = "A = [ 1 0 ; 0.1192 0.8808 ]\n";
const std::string tokens = "X = [ 1 2 ; 3 1 ]\nW_Q = [ 1 0 ; 0 1 ]\nW_K = [ 1 0 ; 0 1 ]\nW_V = [ 1 ; 0 ]\n";

}  // namespace

TEST_CASE("where a row sum may be 0 no weight follows") {
  CHECK(
      graded("Q = [ 1 ]\nK = [ 0 ; -1 ]\nV = [ 4 ; 6 ]\nE = [ 0.00 0.00 ]\nA = [ -7.0 123.0 ]\nY = [ 710.0 ]")
          .wrong() == "E[0,0] E[0,1] A[0,0] A[0,1]");
  CHECK(graded("Q = [ 1 ]\nK = [ -20 ; -21 ]\nV = [ 4 ; 6 ]\nm = [ 0 ]\nD = [ -20 -21 ]\n"
               "E = [ 0.0000 0.0000 ]\nl = [ 0.0000 ]\nA = [ 0.5000 0.5000 ]\nY = [ 5.0000 ]")
            .wrong() == "A[0,0] A[0,1]");
  CHECK(graded("mask = [ 0 0 ; 1 1 ]\nQ = [ 1 ; 1 ]\nK = [ 0 ; 1 ]\nV = [ 4 ; 6 ]\n"
               "E = [ 0.0 0.0 ; 0.3679 1.0 ]\nl = [ 0.0 ; 1.3679 ]\nA = [ 0.5 0.5 ; 0.2689 0.7311 ]\n"
               "Y = [ 5.0 ; 5.4622 ]")
            .wrong() == "A[0,0] A[0,1]");
}

TEST_CASE("where a row sees nothing its weights are 0 in decimals too") {
  CHECK(
      is_right("mask = [ 0 0 ; 1 1 ]\nQ = [ 1 ; 1 ]\nK = [ 0 ; 1 ]\nV = [ 4 ; 6 ]\n"
               "E = [ 0.0 0.0 ; 0.3679 1.0 ]\nl = [ 0.0 ; 1.3679 ]\nA = [ 0.0 0.0 ; 0.2689 0.7311 ]"));
  // The reader's own mask hides the first row: what follows is 0, and M alone is wrong.
  CHECK(graded(causal + "M = [ -inf -inf ; 3 5 ]\nE = [ 0.00 0.00 ; 0.135 1.00 ]\nl = [ 0.00 ; 1.135 ]\n"
                        "A = [ 0.00 0.00 ; 0.119 0.881 ]")
            .wrong() == "M[0,0]");
}

TEST_CASE("in a row that sees nothing any constant may be taken off, if the row is written on") {
  const std::string givens =
      "```paper\nmask = [ 0 0 ; 1 1 ]\nQ = [ 1 ; 1 ]\nK = [ 0 ; 1 ]\nV = [ 4 ; 6 ]\nm = [ 0 ; 1 ]\n";
  CHECK(Graded(givens + "l = [ 0 ; 1.3679 ]\n```\n").wrong() == "");
  CHECK(Graded(givens + "l = [ ? ; 1.3679 ]\n```\n").wrong() == "m[0,0]");
  CHECK(Graded(givens + "l = [ 1 ; 1.3679 ]\n```\n").wrong() == "m[0,0] l[0,0]");
}

TEST_CASE("a divisor that is not known to a factor of three explains nothing") {
  // 0.01 may be 0.005 or 0.015, three times as much: a weight of 2/3 is no consequence of it.
  const std::string with = "Q = [ 1 ]\nK = [ 0 ; 0 ]\nV = [ 4 ; 6 ]\nm = [ 5 ]\nD = [ -5 -5 ]\n";
  CHECK(graded(with + "E = [ 0.01 0.01 ]\nl = [ 0.01 ]\nA = [ 0.67 0.33 ]").wrong() == "A[0,0] A[0,1]");
  CHECK(is_right(with + "E = [ 0.01 0.01 ]\nl = [ 0.01 ]\nA = [ 0.50 0.50 ]"));
  CHECK(is_right(with + "E = [ 0.006738 0.006738 ]\nl = [ 0.0135 ]\nA = [ 0.499 0.499 ]"));
}

TEST_CASE("another constant or none is right with rounding carried along") {
  const Graded none = graded(
      "Q = [ 5 0 ]\nK = [ 1 0 ; 2 0 ]\nV = [ 4 ; 6 ]\nZ = [ 3.536 7.071 ]\nE = [ 34.33 1177.3 ]\n"
      "l = [ 1211.6 ]\nA = [ 0.02833 0.97170 ]\nY = [ 5.943 ]");
  CHECK(all_right(none.grades));
  CHECK(praise(none, "E") == "nothing-subtracted");
  CHECK(graded("Q = [ 5 0 ]\nK = [ 1 0 ; 2 0 ]\nV = [ 4 ; 6 ]\nZ = [ 3.536 7.071 ]\nE = [ 34.33 1187.3 ]\n"
               "l = [ 1211.6 ]\nA = [ 0.02833 0.97170 ]\nY = [ 5.943 ]")
            .wrong() != "");
}

TEST_CASE("a row that sees one key may go without a constant") {
  const Graded none = graded(causal + "D = [ 3 -inf ; 3 5 ]\n" + weights);
  CHECK(all_right(none.grades));
  CHECK(praise(none, "D") == "nothing-subtracted");
  // 2 is nobody's constant, and nothing else shows it; with m it is the reader's.
  CHECK(graded(causal + "D = [ 2 -inf ; -2 0 ]\n" + weights).wrong() == "D[0,0]");
  CHECK(is_right(causal + "m = [ 1 ; 5 ]\nD = [ 2 -inf ; -2 0 ]\n" + weights));
  CHECK(is_right(causal + "D = [ 2 -inf ; 2 4 ]\n" + weights));  // 1 off both rows
}

TEST_CASE("a sum of exponentials without a constant is right by itself and any other number is not") {
  CHECK(is_right(pair + "l = [ 168.499 ]"));
  CHECK(is_right(pair + "l = [ exp(3)+exp(5) ]"));
  CHECK(graded(pair + "l = [ 168.599 ]").wrong() == "l[0,0]");
  CHECK(graded(pair + "l = [ exp(3)+exp(5)+1/10^40 ]").wrong() == "l[0,0]");
  CHECK(graded(pair + "l = [ 7.0 ]\nA = [ 0.1192 0.8808 ]").wrong() == "l[0,0]");
}

TEST_CASE("masked afterwards and divided again is right with rounding carried along") {
  const Graded later = graded(
      "mask = causal\nQ = [ 1 0 ; 5 0 ]\nK = [ 1 0 ; 2 0 ]\nV = [ 4 ; 6 ]\nZ = [ 0.7071 1.414 ; 3.536 7.071 "
      "]\n"
      "E = [ 0.4933 1.000 ; 0.02917 1.000 ]\nl = [ 1.493 ; 1.029 ]\nA = [ 1 0 ; 0.02834 0.9717 ]\n"
      "Y = [ 4 ; 5.943 ]");
  CHECK(all_right(later.grades));
  CHECK(praise(later, "E") == "masked-after-softmax-and-renormalised");
}

TEST_CASE("a mask that comes later is right where it is seen to come and no praise where it does not") {
  const std::string on =
      "M = [ 3 5 ; 3 5 ]\nD = [ -2 0 ; -2 0 ]\nE = [ 0.1353 1 ; 0.1353 1 ]\nl = [ 1.1353 ; 1.1353 ]\n";
  CHECK(is_right(causal + on + weights));
  const Graded never = graded(causal + on + "A = [ 0.1192 0.8808 ; 0.1192 0.8808 ]");
  CHECK(never.wrong() == "M[0,1]");
  for (const std::string step : {"M", "D", "E", "l", "A"}) CHECK(praise(never, step) == "");
  CHECK(!all_right(graded(causal + on).grades));  // nothing shows that the mask is to come
  const Graded then =
      graded(causal + "D = [ -2 0 ; -2 0 ]\nE = [ 0.1353 0 ; 0.1353 1 ]\nl = [ 0.1353 ; 1.1353 ]");
  CHECK(all_right(then.grades));
  CHECK(praise(then, "D") == "hidden-later");
}

TEST_CASE("a low number for a hidden score is right and one that is not low enough is wrong") {
  const std::string rest = "D = [ 0 -inf ; -2 0 ]\nE = [ 1 0 ; 0.1353 1 ]\n" + weights;
  for (const std::string low : {"-1000000000", "-1e9", "-10000", "-3.4028235e38", "-999999997.0"}) {
    CAPTURE(low);
    const Graded paper = graded(causal + "M = [ 3 " + low + " ; 3 5 ]\n" + rest);
    CHECK(all_right(paper.grades));
    CHECK(praise(paper, "M") == "low-number-for-hidden");
  }
  CHECK(is_right(causal + "M = [ 3 -1e9 ; 3 5 ]\nD = [ 0 -1000000003 ; -2 0 ]\n" + weights));
  CHECK(graded(causal + "M = [ 3 -100 ; 3 5 ]\n" + weights).wrong() == "M[0,1]");
  CHECK(graded(causal + "M = [ -1e9 -1e9 ; 3 5 ]\n" + weights).wrong() == "M[0,0]");
}

TEST_CASE("scaled before the product is right where the scores show it") {
  const Graded queries =
      graded(tokens +
             "Q = [ 0.7071 1.4142 ; 2.1213 0.7071 ]\nS = [ 3.5355 3.5355 ; 3.5355 7.0711 ]\n"
             "A = [ 0.5 0.5 ; 0.0283 0.9717 ]");
  CHECK(all_right(queries.grades));
  CHECK(praise(queries, "Q") == "scaled-before-the-product");
  const Graded both = graded(tokens +
                             "Q = [ 0.8409 1.682 ; 2.523 0.8409 ]\nK = [ 0.8409 1.682 ; 2.523 0.8409 ]\n"
                             "S = [ 3.5355 3.5355 ; 3.5355 7.0711 ]\nA = [ 0.5 0.5 ; 0.0283 0.9717 ]");
  CHECK(all_right(both.grades));
  CHECK(praise(both, "K") == "scaled-before-the-product");
  CHECK(is_right("Q = [ 1 1 ]\nK = [ 3 0 ; 5 0 ]\nV = [ 4 ; 6 ]\nS = [ 2.121 3.536 ]\nZ = [ 2.121 3.536 ]"));
  CHECK(graded(tokens + "Q = [ 0.7071 1.4142 ; 2.1213 0.7071 ]").wrong() != "");  // nothing shows it
  // Scaled twice is another thing.
  CHECK(!is_right("Q = [ 1 1 ]\nK = [ 3 0 ; 5 0 ]\nV = [ 4 ; 6 ]\nS = [ 2.121 3.536 ]\nZ = [ 1.5 2.5 ]"));
}

TEST_CASE("masked before scaled is right") {
  const std::string givens = "mask = causal\nQ = [ 1 1 ; 1 1 ]\nK = [ 3 0 ; 5 0 ]\nV = [ 4 ; 6 ]\n";
  const std::string scaled = "Z = [ 2.121 -inf ; 2.121 3.536 ]\nE = [ 1 0 ; 0.243 1 ]";
  const Graded paper = graded(givens + "S = [ 3 -inf ; 3 5 ]\n" + scaled);
  CHECK(all_right(paper.grades));
  CHECK(praise(paper, "S") == "masked-before-scaling");
  CHECK(is_right(givens + "M = [ 3 -inf ; 3 5 ]\n" + scaled));
  CHECK(graded(givens + "S = [ -inf 5 ; 3 5 ]").wrong() == "S[0,0]");
}

// ---- Random papers ----

namespace {

constexpr int papers = 2000;

std::string what_is_wrong(const Graded& paper) {
  return all_right(paper.grades) ? "" : paper.wrong() + " wrong";
}

}  // namespace

TEST_CASE("right papers on any way and rounded to three to ten digits at each step are never called wrong") {
  Random random(14);
  int praised = 0;
  for (int k = 0; k < papers; ++k) {
    const auto example = other_pencil::random_example(random);
    const auto habits = other_pencil::random_habits(random, example);
    const other_pencil::Sheet sheet(example, habits, random);
    CAPTURE(k);
    CAPTURE(sheet.markdown());
    const Graded paper(sheet.markdown());
    CHECK(what_is_wrong(paper) == "");
    for (const auto& step : paper.grades.examples[0].steps) praised += step.praise ? 1 : 0;
  }
  CHECK(praised > papers);  // otherwise there were no other ways
}

namespace {

/// One entry of a step from D on, or a whole step, becomes noise: off by a fifth of its row's size or more.
/// Three digits of a score below 200 leave 0.5 open, in Z, in its maximum and in D: D becomes off by 2 or
/// more.
void make_noise(other_pencil::Sheet& sheet, Random& random) {
  std::vector<other_pencil::Written*> later;
  for (auto& step : sheet.steps)
    if (std::string("DElAY").find(step.name[0]) != std::string::npos) later.push_back(&step);
  other_pencil::Written& step = *later[random.bits() % later.size()];
  const bool whole = random.one_in(2);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t i = 0; i < step.texts.size(); ++i)
    for (std::size_t j = 0; j < step.texts[i].size(); ++j)
      if (std::atof(step.texts[i][j].c_str()) > -1e8) places.emplace_back(i, j);
  if (places.empty()) return make_noise(sheet, random);
  if (!whole) places = {places[random.bits() % places.size()]};
  for (const auto& [i, j] : places) {
    double size = step.name[0] == 'D' ? 10 : 0.1;
    for (const std::string& entry : step.texts[i])
      if (std::atof(entry.c_str()) > -1e8) size = std::max(size, std::abs(std::atof(entry.c_str())));
    const double off = size * (0.2 + 0.01 * random.between(1, 99)) * (random.one_in(2) ? 1 : -1);
    step.texts[i][j] =
        other_pencil::rounded(std::atof(step.texts[i][j].c_str()) + off, random.between(3, 10));
  }
}

}  // namespace

TEST_CASE("papers with noise in a later step are never right") {
  Random random(15);
  for (int k = 0; k < papers; ++k) {
    const auto example = other_pencil::random_example(random);
    const auto habits = other_pencil::random_habits(random, example);
    other_pencil::Sheet sheet(example, habits, random);
    make_noise(sheet, random);
    CAPTURE(k);
    CAPTURE(sheet.markdown());
    CHECK(!all_right(Graded(sheet.markdown(), grading::Reasons::left_out).grades));
  }
}
