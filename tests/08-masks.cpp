#include "derivation/arithmetic.hpp"
#include "support/every_chapter.hpp"

using namespace mistakes;

namespace {

/// The row of scores of the table.
const std::vector<double> scores = {0.7, -1.3, 2.1, 0.25};

/// Mistakes that an entry of the first row does not stand for.
std::vector<Mistake> wrong_steps() {
  std::vector<Mistake> all = one_entry_off(committed(stem));
  for (const auto& [example, step] :
       {std::pair{"checks", "caught"}, std::pair{"checks", "quiet"}, std::pair{"machine", "outcome"}})
    for (const int value : {0, 1})
      all.push_back({example, step, [value](Table<Exact>& table) {
                       table.values = constant(table.rows(), table.cols(), value);
                     }});
  const auto all_zero_in = [](Table<Exact>& table) {
    table.values = constant(table.rows(), table.cols(), 0);
  };
  all.push_back({"both", "sees", all_zero_in});  // a row that sees nothing
  all.push_back({"row", "A_n", all_zero_in});
  // the hidden score not changed at all
  all.push_back({"row", "Z_h", [](Table<Exact>& table) { table.values(0, 2) = Exact(21) / Exact(10); }});
  return all;
}

// ---- The table of words in the chapter. ----

/// What the keys get that should share the weight; `as_scored`: what to call the weights of their scores.
std::string words_for(Fate fate, const std::string& share, const std::string& as_scored) {
  switch (fate) {
    case Fate::not_a_number:
      return "NaN";
    case Fate::equal:
      return share + " each";
    case Fate::as_scored:
      return as_scored;
    default:
      return "?";
  }
}

std::string table_row(const AdditiveMask& mask) {
  return "| " + mask.name + " | " + (mask.half_hidden == Fate::as_scored ? "0" : "?") + " | " +
         words_for(mask.all_hidden, "1/4", "what they had without a mask") + " | " +
         words_for(mask.once_and_twice, "1/2", "as scored") + " |\n";
}

/// What the chapter should say, a row below the other.
std::string table_of(const std::vector<AdditiveMask>& masks) {
  std::string table;
  for (const AdditiveMask& mask : masks) table += table_row(mask);
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
  CHECK(lines(facts_that_cannot_fail(wrong_steps())) == "");
}

TEST_CASE("the table of words is what the machine's numbers do") {
  CHECK(source("chapters/" + stem + ".md")
            .find("|:--|:--|:--|:--|\n" + table_of(additive_masks(scores)) + "\n") != std::string::npos);
}

TEST_CASE("a value that behaves otherwise would give another table") {
  const auto row = [](const auto& value) { return table_row(additive_mask("", value, scores)); };
  CHECK(row(-1e6F).find("| ? |") != std::string::npos);  // spacing 1/16: neither equal nor as scored
  CHECK(row(-1e9) != row(-1e9F));
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
  const auto unmasked = derivation::derive(stem, "", 20, [](Page& page) {
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
