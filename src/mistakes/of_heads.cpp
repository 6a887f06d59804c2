#include <algorithm>
#include <numeric>

#include "mistakes/rules.hpp"

// Splitting into heads, and putting them together again.

namespace mistakes {
namespace {

constexpr const char* chapter = "11-multi-head";

/// All entries, row by row, as a program's memory holds them.
template <typename Scalar>
std::vector<Scalar> in_memory(const Table<Scalar>& a) {
  std::vector<Scalar> flat;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) flat.push_back(a.values(i, j));
  return flat;
}

template <typename Scalar>
Table<Scalar> from_memory(const std::vector<Scalar>& flat, std::size_t first, Index rows, Index cols) {
  Table<Scalar> result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      result.values(i, j) = flat.at(first + static_cast<std::size_t>(i * cols + j));
  return result;
}

/// The T×H·d numbers of Q read as H blocks of T×d: the axes of tokens and heads are not exchanged.
const auto rows_dealt_out = [](const auto& c) {
  c.require(Operation::head);
  const auto all = c.operand(0);
  const Index rows = all.rows(), cols = c.right().cols();
  require_fit(c.head() >= 1 && c.head() * cols <= all.cols());
  return from_memory(in_memory(all), static_cast<std::size_t>((c.head() - 1) * rows * cols), rows, cols);
};

/// Every H-th column instead of a block of columns.
const auto columns_dealt_out = [](const auto& c) {
  c.require(Operation::head);
  auto result = c.right();
  const auto all = c.operand(0);
  const Index heads = all.cols() / result.cols();
  require_fit(c.head() >= 1 && c.head() <= heads);
  for (Index j = 0; j < result.cols(); ++j) result.values.col(j) = all.values.col(j * heads + c.head() - 1);
  return result;
};

/// A concatenation of parts of one width.
template <typename Scalar>
void require_equal_parts(const Context<Scalar>& c) {
  c.require(Operation::concatenation);
  for (std::size_t h = 0; h < c.operands(); ++h) require_fit(c.operand(h).cols() == c.operand(0).cols());
}

/// The heads' outputs, one below the other, read as rows of H·d: the same mistake on the way out.
const auto not_exchanged_back = [](const auto& c) {
  require_equal_parts(c);
  const auto right = c.right();
  auto flat = in_memory(c.operand(0));
  for (std::size_t h = 1; h < c.operands(); ++h)
    for (const auto& value : in_memory(c.operand(h))) flat.push_back(value);
  return from_memory(flat, 0, right.rows(), right.cols());
};

const auto columns_interleaved = [](const auto& c) {
  require_equal_parts(c);
  auto result = c.right();
  const Index heads = static_cast<Index>(c.operands());
  for (Index j = 0; j < result.cols(); ++j)
    result.values.col(j) = c.operand(static_cast<std::size_t>(j % heads)).values.col(j / heads);
  return result;
};

template <typename Scalar>
Table<Scalar> average(const Context<Scalar>& c) {
  Table<Scalar> sum = c.operand(0);
  for (std::size_t h = 1; h < c.operands(); ++h) sum = plus(sum, c.operand(h));
  return over(sum, whole_number<Scalar>(static_cast<Index>(c.operands())));
}

std::vector<Rule> averaged() {
  return {rule({"C", "Y"},
               [](const auto& c) {
                 require_equal_parts(c);
                 const auto mean = average(c);
                 auto result = c.right();
                 for (Index j = 0; j < result.cols(); ++j)
                   result.values.col(j) = mean.values.col(j % mean.cols());
                 return result;
               }),
          rule({"Y"}, [](const auto& c) {
            c.require_made_of("C", "W_O");
            if (c.heads() == 1) throw Elsewhere("there is one head");
            const auto heads = static_cast<Index>(c.heads());
            auto result = c.right();
            for (Index i = 0; i < result.rows(); ++i)
              for (Index j = 0; j < result.cols(); ++j)
                result.values(i, j) /= std::decay_t<decltype(result.values(i, j))>(static_cast<int>(heads));
            return result;
          })};
}

std::string in_words(const std::vector<std::size_t>& order) {
  std::string text = "you have them in the order";
  for (const std::size_t h : order) text += " " + std::to_string(h + 1);
  return text;
}

/// More orders than a reader would try: then the reverse alone, and each two swapped.
constexpr std::size_t many_heads = 4;

std::vector<std::vector<std::size_t>> orders(std::size_t heads) {
  std::vector<std::vector<std::size_t>> all;
  std::vector<std::size_t> order(heads);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (heads <= many_heads) {
    while (std::next_permutation(order.begin(), order.end())) all.push_back(order);
    return all;
  }
  for (std::size_t a = 0; a < heads; ++a)
    for (std::size_t b = a + 1; b < heads; ++b) {
      all.push_back(order);
      std::swap(all.back()[a], all.back()[b]);
    }
  all.emplace_back(order.rbegin(), order.rend());
  return all;
}

const auto out_of_order = [](const auto& c) {
  require_equal_parts(c);
  decltype(as_list(c.right())) wrong;
  for (const auto& order : orders(c.operands())) {
    auto result = c.right();
    const Index width = c.operand(0).cols();
    for (std::size_t k = 0; k < order.size(); ++k)
      result.values.middleCols(static_cast<Index>(k) * width, width) = c.operand(order[k]).values;
    wrong.push_back({result, in_words(order)});
  }
  return wrong;
};

std::vector<Rule> reshaped() {
  std::vector<Rule> rules = {rule({"Q", "K", "V"}, rows_dealt_out), rule({"Q", "K", "V"}, columns_dealt_out)};
  for (const char* step : {"Q", "K", "V"}) {
    rules.push_back(also_seen({step}, rows_dealt_out));
    rules.push_back(also_seen({step}, columns_dealt_out));
  }
  for (const char* step : {"C", "Y"}) {
    rules.push_back(rule({step}, not_exchanged_back));
    rules.push_back(rule({step}, columns_interleaved));
  }
  return rules;
}

}  // namespace

Mistakes mistakes_of_heads() {
  return {
      {"heads-averaged",
       Kind::mistake,
       "You averaged the heads instead of putting them side by side.",
       "Each head has columns of its own in C, and rows of its own in W_O; averaged, they can no longer be "
       "told apart.",
       chapter,
       averaged(),
       {}},
      {"heads-out-of-order",
       Kind::mistake,
       "You put the heads side by side in another order.",
       "The rows of W_O belong to the heads in their order: head 1 comes first.",
       chapter,
       at_each({"C", "Y"}, out_of_order),
       {}},
      {"wrong-reshape",
       Kind::mistake,
       "You dealt the numbers out to the heads wrongly: a reshape without the exchange of two axes.",
       "Head h has the h-th block of columns, for every token; a reshape alone mixes tokens or features.",
       chapter,
       reshaped(),
       {}},
  };
}

}  // namespace mistakes
