//===- Graph.h - the graph dialect ------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DIALECTS_GRAPH_GRAPH_H
#define INGOT_DIALECTS_GRAPH_GRAPH_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace ingot::graph {

/// Whether the type is a dtype that programs compute in.
bool isElementType(mlir::Type type);

} // namespace ingot::graph

#include "dialects/Graph/GraphDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Graph/GraphTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Graph/GraphAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/Graph/GraphOps.h.inc"

namespace ingot::graph {

/// A ranked tensor of the given sizes, each an affine expression of the
/// function's symbols. Expressions are simplified; the encoding is left out
/// when every size is static.
mlir::RankedTensorType getTensorType(llvm::ArrayRef<mlir::AffineExpr> sizes, mlir::Type elementType);

/// The sizes of a tensor as expressions. A dynamic size without an encoding has
/// no expression: null stands in its place.
llvm::SmallVector<mlir::AffineExpr> getSizes(mlir::RankedTensorType type);

/// Whether both types have the same element type and provably equal sizes.
bool sameSizes(mlir::RankedTensorType a, mlir::RankedTensorType b);

} // namespace ingot::graph

#endif
