//===- MatrixSupport.h - batches of matrices --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_MATRIXSUPPORT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_MATRIXSUPPORT_H

#include "Native.h"
#include "Operators.h"

namespace ingot::eval::matrices {

inline Int rowsOf(GraphBuilder &b, Value v) { return b.size(v, b.rank(v) - 2); }
inline Int columnsOf(GraphBuilder &b, Value v) { return b.size(v, b.rank(v) - 1); }
inline Sizes batchOf(GraphBuilder &b, Value v) {
  Sizes s = b.sizes(v);
  s.resize(s.size() - 2);
  return s;
}
inline Value withBatch(GraphBuilder &b, Value v, const Sizes &batch) {
  Sizes s = batch;
  s.push_back(rowsOf(b, v));
  s.push_back(columnsOf(b, v));
  return b.expand(v, s);
}
inline Value adjointOf(GraphBuilder &b, Value v) {
  v = b.transpose(v, b.rank(v) - 2, b.rank(v) - 1);
  return b.isComplex(b.dtype(v)) ? b.unary<graph::ConjOp>(v) : v;
}

/// A floating or complex argument of at least two dimensions.
inline Value matrix(OpCall &c, llvm::StringRef name, bool square) {
  GraphBuilder &b = c.b;
  Value v = c.value(name);
  int64_t d = b.dtype(v);
  if (b.rank(v) < 2)
    b.raise("RuntimeError", c.schema.name + ": The input tensor " + name + " must have at least 2 dimensions.");
  else if (d != int64_t(DType::Float32) && d != int64_t(DType::Float64) && !b.isComplex(d))
    b.raise("RuntimeError",
            c.schema.name + ": Expected a floating point or complex tensor as input. Got " + b.scalarTypeName(d));
  else if (square)
    b.checkEqual(rowsOf(b, v), columnsOf(b, v), "RuntimeError",
                 c.schema.name + ": " + name + " must be batches of square matrices, but they are {0} by {1} matrices",
                 {rowsOf(b, v), columnsOf(b, v)});
  return b.refine(v);
}

/// Raises where a factorisation broke down; {0}: where.
inline void checkInfo(GraphBuilder &b, Value info, const llvm::Twine &message) {
  Value worst = b.rank(info)
                    ? b.reduce<graph::SumOp>(b.cast(info, int64_t(DType::Int64)), b.wrapDims({}, b.rank(info)), false)
                    : b.cast(info, int64_t(DType::Int64));
  AV n = b.item(worst);
  b.check(b.compareInt(mlir::arith::CmpIPredicate::eq, n.getInt(), b.size(0)), "_LinAlgError", message, {n.getInt()});
}

inline Value identity(GraphBuilder &b, Int rows, Int columns, int64_t dtype) {
  Value i = b.iota({rows, columns}, 0, int64_t(DType::Int64)), j = b.iota({rows, columns}, 1, int64_t(DType::Int64));
  return b.cast(b.compare<graph::EqOp>(i, j), dtype);
}
/// Zero outside the upper (lower) triangle from the `offset`th diagonal on.
inline Value triangle(GraphBuilder &b, Value v, bool upper, int64_t offset) {
  Sizes s{rowsOf(b, v), columnsOf(b, v)};
  Value i = b.iota(s, 0, int64_t(DType::Int64)), j = b.iota(s, 1, int64_t(DType::Int64));
  Value gap = b.sub(j, i), limit = b.scalarInt(offset, int64_t(DType::Int64));
  Value inside = upper ? b.compare<graph::GeOp>(gap, limit) : b.compare<graph::LeOp>(gap, limit);
  return b.where(inside, v, b.full(b.sizes(v), 0.0, b.dtype(v)));
}
/// The main diagonals of square matrices.
inline Value diagonal(GraphBuilder &b, Value v) {
  Value one = b.expand(identity(b, rowsOf(b, v), columnsOf(b, v), int64_t(DType::Bool)), b.sizes(v));
  return b.reduce<graph::SumOp>(b.where(one, v, b.full(b.sizes(v), 0.0, b.dtype(v))), {b.rank(v) - 1}, false);
}
/// mode: 0 A X = B, 1 A^T X = B, 2 A^H X = B.
inline Value solveTriangular(GraphBuilder &b, Value a, Value x, bool upper, bool unit, int64_t mode) {
  return native(b, "solve_triangular", {a, x}, {{b.sizes(x), b.dtype(x)}}, b.rank(x) - 2, {upper, unit, mode})[0];
}

/// Falling, [.., min(m, n)].
Value singularValues(GraphBuilder &b, Value a);

} // namespace ingot::eval::matrices

#endif
