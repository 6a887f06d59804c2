#include "paper/csv.hpp"

#include <doctest/doctest.h>

#include "grading/claim.hpp"
#include "numbers/expression.hpp"
#include "paper/inputs.hpp"
#include "paper/printed_number.hpp"
#include "support/graded.hpp"

using namespace paper;

namespace {

WrittenMatrix read(const std::string& text) { return read_csv("S", "s.csv", text); }

/// "1 2 ; 3 4": the entries as they were read.
std::string entries(const std::string& text) {
  std::string all;
  for (const auto& row : read(text).rows) {
    all += all.empty() ? "" : "; ";
    for (const Entry& entry : row) all += entry.text + " ";
  }
  return all;
}

std::string fault(const std::string& text) {
  try {
    for (const auto& row : read(text).rows)
      for (const Entry& entry : row) grading::claim_of("s.csv", entry);
  } catch (const FileError& error) {
    return error.what();
  }
  return "none";
}

/// Half the width of what the first number of a matrix claims.
Exact half_width(const std::string& text, const numbers::MachineFormat& format = numbers::double_format) {
  return grading::claim_of("s.csv", read_csv("S", "s.csv", text, format).rows[0][0]).half_unit;
}

Exact exactly(const std::string& text) { return numbers::evaluate(text); }

/// A = 1/(1+exp(1/√2)) and so on, as the chapter's lab example has it.
const Paper& lab() {
  static const Paper paper =
      read_paper("p.md", "```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n```\n");
  return paper;
}

Graded handed_in(const std::string& step, const std::string& text,
                 const numbers::MachineFormat& format = numbers::double_format) {
  Paper paper = lab();
  WrittenMatrix matrix = read_csv(step, "s.csv", text, format);
  allow_rounding(matrix, derive_paper(paper, 1).examples[0], format);
  paper.examples[0].matrices.push_back(matrix);
  return Graded(paper);
}

int right(const std::string& step, const std::string& text,
          const numbers::MachineFormat& format = numbers::double_format) {
  return handed_in(step, text, format).count(grading::Verdict::right);
}

}  // namespace

TEST_CASE("a matrix is read with any separator") {
  for (const std::string text :
       {"1,2\n3,4\n", "1 2\n3 4", "1;2\n3;4", "1\t2\r\n3\t4\r\n", " 1 , 2,\n\n# comment\n3, 4 # three\n",
        "\xEF\xBB\xBF"
        "1  2 \n 3 4\n\n"})
    CHECK_MESSAGE(entries(text) == "1 2 ; 3 4 ", text);
  CHECK(entries("1/2;sqrt(2)\n?;-inf") == "1/2 sqrt(2) ; ? -inf ");
}

TEST_CASE("a malformed matrix is answered with its place") {
  CHECK(fault("1 2\n3\n") == "s.csv:2:1: row 1 has 1 entry, row 0 has 2; every row needs as many");
  CHECK(fault("1,2\n3,,4\n").rfind("s.csv:2:3: an entry is missing here", 0) == 0);
  CHECK(fault("1,2\n3 4\n").rfind("s.csv:2:3: a separator is missing: put a comma", 0) == 0);
  CHECK(fault("1;2\n3 4\n").rfind("s.csv:2:3: a separator is missing: put a semicolon", 0) == 0);
  CHECK(fault("").rfind("s.csv:1:1: no entries here", 0) == 0);
  CHECK(fault("# only words\n").rfind("s.csv:1:1: no entries here", 0) == 0);
  CHECK(fault("[[1 2]").rfind("s.csv:1:1: leave the [ out", 0) == 0);
  CHECK(fault("1,\"2\"\n").rfind("s.csv:1:3: leave the \" out", 0) == 0);
  CHECK(fault("0,5;1\n").rfind("s.csv:1:2: a comma does not belong in a number: write 0.5", 0) == 0);
  CHECK(fault("1 é\n1 x\n").rfind("s.csv:1:3: ", 0) == 0);
  CHECK(fault("é x\n").rfind("s.csv:1:1: ", 0) == 0);
  CHECK(fault("1 2\n3 1/0\n") == "s.csv:2:4: division by zero: 1/0");
  CHECK(fault("1e2000\n").rfind("s.csv:1:2: the power of ten in a number may be at most 1000", 0) == 0);
  CHECK(fault(std::string(2000, '1')).rfind("s.csv:1:1: a number may have at most 1000 characters", 0) == 0);
  CHECK(fault(std::string("1 \0 2", 5)).rfind("s.csv:1:3: a character that no text has", 0) == 0);
  CHECK(fault("1e\n").rfind("s.csv:1:2: digits must follow the 'e'", 0) == 0);
  CHECK(fault("1.2.3\n").rfind("s.csv:1:4: a number has one point", 0) == 0);
  std::string many;
  for (int k = 0; k < 4097; ++k) many += "1\n";
  CHECK(fault(many).find("more than 4096 entries") != std::string::npos);
  CHECK(fault(std::string((1 << 20) + 1, ' ')).find("larger than 1 MiB") != std::string::npos);
}

