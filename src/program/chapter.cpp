#include "program/chapter.hpp"

#include <algorithm>
#include <cctype>
#include <iostream>

#include "derivation/rounding.hpp"
#include "program/options.hpp"

namespace program {

using namespace derivation;

std::vector<std::string> contradictions(const Derivation& derivation) {
  std::vector<std::string> found;
  for (const Example& example : derivation.examples)
    for (const Fact& fact : example.facts)
      if (!fact.holds) found.push_back(example.name + ": this does not hold: " + fact.claim);
  const std::string fault = rounding_fault(derivation);
  if (!fault.empty()) found.push_back(fault);
  return found;
}

std::string title_of(const std::string& chapter) {
  std::string title = chapter.substr(chapter.find('-') + 1);
  std::replace(title.begin(), title.end(), '-', ' ');
  if (!title.empty()) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return title;
}

int derive_chapter(int argc, char** argv, const std::string& chapter, const std::function<void(Page&)>& write,
                   const About& about) {
  return run_guarded(chapter, [&] {
    const Options options = parse_options({argv + 1, argv + argc});
    if (options.help) {
      std::cout << "usage: " << chapter << " [options]\nPrints the derivation of \"" << title_of(chapter)
                << "\".\n\n"
                << options_help();
      return 0;
    }
    if (!options.files.empty())
      throw UsageError("'" + options.files.front() +
                       "' is no option; for a file of your own: attention-by-hand derive FILE");
    const Derivation derivation = derive(chapter, title_of(chapter), options.digits, write);
    deliver(derivation, options, about && !options.manifest.empty() ? about(derivation) : Experiment{});
    const std::vector<std::string> found = contradictions(derivation);
    for (const std::string& line : found) std::cerr << chapter << ": " << line << "\n";
    return found.empty() ? 0 : 1;
  });
}

}  // namespace program
