#include "derivation/untrained_heads.hpp"

#include <bit>

#include "attention/multi_head.hpp"
#include "derivation/names.hpp"

namespace derivation {
namespace {

bool scores_without_rounding(Index d_model) {
  const auto n = static_cast<std::uint64_t>(d_model);
  return std::has_single_bit(n) && std::countr_zero(n) % 2 == 0 && n <= 1024;
}

/// The weights of these scores.
std::vector<Term> write_weights_of(Page& page, const std::vector<Term>& S, Index d_k, const Mask& may_look) {
  const auto weights = [&]<typename Scalar>(const Matrix<Scalar>& scores) {
    return attention::softmax_rows<Scalar>(scores / attention::sqrt_of<Scalar>(d_k), may_look);
  };
  std::vector<Term> A;
  for (const Term& scores : S) {
    const std::string h = "_" + std::to_string(A.size() + 1);
    A.push_back(page.computed("A" + h, usual_title("A" + h),
                              "\\operatorname{softmax}(S" + h + " / \\sqrt{d_k})",
                              made_of({}, compute(weights, scores)), scores.labels));
    page.mark_detail();
  }
  return A;
}

}  // namespace

std::vector<attention::Attention<double>> heads_of(const UntrainedLayer& layer,
                                                   const std::vector<std::string>& words) {
  const Matrix<double> X = attention::draw_tokens<double>(layer.vocabulary, words);
  return attention::MultiHeadAttention<double>(X.cols(), layer.heads, layer.seed)
      .forward_with_heads(X, attention::no_mask(X.rows(), X.rows()))
      .heads;
}

std::vector<Matrix<Exact>> exact_scores(const UntrainedLayer& layer, const std::vector<std::string>& words) {
  if (!scores_without_rounding(layer.vocabulary.d_model))
    throw Error("exact scores need a d_model of 1, 4, 16, 64, 256 or 1024, and it is " +
                std::to_string(layer.vocabulary.d_model));
  std::vector<Matrix<Exact>> scores;
  for (const auto& head : heads_of(layer, words))
    scores.push_back(head.S.unaryExpr([](double score) { return numbers::exactly(score); }));
  return scores;
}

Heads write_untrained_heads(Page& page, const UntrainedLayer& layer, const std::vector<std::string>& words) {
  Heads heads{{}, {}, layer.vocabulary.d_model / layer.heads};
  for (const Matrix<Exact>& scores : exact_scores(layer, words)) {
    const std::string h = "_" + std::to_string(heads.S.size() + 1);
    heads.S.push_back(page.computed("S" + h, usual_title("S" + h), "Q" + h + " K" + h + "^\\top",
                                    known(scores), {words, words}));
    page.mark_detail();
  }
  const Index T = static_cast<Index>(words.size());
  heads.A = write_weights_of(page, heads.S, heads.d_k, attention::no_mask(T, T));
  return heads;
}

std::vector<Term> write_masked_weights(Page& page, const Heads& heads, const Mask& may_look) {
  return write_weights_of(page, heads.S, heads.d_k, may_look);
}

}  // namespace derivation
