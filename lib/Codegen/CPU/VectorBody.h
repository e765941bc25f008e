//===- VectorBody.h - elementwise bodies on whole vectors -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_CPU_VECTORBODY_H
#define INGOT_LIB_CODEGEN_CPU_VECTORBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace ingot::cpu {

/// Whether every operation of the body has the same meaning on vectors.
bool canVectorizeBody(mlir::linalg::GenericOp op);

/// Clones the body with vectors of `lanes` in place of its scalars. `arguments`
/// stand for the block arguments and may be vectors or scalars (broadcast where a
/// vector is needed); `indices` for linalg.index. Values from above are mapped by
/// `captured` and broadcast. Returns vectors of what the body yields.
llvm::SmallVector<mlir::Value> cloneBodyOnVectors(mlir::OpBuilder &b, mlir::linalg::GenericOp op, int64_t lanes,
                                                  mlir::ValueRange arguments, mlir::ValueRange indices,
                                                  llvm::function_ref<mlir::Value(mlir::Value)> captured);

} // namespace ingot::cpu

#endif
