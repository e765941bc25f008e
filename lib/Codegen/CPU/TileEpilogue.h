//===- TileEpilogue.h - elementwise ends of products ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a product's elementwise consumer does with 16 finished columns of a row,
// while they are in registers or in the first cache: reads its other inputs,
// computes, and stores the dispatch's results.
#ifndef INGOT_LIB_CODEGEN_CPU_TILEEPILOGUE_H
#define INGOT_LIB_CODEGEN_CPU_TILEEPILOGUE_H

#include "lib/Codegen/CPU/KernelBuilder.h"

namespace ingot::cpu {

/// A loop of the kernel as the results see it: its index counts steps of `step`
/// elements along dimension `dim` (-1: it moves no result).
struct OutputDim {
  int64_t dim, step = 1;
};

/// Whether the dispatch's epilogue can run on tiles.
bool isTileEpilogue(const codegen::Dispatch &dispatch);

class TileEpilogue {
public:
  /// Makes the dispatch's results (and finds the epilogue's inputs).
  TileEpilogue(const codegen::Dispatch &dispatch, codegen::KernelContext &context, llvm::ArrayRef<OutputDim> batch,
               OutputDim row, int64_t columnDim);

  /// Where a row stands in each tensor; found once for all its columns.
  struct Row {
    llvm::SmallVector<mlir::Value> batch, bases;
    mlir::Value index;
  };
  Row row(KernelBuilder &b, mlir::ValueRange batch, mlir::Value index) const;

  /// `product`: the root's columns [column, column + 16) of the row, of which the
  /// first `left` exist; null: all do.
  void emit(KernelBuilder &b, mlir::Value product, const Row &row, mlir::Value column, mlir::Value left) const;
  /// The same where it is to be found out at run time whether all do; `columns`: how
  /// many there are.
  void emitEdge(KernelBuilder &b, mlir::Value product, const Row &row, mlir::Value column,
                mlir::AffineExpr columns) const;

  /// Asks for the lines that `emit` reads and writes for this row, [from, to).
  void emitPrefetch(KernelBuilder &b, const Row &row, mlir::Value from, mlir::Value to) const;

private:
  /// A tensor addressed by batch, row and column.
  struct Tensor {
    codegen::Buffer buffer;
    mlir::Type elementType;                    // in the program (i1 for bool)
    llvm::SmallVector<mlir::AffineExpr> batch; // strides along the batch dimensions
    mlir::AffineExpr row, column;
    mlir::Value scalar; // instead of all that: a number of the host program
  };
  Tensor makeTensor(const codegen::Buffer &buffer, mlir::Type elementType, mlir::AffineMap map) const;
  mlir::Value base(KernelBuilder &b, const Tensor &t, mlir::ValueRange batch, mlir::Value row) const;
  mlir::Value load(KernelBuilder &b, const Tensor &t, mlir::Value base, mlir::Value column, mlir::Value mask) const;
  void store(KernelBuilder &b, const Tensor &t, mlir::Value value, mlir::Value base, mlir::Value column,
             mlir::Value mask) const;

  const codegen::Dispatch &dispatch;
  codegen::KernelContext &context;
  llvm::SmallVector<OutputDim> batch;
  OutputDim rowDim;
  int64_t columnDim;
  std::vector<std::optional<Tensor>> inputs; // empty: the product itself
  std::vector<Tensor> outputs;
};

} // namespace ingot::cpu

#endif
