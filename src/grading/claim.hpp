#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "numbers/enclosure.hpp"
#include "paper/paper.hpp"

namespace grading {

using derivation::Index;
using derivation::Operation;
using derivation::Table;
using numbers::Enclosure;
using numbers::Exact;

/// What one written entry claims to be.
struct Claim {
  enum class Kind {
    unanswered,   ///< ?
    hidden,       ///< -inf
    decimal,      ///< within half a unit of the last digit
    whole,        ///< a bare whole number: equality
    closed_form,  ///< anything else: equality
    not_finite    ///< nan or inf, from a program: never right
  };
  Kind kind = Kind::unanswered;
  Exact value;
  Exact half_unit;             ///< 0 but for a decimal
  Exact half_unit_if_wrong;    ///< of a program's number, which may have been computed from wrong ones
  int significant_digits = 0;  ///< of a decimal

  bool is_number() const {
    return kind != Kind::unanswered && kind != Kind::hidden && kind != Kind::not_finite;
  }
  bool allows(const Exact& truth) const;
  bool allows(const Enclosure& truth) const;  ///< whether some value of the interval would be claimed
  /// Whether a mistake that gives this value explains the entry.
  template <typename Scalar>
  bool is_explained_by(const Scalar& mistaken) const {
    return half_unit_if_wrong <= half_unit ? allows(mistaken) : as_mistaken().allows(mistaken);
  }
  Enclosure interval() const;
  Claim as_chosen() const;  ///< the same number, claimed to be exact

 private:
  Claim as_mistaken() const;
};

/// What the entries of one matrix claim.
using Claims = std::vector<std::vector<Claim>>;

/// Whether any of them is answered.
bool is_answered(const Claims& claims);

/// What a paper claims of one example, by the steps' names.
using Written = std::map<std::string, Claims>;

/// Reads an entry. Throws FileError for a malformed one.
Claim claim_of(const std::string& file, const paper::Entry& entry);

}  // namespace grading
