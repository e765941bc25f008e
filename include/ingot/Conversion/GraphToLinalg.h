//===- GraphToLinalg.h - graph operators to linalg --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_GRAPHTOLINALG_H
#define INGOT_CONVERSION_GRAPHTOLINALG_H

#include "mlir/Pass/Pass.h"
#include <memory>

namespace ingot {

/// Lowers every `graph` operator of the module's functions to linalg on plain
/// tensors (no encodings, signless integers), `task.compute` and host
/// arithmetic. Weights, state, checks and write-backs stay `graph` ops.
/// Operators without a lowering are all reported before the pass fails.
std::unique_ptr<mlir::Pass> createGraphToLinalgPass();

void registerGraphToLinalgPasses();

} // namespace ingot

#endif
