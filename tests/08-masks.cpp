#include <random>

#include "derivation/arithmetic.hpp"
#include "support/every_chapter.hpp"

namespace {

/// Mistakes that an entry of the first row does not stand for.
std::vector<Mistake> mistakes() {
  std::vector<Mistake> all = one_entry_off(committed(stem));
  for (const auto& [example, step] :
       {std::pair{"checks", "caught"}, std::pair{"checks", "quiet"}, std::pair{"machine", "outcome"}})
    for (const int value : {0, 1})
      all.push_back({example, step, [value](Table<Exact>& table) {
                       table.values = constant<Exact>(table.rows(), table.cols(), value);
                     }});
  const auto all_zero_in = [](Table<Exact>& table) {
    table.values = constant<Exact>(table.rows(), table.cols(), 0);
  };
  all.push_back({"both", "sees", all_zero_in});  // a row that sees nothing
  all.push_back({"row", "A_n", all_zero_in});
  // the hidden score not changed at all
  all.push_back({"row", "Z_h", [](Table<Exact>& table) { table.values(0, 2) = Exact(21) / Exact(10); }});
  return all;
}

const Rule<Exact>& rule_named(const std::vector<Rule<Exact>>& rules, const std::string& name) {
  for (const auto& rule : rules)
    if (rule.name == name) return rule;
  throw derivation::Error("no rule " + name);
}

// ---- The table of words in the chapter. ----

std::string words_for_all(const Outcome& outcome) {
  if (outcome.all_nan) return "NaN";
  if (outcome.all_uniform) return "1/4 each";
  return outcome.all_as_scored ? "what they had without a mask" : "?";
}

std::string words_for_twice(const Outcome& outcome) {
  if (outcome.twice_nan) return "NaN";
  if (outcome.twice_uniform) return "1/2 each";
  return outcome.twice_as_scored ? "as scored" : "?";
}

std::string table_row(const Outcome& outcome) {
  return "| " + outcome.name + " | " + (outcome.half_is_hidden ? "0" : "?") + " | " + words_for_all(outcome) +
         " | " + words_for_twice(outcome) + " |\n";
}

/// What the chapter should say, a row below the other.
std::string table_of(const std::vector<Outcome>& outcomes) {
  std::string table;
  for (const Outcome& outcome : outcomes) table += table_row(outcome);
  return table;
}

/// The terms of a sum as it is written out for an entry.
std::vector<std::string> terms_of(const std::string& sum) {
  std::vector<std::string> terms;
  std::size_t start = 0;
  for (std::size_t end = 0; end != std::string::npos; start = end + 3) {
    end = sum.find(" + ", start);
    terms.push_back(sum.substr(start, end - start));
    if (end == std::string::npos) break;
  }
  return terms;
}

/// Entries of the causal example whose own sum takes something of a later token.
Problems later_terms(const derivation::Example& example) {
  Problems problems;
  for (const std::string name : {"l", "Y"}) {
    const auto& step = *find_step(example, name);
    for (derivation::Index i = 0; i < step.exact.rows(); ++i)
      for (derivation::Index c = 0; c < step.exact.cols(); ++c) {
        const auto terms = terms_of(derivation::arithmetic(example, step, i, c, numbers::Notation::unicode));
        if (terms.size() != 4) problems.push_back(name + ": " + std::to_string(terms.size()) + " terms");
        for (std::size_t k = static_cast<std::size_t>(i) + 1; k < terms.size(); ++k)
          if (terms[k] != "0" && terms[k].rfind("0·", 0) != 0)
            problems.push_back(name + " of token " + std::to_string(i) + " has the term " + terms[k]);
      }
  }
  return problems;
}

}  // namespace

TEST_CASE("there is a mistake under which each fact fails") {
  CHECK(lines(facts_that_cannot_fail(mistakes())) == "");
}

TEST_CASE("the table of words is what the machine's numbers do") {
  CHECK(source("chapters/" + stem + ".md").find("|:--|:--|:--|:--|\n" + table_of(all_outcomes()) + "\n") !=
        std::string::npos);
}

TEST_CASE("a value that behaves otherwise would give another table") {
  // a value that is no mask at all, one that is too weak, and one with the wrong sign
  for (const float value : {0.0F, -5.0F, 1e9F}) CHECK_FALSE(outcome<float>("", value).half_is_hidden);
  CHECK(words_for_all(outcome<float>("", -1e6F)) == "?");  // spacing 1/16: neither equal nor as scored
  CHECK(words_for_all(outcome<double>("", -1e9)) != words_for_all(outcome<float>("", -1e9F)));
}

