//===- Plugin.h - the plug-in's entry ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only thing that the child's executable sees of the plug-in: no LibTorch.
#ifndef INGOT_LIB_IMPORT_TORCHSCRIPT_PLUGIN_H
#define INGOT_LIB_IMPORT_TORCHSCRIPT_PLUGIN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace ingot::torchscript {

/// Something that cannot be imported, and where.
struct Offender {
  mlir::Location loc;
  std::string message;
};

struct ImportResult {
  mlir::OwningOpRef<mlir::ModuleOp> module; // null on failure
  std::string error;
  std::vector<Offender> offenders;
};

/// `operators`: a file of declarations of custom operators, or empty.
/// Loads the archive with LibTorch and translates it. Throws nothing.
__attribute__((visibility("default"))) ImportResult importArchive(const std::string &path, mlir::MLIRContext &context,
                                                                  const std::string &operators) noexcept;

} // namespace ingot::torchscript

#endif
