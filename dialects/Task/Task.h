//===- Task.h - the task dialect --------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_DIALECTS_TASK_TASK_H
#define INGOT_DIALECTS_TASK_TASK_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Task/TaskDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Task/TaskTypes.h.inc"

namespace ingot::task {
/// A function of the runtime's object table.
struct RuntimeFunction {
  llvm::StringLiteral name;
  char result, effects;
  /// Letters of include/ingot/ABI/object.h with ", " between them.
  llvm::StringLiteral operands;
  /// Of its pointer in ingot_abi_objects.
  size_t offset;

  bool canRaise() const { return effects == 'x'; }
};
/// Null for an unknown name.
const RuntimeFunction *findRuntimeFunction(llvm::StringRef name);
} // namespace ingot::task

#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.h.inc"

#endif
