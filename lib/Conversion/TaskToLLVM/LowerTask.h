//===- LowerTask.h - task ops to loads and runtime calls --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_TASKTOLLVM_LOWERTASK_H
#define INGOT_LIB_CONVERSION_TASKTOLLVM_LOWERTASK_H

#include "RuntimeCalls.h"

#include "dialects/Task/Task.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

#include <map>

namespace ingot {

/// Of an operation within an attempt: which one takes its error.
constexpr llvm::StringLiteral handlerAttrName = "task.handler";
/// Of the call that takes an attempt's error: which attempt.
constexpr llvm::StringLiteral attemptAttrName = "task.attempt";

class TaskLowering {
public:
  explicit TaskLowering(mlir::ModuleOp module)
      : module(module), converter(module.getContext()), calls(module, converter), symbols(module) {}

  mlir::LogicalResult run();

private:
  mlir::LogicalResult lowerKernel(mlir::func::FuncOp kernel);
  mlir::LogicalResult lowerMethod(mlir::func::FuncOp method);
  mlir::LogicalResult lower(mlir::Operation *op);

  mlir::LogicalResult lowerLaunch(task::LaunchOp op);
  mlir::LogicalResult lowerFork(task::ForkOp op);
  void lowerJoin(task::JoinOp op);
  mlir::LogicalResult lowerInput(task::InputOp op);
  mlir::LogicalResult lowerReturn(task::ReturnValueOp op);
  void lowerCheck(task::CheckOp op);
  void lowerCopy(task::CopyOp op);
  mlir::LogicalResult lowerConstant(task::ConstantOp op);
  mlir::LogicalResult lowerState(task::StateOp op);
  void lowerContiguous(task::ContiguousOp op);
  void lowerBytes(mlir::Operation *op, mlir::Value bytes, mlir::Value pointer, mlir::Type type);
  void lowerCallRuntime(task::CallRuntimeOp op);
  void lowerBox(task::BoxOp op);
  void lowerUnbox(task::UnboxOp op);
  /// Leaves the method at `op` where the runtime has set an error.
  void failWhen(mlir::Operation *op, mlir::Value failed);

  /// The trampoline of a kernel, made at its first launch.
  mlir::func::FuncOp chunkOf(mlir::func::FuncOp kernel);
  /// Its address.
  mlir::Value addressOf(mlir::Location loc, mlir::func::FuncOp chunk);
  /// Writes the operands to the frame, 8 bytes a word; null: one does not fit.
  mlir::Value storeContext(mlir::Operation *op, mlir::ValueRange operands, mlir::Value last, int64_t &words);
  /// Values of an operand in a launch's context, 8 bytes each.
  llvm::SmallVector<mlir::Value> contextValues(mlir::Location loc, mlir::Value operand);
  /// Reads an operand back, advancing `slot`.
  mlir::Value fromContext(mlir::Location loc, mlir::Type type, mlir::Value context, int64_t &slot);
  /// Whether it asks for scratch: it has the call as last parameter.
  static bool usesScratch(mlir::func::FuncOp kernel);
  /// A kernel that launches others: it has the call as last parameter.
  mlir::LogicalResult addCallParameter(mlir::func::FuncOp kernel);
  mlir::LogicalResult lowerForkKernel(mlir::func::FuncOp kernel);
  /// The task ops of a method or a fork's kernel.
  mlir::LogicalResult lowerOps(mlir::func::FuncOp function);

  /// Splits the block at `op`: where `condition` is false, `cold` runs in a
  /// block of its own and its status is returned (null: a kernel has none).
  void unless(mlir::Operation *op, mlir::Value condition, llvm::function_ref<mlir::Value(mlir::Location)> cold);
  void failWhenNull(mlir::Operation *op, mlir::Value pointer);
  void lowerPoll(task::PollOp op);
  /// Memory of the frame, shared by all calls that need arguments in memory:
  /// none of them keeps it.
  mlir::Value scratch(mlir::Location loc, int64_t words);

  mlir::ModuleOp module;
  mlir::LLVMTypeConverter converter;
  RuntimeCalls calls;
  mlir::SymbolTable symbols;
  llvm::DenseMap<mlir::Operation *, mlir::func::FuncOp> chunks;
  // Of the method being lowered.
  std::map<int64_t, mlir::Block *> handlers; // of attempts: where errors go instead of leaving the method
  mlir::func::FuncOp method;
  mlir::Value call, inputs, table, objects;
  mlir::LLVM::AllocaOp frame;
  int64_t frameWords = 0;
};

} // namespace ingot

#endif
