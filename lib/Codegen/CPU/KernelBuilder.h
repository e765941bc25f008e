//===- KernelBuilder.h - operands of a loop kernel --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds one kernel's function: what the kernel needs of the host program
// (memories, sizes and strides that are not constants, numbers) becomes an
// argument at its first use.
#ifndef INGOT_LIB_CODEGEN_CPU_KERNELBUILDER_H
#define INGOT_LIB_CODEGEN_CPU_KERNELBUILDER_H

#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

class KernelBuilder : public mlir::OpBuilder {
public:
  KernelBuilder(codegen::KernelContext &context, llvm::StringRef name);

  mlir::Location loc;
  codegen::KernelContext &context;
  mlir::Value begin, end;

  mlir::Value memory(const codegen::Buffer &buffer);
  /// An expression of the host program: a constant or an index argument.
  mlir::Value size(mlir::AffineExpr e);
  mlir::Value size(int64_t constant);
  /// A host value of any type.
  mlir::Value scalar(mlir::Value hostValue);
  /// The same, but a constant becomes a constant of the kernel.
  mlir::Value constantOrScalar(mlir::Value hostValue);

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  /// base + iv * coefficient, where coefficient is a host expression.
  mlir::Value advance(mlir::Value base, mlir::Value iv, mlir::AffineExpr coefficient);
  mlir::Value ceilDiv(mlir::Value a, int64_t b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value i64(mlir::Value index);

  /// The address of an element of a flat memory, an !llvm.ptr.
  mlir::Value pointer(mlir::Value memory, mlir::Value element);
  /// Asks for the line of an element, for the second cache.
  void prefetch(const codegen::Buffer &buffer, mlir::Value element);

  /// for iv in [lower, upper), in steps: body(iv).
  void loop(mlir::Value lower, mlir::Value upper, llvm::function_ref<void(mlir::Value)> body, int64_t step = 1);

  /// One of the shares, as equal as they can be, of a range of `size`: its first element
  /// and how many it has.
  struct Share {
    mlir::Value start, size;
  };
  Share share(mlir::Value size, mlir::Value shares, mlir::Value index);

  /// Splits a linear index over `sizes` (the last runs fastest).
  llvm::SmallVector<mlir::Value> delinearize(mlir::Value linear, llvm::ArrayRef<mlir::Value> sizes);

  /// Ends the kernel and launches it over [0, count); `work`: host expression of the
  /// elementary operations of one iteration.
  void finish(mlir::AffineExpr count, mlir::AffineExpr work);

private:
  mlir::Value argument(mlir::Value hostValue, mlir::Type type);

  mlir::func::FuncOp kernel;
  mlir::Operation *prefixEnd; // constants of the kernel stand before it
  llvm::SmallVector<mlir::Value> operands;
  llvm::DenseMap<mlir::Value, mlir::Value> arguments;
  llvm::DenseMap<int64_t, mlir::Value> constants;
};

} // namespace ingot::cpu

#endif
