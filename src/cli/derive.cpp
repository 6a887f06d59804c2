#include <iostream>

#include "cli/verbs.hpp"
#include "numbers/work.hpp"
#include "paper/inputs.hpp"
#include "program/options.hpp"

namespace cli {

int derive(const std::vector<std::string>& arguments) {
  const program::Options options = program::parse_options(arguments);
  if (options.help) {
    std::cout << "usage: attention-by-hand derive [options] FILE\n"
                 "Derives every example in FILE's paper blocks from its givens: X and the weights, or Q, K "
                 "and V.\n\n"
              << program::options_help();
    return 0;
  }
  if (options.files.size() != 1)
    throw program::UsageError("derive takes one file: attention-by-hand derive FILE");
  const numbers::WorkLimit limit(paper::caps::derive_work);
  program::deliver(paper::derive_paper(paper::load_paper(options.files[0]), options.digits), options);
  return 0;
}

}  // namespace cli
