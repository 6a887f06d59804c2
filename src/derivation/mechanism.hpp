#pragma once
#include "attention/attention.hpp"
#include "attention/backward.hpp"
#include "attention/online_softmax.hpp"
#include "derivation/table.hpp"
#include "numbers/dual.hpp"

// The mechanism in the numbers that pages and their facts are written in. It is compiled once, in
// mechanism.cpp, and not again in every program that calls it: that was most of the time that a chapter took
// to compile.

#define DERIVATION_WAY_FORWARD(PREFIX, Scalar)                                              \
  PREFIX template Matrix<Scalar> softmax_rows(const Matrix<Scalar>&);                       \
  PREFIX template Matrix<Scalar> softmax_rows(const Matrix<Scalar>&, const Mask&);          \
  PREFIX template Attention<Scalar> attention(const Matrix<Scalar>&, const Matrix<Scalar>&, \
                                              const Matrix<Scalar>&, const Mask&);          \
  PREFIX template Attention<Scalar> attention(const Matrix<Scalar>&, const Matrix<Scalar>&, \
                                              const Matrix<Scalar>&);
#define DERIVATION_WAY_BACK(PREFIX, Scalar)                                                       \
  PREFIX template AttentionGradients<Scalar> attention_backward(                                  \
      const Matrix<Scalar>&, const Matrix<Scalar>&, const Matrix<Scalar>&, const Matrix<Scalar>&, \
      const Matrix<Scalar>&);                                                                     \
  PREFIX template ProjectionGradients<Scalar> projection_backward(                                \
      const Matrix<Scalar>&, const Matrix<Scalar>&, const Matrix<Scalar>&);
#define DERIVATION_PIECES(PREFIX, Scalar)                                                                   \
  PREFIX template Partial<Scalar> attend_to_block(Matrix<Scalar>&, const Eigen::Ref<const Matrix<Scalar>>&, \
                                                  Index);                                                   \
  PREFIX template Partial<Scalar> merge(const Partial<Scalar>&, const Partial<Scalar>&);                    \
  PREFIX template Matrix<Scalar> output(const Partial<Scalar>&);
#define DERIVATION_MECHANISM(PREFIX)                            \
  DERIVATION_WAY_FORWARD(PREFIX, numbers::Exact)                \
  DERIVATION_WAY_FORWARD(PREFIX, double)                        \
  DERIVATION_WAY_FORWARD(PREFIX, numbers::Dual<numbers::Exact>) \
  DERIVATION_WAY_BACK(PREFIX, numbers::Exact)                   \
  DERIVATION_PIECES(PREFIX, numbers::Exact)                     \
  DERIVATION_PIECES(PREFIX, double)

namespace attention {

DERIVATION_MECHANISM(extern)

}  // namespace attention
