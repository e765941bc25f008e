//===- ArenaPlanning.h - memory of a host program ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_COMMON_ARENAPLANNING_H
#define INGOT_LIB_CODEGEN_COMMON_ARENAPLANNING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ingot::codegen {

/// Replaces every memref.alloc of a host program: those with `task.slot` by
/// result blocks, the others by pieces of arenas. Memory of disjoint lifetimes
/// shares a piece.
void planArena(mlir::func::FuncOp host);

} // namespace ingot::codegen

#endif
