#include "mistakes/causal_rules.hpp"

#include <doctest/doctest.h>

#include "support/tables.hpp"

using namespace mistakes;
using attention::Head;
using attention::Mask;
using derivation::Index;
using numbers::Exact;
using Matrix = attention::Matrix<Exact>;

namespace {

/// The head of chapter 8.
Head<Exact> head() {
  return {matrix_of("1 0 0 ; 0 0 1 ; 0 1 0 ; 0 0 2"), matrix_of("1 0 1 1 ; 1 0 0 1 ; 1 0 0 0"),
          matrix_of("0 1 1 0 ; 0 0 1 1 ; 1 0 0 1"), matrix_of("3 0 ; 0 4 ; 1 2")};
}

const CausalRule& rule_named(const std::vector<CausalRule>& rules, const std::string& name) {
  for (const CausalRule& rule : rules)
    if (rule.name == name) return rule;
  throw derivation::Error("no rule " + name);
}

std::vector<std::string> missed_by(const std::string& check) {
  const Answers answers = noticed(wrong_causal_rules(), head());
  std::vector<std::string> names;
  for (Index j = 0; j < answers.yes.cols(); ++j)
    for (Index i = 0; i < answers.yes.rows(); ++i)
      if (answers.labels.cols.at(static_cast<std::size_t>(j)) == check && !answers.yes(i, j))
        names.push_back(answers.labels.rows.at(static_cast<std::size_t>(i)));
  return names;
}

}  // namespace

TEST_CASE("every wrong rule is noticed by some check, and no check complains about a right one") {
  const Answers wrong = noticed(wrong_causal_rules(), head());
  CHECK(wrong.yes.rows() == 12);
  for (Index i = 0; i < wrong.yes.rows(); ++i)
    CHECK_MESSAGE(wrong.yes.row(i).any(), wrong.labels.rows.at(static_cast<std::size_t>(i)));
  const Answers right = noticed(right_causal_rules(), head());
  CHECK(right.yes.rows() == 2);
  CHECK_FALSE(right.yes.any());
}

TEST_CASE("the last token replaced misses three, every token replaced misses two") {
  CHECK(missed_by("last token replaced") == std::vector<std::string>{"off by one: does not see itself",
                                                                     "only the last column masked",
                                                                     "a window of two"});
  CHECK(missed_by("every token replaced") ==
        std::vector<std::string>{"off by one: does not see itself", "a window of two"});
}

TEST_CASE("both right rules give the same weights, exactly, and a wrong one gives others") {
  const Matrix Z = matrix_of("1 0 2 1 ; 0 1 1/2 2 ; 3 1 0 1 ; 1 1 2 0");
  const std::vector<CausalRule> right = right_causal_rules();
  CHECK(right.at(0).weights(Z) == attention::softmax_rows(Z, attention::causal_mask(4)));
  CHECK(right.at(0).weights(Z) == right.at(1).weights(Z));
  for (const CausalRule& rule : wrong_causal_rules())
    CHECK_MESSAGE(rule.weights(Z) != right.at(0).weights(Z), rule.name);
}

TEST_CASE("what the wrong rules do, entry by entry") {
  // Scores of 0: the weights of a row are equal among what is seen.
  const Matrix Z = matrix_of("0 0 0 ; 0 0 0 ; 0 0 0");
  const auto weights = [&](const std::string& name) {
    return rule_named(wrong_causal_rules(), name).weights(Z);
  };
  const Exact five = 1 / (2 + exp(Exact(-5)));
  CHECK(weights("no mask") == matrix_of("1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3 1/3 1/3"));
  CHECK(weights("off by one: sees the next token too") == matrix_of("1/2 1/2 0 ; 1/3 1/3 1/3 ; 1/3 1/3 1/3"));
  CHECK(weights("off by one: does not see itself") == matrix_of("0 0 0 ; 1 0 0 ; 1/2 1/2 0"));
  CHECK(weights("transposed: sees what comes after") == matrix_of("1/3 1/3 1/3 ; 0 1/2 1/2 ; 0 0 1"));
  CHECK(weights("too weak: −5 on the future").row(1) == Matrix(matrix_of("1 1 exp(-5)") * five));
  CHECK(weights("only the last column masked") == matrix_of("1/2 1/2 0 ; 1/2 1/2 0 ; 1/3 1/3 1/3"));
  CHECK(weights("weights times 0") == matrix_of("1/3 0 0 ; 1/3 1/3 0 ; 1/3 1/3 1/3"));
  CHECK(weights("softmax over columns") == matrix_of("1/3 0 0 ; 1/3 1/2 0 ; 1/3 1/2 1"));
  CHECK(weights("a window of two") == matrix_of("1 0 0 ; 1/2 1/2 0 ; 0 1/2 1/2"));
}
