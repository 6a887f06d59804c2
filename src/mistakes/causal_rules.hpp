#pragma once
#include <functional>
#include <string>
#include <vector>

#include "attention/head.hpp"
#include "mistakes/answers.hpp"

/// Ways to make weights that are meant to be causal, right and wrong ones, and the checks that a test may
/// hold them to.
namespace mistakes {

/// Makes scaled scores Z, T×T, into weights of the same shape.
struct CausalRule {
  std::string name;
  std::function<attention::Matrix<numbers::Exact>(const attention::Matrix<numbers::Exact>& Z)> weights;
};

std::vector<CausalRule> right_causal_rules();  ///< two that are right, in different ways
std::vector<CausalRule> wrong_causal_rules();  ///< twelve that are not

/// What six checks say of each rule on this head: yes, something is wrong. All are decided by ==.
Answers noticed(const std::vector<CausalRule>& rules, const attention::Head<numbers::Exact>& head);

}  // namespace mistakes