TEST_CASE("numbers as programs print them are numbers") {
  const auto value = [](const std::string& text) {
    return grading::claim_of("s.csv", read(text + " 0.5").rows[0][0]).value;
  };
  CHECK(value("1e-05") == exactly("1/100000"));
  CHECK(value("1E+2") == exactly("100"));
  CHECK(value("-0.0") == exactly("0"));
  CHECK(value("-0") == exactly("0"));
  CHECK(value("1.") == exactly("1"));
  CHECK(value("-.25e1") == exactly("-5/2"));
  CHECK(value("4.9406564584124654e-324") == exactly("4.9406564584124654e-324"));
  CHECK(value("1.7976931348623157e+308") == exactly("1.7976931348623157e+308"));
}

TEST_CASE("nan and inf are wrong answers and -inf is a hidden entry") {
  for (const std::string word : {"nan", "-nan", "NaN", "inf", "+inf", "Infinity"})
    CHECK_MESSAGE(grading::claim_of("s.csv", read(word).rows[0][0]).kind == grading::Claim::Kind::not_finite,
                  word);
  for (const std::string word : {"-inf", "-Infinity", "-INF"})
    CHECK_MESSAGE(grading::claim_of("s.csv", read(word).rows[0][0]).kind == grading::Claim::Kind::hidden,
                  word);
  const Graded graded = handed_in("A", "nan 0.669762\n-inf inf\n");
  CHECK(graded.tally() == "1 right, 3 wrong");
  CHECK(graded.grades.largest_gap == std::numeric_limits<double>::infinity());
}

TEST_CASE("what a number claims is read off the whole matrix") {
  // As many places everywhere: half a unit of the own last digit.
  CHECK(half_width("0.330 0.670") == exactly("1/2000"));
  CHECK(half_width("12.5 0.1") == exactly("1/20"));
  CHECK(half_width("1.25e-3 1.00e+00") == exactly("1/200000"));
  // Of different lengths, none of them full: half a unit of the own last digit, and a whole number is whole.
  CHECK(half_width("0.5 0.330238") == exactly("1/20"));
  CHECK(half_width("0.0283 0.83343") == exactly("1/20000"));
  CHECK(half_width("1e-05 0.33") == exactly("1/200000"));
  CHECK(half_width("1 0.330238") == 0);
  CHECK(half_width("0 0.330238") == 0);
  // One of full length: zeros were dropped, and every number has as many significant digits as the longest.
  CHECK(half_width("0.5 0.3302384506733431") == exactly("1/20000000000000000"));
  CHECK(half_width("1 0.3302384506733431") == exactly("1/2000000000000000"));
  CHECK(half_width("0.5 0.33023846", numbers::single_format) == exactly("1/200000000"));
  CHECK(half_width("0.5 0.3303", numbers::half_format) == exactly("1/20000"));
  // All whole: equality, as on paper.
  CHECK(grading::claim_of("s.csv", read("1 2").rows[0][0]).kind == grading::Claim::Kind::whole);
}

TEST_CASE("a program's numbers are right in full length and rounded and printed by %g") {
  // 1/(1+exp(1/√2)) = 0.33023845067334311…, the other 0.66976154932665688… (MPFR, 40 digits).
  CHECK(right("A", "0.3302384506733431 0.6697615493266569\n0.6697615493266569 0.3302384506733431") == 4);
  CHECK(right("A", "0.33023845067334312,0.66976154932665688\n0.66976154932665688,0.33023845067334312") == 4);
  CHECK(right("A", "3.302384506733431e-01 6.697615493266569e-01\n0.6697615493266569 0.3302384506733431") ==
        4);
  CHECK(right("A", "0.330238 0.669762\n0.669762 0.330238") == 4);
  CHECK(right("S", "0.0 1.0\n1.0 -0.0") == 4);
  CHECK(right("S", "0 1\n1 0") == 4);
}

TEST_CASE("a few roundings in the last place are allowed and a thousand are not") {
  const auto moved_by = [](const std::string& distance) {
    // 2^-53 is 1.1e-16: the derivation makes about ten roundings up to A.
    return "0." + distance + " ?\n? ?";
  };
  CHECK(right("A", moved_by("33023845067334326")) == 1);                 // 1.5e-16 off
  CHECK(right("A", moved_by("33023845067344312")) == 0);                 // 1.0e-13 off
  CHECK(right("A", moved_by("33023846"), numbers::single_format) == 1);  // 1e-8 off: less than 2^-24
  CHECK(right("A", moved_by("33023846067334312")) == 0);
  CHECK(right("A", moved_by("33023846067334312"), numbers::single_format) == 1);
  CHECK(right("A", moved_by("33033845067334312"), numbers::single_format) == 0);  // 1e-4 off
}

