#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "derivation/names.hpp"
#include "paper/inputs.hpp"
#include "rendering/json.hpp"
#include "rendering/markdown.hpp"
#include "rendering/svg.hpp"
#include "rendering/terminal.hpp"
#include "support/text.hpp"

using namespace derivation;
using namespace rendering;

namespace {

/// S = [ 0 1 ; 1 0 ]; the first token sees itself alone.
Derivation sample(const std::string& title = "01-sample.md") {
  const std::string block =
      "```paper\nexample = lab\ntokens = I work\nmask = causal\n"
      "Q = [ 1 0 ; 0 1 ]\nK = [ 0 1 ; 1 0 ]\nV = [ 2 0 ; 0 -3 ]\n```\n";
  return paper::derive_paper(paper::read_paper(title, block), 20);
}

Step& step(Derivation& derivation, const std::string& name) {
  for (Step& each : derivation.examples.at(0).steps)
    if (each.name == name) return each;
  throw Error("no step " + name);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without_escapes(const std::string& text) {
  std::string plain;
  bool in_escape = false;
  for (const char c : text) {
    in_escape = in_escape || c == '\033';
    if (!in_escape) plain += c;
    in_escape = in_escape && c != 'm';
  }
  return plain;
}

std::vector<std::string> too_wide(const std::string& text, std::size_t width) {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(text))
    if (width_of(line) > width) found.push_back(line);
  return found;
}

std::vector<Derivation> committed() {
  std::vector<Derivation> derivations;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/derivations"))
    if (entry.path().extension() == ".json") derivations.push_back(load_json(entry.path()));
  return derivations;
}

}  // namespace

TEST_CASE("no line of a committed derivation is wider than 80 columns on a terminal") {
  std::size_t wider = 0;
  for (const Derivation& derivation : committed()) {
    for (const std::string& line : too_wide(to_terminal(derivation, {80, false, false}), 80))
      FAIL_CHECK(line);
    wider += too_wide(to_terminal(derivation, {200, false, false}), 80).size();
  }
  CHECK(wider > 0);  // a wider page is used, and noticed
}

TEST_CASE("a long closed form is broken into lines and not cut") {
  const auto huge = paper::read_paper(
      "p.md", "```paper\nQ = [ 1" + std::string(300, '0') + " 7 ]\nK = [ 0 0 ]\nV = [ 1 ]\n```\n");
  const std::string text = to_terminal(paper::derive_paper(huge, 20), {80, false, false});
  CHECK(too_wide(text, 80).empty());
  std::size_t zeros = 0;
  bool in_entry = false;
  for (const std::string& line : lines_of(text)) {
    in_entry = contains(line, "Q[0,0] = 1") || (in_entry && !contains(line, "Q[0,1]"));
    if (in_entry) zeros += static_cast<std::size_t>(std::count(line.begin(), line.end(), '0'));
  }
  CHECK(zeros == 300 + 2);  // and the two in the entry's name
}

TEST_CASE("colour is there when it is wanted and changes no other character") {
  const std::string plain = to_terminal(sample(), {80, false, false}),
                    coloured = to_terminal(sample(), {80, true, false});
  CHECK(!contains(plain, "\033"));
  CHECK(contains(coloured, "\033["));
  CHECK(without_escapes(coloured) == plain);
}

TEST_CASE("a step on a terminal has its formula and its numbers") {
  const std::string text = to_terminal(sample(), {80, false, true});
  for (const std::string part :
       {"S = Q Kᵀ   Scores   2×2", "A = E / l   Weights   2×2", "S[0,1] = 1·1 + 0·0 = 1", "hidden = -∞",
        "0.70710678118654752440", "0.7071067811865475", "√2/2", "e^(-√2/2)", "lab: from 01-sample"})
    CHECK_MESSAGE(contains(text, part), part);
}

TEST_CASE("the columns of a matrix stand under each other behind the tokens") {
  const auto lines = lines_of(to_terminal(sample(), {80, false, false}));
  const auto at = std::find_if(lines.begin(), lines.end(),
                               [](const std::string& line) { return contains(line, "S = Q Kᵀ"); });
  REQUIRE(at + 3 < lines.end());
  CHECK(at[1] == "    exact         I  work");
  CHECK(at[2] == "            I     0     1");
  CHECK(at[3] == "            work  1     0");
}

TEST_CASE("a fact that fails is shouted") {
  Derivation derivation = sample();
  derivation.examples[0].facts = {{"one is one", true, "exact"}, {"one is two", false, "exact"}};
  const std::string text = to_terminal(derivation, {80, false, false});
  CHECK(contains(text, "holds   one is one (exact)"));
  CHECK(contains(text, "FAILS   one is two (exact)"));
  CHECK(contains(to_markdown(derivation), "- one is two: **does not hold** (exact)"));
}

