#pragma once
#include <string>
#include <vector>

#include "derivation/page.hpp"

/// A softmax in pieces, with powers of 2: every number is a fraction. What some keys of a row come to, and
/// two such parts made into one: on a page step by step, or worked out for a table. Source:
/// attention/online_softmax.hpp, which has powers of e, and many rows at a time.
namespace derivation {

/// Some keys of one query, seen.
struct Part {
  Term m;  ///< the greatest score z
  Term l;  ///< Σ 2^(z − m)
  Term O;  ///< Σ 2^(z − m) v
};

/// Two parts that have seen different keys, made into one that has seen both.
struct Merged {
  Term F;  ///< the factors by which the two count
  Part both;
};

/// Writes m, D, E, l and O of these scores and values, with the index behind their names.
Part write_part(Page& page, const Term& Z, const Term& V, const std::string& index);

/// Writes m, l and O of both, and what leads to them: the factors F by which the parts count.
Merged write_merge(Page& page, const Part& a, const Part& b);

/// The same, worked out on a sheet that nobody keeps.
Merged merge(const Part& a, const Part& b);

/// The keys of a row, each a part of its own. Z: 1×n; V: n×1.
std::vector<Part> keys_of(const Term& Z, const Term& V);

/// m, l and O side by side, and the part that such a row stands for.
Term side_by_side(const Part& part);
Part part_of(const Term& row);

/// m, l and O of each part, a row for each.
Computed table_of(const std::vector<Part>& parts);

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
