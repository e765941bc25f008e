//===- PanelProduct.h - products with packed panels -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What matrix products and convolutions have in common once B is packed in
// panels: rows of A, columns in panels of 16, a reduction of three nested runs,
// and an elementwise epilogue on the finished tile while it is in the first cache.
#ifndef INGOT_LIB_CODEGEN_CPU_PANELPRODUCT_H
#define INGOT_LIB_CODEGEN_CPU_PANELPRODUCT_H

#include "Microkernel.h"
#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

/// A dimension outside the tile. Its index moves A and B by their strides and
/// the output by `outputStep` along dimension `outputDim`.
struct PanelDim {
  mlir::AffineExpr size, aStride, bStride;
  int64_t outputDim;
  int64_t outputStep = 1;
};

/// A reduction dimension of B as it is stored, outermost first.
struct PackedDim {
  mlir::AffineExpr size, stride;
};

struct PanelProduct {
  codegen::Buffer a;
  llvm::SmallVector<PanelDim> batch; // outer dimensions
  /// Dimensions that may become rows of a tile, outermost first (bStride unused).
  /// All but the last move to `batch` unless strides let them collapse.
  llvm::SmallVector<PanelDim> rows;
  bool collapseRows = false;                                        // whether the rows may be merged into one dimension
  mlir::AffineExpr outer, outerStride, middle, middleStride, inner; // of A
  mlir::AffineExpr columns;                                         // per batch element
  int64_t columnDim;                                                // the output's dimension of the columns, the last

  codegen::Buffer b; // unpacked; sizes and strides are not looked at
  llvm::SmallVector<PackedDim> bBatch, bReduction;
  mlir::AffineExpr bColumnStride;
};

/// Packs B (at compile time when it is a weight) and emits the kernel.
mlir::LogicalResult emitPanelProduct(PanelProduct product, const codegen::Dispatch &dispatch,
                                     codegen::KernelContext &context, const MicrokernelShape &shape,
                                     llvm::StringRef name);

/// The f32 weight that `pack` makes of another one's bytes while compiling; once a name.
mlir::FailureOr<codegen::Buffer> packWeight(mlir::FlatSymbolRefAttr weight, llvm::StringRef name,
                                            codegen::KernelContext &context,
                                            llvm::function_ref<std::vector<char>(llvm::ArrayRef<char>)> pack);

/// B as panels: [batch...][ceil(columns / 16)][reduction][16], zero-padded. The
/// batch's strides of the result are returned in `batchStrides`.
mlir::FailureOr<codegen::Buffer> packPanels(const PanelProduct &product, codegen::KernelContext &context,
                                            mlir::Location loc, llvm::SmallVectorImpl<mlir::AffineExpr> &batchStrides);

} // namespace ingot::cpu

#endif
