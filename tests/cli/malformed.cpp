#include <doctest/doctest.h>

#include <algorithm>

#include "support/run.hpp"

// What a reader can hand in by mistake, or by malice: each is answered by one line that says where and what.

namespace {

struct Malformed {
  std::string name, content, message;
  int line, column;  ///< 0: the whole file is meant
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int k = 0; k < times; ++k) all += text;
  return all;
}

/// A block of these lines: the first of them is line 2 of the file.
std::string block(const std::string& lines) { return "```paper\n" + lines + "\n```\n"; }

const std::string K = "K = [ 1 0 ; 0 1 ]\n", V = "V = [ 1 2 ; 3 4 ]\n";

/// A Q with this first entry, in line 2 and column 7 of the file, and a good K and V.
std::string with_entry(const std::string& entry) { return block("Q = [ " + entry + " 0 ; 0 1 ]\n" + K + V); }

/// A good Q, K and V in the lines 2 to 4, and these lines behind it.
std::string and_then(const std::string& lines) { return block("Q = [ 1 0 ; 0 1 ]\n" + K + V + lines); }

const std::string nul("\0", 1);

/// What no verb can use.
const std::vector<Malformed> malformed = {
    // The file
    {"an empty file", "", "no paper block here: put the derivation between a line ```paper and a line ```", 1,
     1},
    {"no paper block", "# Attention\n\n```cpp\nQ = [ 1 ]\n```\n", "no paper block here", 1, 1},
    {"binary junk", std::string("\x7F\x45\x4C\x46\0\x01\xFF\xFE\n\0\n", 11), "no paper block here", 1, 1},
    {"a million rows", block("Q = [\n" + repeated("1 0\n", 1000000) + "]"), "larger than 1 MiB", 1, 1},
    {"a block in a comment", "<!--\n" + and_then("") + "-->\n", "no paper block here", 1, 1},
    {"an empty block", "text\n\n```paper\n# nothing\n```\n", "this paper block is empty", 3, 1},
    {"binary junk in a block", block("\x01\x02"), "a line begins with a name", 2, 1},
    {"Latin-1 in a token", and_then("tokens = caf\xE9 b\n"), "a byte that is no UTF-8", 5, 13},
    {"Latin-1 in a comment", and_then("# caf\xE9\n"), "save the file as UTF-8", 5, 6},
    {"a surrogate in a token", and_then("tokens = \xED\xA0\x80 b\n"), "a byte that is no UTF-8", 5, 10},
    {"an overlong form", with_entry("1\xC0\xAF"), "a byte that is no UTF-8", 2, 8},
    {"U+FFFF, which XML has not", and_then("tokens = a\xEF\xBF\xBF b\n"), "a character that no text has", 5,
     11},
    {"a NUL in a matrix", with_entry("1" + nul + "2"), "a character that no text has", 2, 8},
    {"a NUL in a setting", and_then("scale = 1/" + nul), "a character that no text has", 5, 11},
    {"101 examples",
     block(repeated("example = a\n", 50) +
           [] {
             std::string lines;
             for (int k = 0; k < 101; ++k) lines += "example = e" + std::to_string(k) + "\n";
             return lines;
           }()),
     "more than 100 examples", 151, 1},
    // How a block is written
    {"an unclosed bracket", block("Q = [ 1 0 ; 0 1"), "the [ of Q is never closed: write ]", 2, 5},
    {"an unclosed bracket before another name", block("Q = [ 1 0 ; 0 1\n" + K), "an = inside a matrix", 3, 3},
    {"an unclosed bracket at the end of a block", block("Q = [ 1 0 ; 0 1") + block(K),
     "the [ of Q is never closed", 2, 5},
    {"ragged rows", block("Q = [ 1 0\n  1 ]\n" + K + V), "row 1 of Q has 1 entry, row 0 has 2", 3, 3},
    {"text behind ]", block("Q = [ 1 0 ; 0 1 ] and so on\n" + K + V), "only a comment may stand behind the ]",
     2, 19},
    {"[ inside a matrix", block("Q = [ 1 0 ; [ 0 1 ] ]\n" + K + V), "a [ inside a matrix", 2, 13},
    {"a name without =", block("Q [ 1 0 ; 0 1 ]\n" + K + V), "an equals sign is missing behind Q", 2, 3},
    {"a name and nothing else", block("Q\n" + K + V), "an equals sign is missing behind Q", 2, 2},
    {"a line that begins with a digit", and_then("1 0 ; 0 1"), "a line begins with a name", 5, 1},
    {"a matrix without brackets", block("Q = 1 0 ; 0 1\n" + K + V), "a matrix begins with [", 2, 5},
    {"an empty matrix", block("Q = [ ]\n" + K + V), "Q has no entries", 2, 5},
    {"a matrix of empty rows", block("Q = [ ; ;\n\n ]\n" + K + V), "Q has no entries", 2, 5},
    {"too many entries", block("Q = [ " + repeated("1 ", 4097) + "]\n" + K + V),
     "Q has more than 4096 entries", 2, 5},
    {"a name twice", and_then("Q = [ 1 ]"), "Q stands already in line 2", 5, 1},
    {"a setting twice", and_then("mask = none\nmask = causal"), "mask stands already in line 5", 6, 1},
    {"an example's name with a blank", block("example = my lab\nQ = [ 1 ]"), "name is one word", 2, 11},
    {"an example without a name", block("example =\nQ = [ 1 ]"), "name is one word", 2, 10},
    {"a setting without a value", and_then("scale ="), "scale = what?", 5, 8},
    // Entries
    {"an unknown name in an entry", with_entry("x"), "unknown name 'x'", 2, 7},
    {"an unknown function", with_entry("1+log(2)"), "unknown function 'log': there are sqrt, exp and abs", 2,
     9},
    {"division by zero", with_entry("1/0"), "division by zero", 2, 8},
    {"division by a hidden zero", with_entry("1/(exp(1)-exp(1))"), "division by zero", 2, 8},
    {"a root of a negative number", with_entry("sqrt(-1)"), "sqrt of -1: a negative number", 2, 7},
    {"a root of a huge number that is no square", with_entry("sqrt(" + repeated("7", 200) + "1)"),
     "too large to simplify", 2, 7},
    {"two square roots in one number", with_entry("sqrt(2)+sqrt(3)"), "√2 and √3 cannot be mixed", 2, 14},
    {"an exponential of an exponential", with_entry("exp(exp(1))"), "exp of exp(1)", 2, 7},
    {"an exponential that is too large", with_entry("exp(200000)"), "exp of 200000 is too large", 2, 7},
    {"exponentials that are too large together", with_entry("exp(100000)^1000"), "would pass e^1000000", 2,
     18},
    {"a power that is too large", with_entry("2^100000"), "the exponent of ^ may be at most 1000", 2, 8},
    {"a power of a power of a power", with_entry("((10^1000)^1000)^1000"), "bits (the cap)", 2, 17},
    {"a power that is no integer", with_entry("2^(1/2)"), "write sqrt(x) for x^(1/2)", 2, 8},
    {"a long literal", with_entry(repeated("1", 2000)), "a number may have at most 1000 characters", 2, 7},
    {"a long decimal literal", with_entry("0." + repeated("1", 2000)),
     "a number may have at most 1000 characters", 2, 7},
    {"a long expression", with_entry(repeated("1+", 6000) + "1"), "at most 10000 characters", 2, 10007},
    {"deep parentheses", with_entry(repeated("(", 500) + "1" + repeated(")", 500)), "100 deep at most", 2,
     107},
    {"deep parentheses that are never closed", with_entry(repeated("(", 5000)), "100 deep at most", 2, 107},
    {"many signs", with_entry(repeated("-", 5000) + "1"), "100 deep at most", 2, 107},
    {"a parenthesis that is not closed", with_entry("(1+2"), "this parenthesis is not closed", 2, 7},
    {"a comma for a point", with_entry("0,5"), "write 0.5, or put a blank between two entries", 2, 8},
    {"a comma between entries", block("Q = [ 1, 0 ; 0, 1 ]\n" + K + V), "put a blank between two entries", 2,
     8},
    {"a point without a digit", with_entry("1."), "a digit must follow the point: write 1.0", 2, 8},
    {"a power of ten that is too large", with_entry("1e2000"),
     "the power of ten in a number may be at most 1000", 2, 8},
    {"a sign of multiplication", with_entry("2×3"), "'×' is written *", 2, 8},
    {"two stars", with_entry("2**3"), "a power is written with ^", 2, 8},
    {"? in a given", with_entry("?"), "Q is given here, so every entry needs a number, not ?", 2, 7},
    {"-inf in a given", with_entry("-inf"), "Q is given here, so every entry needs a number, not -inf", 2, 7},
    {"an entry after some of two bytes", block("Q = [ −1 −x ; 0 1 ]\n" + K + V), "unknown name 'x'", 2, 11},
    // What is given
    {"no Q at all", block(K + V), "Q is missing: give Q itself, or X and W_Q", 2, 1},
    {"no K", block("Q = [ 1 0 ; 0 1 ]\n" + V), "K is missing: give K itself, or X and W_K", 2, 1},
    {"no V", block("Q = [ 1 0 ; 0 1 ]\n" + K), "V is missing: give V itself, or X and W_V", 2, 1},
    {"nothing but a setting", block("mask = causal"), "Q is missing", 2, 1},
    {"W_Q without X", and_then("W_Q = [ 1 0 ; 0 1 ]"), "W_Q needs the tokens: give X as well", 5, 1},
    {"X without W_K", block("X = [ 1 0 ; 0 1 ]\nW_Q = [ 1 0 ; 0 1 ]"),
     "K is missing: give K itself, or X and W_K", 2, 1},
    {"Q and K of different sizes", block("Q = [ 1 0 1 ; 0 1 1 ]\n" + K + V),
     "a 2×3 matrix times a 2×2 matrix", 2, 1},
    {"X and W_Q that do not multiply", block("X = [ 1 0 1 ]\nW_Q = [ 1 ; 1 ]\nW_K = [ 1 ]\nW_V = [ 1 ]"),
     "X W_Q: a 1×3 matrix times a 2×1 matrix", 2, 1},
    {"K and V of different lengths", block("Q = [ 1 ]\nK = [ 1 ; 2 ]\nV = [ 1 ]"),
     "A V: a 1×2 matrix times a 1×1 matrix", 2, 1},
    {"W_O that does not fit", and_then("W_O = [ 1 2 3 ]"), "C W_O: a 2×2 matrix times a 1×3 matrix", 2, 1},
    {"an unknown name", and_then("P = [ 1 ]"),
     "unknown name P: a derivation has X W_Q W_K W_V W_O dY Q K V S", 5, 1},
    {"M without a mask", and_then("M = [ 1 0 ; 0 1 ]"), "M, the masked scores, needs a mask", 5, 1},
    {"C without W_O", and_then("C = [ 1 0 ; 0 1 ]"), "needs W_O", 5, 1},
    {"more than 32 tokens", block("Q = [ " + repeated("1 ; ", 33) + "]\nK = [ 1 ]\nV = [ 1 ]"),
     "33 tokens here; at most 32", 2, 1},
    {"more than 32 keys", block("Q = [ 1 ]\nK = [ " + repeated("1 ; ", 4096) + "]\nV = [ 1 ]"),
     "4096 tokens here; at most 32", 2, 1},
    {"√3 where √2 scales", block("Q = [ sqrt(3) 0 ; 0 1 ]\n" + K + V), "S / √d_k: √3 and √2 cannot be mixed",
     2, 1},
    {"scores whose exponential is too large", block("Q = [ 1e300 0 ; 0 1 ]\n" + K + V), "exp(D): exp of -", 2,
     1},
    {"scores whose exponential has no closed form", block("Q = [ exp(1) 0 ; 0 1 ]\n" + K + V),
     "exp(D): exp of -", 2, 1},
    // Settings
    {"heads that do not divide the columns", and_then("heads = 3"),
     "heads = 3 does not divide the 2 columns of", 5, 9},
    {"too many heads", and_then("heads = 9"), "at most 8 heads can be derived", 5, 9},
    {"no heads", and_then("heads = 0"), "heads = 0: the number of heads is a whole number from 1 on", 5, 9},
    {"heads that are no number", and_then("heads = x"), "heads = x", 5, 9},
    {"too many tokens", and_then("tokens = I work hard"), "3 tokens for 2 rows", 5, 10},
    {"too few tokens", and_then("tokens = I"), "1 tokens for 2 rows", 5, 10},
    {"a scale that is a word", and_then("scale = foo"), "unknown name 'foo'", 5, 9},
    {"a scale divided by zero", and_then("scale = 1 / 0"), "division by zero", 5, 11},
    {"a scale that is a matrix", and_then("scale = [ 1 ]"), "unexpected '['", 5, 9},
    {"an unknown mask", and_then("mask = diagonal"), "write none, causal, or a matrix of 0 and 1", 5, 8},
    {"a mask of the wrong shape", and_then("mask = [ 1 0 ]"), "one row a query and one column a key: 2×2", 5,
     1},
    {"a mask with a 2", and_then("mask = [ 1 0 ; 2 1 ]"), "a mask holds 1 (may look) and 0 (may not), not 2",
     5, 16},
    {"a mask with a ?", and_then("mask = [ 1 0 ; ? 1 ]"), "a mask holds 1 (may look) and 0 (may not), not ?",
     5, 16},
    {"a causal mask that is not square", block("Q = [ 1 0 ]\n" + K + V + "mask = causal"),
     "as many queries as keys, here 1 and 2", 5, 8},
};

