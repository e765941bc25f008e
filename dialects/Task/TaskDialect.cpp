//===- TaskDialect.cpp - the task dialect -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Task/Task.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace ingot::task;

#include "dialects/Task/TaskDialect.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.cpp.inc"

void TaskDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/Task/TaskOps.cpp.inc"
      >();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("launches unknown kernel ") << getKernelAttr();
  auto expected = kernel.getArgumentTypes();
  if (expected.size() != getOperands_().size() + 2)
    return emitOpError("passes ") << getOperands_().size() << " operands to "
                                  << getKernelAttr() << ", which takes "
                                  << int64_t(expected.size()) - 2;
  for (auto [i, types] : llvm::enumerate(
           llvm::zip(expected.drop_front(2), getOperands_().getTypes())))
    if (std::get<0>(types) != std::get<1>(types))
      return emitOpError("operand ") << i << " has type " << std::get<1>(types)
                                     << ", the kernel takes " << std::get<0>(types);
  return success();
}
