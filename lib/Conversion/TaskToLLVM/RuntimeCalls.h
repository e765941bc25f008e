//===- RuntimeCalls.h - generated code's side of the ABI --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the loads from ABI structs and the calls through the runtime's table.
// Offsets come from include/ingot/ABI/artifact.h itself.
#ifndef INGOT_LIB_CONVERSION_TASKTOLLVM_RUNTIMECALLS_H
#define INGOT_LIB_CONVERSION_TASKTOLLVM_RUNTIMECALLS_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace ingot {

/// A memref as values: what an ABI tensor and a kernel's operand need of it.
struct MemRefParts {
  mlir::Value allocated, aligned;                // !llvm.ptr
  mlir::Value offset;                            // i64, elements
  llvm::SmallVector<mlir::Value> sizes, strides; // i64
};

class RuntimeCalls {
public:
  RuntimeCalls(mlir::ModuleOp module, const mlir::LLVMTypeConverter &converter)
      : module(module), converter(converter), builder(module.getContext()) {}

  mlir::OpBuilder &b() { return builder; }
  mlir::Type ptrType();
  mlir::Type i64Type() { return builder.getI64Type(); }

  mlir::Value i64(mlir::Location loc, int64_t value);
  mlir::Value i32(mlir::Location loc, int32_t value);
  mlir::Value nullPtr(mlir::Location loc);
  /// `base` + `bytes`.
  mlir::Value at(mlir::Location loc, mlir::Value base, int64_t bytes);
  mlir::Value at(mlir::Location loc, mlir::Value base, mlir::Value bytes);
  /// `invariant`: nothing that runs in this function writes it.
  mlir::Value load(mlir::Location loc, mlir::Type type, mlir::Value base, int64_t bytes, bool invariant);
  void store(mlir::Location loc, mlir::Value value, mlir::Value base, int64_t bytes);
  /// index -> i64, anything else as it is.
  mlir::Value toI64(mlir::Location loc, mlir::Value index);
  mlir::Value toIndex(mlir::Location loc, mlir::Value i64);

  /// Calls the entry at `offset` of the runtime's table; null for no result.
  mlir::Value callTable(mlir::Location loc, mlir::Value table, size_t offset, mlir::Type result, mlir::ValueRange args);
  /// The runtime's table, from the method's call.
  mlir::Value tableOf(mlir::Location loc, mlir::Value call);

  /// Address of a constant, zero-terminated text; equal texts share.
  mlir::Value text(mlir::Location loc, llvm::StringRef value);

  /// Takes a memref apart; static sizes, strides and offsets are constants.
  MemRefParts unpack(mlir::Location loc, mlir::Value memref);
  /// A memref value made of its parts.
  mlir::Value pack(mlir::Location loc, mlir::MemRefType type, const MemRefParts &parts);
  /// Row-major strides of `sizes`.
  llvm::SmallVector<mlir::Value> denseStrides(mlir::Location loc, mlir::MemRefType type, mlir::ValueRange sizes);
  /// Address of the memref's element 0.
  mlir::Value dataPtr(mlir::Location loc, mlir::MemRefType type, const MemRefParts &parts);

  /// Bytes of an element in memory.
  static int64_t elementBytes(mlir::Type type);

private:
  mlir::ModuleOp module;
  const mlir::LLVMTypeConverter &converter;
  mlir::OpBuilder builder;
  llvm::StringMap<mlir::LLVM::GlobalOp> texts;
};

} // namespace ingot

#endif
