#pragma once
#include <string>

#include "grading/explanation.hpp"

namespace grading {

/// How an entry is made, rightly: "1·0 + 2·1 = 2". With the reader's own numbers where they are known in
/// closed form, and with the right ones where not.
std::string own_sum(const derivation::Step& step, const EntryPlace& place, const Evidence& evidence);

}  // namespace grading
