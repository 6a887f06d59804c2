#include <cmath>

#include "mistakes/rules.hpp"

// From scores to weights.

namespace mistakes {
namespace {

constexpr const char* chapter = "03-softmax";

/// ln 2 = Σ 1/(k 2^k): after n terms less than 2^-n is missing.
Enclosure ln2() {
  constexpr int terms = 300;
  Enclosure sum(0);
  Exact power(1);
  for (int k = 1; k <= terms; ++k) {
    power /= 2;
    sum += Enclosure(power / k);
  }
  return sum + Enclosure(Exact(0), power);
}

double to_the_two(double exponent) { return std::exp2(exponent); }
Enclosure to_the_two(const Enclosure& exponent) {
  static const Enclosure base = ln2();
  return exp(Enclosure(exponent * base));
}
/// A closed form only for whole exponents: any other power of 2 leaves the field.
Exact to_the_two(const Exact& exponent) {
  if (!is_integer(exponent) || abs(exponent) > 1000)
    throw derivation::Error("a power of 2 that has no closed form");
  return pow(Exact(2), static_cast<int>(to_double(exponent)));
}

template <typename Scalar>
Table<Scalar> powers_of_two(const Table<Scalar>& a) {
  Table<Scalar> result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (a.visible(i, j)) result.values(i, j) = to_the_two(a.values(i, j));
  return result;
}

template <typename Scalar>
Table<Scalar> softmax_of_columns(const Table<Scalar>& scores) {
  return flip(softmax_of_rows(flip(scores)));
}

/// All entries in one row, row by row.
template <typename Scalar>
Table<Scalar> in_one_row(const Table<Scalar>& a) {
  Table<Scalar> result(1, a.rows() * a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      result.values(0, i * a.cols() + j) = a.values(i, j);
      result.visible(0, i * a.cols() + j) = a.visible(i, j);
    }
  return result;
}

template <typename Scalar>
Table<Scalar> softmax_of_all(const Table<Scalar>& scores) {
  const Table<Scalar> row = softmax_of_rows(in_one_row(scores));
  Table<Scalar> result(scores.rows(), scores.cols());
  for (Index i = 0; i < scores.rows(); ++i)
    for (Index j = 0; j < scores.cols(); ++j) result.values(i, j) = row.values(0, i * scores.cols() + j);
  return result;
}

std::vector<Rule> over_columns() {
  return {
      rule({"A"}, [](const auto& c) { return softmax_of_columns(last_scores(c)); }),
      also_seen({"m", "D"},
                [](const auto& c) {
                  const auto maxima = maxima_of_rows(flip(last_scores(c)));
                  return c.base() == "m" ? maxima : flip(minus(flip(last_scores(c)), maxima));
                }),
      also_seen({"l"}, [](const auto& c) { return sums_of_rows(flip(c("E"))); }),
      also_seen({"A"}, [](const auto& c) { return flip(over(flip(c("E")), sums_of_rows(flip(c("E"))))); }),
      also_seen({"A"}, [](const auto& c) { return flip(over(flip(c("E")), c("l"))); })};
}

std::vector<Rule> over_all() {
  return {rule({"A"}, [](const auto& c) { return softmax_of_all(last_scores(c)); }),
          also_seen({"l"}, [](const auto& c) {
            const auto total = sums_of_rows(flip(sums_of_rows(c("E"))));
            auto result = c.right();
            for (Index i = 0; i < result.rows(); ++i) result.values(i, 0) = total.values(0, 0);
            return result;
          })};
}

/// E and its row sums without the exponential: of the scores, or of what is left of them after the shift.
std::vector<Rule> plain_normalising() {
  return {rule({"E"}, [](const auto& c) { return with_zeros(last_scores(c)); }),
          rule({"E"}, [](const auto& c) { return with_zeros(c("D")); })};
}

std::vector<Rule> wrong_sign_of_the_exponent() {
  return {rule({"E"},
               [](const auto& c) {
                 auto zero = c("D");
                 for (Index i = 0; i < zero.rows(); ++i)
                   for (Index j = 0; j < zero.cols(); ++j)
                     zero.values(i, j) = zero.values(i, j) - zero.values(i, j);
                 return exponentials(minus(zero, with_zeros(c("D"))));
               }),
          also_seen({"D"}, [](const auto& c) {
            auto result = c.right();
            for (Index i = 0; i < result.rows(); ++i)
              for (Index j = 0; j < result.cols(); ++j) result.values(i, j) = -result.values(i, j);
            return result;
          })};
}

/// Each row's sum without its first visible term, or without its last.
const auto one_term_too_few = [](const auto& c) {
  const auto& E = c("E");
  const auto visible = last_scores(c).visible;
  require_fit(visible.rows() == E.rows() && visible.cols() == E.cols());
  auto sums = [&](bool from_the_end) {
    auto rest = E;  // left out and not taken off again, which would widen an interval
    for (Index i = 0; i < E.rows(); ++i)
      for (Index k = 0; k < E.cols(); ++k) {
        const Index j = from_the_end ? E.cols() - 1 - k : k;
        if (!visible(i, j)) continue;
        rest.values(i, j) = std::decay_t<decltype(E.values(0, 0))>(0);
        break;
      }
    return sums_of_rows(rest);
  };
  return std::vector<Wrong<std::decay_t<decltype(E.values(0, 0))>>>{
      {sums(true), "the last key of each row is missing"},
      {sums(false), "the first key of each row is missing"}};
};

/// A key that is not there: its score is 0, and its exponential exp(0 − m).
const auto one_term_too_many = [](const auto& c) {
  const auto& m = c("m");
  auto nothing = m;
  for (Index i = 0; i < m.rows(); ++i) nothing.values(i, 0) = m.values(i, 0) - m.values(i, 0);
  return plus(c.right(), exponentials(minus(with_zeros(nothing), with_zeros(m))));
};

}  // namespace

Mistakes mistakes_of_softmax() {
  return {
      {"softmax-over-columns",
       Kind::mistake,
       "You ran the softmax over the columns instead of the rows.",
       "Each query deals out a weight of 1 over its keys, and a query is a row.",
       chapter,
       over_columns(),
       {}},
      {"softmax-of-all",
       Kind::mistake,
       "You ran one softmax over the whole matrix instead of one a row.",
       "Each query deals out a weight of 1 of its own; all of them together must not share one.",
       chapter,
       over_all(),
       {}},
      {"softmax-left-out",
       Kind::mistake,
       "You took the scores themselves as weights: the softmax is left out.",
       "Scores may be negative and sum to anything; weights have to be positive and sum to 1.",
       chapter,
       at_each({"A"}, [](const auto& c) { return with_zeros(last_scores(c)); }),
       {}},
      {"exp-left-out",
       Kind::mistake,
       "You divided by row sums without taking exponentials first.",
       "Plain normalising fails for negative scores and for a sum of 0, and is no softmax for any other.",
       chapter,
       plain_normalising(),
       {}},
      {"not-normalised",
       Kind::mistake,
       "You took the exponentials as weights: they are not divided by the row sums.",
       "The weights of a row have to sum to 1, or the output is no average of the values.",
       chapter,
       at_each({"A"}, [](const auto& c) { return c("E"); }),
       {}},
      {"base-2",
       Kind::mistake,
       "You took powers of 2 instead of e.",
       "Powers of 2 are a softmax of the scores times ln 2, which is less than 1: the weights get too even.",
       chapter,
       at_each({"E"}, [](const auto& c) { return powers_of_two(c("D")); }),
       {}},
      {"wrong-sign-in-exp",
       Kind::mistake,
       "You turned the sign of the exponent round: m − Z instead of Z − m.",
       "The greatest score would get the smallest weight.",
       chapter,
       wrong_sign_of_the_exponent(),
       {}},
      {"one-key-too-few",
       Kind::mistake,
       "Your row sums have one key too few.",
       "Every key that may be seen belongs in the sum, or the weights of the row sum to more than 1.",
       chapter,
       at_each({"l"}, one_term_too_few),
       {}},
      {"one-key-too-many",
       Kind::mistake,
       "Your row sums have one key too many: one with the score 0 that is not there.",
       "A key that does not exist takes its share: the weights of the row sum to less than 1.",
       chapter,
       at_each({"l"}, one_term_too_many),
       {}},
  };
}

}  // namespace mistakes
