#include "numbers/versions.hpp"

#include <gmp.h>
#include <mpfr.h>

#include <Eigen/Core>
#include <boost/version.hpp>

namespace numbers {
namespace {

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {{"eigen", dotted(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"boost", dotted(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
          {"gmp", gmp_version},
          {"mpfr", mpfr_get_version()}};
}

}  // namespace numbers
