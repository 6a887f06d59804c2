#include "rendering/heatmap.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <regex>

#include "paper/inputs.hpp"
#include "rendering/json.hpp"
#include "rendering/markdown.hpp"
#include "rendering/svg.hpp"
#include "support/picture.hpp"

using namespace derivation;
using namespace rendering;

namespace {

std::string lines(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += problem + "\n";
  return text;
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t k = text.find(part); k != std::string::npos; k = text.find(part, k + 1)) ++found;
  return found;
}

bool contains(const std::string& text, const std::string& part) { return count(text, part) > 0; }

/// A causal head, or two, of three tokens.
Derivation sample(const std::string& heads, const std::string& tokens = "<bos> I |_work_|") {
  return paper::derive_paper(
      paper::read_paper("01-sample.md", "```paper\nexample = lab\ntokens = " + tokens + "\nheads = " + heads +
                                            "\nmask = causal\nQ = [ 1 0 ; 0 1 ; 1 1 ]\n"
                                            "K = [ 0 1 ; 1 0 ; 2 1 ]\nV = [ 2 0 ; 0 3 ; 1 1 ]\n```\n"),
      20);
}

std::string drawn(const Derivation& derivation) {
  const Example& example = derivation.examples.at(0);
  return heatmap(example, weights_figure(example, "heads"));
}

/// Relative luminance of #rrggbb (Web Content Accessibility Guidelines 2.2).
double luminance(const std::string& colour) {
  double sum = 0;
  const double parts[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t k = 0; k < 3; ++k) {
    const double share = std::stoi(colour.substr(1 + 2 * k, 2), nullptr, 16) / 255.0;
    sum += parts[k] * (share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4));
  }
  return sum;
}

/// A derivation whose weights are 1/40 … 39/40: every colour of the scale is in its picture.
Derivation all_weights() {
  Derivation derivation = sample("1");
  for (Step& step : derivation.examples[0].steps) {
    if (step.name != "A") continue;
    step.labels = {};
    step.exact = Table<Exact>(13, 3);
    for (Index k = 0; k < 39; ++k)
      step.exact.values(k / 3, k % 3) = Exact(static_cast<int>(k + 1)) / Exact(40);
  }
  return derivation;
}

std::string without_colour_bar(const std::string& svg) {
  return std::regex_replace(svg, std::regex("<rect [^>]*width=\"14\"[^>]*>\n"), "");
}

}  // namespace

TEST_CASE("every committed picture is valid, and so is a heat map of a reader's own") {
  int pictures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/derivations"))
    if (entry.path().extension() == ".json")
      for (const auto& [name, svg] : to_svg(load_json(entry.path()))) {
        CHECK_MESSAGE(lines(Picture(svg).problems()) == "", name);
        ++pictures;
      }
  CHECK(pictures > 20);
  CHECK(lines(Picture(drawn(sample("1"))).problems()) == "");
  CHECK(lines(Picture(drawn(sample("2"))).problems()) == "");
}

TEST_CASE("a picture that is not valid is noticed") {
  const std::string right = drawn(sample("1"));
  const std::vector<std::pair<std::string, std::string>> defects = {
      {"</svg>", ""},           {"<title>", "<title><b>"},         {"role=\"img\"", "role=\"none\""},
      {"&lt;bos&gt;", "<bos>"}, {"width=\"34\"", "width=\"nan\""}, {"fill=\"", "onclick=\""},
      {"<title>", "<titel>"},   {"x=\"", "x=\"1\" x=\""},          {"fill=\"#", "fill=#"}};
  for (const auto& [from, to] : defects) {
    std::string broken = right;
    REQUIRE(contains(broken, from));
    broken.replace(broken.find(from), from.size(), to);
    CHECK_MESSAGE(!Picture(broken).problems().empty(), from);
  }
}

