//===- ComplexFunctions.h - elementary functions of complex numbers -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_COMPLEXFUNCTIONS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_COMPLEXFUNCTIONS_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// The function that a graph operator is ("graph.asin"), of a complex tensor, made of real ones;
/// null where the operator has a lowering of its own on complex numbers, or none.
Value complexFunction(GraphBuilder &b, llvm::StringRef operatorName, Value v);

/// The same for all floating dtypes.
template <typename Op>
Value functionOf(GraphBuilder &b, Value v) {
  if (b.isComplex(b.dtype(v)))
    if (Value w = complexFunction(b, Op::getOperationName(), v))
      return w;
  return b.unary<Op>(v);
}

/// |v| in the real dtype, of real and complex tensors alike.
Value magnitude(GraphBuilder &b, Value v);

} // namespace ingot::eval

#endif
