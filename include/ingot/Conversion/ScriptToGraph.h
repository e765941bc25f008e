//===- ScriptToGraph.h - the normalize phase --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Normalisation is a partial evaluator: it walks each method of a script module
// from the instance's state and typed inputs, evaluates all structure at compile
// time, and builds one function of graph ops on tensor values.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_H

#include "ingot/Support/InputSpec.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace ingot {

/// How one use of an operator was compiled.
struct OperatorUse {
  std::string name;     // "aten::add.Tensor"
  std::string location; // "model.py:12:3"
  /// "native", or "refused" with the reason.
  std::string how;
  std::string reason;
};

struct NormalizeReport {
  std::vector<OperatorUse> uses;
};

struct NormalizeOptions {
  /// Methods to compile; empty: `forward`, or all when there is none.
  std::vector<std::string> methods;
  std::vector<InputSpec> inputs;
  /// dtype code of new floating tensors (torch.get_default_dtype()).
  int64_t defaultDType = 6;
  /// Iterations of loops that are unrolled, over the whole method.
  int64_t maxUnrolledIterations = 10000;
  /// Refuse a method that raises whatever its inputs: the user's types are then
  /// not what the program takes. (A recorded case may well be one that raises.)
  bool refuseAlwaysRaising = false;
  /// Filled when set.
  NormalizeReport *report = nullptr;
};

/// Builds `graphModule` from a module in the script dialect. Whatever cannot be
/// compiled is reported together, with its source lines, before failure.
mlir::LogicalResult normalize(mlir::ModuleOp scriptModule, const NormalizeOptions &options,
                              mlir::OwningOpRef<mlir::ModuleOp> &graphModule);

/// Whether the normalize phase compiles the operator ("aten::add.Tensor").
bool isOperatorCompiled(llvm::StringRef fullName);

} // namespace ingot

#endif