namespace {

/// A terminal of a test's own.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    if (!is_there()) return;
    REQUIRE(grantpt(master_) == 0);
    REQUIRE(unlockpt(master_) == 0);
    slave_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
    REQUIRE(isatty(slave_));
  }
  ~Terminal() {
    close(slave_);
    close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  bool is_there() const { return master_ >= 0; }  ///< a bare container may have no /dev/pts
  int descriptor() const { return slave_; }

 private:
  int master_, slave_ = -1;
};

}  // namespace

TEST_CASE("colour is for a terminal and for nobody who set NO_COLOR") {
  const int file = open("/dev/null", O_WRONLY);
  unsetenv("NO_COLOR");
  CHECK(!wants_colour(file));
  close(file);
  const Terminal terminal;
  if (!terminal.is_there()) {
    MESSAGE("no terminal to be had here: NO_COLOR is not looked at");
    return;
  }
  CHECK(wants_colour(terminal.descriptor()));
  setenv("NO_COLOR", "", 1);
  CHECK(wants_colour(terminal.descriptor()));  // no-color.org: set and not empty
  setenv("NO_COLOR", "1", 1);
  CHECK(!wants_colour(terminal.descriptor()));
  unsetenv("NO_COLOR");
}

TEST_CASE("Markdown has a heading an example and a heading a step") {
  std::string headings;
  for (const std::string& line : lines_of(to_markdown(sample())))
    if (line.rfind("#", 0) == 0) headings += line + "\n";
  CHECK(
      headings ==
      "# 01-sample: the derivation\n## lab: from 01-sample\n### lab Q\n### lab K\n### lab V\n### lab mask\n"
      "### lab S\n### lab Z\n### lab M\n### lab m\n### lab D\n### lab E\n### lab l\n### lab A\n### lab Y\n");
}

TEST_CASE("Markdown shows a step as a formula and entry by entry") {
  const std::string text = to_markdown(sample());
  CHECK(contains(text, "$$S = Q K^\\top = \\begin{pmatrix} 0 & 1 \\\\ 1 & 0 \\end{pmatrix}$$"));
  CHECK(contains(text,
                 "| Z[1,0] | $\\frac{1}{\\sqrt{2}} = \\frac{\\sqrt{2}}{2}$ | 0.70710678118654752440 | "
                 "0.7071067811865475 |"));
  CHECK(contains(text, "-\\infty"));
  CHECK(contains(text, "; rows `I`, `work`; columns `I`, `work`"));
}

TEST_CASE("Markdown marks what a chapter need not show") {
  Derivation derivation = sample();
  CHECK(!contains(to_markdown(derivation), "<!-- detail -->"));
  step(derivation, "S").detail = true;
  CHECK(contains(to_markdown(derivation), "### lab S\n\n<!-- detail -->\n"));
}

TEST_CASE("Markdown and pictures depend on the JSON alone") {
  const Derivation derivation = sample(), again = from_json(to_json(derivation));
  CHECK(to_markdown(again) == to_markdown(derivation));
  CHECK(to_svg(again) == to_svg(derivation));
  Derivation altered = derivation;
  step(altered, "A").exact.values(0, 0) = 0;
  CHECK(to_markdown(altered) != to_markdown(derivation));
  CHECK(to_svg(altered) != to_svg(derivation));
}

TEST_CASE("a picture is well-formed whatever the title is") {
  const auto pictures = to_svg(sample("a & b <c>.md"));
  REQUIRE(pictures.size() == 1);
  CHECK(pictures[0].first == "a & b <c>-lab.svg");
  CHECK(contains(pictures[0].second, "a &amp; b &lt;c&gt;"));
  CHECK(!contains(pictures[0].second, "a & b"));
}

TEST_CASE("names as TeX") {
  CHECK(tex_name("S") == "S");
  CHECK(tex_name("W_Q") == "W_Q");
  CHECK(tex_name("d_k") == "d_k");
  CHECK(tex_name("d_model") == "d_{model}");
  CHECK(tex_name("dY") == "dY");
  CHECK(tex_name("mask") == "\\mathrm{mask}");
}

TEST_CASE("formulas for a terminal") {
  CHECK(unicode_formula("Q K^\\top") == "Q Kᵀ");
  CHECK(unicode_formula("S / \\sqrt{d_k}") == "S / √d_k");
  CHECK(unicode_formula("\\operatorname{rowmax}(Z)") == "rowmax(Z)");
  CHECK(unicode_formula("Z \\text{ where allowed, else } -\\infty") == "Z where allowed, else -∞");
  CHECK(unicode_formula("A \\odot B") == "A ⊙ B");
  CHECK(unicode_formula("\\left(\\frac34\\right)^{n}") == "(3/4)^n");
  CHECK(unicode_formula("\\frac{9}{10}") == "9/10");
  CHECK(unicode_formula("\\sum x^2 \\geq d") == "Σ x^2 ≥ d");
}

TEST_CASE("the width of a text counts characters") {
  CHECK(width_of("") == 0);
  CHECK(width_of("abc") == 3);
  CHECK(width_of("√2·e^∞") == 6);
}