/// What only a verb that reads the answers can notice.
const std::vector<Malformed> malformed_answers = {
    {"a step of another shape", and_then("S = [ 1 2 3 ]"), "S has 1×3 entries here, and 2×2", 5, 1},
    {"an unknown name in an answer", and_then("S = [ 1 2 ; 3 x ]"), "unknown name 'x'", 5, 15},
    {"division by zero in an answer", and_then("S = [ 1 2 ; 3 4/0 ]"), "division by zero", 5, 16},
    {"a comma in an answer", and_then("A = [ 0,5 ? ; ? ? ]"), "write 0.5", 5, 8},
    {"an answer that is too long", and_then("A = [ 0." + repeated("3", 1000) + " ? ; ? ? ]"),
     "at most 1000 characters", 5, 7},
    {"-inf in an expression", and_then("A = [ 1-inf ? ; ? ? ]"), "-inf stands alone", 5, 9},
};

/// What is wrong with how a program answered: nothing, if it said in one line where and what, and ended
/// with 2.
std::vector<std::string> faults(const Outcome& outcome, const std::string& file, const Malformed& expected) {
  std::vector<std::string> found;
  if (outcome.status != 2) found.push_back("exit status " + std::to_string(outcome.status));
  if (!outcome.out.empty()) found.push_back("it printed something");
  if (outcome.err.empty() || outcome.err.find('\n') + 1 != outcome.err.size())
    found.push_back("not one line on the error stream");
  const std::string place =
      file + ":" + std::to_string(expected.line) + ":" + std::to_string(expected.column) + ": ";
  if (outcome.err.rfind(place, 0) != 0) found.push_back("it does not begin with " + place);
  if (outcome.err.find(expected.message) == std::string::npos)
    found.push_back("it does not say " + expected.message);
  if (outcome.err.find(nul) != std::string::npos) found.push_back("a NUL on the error stream");
  return found;
}

