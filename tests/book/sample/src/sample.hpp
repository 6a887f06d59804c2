#pragma once

#define plain(x) { x }

int declared(int x);

// int commented(int x) { return x; }
/* int commented(int x) { return x; } */
inline const char* text = "int commented(int x) { return x; }";
inline const char* raw = R"x(int commented(int x) { return " ; })x";

namespace sample {

/// The hidden one.
int hidden(int x) { return x; }

/// The plain one.
/// It calls the other: plain(x) { is what one would see }.
auto plain(int x) -> int {
  if (hidden(x)) {
    const char brace = '}';
    return brace;
  }
  return hidden(x); // } not the end
}

struct Headless {};

/// A head.
template <class Scalar>
class Head final {
 public:
  /// How many.
  int size() const {
    return 2;
  }

 private:
  /// The keys.
  int keys = 1'000;
};

template <class Scalar>
  requires Number<Scalar>
Scalar masked(Scalar x) noexcept(noexcept(x + x)) {
  return x;
}

int twice(int x) { return 2 * x; }
double twice(double x) { return 2 * x; }
int thrice(int x) { return twice(x) + x; }

}  // namespace sample
