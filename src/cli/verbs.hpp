#pragma once
#include <string>
#include <vector>

/// The verbs of attention-by-hand: each takes the arguments behind its name and returns the exit status.
/// The program attention-by-hand: a file for each of its verbs.
namespace cli {

int derive(const std::vector<std::string>& arguments);
int check(const std::vector<std::string>& arguments);
int strength(const std::vector<std::string>& arguments);
int worksheet(const std::vector<std::string>& arguments);
int heatmap(const std::vector<std::string>& arguments);
int prose(const std::vector<std::string>& arguments);

}  // namespace cli
