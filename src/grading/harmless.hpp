#pragma once
#include "grading/claim.hpp"
#include "grading/grade.hpp"

namespace grading {

/// Calls right what is another way to the right weights, and says which: another constant than the row
/// maximum taken off a row of scores, or the mask put on after the softmax and the rows divided again by
/// their sums.
///
/// Row by row: the weights of the row have to be written and right (to rounding carried along), and one
/// constant (or the missing mask) has to explain everything that is written of the row in m, D, E and l, two
/// entries at least. So a slip in one of these steps stays a slip.
void excuse_harmless(ExampleGrade& grade, const derivation::Example& truth, const Written& written);

}  // namespace grading
