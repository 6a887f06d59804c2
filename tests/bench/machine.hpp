#pragma once
#include <Eigen/Core>
#include <vector>

/// What the machine can do at best: the roof over every measurement.
namespace bench {

/// Fused multiply-adds on registers alone, 16 chains side by side, so that none waits for another. Returns
/// the floating-point operations done (two for each multiply-add) and a value that depends on all of them.
template <typename Scalar>
struct MultiplyAdds {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr int chains = 16, rounds = 4096;
  static constexpr long lanes = Eigen::internal::unpacket_traits<Packet>::size;
  static constexpr long operations = 2L * chains * rounds * lanes;

  static Scalar run(Scalar factor) {
    using namespace Eigen::internal;
    Packet sums[chains];
    for (int c = 0; c < chains; ++c) sums[c] = pset1<Packet>(Scalar(c));
    const Packet x = pset1<Packet>(factor), y = pset1<Packet>(Scalar(1) - factor);
    for (int r = 0; r < rounds; ++r)
      for (int c = 0; c < chains; ++c) sums[c] = pmadd(sums[c], x, y);
    Packet total = sums[0];
    for (int c = 1; c < chains; ++c) total = padd(total, sums[c]);
    return predux(total);
  }
};

/// a = b + s c over arrays much larger than the caches: two numbers read and one written for each entry.
struct Triad {
  static constexpr Eigen::Index length = 16L << 20;  // three arrays of 128 MiB
  static constexpr long bytes = 3 * length * 8;
  Eigen::ArrayXd a = Eigen::ArrayXd::Zero(length), b = Eigen::ArrayXd::Ones(length),
                 c = Eigen::ArrayXd::Ones(length);
  void run() { a = b + 0.5 * c; }
};

}  // namespace bench
