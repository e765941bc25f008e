//===- LoopNest.h - loops over strided memory -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a loop kernel computes, free of linalg: parallel and reduction loops,
// operands whose element index is linear in the loops' indices, and a body. The
// emitter drops unit loops, merges loops that are contiguous for all operands,
// chooses which loop is innermost, blocks transposed accesses, and chooses the
// parallel range.
#ifndef INGOT_LIB_CODEGEN_CPU_LOOPNEST_H
#define INGOT_LIB_CODEGEN_CPU_LOOPNEST_H

#include "lib/Codegen/CPU/KernelBuilder.h"

namespace ingot::cpu {

struct LoopOperand {
  codegen::Buffer buffer;
  /// Element type of the tensor (i1 where memory has i8).
  mlir::Type elementType;
  mlir::AffineExpr offset;                          // of element 0 of the loops
  llvm::SmallVector<mlir::AffineExpr> coefficients; // one per loop
};

struct LoopNest {
  struct Body {
    llvm::SmallVector<mlir::Value> indices; // one per loop; null unless needed
    llvm::SmallVector<mlir::Value> inputs, accumulators;
  };

  std::string name;
  llvm::SmallVector<mlir::AffineExpr> sizes;
  llvm::SmallVector<bool> reduction;
  /// Loops whose index the body wants: they are not merged with others.
  llvm::SmallVector<bool> indexUsed;
  llvm::SmallVector<LoopOperand> inputs, outputs;
  /// What an output's accumulator begins with, one per output when there are
  /// reduction loops: memory, or else a value.
  struct Initial {
    std::function<mlir::Value(KernelBuilder &)> value;
    std::optional<LoopOperand> memory;
  };
  std::vector<Initial> initial;
  std::function<llvm::SmallVector<mlir::Value>(KernelBuilder &, const Body &)> body;
  /// Elementary operations of one execution of the body.
  int64_t bodyCost = 1;

  LoopNest() = default;
  void addLoop(mlir::AffineExpr size, bool isReduction) {
    sizes.push_back(size);
    reduction.push_back(isReduction);
    indexUsed.push_back(false);
  }
};

/// Emits the kernel and its launch.
void emitLoopNest(LoopNest nest, codegen::KernelContext &context);

/// The operand of a buffer whose dimension i is indexed by loop i.
LoopOperand identityOperand(const codegen::Buffer &buffer);

} // namespace ingot::cpu

#endif
