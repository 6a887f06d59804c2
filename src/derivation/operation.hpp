#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "derivation/table.hpp"

namespace derivation {

/// A derivation that contradicts itself: shapes that do not fit, a name used twice, a step nobody can make.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What one step does with its operands. One operation a step, so that every entry has an arithmetic of its
/// own.
enum class Operation {
  given,              ///< no operand: an input
  product,            ///< matrix product
  transpose,          ///< rows become columns
  sum,                ///< entry by entry, as the three that follow
  difference,         ///<
  entrywise_product,  ///<
  quotient,           ///<
  normalise,          ///< quotient by the row sums, 0 in a row that may see nothing
  exponential,        ///< exp of each entry; a hidden entry gives 0
  square_root,        ///< of each entry
  power,              ///< the first operand, one number, to the power of each entry of the second
  diagonal,           ///< a column on the diagonal of a square matrix, 0 elsewhere
  head,           ///< of the first operand, split into as many blocks of columns as the third says, the block
                  ///< that the second counts, from 1
  concatenation,  ///< all operands side by side
  row_maxima,     ///< T×1: the greatest visible entry of each row
  row_sums,       ///< T×1
  mask,           ///< hides the entries of the first operand where the second is 0
  computed,       ///< by code of the chapter that no other operation names
};

std::string to_string(Operation operation);
Operation operation_named(const std::string& name);  ///< throws Error for an unknown name

/// The result of an operation. Entry-by-entry operations stretch a second operand that has one column (a
/// value a row) or one entry (a scalar). Throws Error where the shapes do not fit, and what the numbers
/// throw.
template <typename Scalar>
Table<Scalar> apply(Operation operation, const std::vector<Table<Scalar>>& operands);

/// Which entry of a second operand stands opposite (i, j): it may have one column or a single entry.
struct Stretched {
  Index rows, cols;
  Index row(Index i) const { return rows == 1 ? 0 : i; }
  Index col(Index j) const { return cols == 1 ? 0 : j; }
};

template <typename Scalar>
Table<Scalar> transposed(const Table<Scalar>& table);

}  // namespace derivation
