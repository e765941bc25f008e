//===- MemoryAccess.h - what a host program reads and writes ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CODEGEN_COMMON_MEMORYACCESS_H
#define INGOT_LIB_CODEGEN_COMMON_MEMORYACCESS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"

namespace ingot::codegen {

/// Memory that operations touch: allocations each on their own, what comes from
/// outside the call (inputs, states) as one, as arguments may overlap.
struct AccessSet {
  struct Access {
    bool read = false, write = false;
  };
  llvm::SmallDenseMap<mlir::Value, Access, 8> allocations;
  Access outside;
  /// Of memory that was not found out: may be any but a constant.
  Access unknown;

  void add(const AccessSet &other);
  bool conflicts(const AccessSet &other) const;
};

class MemoryAccess {
public:
  /// Adds what the operation touches, those inside its regions included.
  void collect(mlir::Operation *op, AccessSet &set);

private:
  void touch(mlir::Value memref, bool read, bool write, AccessSet &set);
  /// The arguments of a kernel through which it may write; all of them where
  /// that was not found out.
  const llvm::BitVector &writtenArguments(mlir::func::FuncOp function);

  llvm::DenseMap<mlir::Operation *, llvm::BitVector> written;
};

} // namespace ingot::codegen

#endif
