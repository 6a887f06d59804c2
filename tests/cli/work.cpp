#include <doctest/doctest.h>
#include <sys/resource.h>

#include "support/run.hpp"

// What is large, or made to be slow: answered in time, with a result or with one line that says what to do.

namespace {

std::string repeated(int times, const std::string& between, const std::function<std::string(int)>& part) {
  std::string text;
  for (int k = 1; k <= times; ++k) text += (k == 1 ? "" : between) + part(k);
  return text;
}

/// Q, K and V of so many tokens and columns: numbers from -50 to 50 over a denominator.
std::string example(int tokens, int columns, int denominator) {
  std::string text = "```paper\n";
  for (const std::string name : {"Q", "K", "V"})
    text += name + " = [ " +
            repeated(tokens, " ; ",
                     [&](int i) {
                       return repeated(columns, " ", [&](int j) {
                         return std::to_string((37 * i * i + 5 * i * j * j + j) % 101 - 50) + "/" +
                                std::to_string(denominator);
                       });
                     }) +
            " ]\n";
  return text + "```\n";
}

std::string with_value(const std::string& V) {
  return "```paper\nQ = [ 1 0 ; 0 1 ]\nK = [ 1 0 ; 0 1 ]\nV = [ " + V + " 2 ; 3 4 ]\n```\n";
}

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/// A verb on a file; the seconds are the processor's, so that a busy machine does not count.
Outcome measured(const std::string& verb, const std::string& content) {
  const Folder folder;
  const std::string file = folder.file("mine.md", content);
  const double before = processor_seconds();
  Outcome outcome = run({ATTENTION_BY_HAND, verb, file}, "", 60);
  outcome.seconds = processor_seconds() - before;
  return outcome;
}

bool is_refused(const Outcome& outcome, const std::string& reason = "too much calculation in closed form") {
  return outcome.status == 2 && outcome.err.find('\n') + 1 == outcome.err.size() &&
         outcome.err.find("mine.md:") != std::string::npos && outcome.err.find(reason) != std::string::npos;
}

/// A large example that is answered: what is refused is compared with it, on the same machine.
Outcome answered(const std::string& verb) { return measured(verb, example(16, 64, 10)); }

/// The example takes at least a sixth of the work that a file may take to be derived; check may do as much
/// again to grade it, and a unit of the dearest calculations takes up to three times as long as one of the
/// example's: 6 times 2 times 3.
constexpr double most_times = 36;

}  // namespace

TEST_CASE("an example of sixteen tokens and sixty-four columns is derived and graded") {
  CHECK(answered("derive").status == 0);
  CHECK(answered("check").status == 1);  // nothing is filled in
  CHECK(measured("derive", example(32, 8, 10)).status == 0);
  CHECK(measured("check", example(32, 4, 10)).status == 1);
}

TEST_CASE(
    "four tokens with two decimals and all gradients are derived, handed out, graded, tried and drawn") {
  const std::string file =
      "```paper\n"
      "X   = [ 1.31 0.24 2.15 ; 0.43 1.17 0.72 ; 2.36 1.21 0.68 ; 1.75 0.92 1.44 ]\n"
      "W_Q = [ 0.71 0.13 1.24 ; 0.35 1.12 0.91 ; 1.38 0.82 0.27 ]\n"
      "W_K = [ 0.22 1.16 0.74 ; 1.43 0.31 0.65 ; 0.94 1.25 0.18 ]\n"
      "W_V = [ 1.11 0.76 0.32 ; 0.23 1.34 0.85 ; 0.62 0.41 1.29 ]\n"
      "dY  = [ 1.29 0.41 1.33 ; 0.17 1.72 2.46 ; 1.26 1.99 0.38 ; 2.61 0.73 1.94 ]\n```\n";
  for (const std::string verb : {"derive", "worksheet", "strength", "heatmap"}) {
    const Outcome outcome = measured(verb, file);
    INFO(verb);
    CHECK_MESSAGE(outcome.status == 0, outcome.err);
  }
  CHECK(measured("check", measured("worksheet", file).out).status == 1);  // nothing is filled in
}

TEST_CASE("an example that would take longer is refused in time") {
  const std::string large = example(32, 128, 10);
  const Outcome derived = measured("derive", large), checked = measured("check", large);
  CHECK_MESSAGE(is_refused(derived), derived.err);
  CHECK_MESSAGE(is_refused(checked), checked.err);
  CHECK(derived.seconds < most_times * answered("derive").seconds);
  CHECK(checked.seconds < most_times * answered("check").seconds);
}

TEST_CASE("an expression that is made to be slow is answered or refused in time") {
  const auto number = [](int k) { return std::to_string(k); };
  const std::vector<std::string> hostile = {
      repeated(600, "+", [&](int k) { return "1/(" + number(k) + "+exp(1))"; }),
      repeated(690, "/", [&](int k) { return "(exp(" + number(k % 7) + ")+" + number(k) + ")"; }),
      repeated(600, "*", [](int) { return std::string("(3^1000+exp(1))"); }),
      "(" + repeated(150, "+", [&](int k) { return "1/(" + number(k) + "+exp(1))"; }) + ")*(" +
          repeated(150, "+", [&](int k) { return "1/(" + number(k) + "+exp(2))"; }) + ")",
      "1/(" + repeated(400, "+", [&](int k) { return "1/(" + number(k) + "+exp(1))"; }) + ")",
      repeated(120, "+",
               [&](int k) {  // every bracket is 0, which only their common denominator shows
                 const std::string n = number(k + 1);
                 return "(1/(" + n + "-exp(1))/(" + n + "+exp(1))-1/(" + n + "^2-exp(2)))";
               }),
  };
  const double longest = most_times * answered("check").seconds;
  for (const std::string& V : hostile) {
    REQUIRE(V.size() <= 10000);
    for (const std::string& content :
         {with_value(V), with_value("1").insert(with_value("1").size() - 4, "A = [ " + V + " ? ; ? ? ]\n")}) {
      const Outcome outcome = measured("check", content);
      const bool refused = is_refused(outcome) || is_refused(outcome, "terms (the cap)");
      CHECK_MESSAGE((refused || outcome.status < 2), outcome.err);
      CHECK(outcome.seconds < longest);
    }
  }
  CHECK(is_refused(measured("check", with_value(hostile[2]))));
}

TEST_CASE("many expressions share what a file may take") {
  const std::string V = repeated(450, "+", [](int k) { return "exp(sqrt(2)/" + std::to_string(k) + ")"; });
  CHECK(measured("check", with_value(V)).status == 1);
  std::string many;
  for (int k = 0; k < 100; ++k)
    many += "example = e" + std::to_string(k) + "\n" + with_value(V).substr(9, with_value(V).size() - 13);
  const Outcome outcome = measured("check", "```paper\n" + many + "```\n");
  CHECK_MESSAGE(is_refused(outcome), outcome.err);
  CHECK(outcome.seconds < most_times * answered("check").seconds);
}

TEST_CASE("roots that take long to simplify count, too") {
  const std::string roots = repeated(400, "+", [](int) { return std::string("sqrt(999999999999999989)"); });
  std::string many;
  for (int k = 0; k < 20; ++k) many += roots + " ";
  const Outcome outcome = measured("check", "```paper\nQ = [ " + many + "]\nK = [ 1 ]\nV = [ 1 ]\n```\n");
  CHECK_MESSAGE(is_refused(outcome), outcome.err);
  CHECK(outcome.seconds < most_times * answered("check").seconds);
}
