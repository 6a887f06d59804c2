#include <iostream>

#include "cli/derivations.hpp"
#include "cli/verbs.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/options.hpp"

namespace cli {

int derive(const std::vector<std::string>& arguments) {
  const program::Options options = program::parse_options(arguments);
  if (options.help) {
    std::cout << "usage: attention-by-hand derive [options] FILE|CHAPTER\n"
                 "Derives every example in FILE's paper blocks from its givens: X and the weights, or Q, K "
                 "and V.\n"
                 "Of a chapter (06) its own derivation is shown; where a value has no closed form, with the\n"
                 "digits that it has there.\n\n"
              << program::options_help();
    return 0;
  }
  if (options.files.size() != 1)
    throw program::UsageError("derive takes one file, or a chapter: attention-by-hand derive FILE");
  const numbers::WorkLimit limit(paper::caps::derive_work);
  const std::string& subject = options.files[0];
  derivation::Derivation derived = is_chapter_name(subject)
                                       ? derivation_named(subject)
                                       : paper::derive_paper(paper::load_paper(subject), options.digits);
  for (derivation::Example& example : derived.examples)
    for (derivation::Step& step : example.steps)
      if (step.has_closed_form) step.decimal = derivation::decimals(step.exact, options.digits);
  program::deliver(derived, options);
  return 0;
}

}  // namespace cli
