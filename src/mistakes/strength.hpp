#pragma once
#include <string>
#include <vector>

#include "mistakes/catalogue.hpp"
#include "numbers/enclosure.hpp"

namespace mistakes {

/// What one mistake does to an example.
struct Strength {
  enum class Answer {
    changes,         ///< the result is another one: the example reveals the mistake
    nothing,         ///< proved: the result is the same, to every digit
    not_decided,     ///< the difference is smaller than can be told from 0
    not_applicable,  ///< the mistake cannot be made here
  };
  const Mistake* mistake = nullptr;
  std::string where;   ///< "Q", "K, V": the steps in which it is made
  std::string detail;  ///< which way to be wrong, where there are several
  Answer answer = Answer::not_applicable;
  std::string result;        ///< what is compared: "Y", or "gradients" where Y comes before the mistake
  Enclosure largest_change;  ///< of an entry of the result, where there is one
  std::string reason;        ///< why it is not applicable
};

/// For every mistake of the catalogue, and every way to make it: how much of it shows in the output, or in
/// the gradients where the mistake is made on the way back. A mistake that cannot be made has one line.
std::vector<Strength> strength(const derivation::Example& example);

/// Whether every mistake that can be made here changes its result by so much or more.
bool is_strong(const std::vector<Strength>& strengths, const Exact& least);

/// The table for a terminal, and a summary.
std::string strength_in_words(const std::string& example, const std::vector<Strength>& strengths);

}  // namespace mistakes
