#include "mistakes/demonstration.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "paper/inputs.hpp"

// Which example shows a mistake, at which step, and what is said of its result.

using derivation::Example;
using mistakes::Demonstration;

namespace {

std::vector<Example> examples_of(const std::string& markdown) {
  return paper::derive_paper(paper::read_paper("p.md", markdown), 10).examples;
}

/// T = d_model = d_k, and W_K symmetric: the first hides what the second shows, or what does not fit there.
const std::string two_examples = R"(```paper
example = even
X   = [ 1 2 ; 0 1 ]
W_Q = [ 1 1 ; 0 1 ]
W_K = [ 1 2 ; 2 0 ]
W_V = [ 2 0 ; 1 3 ]

example = oblong
mask = causal
X   = [ 0 2 ; 1 0 ; -1 1 ]
W_Q = [ 1 1 0 1 ; 1 0 1 0 ]
W_K = [ 0 0 1 1 ; 1 1 0 1 ]
W_V = [ 3 3 ; 0 -3 ]
```
)";

std::vector<Demonstration> all() {
  static const auto shown = mistakes::demonstrations(examples_of(two_examples), {{"S", 1}, {"m", 0}});
  return shown;
}

/// "even S": where the mistake is shown, each time.
std::vector<std::string> places_of(const std::string& mistake) {
  std::vector<std::string> places;
  for (const Demonstration& each : all())
    if (each.mistake == mistake) places.push_back(each.example + " " + each.step);
  return places;
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("a mistake is shown in the first example in which it changes something") {
  CHECK(places_of("not-scaled") == Places{"even Z"});
  CHECK(places_of("scaled-by-root-T") == Places{"oblong Z"});
  CHECK(places_of("weights-transposed") == Places{"even Q", "even V"});
}

TEST_CASE("shapes that no example has leave a mistake out") {
  CHECK(places_of("heads-averaged").empty());
  CHECK(places_of("dV-without-the-transpose").empty());
}

TEST_CASE("hidden scores are shown as the weights that come of them") {
  CHECK(places_of("mask-forgotten") == Places{"oblong A"});
}

TEST_CASE("a slip is made once, in the first example, and its row shows it") {
  const auto slips = all();
  int seen = 0;
  for (const mistakes::Mistake& mistake : mistakes::catalogue()) {
    if (mistake.kind != mistakes::Kind::slip) continue;
    const auto places = places_of(mistake.name);
    CHECK_MESSAGE(places.size() <= 1, mistake.name);
    for (const Demonstration& each : slips) {
      if (each.mistake != mistake.name) continue;
      ++seen;
      CHECK(each.example == "even");
      CHECK((each.step == "S" || each.step == "m"));
      CHECK_MESSAGE(each.shows_in_row(each.step == "S" ? 1 : 0), mistake.name);
    }
  }
  CHECK(seen > 5);
}

TEST_CASE("a row without the mistake does not show it, nor one that is not there") {
  const auto shown = all();
  const auto slip = std::find_if(shown.begin(), shown.end(), [](const Demonstration& each) {
    return each.step == "S" && each.detail.rfind("[1,", 0) == 0;
  });
  REQUIRE(slip != shown.end());
  CHECK(slip->shows_in_row(1));
  CHECK_FALSE(slip->shows_in_row(0));
  CHECK_FALSE(slip->shows_in_row(7));
}

TEST_CASE("a change of nothing is 0 and no small interval, and any other change is the doubles' as well") {
  int nothing = 0;
  for (const Demonstration& each : all()) {
    const double lower = numbers::to_double(numbers::lower(each.enclosed.change)),
                 upper = numbers::to_double(numbers::upper(each.enclosed.change));
    // Changes are below 100, so a thousand roundings of 1e-14 are below 1e-9.
    CHECK_MESSAGE(std::abs(each.machine.change - lower) < 1e-9, each.mistake);
    if (each.step != "m") continue;
    ++nothing;
    CHECK(lower == 0.0);
    CHECK(upper == 0.0);
  }
  CHECK(nothing > 0);
}
