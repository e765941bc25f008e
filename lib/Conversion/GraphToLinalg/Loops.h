//===- Loops.h - task.compute: kernels as loops over memrefs ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_LOOPS_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_LOOPS_H

#include "Lowering.h"
#include "dialects/Task/Task.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace ingot::lowering {

/// The inside of a task.compute. Bools are i8 in memory.
class ComputeBody {
public:
  ComputeBody(ImplicitLocOpBuilder &b, task::ComputeOp op, unsigned inputs) : b(b), op(op), inputs(inputs) {}

  Value begin() { return op.getBody().getArgument(0); }
  Value end() { return op.getBody().getArgument(1); }
  Value input(unsigned i) { return op.getBody().getArgument(2 + i); }
  Value output(unsigned i) { return op.getBody().getArgument(2 + inputs + i); }

  /// Memory to element: i1 from i8.
  Value load(Value memref, ValueRange at, Type element);
  void store(Value value, Value memref, ValueRange at);
  Value dim(Value memref, int64_t d);
  SmallVector<Value> dims(Value memref);
  /// The multi-index of `linear` over the sizes; dimension `without` (if >= 0)
  /// does not take part and is 0.
  SmallVector<Value> delinearize(Value linear, ArrayRef<Value> sizes, int64_t without = -1);

  void forEachIteration(llvm::function_ref<void(Value)> body) {
    loop(begin(), end(), {}, [&](Value i, ValueRange) {
      body(i);
      return SmallVector<Value>{};
    });
  }
  SmallVector<Value> loop(Value from, Value to, ValueRange init,
                          llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body, Value step = {});
  SmallVector<Value> whileLoop(ValueRange init, llvm::function_ref<Value(ValueRange)> condition,
                               llvm::function_ref<SmallVector<Value>(ValueRange)> body);
  void ifThen(Value condition, llvm::function_ref<void()> body);
  SmallVector<Value> ifElse(Value condition, llvm::function_ref<SmallVector<Value>()> then,
                            llvm::function_ref<SmallVector<Value>()> otherwise);

  ImplicitLocOpBuilder &b;

private:
  task::ComputeOp op;
  unsigned inputs;
};

/// Emits a task.compute over `count` iterations; inputs are tensors or numbers.
SmallVector<Value> compute(Lowering &l, Value count, int64_t grain, ValueRange inputs, ValueRange outs,
                           llvm::function_ref<void(ComputeBody &)> body);

} // namespace ingot::lowering

#endif
