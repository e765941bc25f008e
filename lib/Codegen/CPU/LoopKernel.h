//===- LoopKernel.h - linalg operations as loops ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_CPU_LOOPKERNEL_H
#define INGOT_LIB_CODEGEN_CPU_LOOPKERNEL_H

#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

/// Any linalg operation as loops: what every other emitter falls back to.
mlir::LogicalResult emitLoops(mlir::linalg::LinalgOp op, codegen::KernelContext &context);

void emitCopyLoops(const codegen::Buffer &from, const codegen::Buffer &to, codegen::KernelContext &context);
void emitFillLoops(mlir::Value value, const codegen::Buffer &to, codegen::KernelContext &context);
/// `borderOnly`: `from` is already the inside of `to`.
void emitPadLoops(const codegen::Buffer &from, llvm::ArrayRef<mlir::AffineExpr> low, mlir::Value value,
                  const codegen::Buffer &to, codegen::KernelContext &context, bool borderOnly = false);

} // namespace ingot::cpu

#endif
