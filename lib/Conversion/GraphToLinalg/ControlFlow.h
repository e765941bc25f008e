//===- ControlFlow.h - regions of branches and loops ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_CONTROLFLOW_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_CONTROLFLOW_H

#include "Lowering.h"

namespace ingot::lowering {

/// Takes tokens out of the operands, arguments and results of scf ops: from
/// here on the order of the program is the order of the effects.
void dropTokens(func::FuncOp function);
void addControlFlowRules(RuleTable &table);

} // namespace ingot::lowering

#endif
