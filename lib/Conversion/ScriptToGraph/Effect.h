//===- Effect.h - effects that the runtime carries out ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_EFFECT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_EFFECT_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// Runs a function of the runtime's object table on the chain `key`, as operator
/// `name`.
mlir::Operation *runtimeEffect(GraphBuilder &b, llvm::StringRef name, llvm::StringRef key, llvm::StringRef function,
                               mlir::ValueRange operands, mlir::TypeRange results,
                               std::optional<llvm::StringRef> text = std::nullopt);

} // namespace ingot::eval

#endif
