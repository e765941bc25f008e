//===- Custom.h - operators of the user's own -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_CUSTOM_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_CUSTOM_H

#include "Operators.h"
#include "ingot/Support/CustomOperators.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ingot::eval {

/// Calls a custom operator. `known`: for each result the type of its tensor, an
/// array of types for a list of tensors, anything else for other results; null
/// where the importer knows nothing.
std::vector<AV> runCustomOperator(GraphBuilder &b, const schema::CustomOperator &op, llvm::ArrayRef<AV> args,
                                  mlir::ArrayAttr known);

/// Whether the function has script objects: they are the instance's.
bool usesScriptObjects(mlir::func::FuncOp function);

} // namespace ingot::eval

#endif
