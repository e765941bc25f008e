//===- Legality.h - what may stand in a module after a phase ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_PIPELINE_LEGALITY_H
#define INGOT_LIB_PIPELINE_LEGALITY_H

#include "ingot/Pipeline/Phases.h"

namespace ingot {

/// Reports every operation that `phase` should not have left.
mlir::LogicalResult checkLegality(Phase phase, mlir::ModuleOp module);

} // namespace ingot

#endif