TEST_CASE("a number stands on its colour with a contrast of 4.5 to 1 at least") {
  const std::string svg = drawn(all_weights());
  const std::regex cell("fill=\"(#[0-9a-f]{6})\"/>\n<text [^>]*class=\"on-(dark|light)\"");
  int cells = 0;
  double last = -1;
  for (std::sregex_iterator it(svg.begin(), svg.end(), cell), end; it != end; ++it, ++cells) {
    const double behind = luminance((*it)[1]), ink = (*it)[2] == "dark" ? 1 : 0;
    const double contrast = (std::max(behind, ink) + 0.05) / (std::min(behind, ink) + 0.05);
    CHECK_MESSAGE(contrast >= 4.5, (*it)[1]);
    CHECK(behind > last);  // lighter for a larger weight
    last = behind;
  }
  CHECK(cells == 39);
}

TEST_CASE("a panel has a cell for each weight, a number in it, and its tokens on both axes") {
  const std::string svg = without_colour_bar(drawn(sample("2")));
  CHECK(Picture(svg).count("rect") == 2 * 9);
  CHECK(count(svg, "class=\"nothing\"") == 2 * 3);  // above the diagonal: no colour
  CHECK(count(svg, ">0</text>") == 2 * 3 + 1);      // and the colour bar's
  CHECK(count(svg, ">&lt;bos&gt;</text>") == 2 * 2);
  CHECK(count(svg, ">|_work_|</text>") == 2 * 2);
  CHECK(contains(svg, ">head 1</text>"));
  CHECK(contains(svg, ">head 2</text>"));
  CHECK(contains(svg, ">from ↓</text>"));
  CHECK(contains(svg, ">to →</text>"));
}

TEST_CASE("numbers stand in the cells where they fit") {
  Derivation derivation = sample("1");
  const auto numbered = [&](Index tokens) {
    for (Step& step : derivation.examples[0].steps)
      if (step.name == "A") {
        step.labels = {};
        step.exact =
            Table<Exact>(Matrix<Exact>(Matrix<Exact>::Constant(tokens, tokens, Exact(1) / Exact(32))));
      }
    return count(drawn(derivation), ">.03</text>");
  };
  CHECK(numbered(12) == 144);
  CHECK(numbered(13) == 0);
}

TEST_CASE("a long token has its room") {
  const std::string token(40, 'w');
  const std::string svg = drawn(sample("1", "I work " + token));
  const double width = std::stod(svg.substr(svg.find(" width=\"") + 8));
  CHECK(width > 40 * 7.5 + 3 * 34 + 40 * 7.5 * std::cos(40 * 3.14159 / 180));
}

TEST_CASE("what is no matrix of weights is not drawn") {
  const Derivation derivation = sample("1");
  const Example& example = derivation.examples[0];
  const auto refused = [&](const std::string& step) -> std::string {
    try {
      heatmap(example, {"f", Figure::Kind::heatmap, "", "to", "from", {{"", step, ""}}});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refused("A") == "");
  CHECK(refused("M") == "figure f: M holds no weights: an entry is not between 0 and 1");
  CHECK(refused("K") == "figure f: K holds no weights: an entry is not between 0 and 1");
  CHECK(refused("B") == "figure f: example lab has no step B");
}

TEST_CASE("a heat map's numbers stand as tables in the Markdown") {
  Derivation derivation = sample("2");
  derivation.examples[0].figures = {weights_figure(derivation.examples[0], "heads")};
  const std::string text = to_markdown(derivation);
  const std::string table =
      "### lab picture-heads\n\n"
      "The numbers of the picture; from: the query's token (row), to: the key's token (column)\n\n"
      "| head 1 | \\<bos\\> | I | \\|\\_work\\_\\| |\n|:--|--:|--:|--:|\n"
      "| \\<bos\\> | 1 | 0 | 0 |\n| I | 0.500 | 0.500 | 0 |\n";
  CHECK(contains(text, table));
  derivation.examples[0].figures.clear();
  CHECK(!contains(to_markdown(derivation), "picture-heads"));
}
