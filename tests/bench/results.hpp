#pragma once
#include <map>
#include <string>
#include <vector>

/// What was measured, and on what.
namespace bench {

struct Results {
  std::string date, processor, compiler, flags;
  std::map<std::string, double> seconds;  ///< by name, such as scores/float/512: the least of all repetitions
  std::map<std::string, double> values;   ///< other figures: peak memory in KiB, errors
  std::string torch;                      ///< PyTorch's version and what it multiplies with; empty without it

  /// Throws std::out_of_range for a name that was not measured.
  double time(const std::string& what, const std::string& scalar, long T) const {
    return seconds.at(what + "/" + scalar + "/" + std::to_string(T));
  }
};

inline const std::vector<long> lengths = {64, 128, 256, 512, 1024, 2048, 4096};
inline const std::vector<std::string> parts = {"projections", "scores", "softmax", "A V",
                                               "output projection"};
inline constexpr long d = 64, block_queries = 256, block_keys = 512;

/// "12.3", for a table or an axis.
std::string fixed(double value, int decimals);

/// The rates that bound all others: operations a second on registers, and bytes a second from memory.
double peak(const Results& results, const std::string& scalar);
double bandwidth(const Results& results);

std::string to_json(const Results& results);
std::string to_markdown(const Results& results);

/// For each T a bar: the parts' shares of the time, stacked.
std::string shares_svg(const Results& results);
/// The parts at T = 512 and 4096 under the machine's roof, both axes logarithmic.
std::string roofline_svg(const Results& results);

}  // namespace bench