double check_all(const std::vector<Malformed>& files, const std::vector<std::string>& verbs) {
  double longest = 0;
  for (const Malformed& each : files)
    for (const std::string& verb : verbs) {
      const Folder folder;
      const std::string file = folder.file("paper.md", each.content);
      const Outcome outcome = run({ATTENTION_BY_HAND, verb, file});
      longest = std::max(longest, outcome.seconds);
      for (const std::string& fault : faults(outcome, file, each))
        FAIL_CHECK(verb << " of " << each.name << ": " << fault << "\n" << outcome.err);
    }
  return longest;
}

}  // namespace

TEST_CASE("a file that cannot be used is answered by one line that says where and what") {
  CHECK(malformed.size() >= 40);
  CHECK(check_all(malformed, {"derive", "check"}) < time_limit);
}

TEST_CASE("an answer that cannot be read is answered by one line that says where and what") {
  CHECK(check_all(malformed_answers, {"check"}) < time_limit);
}

TEST_CASE("an answer without its place or its reason or in two lines or with another status is noticed") {
  const Malformed expected = {"", "", "division by zero", 2, 8};
  const auto count = [&](int status, const std::string& out, const std::string& err) {
    return faults({status, out, err, 0}, "p.md", expected).size();
  };
  CHECK(count(2, "", "p.md:2:8: division by zero: 1/0\n") == 0);
  CHECK(count(1, "", "p.md:2:8: division by zero: 1/0\n") == 1);
  CHECK(count(-1, "", "p.md:2:8: division by zero: 1/0\n") == 1);
  CHECK(count(2, "x", "p.md:2:8: division by zero: 1/0\n") == 1);
  CHECK(count(2, "", "p.md:2:9: division by zero: 1/0\n") == 1);
  CHECK(count(2, "", "attention-by-hand: division by zero: 1/0\n") == 1);
  CHECK(count(2, "", "p.md:2:8: no\n") == 1);
  CHECK(count(2, "", "p.md:2:8: division by zero\nmore\n") == 1);
  CHECK(count(2, "", "p.md:2:8: division by zero") == 1);
  CHECK(count(2, "", "") == 3);
}

