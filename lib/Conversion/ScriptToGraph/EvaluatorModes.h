//===- EvaluatorModes.h - operators in autocast blocks ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATORMODES_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_EVALUATORMODES_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// Whether an object is torch.autocast's, or that of an older name of it.
bool isAutocast(const AV &object);
/// Casts an operator's tensors as the autocast block around it wants them.
void autocastArguments(GraphBuilder &b, llvm::StringRef name, llvm::MutableArrayRef<AV> args);

} // namespace ingot::eval

#endif
