#pragma once
#include <set>
#include <string>

#include "grading/grade.hpp"

namespace grading {

/// Text in lines that fit a terminal, indented.
std::string wrapped(const std::string& text);

/// What there is to say of a step with wrong entries, in words for a terminal: the reader's matrix with these
/// entries in brackets, how the first of them is made, and what explains them. A mistake whose name is in
/// `told` is not explained at length again; the names of those that are explained are added to it.
std::string reasons_in_words(const StepGrade& step, std::set<std::string>& told);

/// The word of praise for what is right after all; empty where there is none.
std::string praise_in_words(const StepGrade& step, std::set<std::string>& told);

}  // namespace grading
