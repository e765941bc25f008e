//===- Forks.h - the marks of forks become tasks ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_COMMON_FORKS_H
#define INGOT_LIB_CODEGEN_COMMON_FORKS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ingot::codegen {

/// Moves the launches between task.fork_begin and task.fork_end into kernels of
/// their own, which task.fork starts and task.join ends before anything else
/// touches their memory; the marks go. `elide`: work that is not worth a task
/// stays in place. Before memory is planned.
void formForks(mlir::func::FuncOp host, bool elide);

} // namespace ingot::codegen

#endif
