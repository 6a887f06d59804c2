#pragma once
#include <string>

namespace derivation {

/// A name as TeX: W_Q stays, d_model becomes d_{model}, a word becomes \mathrm{mask}.
std::string tex_name(const std::string& name);

/// The book's usual title of a matrix: "Scores" for S and for a variant S_u, "Scores of head 2" for S_2;
/// empty for a name that the vocabulary does not have.
std::string usual_title(const std::string& name);

/// Our own formulas, written for a terminal: Q K^\top becomes Q Kᵀ.
std::string unicode_formula(const std::string& tex);

/// How many columns of a terminal a UTF-8 text takes (one a character).
std::size_t width_of(const std::string& text);

}  // namespace derivation
