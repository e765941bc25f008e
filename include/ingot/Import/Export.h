//===- Export.h - reads a torch.export archive (.pt2) -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_IMPORT_EXPORT_H
#define INGOT_IMPORT_EXPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

namespace ingot {

/// Reads `path`, written by torch.export.save, into a module of the `script`
/// dialect: training IR and decomposed IR both. Weights are offsets into the
/// archive, they are not copied. What cannot be imported is reported as
/// diagnostics of `context`, at the source lines of the program.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importExport(llvm::StringRef path, mlir::MLIRContext &context);

} // namespace ingot

#endif
