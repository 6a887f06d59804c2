#pragma once
#include <functional>
#include <string>
#include <vector>

#include "derivation/mechanism.hpp"
#include "derivation/page.hpp"
#include "program/manifest.hpp"

/// What all programs of the chapters share: their options, their manifest, and the whole of a main().
namespace program {

/// What a chapter's manifest says of its experiment.
using About = std::function<Experiment(const derivation::Derivation&)>;

/// A chapter's whole main(): write(page) is the derivation; about gives the manifest its seed, its
/// configuration and its results. Prints or writes the derivation as the command line says. Exit status: 0; 1
/// where a fact does not hold or a double lies outside its rounding bound; 2 where the command line cannot be
/// understood or a file not written.
int derive_chapter(int argc, char** argv, const std::string& chapter,
                   const std::function<void(derivation::Page&)>& write, const About& about = {});

/// What contradicts a derivation, a line each: facts that do not hold, doubles outside their rounding bound.
std::vector<std::string> contradictions(const derivation::Derivation& derivation);

/// "Attention by hand" of "06-attention-by-hand".
std::string title_of(const std::string& chapter);

}  // namespace program
