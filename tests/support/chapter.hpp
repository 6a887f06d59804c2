#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "derivation/page.hpp"
#include "paper/paper.hpp"

/// What every chapter is held to. Each check returns what is wrong, a line each: empty means that all is
/// right. So a test can show the same check a deliberate defect, and see that it notices.
namespace chapter_tests {

using derivation::Derivation;
using derivation::Exact;
using derivation::Page;
using derivation::Table;
using Problems = std::vector<std::string>;

std::string lines(const Problems& problems);  ///< as one text, for CHECK(lines(…) == "")

std::string source_path(const std::string& path);  ///< where a file of the source tree is
std::string source(const std::string& path);       ///< what it holds
std::vector<std::string> numbered_chapters();      ///< the stems NN-name of chapters/, in the book's order
Derivation committed(const std::string& stem);     ///< derivations/STEM.json
bool has_paper(const std::string& stem);           ///< whether chapters/STEM.md has a paper block
paper::Paper paper_of(const std::string& stem);    ///< the paper blocks of chapters/STEM.md

/// A step of a derivation that has it, and its exact values.
const derivation::Step& step(const Derivation& derivation, std::string_view example, std::string_view name);
const derivation::Matrix<Exact>& values(const Derivation& derivation, std::string_view example,
                                        std::string_view name);

/// Paper against code: every entry is right to the digits written, and |paper − code| < 1e-5 over all of
/// them.
Problems paper_problems(const paper::Paper& paper, const Derivation& derivation);

/// Entries of the paper that could be off by 1/1000 (or 0 where they are hidden) without being called wrong.
Problems unnoticed_slips(const paper::Paper& paper, const Derivation& derivation);

/// What stands in derivations/STEM.json against what the program derives now.
Problems stale(const std::string& stem, const Derivation& derived);

/// The generated files beside a committed JSON, byte for byte.
Problems stale_renderings(const std::string& stem);

/// Facts that do not hold, doubles outside their rounding bound, and a bound that is slack.
Problems number_problems(const Derivation& derivation);

/// The chapter's prose: numbers against their claims, names against the derivations.
Problems prose_problems(const std::string& stem, const Derivation& derivation);

/// A mistake that is put into a derivation while it is written.
struct Mistake {
  std::string example, step;
  std::function<void(Table<Exact>&)> change;
};

/// For every given and step of a derivation: 1/7 added to the last entry of its first row.
std::vector<Mistake> one_entry_off(const Derivation& derivation);

/// For every entry of every given and step: a seventh, and a thousand sevenths, more and less. An inequality
/// notices only one direction, and may have room.
std::vector<Mistake> every_entry_off(const Derivation& derivation);

/// The facts (example: claim) that hold under every one of these mistakes: nobody would notice if they were
/// empty words.
Problems facts_that_cannot_fail(const std::function<void(Page&)>& write,
                                const std::vector<Mistake>& mistakes);

}  // namespace chapter_tests
