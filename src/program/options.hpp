#pragma once
#include <functional>
#include <string>
#include <vector>

#include "derivation/derivation.hpp"
#include "program/manifest.hpp"

namespace program {

/// What every program that prints a derivation understands.
struct Options {
  std::string format = "text";  ///< text, markdown or json
  int digits = 20;
  bool arithmetic = false;
  std::string output;    ///< a folder: write the files of derivations/ there instead of printing
  std::string manifest;  ///< a file: what ran
  bool help = false;
  std::vector<std::string> files;  ///< the arguments that are no options
};

/// A command line that cannot be understood: the message says what to do.
struct UsageError : derivation::Error {
  using Error::Error;
};

/// Reads the arguments behind the program's (or the verb's) name. Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

/// The options in words, for --help.
std::string options_help();

/// Prints the derivation, or writes its files, as the options say; the manifest too, where one is asked for,
/// with what the program knows of its experiment.
void deliver(const derivation::Derivation& derivation, const Options& options, Experiment experiment = {});

/// Runs body and turns what it throws into one line on the error stream and exit status 2: "FILE:…: message"
/// for a FileError, "PROGRAM: message" for anything else. Output that could not be written is such an error.
int run_guarded(const std::string& program, const std::function<int()>& body);

}  // namespace program
