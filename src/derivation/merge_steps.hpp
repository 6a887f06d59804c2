#pragma once
#include <string>

#include "derivation/page.hpp"

/// The steps of a softmax in pieces, with powers of 2: what some keys of a row come to, and two such parts
/// made into one. Source: attention/online_softmax.hpp, which has powers of e.
namespace derivation {

/// Some keys of one query, seen.
struct Part {
  Term m;  ///< the greatest score z
  Term l;  ///< Σ 2^(z − m)
  Term O;  ///< Σ 2^(z − m) v
};

/// Writes m, D, E, l and O of these scores and values, with the index behind their names.
Part write_part(Page& page, const Term& Z, const Term& V, const std::string& index);

/// Writes m, l and O of both, and what leads to them: the factors F by which the parts count.
Part write_merge(Page& page, const Part& a, const Part& b);

/// A row of keys in two halves, each seen by a worker of its own, and what the workers' parts are merged to.
struct Halves {
  Part a, b, both;
};

/// Writes both halves (Z_a, V_a, m_a, l_a, O_a …), their merge, and the part of the whole row (m_w …); and
/// the fact that the merge and the whole are equal.
Halves write_halves(Page& page, const Term& Z, const Term& V);

/// A part as givens: "Sum of the first" is l_a.
Part given_part(Page& page, const std::string& index, const std::string& which, const std::string& m,
                const std::string& l, const std::string& O);

}  // namespace derivation