TEST_CASE("what the prose says of single numbers of a machine") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(std::isnan(0 * -infinity));
  CHECK(std::isnan(-infinity - -infinity));
  CHECK(static_cast<float>(Eigen::half(-1e9F)) == -std::numeric_limits<float>::infinity());
  CHECK(static_cast<float>(std::numeric_limits<Eigen::half>::max()) == 65504);
  CHECK(1e9F + 33 == 1e9F + 64);  // neighbours are 64 apart
  CHECK(1e9F + 31 == 1e9F);
  CHECK(softmax_of(std::vector<float>{0, 10000 + -1e4F}) == std::vector<float>{0.5F, 0.5F});
  const std::vector<double> unmasked = softmax_of(std::vector<double>{0, 1000});
  CHECK(unmasked[0] == 0);
  CHECK(std::isnan(unmasked[0] / (unmasked[0] + 0 * unmasked[1])));  // exercise 4
}

TEST_CASE("no entry's own sum takes anything of a later token") {
  CHECK(lines(later_terms(*find_example(committed(stem), "causal"))) == "");
}

TEST_CASE("a term of a later token is noticed") {
  const auto unmasked = derivation::derive(stem, "", 20, [](auto& page) {
    page.example("causal", "");
    const auto Z = page.given(
        "Z", {{"1", "0", "2", "0"}, {"0", "1", "1", "3"}, {"1", "1", "0", "0"}, {"0", "1", "0", "0"}});
    const auto V = page.given("V", {{"1"}, {"2"}, {"3"}, {"4"}});
    const auto mask = page.given(
        "mask", {{"1", "1", "0", "0"}, {"1", "1", "0", "0"}, {"1", "1", "1", "0"}, {"1", "1", "1", "1"}});
    page.step("Y", "", masked_softmax(page, Z, mask) * V);
  });
  CHECK(later_terms(unmasked.examples.at(0)).size() == 2);  // in l, and in Y
}

TEST_CASE("the derivative finds what a wrong mask lets through") {
  // The right mask gives the triangle; without one, or off by one, later tokens have a derivative.
  const auto triangle = causal_mask(4);
  CHECK((dependent_rows(causal_mask(4)).array() == 1).matrix() == triangle);
  CHECK((dependent_rows(attention::no_mask(4, 4)).array() == 1).all());
  const Mask next = mask_where(4, [](Index i, Index j) { return j <= i + 1; });
  CHECK((dependent_rows(next).array() == 1).matrix() == next);
}

TEST_CASE("two hundred random heads: the future does not reach the past") {
  std::mt19937_64 random(8);
  const auto draw = [&](Index rows, Index cols) -> Matrix<Exact> {
    Matrix<Exact> result(rows, cols);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) result(i, j) = Exact(static_cast<int>(random() % 5) - 2);
    return result;
  };
  for (int k = 0; k < 200; ++k) {
    const Index T = 2 + static_cast<Index>(random() % 3);
    const Matrix<Exact> X = draw(T, 3), W_Q = draw(3, 4), W_K = draw(3, 4), W_V = draw(3, 2);
    const Head<Exact> head = {X, W_Q, W_K, W_V};
    INFO("case ", k, ", T = ", T);
    REQUIRE(from_prefixes(head) == output(head, causal_mask(T)));
    REQUIRE(past_stays_at_every_position(right_rules<Exact>()[0], head, output(head, causal_mask(T))));
  }
}

TEST_CASE("each wrong mask is a mistake by name, and the right rules are not") {
  for (const Verdict& verdict : wrong_verdicts())
    CHECK_MESSAGE(std::count(verdict.noticed.begin(), verdict.noticed.end(), true) > 0, verdict.name);
  for (const Verdict& verdict : right_verdicts())
    CHECK_MESSAGE(std::count(verdict.noticed.begin(), verdict.noticed.end(), true) == 0, verdict.name);
  CHECK(wrong_verdicts().size() == 12);
}

TEST_CASE("the last token replaced misses three, every token replaced misses two") {
  const auto missed_by = [](std::size_t check) {
    std::vector<std::string> names;
    for (const Verdict& verdict : wrong_verdicts())
      if (!verdict.noticed[check]) names.push_back(verdict.name);
    return names;
  };
  CHECK(missed_by(1) == std::vector<std::string>{"off by one: does not see itself",
                                                 "only the last column masked", "a window of two"});
  CHECK(missed_by(2) == std::vector<std::string>{"off by one: does not see itself", "a window of two"});
}

TEST_CASE("both right rules give the same weights, exactly") {
  const auto rules = right_rules<Exact>();
  const Head<Exact> head = causal_head();
  CHECK(run(rules[0], head).A == run(rules[1], head).A);
  CHECK(run(rule_named(wrong_rules<Exact>(), "weights times 0"), head).A != run(rules[0], head).A);
}
