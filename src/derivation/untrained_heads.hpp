#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "attention/attention.hpp"
#include "attention/vocabulary.hpp"
#include "derivation/page.hpp"

/// The heads of a layer that nobody has trained, on a page: random words, random weights, the same for its
/// seeds on every machine.
namespace derivation {

struct UntrainedLayer {
  attention::Vocabulary vocabulary;  ///< gives d_model too
  Index heads;
  std::uint64_t seed;  ///< of the weights, see attention::draw_weights
};

/// Each head's scores, weights and output for a sentence, without a mask, in double.
std::vector<attention::Attention<double>> heads_of(const UntrainedLayer& layer,
                                                   const std::vector<std::string>& words);

/// Each head's scores as the exact numbers that they are: doubles compute them without rounding where
/// √d_model is a power of two and d_model at most 1024. Throws Error for another d_model.
///
/// With n = d_model, an entry of X is a whole number over 4, and one of a weight matrix a whole number over
/// 4√n, both at most 32 of these units. So Q and K hold whole numbers over 16√n, at most 2^10 n of them, and
/// the scores whole numbers over 2^8 n, at most 2^20 n^3: no more than 2^50, in every sum on the way, and a
/// double has 53 bits.
std::vector<Matrix<Exact>> exact_scores(const UntrainedLayer& layer, const std::vector<std::string>& words);

/// Scores and weights of all heads.
struct Heads {
  std::vector<Term> S, A;
  Index d_k;
};

/// Writes S_h and A_h of each head for a sentence, without a mask, as details: a picture shows them.
Heads write_untrained_heads(Page& page, const UntrainedLayer& layer, const std::vector<std::string>& words);

/// Writes the weights A_h of the same scores under a mask, as details.
std::vector<Term> write_masked_weights(Page& page, const Heads& heads, const Mask& may_look);

}  // namespace derivation
