//===- TaskToLLVM.h - host functions and kernels to LLVM --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The `llvm` phase: methods become entry points `int32_t(ingot_abi_call *, const
// ingot_abi_leaf *)`, task ops become loads from the call and calls through the
// runtime's table (include/ingot/ABI/artifact.h), kernels become functions
// `void(context *, begin, end)`.
#ifndef INGOT_CONVERSION_TASKTOLLVM_H
#define INGOT_CONVERSION_TASKTOLLVM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace ingot {

/// On a function: it is called by nobody but task.launch (set by code generation).
inline constexpr llvm::StringLiteral kernelAttrName = "task.kernel";
/// On a kernel between LowerTask and FinishLLVM: its noalias parameters.
inline constexpr llvm::StringLiteral noaliasAttrName = "task.noalias";
/// On an llvm.func: `void(context *, begin, end)`, what a kernel became.
inline constexpr llvm::StringLiteral chunkAttrName = "task.chunk";
/// On a graph.weight: its first byte in the constants.
inline constexpr llvm::StringLiteral constantOffsetAttrName = "ingot.offset";
/// On the module: bytes of all constants.
inline constexpr llvm::StringLiteral constantsSizeAttrName = "ingot.constants_size";

/// Gives each graph.weight below `module` that code or state refers to its place
/// in the constants, and erases the others. Equal data has one place, also over
/// the modules of several CPU variants.
mlir::LogicalResult assignConstantOffsets(mlir::ModuleOp module);

std::unique_ptr<mlir::Pass> createAssignConstantOffsetsPass();
std::unique_ptr<mlir::Pass> createLowerTaskPass();
/// Says of operations within attempts where their errors go; in front of the conversion of scf to cf.
std::unique_ptr<mlir::Pass> createMarkAttemptsPass();
std::unique_ptr<mlir::Pass> createFinishLLVMPass();

struct TaskToLLVMOptions {
  /// Line tables that name the user's source lines.
  bool lineTables = true;
};

/// The whole phase, on a module whose offsets are assigned.
void buildTaskToLLVMPipeline(mlir::OpPassManager &pm, const TaskToLLVMOptions &options);

/// Registers the passes and the pipeline `task-to-llvm`.
void registerTaskToLLVMPasses();

} // namespace ingot

#endif
