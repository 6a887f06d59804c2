#pragma once
#include <cstdint>
#include <random>
#include <vector>

#include "numbers/exact.hpp"

/// Random values for property tests: seeded, and the same on every platform (the standard's distributions are
/// not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  int between(int least, int greatest) {
    return least + static_cast<int>(engine_() % static_cast<std::uint64_t>(greatest - least + 1));
  }
  bool one_in(int count) { return between(1, count) == 1; }

  /// Which radicand the surds have until the next call: 2, 3, 5, 6 or 7.
  void next_radicand() {
    constexpr int choices[] = {2, 3, 5, 6, 7};
    radicand_ = choices[between(0, 4)];
  }

  numbers::Exact rational(int size = 9) { return numbers::Exact(between(-size, size)) / between(1, size); }

  numbers::Exact surd(int size = 5) {
    if (one_in(2)) return rational(size);
    return rational(size) + rational(size) * sqrt(numbers::Exact(radicand_));
  }

  /// A sum of c·e^a with one to `most` terms.
  numbers::Exact sum(int most) {
    numbers::Exact total = surd() * exp(surd(3));
    for (int i = between(1, most); i > 1; --i) total += surd() * exp(surd(3));
    return total;
  }

  /// A rational, a surd, a sum, or a quotient of sums.
  numbers::Exact value() {
    const int kind = between(0, 5);
    if (kind == 0) return rational();
    if (kind == 1) return surd();
    if (kind == 2) return sum(3);
    return sum(3) / not_zero(sum(2));
  }

  numbers::Exact not_zero(const numbers::Exact& a) { return a == numbers::Exact(0) ? numbers::Exact(1) : a; }

 private:
  std::mt19937_64 engine_;
  int radicand_ = 2;
};
