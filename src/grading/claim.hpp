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
  int significant_digits = 0;  ///< of a decimal

  bool is_number() const {
    return kind != Kind::unanswered && kind != Kind::hidden && kind != Kind::not_finite;
  }
  bool allows(const Exact& truth) const;
  bool allows(const Enclosure& truth) const;  ///< whether some value of the interval would be claimed
  Enclosure interval() const;
  Claim as_chosen() const;  ///< the same number, claimed to be exact
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