TEST_CASE("a short form does not hide a wrong value among long ones") {
  // 0.5 of a double in its shortest form is 0.5000000000000000, not some value from 0.45 to 0.55.
  CHECK(handed_in("A", "0.3 0.6697615493266569\n0.6697615493266569 0.3302384506733431").wrong() == "A[0,0]");
  CHECK(handed_in("A", "1 0.669762\n0.669762 0.330238").wrong() == "A[0,0]");
}

TEST_CASE("numbers that were shortened one by one claim their own last digits") {
  const Paper paper = read_paper(
      "p.md",
      "```paper\nmask = causal\nscale = 1\nQ = [ 1 ; 1 ; 1 ]\nK = [ 0 ; 1 ; 3 ]\nV = [ 1 ; 2 ; 3 ]\n```\n");
  Paper answered = paper;
  // e/(1+e) = 0.731058…, 1/(1+e+e³) = 0.042010…, e/(1+e+e³) = 0.114195…, e³/(1+e+e³) = 0.843794….
  WrittenMatrix A = read_csv("A", "a.csv", "1,0,0\n0.269,0.73,0\n0.0420,0.11,0.84379\n");
  allow_rounding(A, derive_paper(paper, 1).examples[0], numbers::double_format);
  answered.examples[0].matrices.push_back(A);
  CHECK(Graded(answered).tally() == "9 right");
}

TEST_CASE("a number below the smallest normal one has lost digits, and is right") {
  // exp(-100) = 3.7200759760208e-44 is 27 times 2^-149, and exp(-104) = 6.8e-46 is less than half of 2^-149.
  const std::string givens =
      "```paper\nscale = 1\nQ = [ 1 ]\nK = [ 0 ; -100 ; -104 ]\nV = [ 1 ; 2 ; 3 ]\n```\n";
  const auto tally = [&](const std::string& text, const numbers::MachineFormat& format) {
    Paper paper = read_paper("p.md", givens);
    WrittenMatrix A = read_csv("A", "a.csv", text, format);
    allow_rounding(A, derive_paper(paper, 1).examples[0], format);
    paper.examples[0].matrices.push_back(A);
    return Graded(paper).tally();
  };
  CHECK(tally("1.0 3.8e-44 0.0\n", numbers::single_format) == "3 right");
  CHECK(tally("1.000000e+00 3.783506e-44 0.000000e+00\n", numbers::single_format) == "3 right");
  CHECK(tally("1.000000e+00 3.783506e-44 0.000000e+00\n", numbers::double_format) == "2 right, 1 wrong");
  CHECK(tally("1.0 9.8e-44 0.0\n", numbers::single_format) == "2 right, 1 wrong");
}

TEST_CASE("half and bfloat16 allow for their own rounding and no more") {
  // 0.33023845 is 0.3303 in half and 0.33008 in bfloat16. Some fifteen roundings of 2^-11 or 2^-8 lead to A,
  // so that 1.5 and 12 per cent are allowed.
  CHECK(right("A", "0.3303 0.6699\n0.6699 0.3303", numbers::half_format) == 4);
  CHECK(right("A", "0.3303 0.6699\n0.6699 0.3303") == 0);
  CHECK(right("A", "0.33008 0.67188\n0.67188 0.33008", numbers::bfloat16_format) == 4);
  CHECK(right("A", "0.3100 0.6900\n0.6900 0.3100", numbers::half_format) == 0);
  CHECK(right("A", "0.200 0.800\n0.800 0.200", numbers::bfloat16_format) == 0);
}

TEST_CASE("a mistake is recognised by a program's numbers at any length") {
  // A hidden weight has no rounding of its own: what is allowed comes from the number that stands there.
  const std::string givens =
      "```paper\nmask = causal\nQ = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 3 ]\n```\n";
  const auto named = [&](const std::string& text, const numbers::MachineFormat& format,
                         const std::string& name) {
    Paper paper = read_paper("p.md", givens);
    WrittenMatrix A = read_csv("A", "a.csv", text, format);
    allow_rounding(A, derive_paper(paper, 1).examples[0], format);
    paper.examples[0].matrices.push_back(A);
    return Graded(paper).is_named("A", name);
  };
  for (const std::string text :
       {"0.3302384506733431 0.6697615493266569\n0.6697615493266569 0.3302384506733431",
        "0.33023845067334312 0.66976154932665688\n0.66976154932665688 0.33023845067334312",
        "3.3023845067334e-01 6.6976154932666e-01\n6.6976154932666e-01 3.3023845067334e-01",
        "0.330238 0.669762\n0.669762 0.330238"})
    CHECK_MESSAGE(named(text, numbers::double_format, "mask-forgotten"), text);
  CHECK(named("0.33023843 0.66976154\n0.6697616 0.33023846", numbers::single_format, "mask-forgotten"));
  CHECK(named("0.33023846 0.6697615\n0.0 1.0", numbers::single_format, "mask-transposed"));
}
