#include <iostream>

#include "cli/verbs.hpp"
#include "derivation/options.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"

namespace cli {

int derive(const std::vector<std::string>& arguments) {
  const derivation::Options options = derivation::parse_options(arguments);
  if (options.help) {
    std::cout << "usage: attention-by-hand derive [options] FILE\n"
                 "Derives every example in FILE's paper blocks from its givens: X and the weights, or Q, K "
                 "and V.\n\n"
              << derivation::options_help();
    return 0;
  }
  if (options.files.size() != 1)
    throw derivation::UsageError("derive takes one file: attention-by-hand derive FILE");
  const numbers::WorkLimit limit(paper::caps::derive_work);
  derivation::deliver(paper::derive_paper(paper::load_paper(options.files[0]), options.digits), options);
  return 0;
}

}  // namespace cli
