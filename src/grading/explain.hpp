#pragma once
#include "grading/chain.hpp"
#include "grading/grade.hpp"

namespace grading {

/// Finds for each step with wrong entries what the catalogue of mistakes has to say of it.
///
/// A mistake is named only if it reproduces every entry that is written in the step: from the reader's own
/// earlier steps, or from the right ones. It may have happened in the step itself, or in steps before it that
/// are not written. A mistake in several steps at once has to reproduce all of them that are written. A slip
/// in single entries explains one or two of them, and leaves the others right.
void explain(ExampleGrade& grade, const derivation::Example& truth, const Chain& chain,
             const Written& written);

}  // namespace grading
