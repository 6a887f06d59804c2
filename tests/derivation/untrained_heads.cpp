#include "derivation/untrained_heads.hpp"

#include <doctest/doctest.h>

#include "attention/multi_head.hpp"

using namespace derivation;

namespace {

const std::vector<std::string> words = {"he", "and", "he"};

UntrainedLayer layer(Index d_model, Index heads) { return {{{"he", "and"}, d_model, 1}, heads, 7}; }

}  // namespace

TEST_CASE("scores in double are those of the class with exact numbers") {
  for (const auto& [d_model, heads] : {std::pair<Index, Index>{1, 1}, {4, 2}, {16, 2}}) {
    const auto exact = attention::MultiHeadAttention<Exact>(d_model, heads, 7).weights();
    const Matrix<Exact> X = attention::draw_tokens<Exact>(layer(d_model, heads).vocabulary, words);
    const Matrix<Exact> Q = X * exact.W_Q, K = X * exact.W_K;
    const auto S = exact_scores(layer(d_model, heads), words);
    REQUIRE(S.size() == static_cast<std::size_t>(heads));
    const Index d_k = d_model / heads;
    for (Index h = 0; h < heads; ++h)
      CHECK(S[static_cast<std::size_t>(h)] ==
            Matrix<Exact>(Q.middleCols(h * d_k, d_k) * K.middleCols(h * d_k, d_k).transpose()));
  }
}

TEST_CASE("where doubles would round, there are no exact scores") {
  for (const Index d_model : {2, 12, 32, 4096})
    CHECK_THROWS_WITH_AS(
        exact_scores(layer(d_model, 1), words),
        ("exact scores need a d_model of 1, 4, 16, 64, 256 or 1024, and it is " + std::to_string(d_model))
            .c_str(),
        Error);
}

TEST_CASE("heads on a page: scores, weights of the scaled scores, and the same under a mask") {
  Page page;
  page.example("all", "Without a mask");
  const Heads heads = write_untrained_heads(page, layer(4, 2), words);
  CHECK(heads.d_k == 2);
  REQUIRE(heads.A.size() == 2);
  const Matrix<Exact> Z = heads.S[1].values() / attention::sqrt_of<Exact>(2);
  CHECK(heads.A[1].values() == attention::softmax_rows(Z));
  CHECK(heads.A[1].labels.rows == words);
  page.example("masked", "With a mask");
  const Mask mask = attention::causal_mask(3);
  CHECK(write_masked_weights(page, heads, mask)[1].values() == attention::softmax_rows(Z, mask));
  for (const auto& example : page.examples())
    for (const Record& record : example.records) CHECK(record.detail);
}
