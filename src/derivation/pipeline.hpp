#pragma once
#include <optional>
#include <string>
#include <vector>

#include "derivation/page.hpp"

namespace derivation {

/// What one attention head, or several side by side, are computed from. Either X and a weight give Q (and K,
/// and V), or it is given itself.
struct HeadInputs {
  struct Given {
    std::string name;
    Matrix<Exact> values;
  };
  std::string name, title;
  std::vector<std::string> tokens;
  std::vector<Given> givens;
  int heads = 1;                      ///< head h of many takes the h-th block of the columns of Q, K and V
  std::optional<Matrix<Exact>> mask;  ///< 1: may look
  std::optional<Number> scale;        ///< what S is multiplied by; 1/√d_k without it

  const Matrix<Exact>* find(const std::string& name) const;
};

/// Derives the whole head, step by step: Q, K, V, S, Z, M, m, D, E, l, A, C, Y (what of it there is). With
/// several heads, each has steps of its own, Q_1, K_1, … Y_1, Q_2 …, and C is their concatenation; without
/// output weights W_O there is no C, and Y is what C would be. Where the gradient dY is given, the way back
/// follows: dC, dW_O, dV, dA, G, r, U, dZ, dS, dQ, dK (of each head, and side by side), dW_Q, dW_K, dW_V, dX.
/// Throws Error where an input is missing or shapes do not fit.
void derive_head(Page& page, const HeadInputs& inputs);

/// The derivations of several examples as one.
Derivation derive_heads(const std::string& chapter, const std::string& title,
                        const std::vector<HeadInputs>& examples, int digits);

}  // namespace derivation
