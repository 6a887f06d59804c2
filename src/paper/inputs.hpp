#pragma once
#include <string>
#include <vector>

#include "derivation/pipeline.hpp"
#include "paper/paper.hpp"

namespace paper {

/// What a written example gives to derive from: its givens, mask, scale and tokens.
/// Throws FileError where something is missing, unknown, or does not fit.
derivation::HeadInputs head_inputs(const std::string& file, const WrittenExample& example);

/// The names that this example's file gives rather than answers (X, weights, mask; Q, K, V where nothing
/// makes them).
bool is_given(const WrittenExample& example, const std::string& name);

/// How a message begins that is about an example: "example lab: "; empty where the file did not name it.
std::string in_example(const WrittenExample& example);

/// The entries of a matrix that must be complete: every one an expression. Throws FileError.
derivation::Matrix<derivation::Exact> exact_entries(const std::string& file, const WrittenMatrix& matrix);

/// The value of an expression that stands at a place of a file. Throws FileError: file:line:column.
derivation::Exact value_at(const std::string& file, Place place, const std::string& text);

/// How far a derivation goes: to the output, or back to the gradients where dY is given.
enum class Passes { forward, both };

/// The derivation that a paper's givens lead to; its decimals have so many digits, one where none is read.
/// Throws FileError.
derivation::Derivation derive_paper(const Paper& paper, int digits = 1, Passes passes = Passes::both);

}  // namespace paper
