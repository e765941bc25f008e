//===- SourceLine.h - lines of the user's program ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_SUPPORT_SOURCELINE_H
#define INGOT_SUPPORT_SOURCELINE_H

#include "mlir/IR/Location.h"
#include <string>

namespace ingot {

/// "dir/model.py:12" or "dir/model.py:12:3" of the innermost source line in a
/// location; empty when it has none.
std::string sourceLine(mlir::Location location);

/// The same without folders: "model.py:12". For what goes into a library: its bytes
/// must not depend on where the model was saved.
std::string shortSourceLine(mlir::Location location);

} // namespace ingot

#endif
