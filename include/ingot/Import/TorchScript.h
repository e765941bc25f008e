//===- TorchScript.h - reads a TorchScript archive (.pt) --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A `.pt` is loaded by LibTorch in a child process, `ingot-import-torchscript`,
// which hands back MLIR bytecode in the `script` dialect. Weights are offsets
// into the archive, they are not copied. A file that crashes LibTorch ends the
// child and becomes one error here; this side does not know LibTorch.
#ifndef INGOT_IMPORT_TORCHSCRIPT_H
#define INGOT_IMPORT_TORCHSCRIPT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace ingot {

/// Name of the importer's executable.
inline constexpr llvm::StringLiteral torchScriptImporterName = "ingot-import-torchscript";

/// Finds the importer beside the tool (`toolPath`, a path of the running
/// executable), in ../libexec/ingot or ../bin; empty when there is none.
std::string findTorchScriptImporter(llvm::StringRef toolPath);

/// What is plainly no TorchScript archive (missing, empty, another format):
/// what it is, or "" when LibTorch should have a look.
std::string checkTorchScriptFile(llvm::StringRef path);

struct TorchScriptImportOptions {
  /// The importer's executable; see findTorchScriptImporter.
  std::string importerExecutable;
  /// A child that has not ended after this time is killed; 0: no limit.
  unsigned timeoutSeconds = 600;
};

/// Imports `path`. An error is reported once, as a diagnostic of `context`,
/// with a note at the source line of each thing that cannot be imported.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importTorchScript(llvm::StringRef path, mlir::MLIRContext &context,
                                                                     const TorchScriptImportOptions &options);

} // namespace ingot

#endif