TEST_CASE("files that look odd and are fine are used") {
  const std::vector<std::pair<std::string, std::string>> fine = {
      {"lines that end in CR LF",
       "```paper\r\nQ = [ 1 0\r\n 0 1 ]\r\n" + K + V + "S = [ 1 0 ; 0 1 ]\r\n```\r\n"},
      {"a byte order mark", "\xEF\xBB\xBF" + and_then("S = [ 1 0 ; 0 1 ]")},
      {"no line end at the end", "```paper\nQ = [ 1 ]\nK = [ 1 ]\nV = [ 1 ]\nS = [ 1 ]"},
      {"a minus sign of three bytes", block("Q = [ −1 ]\nK = [ −1 ]\nV = [ 1 ]\nS = [ 1 ]")},
      {"4096 entries", block("Q = [ " + repeated("0 ", 4096) + "]\nK = [ " + repeated("0 ", 4096) +
                             "]\nV = [ 1 ]\nS = [ 0 ]")},
      {"a value that no double holds",
       block("Q = [ 1e200 ]\nK = [ 1e200 ]\nV = [ 1e400 ]\nS = [ 1e200*1e200 ]")},
      {"100 deep", block("Q = [ " + repeated("(", 100) + "1" + repeated(")", 100) +
                         " ]\nK = [ 1 ]\nV = [ 1 ]\nS = [ 1 ]")},
      {"steps before givens", block("S = [ 1 ]\nV = [ 1 ]\nK = [ 1 ]\nQ = [ 1 ]")},
      {"commented-out lines", and_then("# W_Q = [\nS = [ 1 0 ; 0 1 ] # mask = causal")},
  };
  for (const auto& [name, content] : fine)
    for (const std::string verb : {"derive", "check"}) {
      const Folder folder;
      const Outcome outcome = run({ATTENTION_BY_HAND, verb, folder.file("paper.md", content)});
      CHECK_MESSAGE(outcome.status == 0, verb, " of ", name, ": ", outcome.err);
      CHECK_MESSAGE(outcome.err.empty(), verb, " of ", name, ": ", outcome.err);
    }
}
