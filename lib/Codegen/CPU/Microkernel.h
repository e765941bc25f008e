//===- Microkernel.h - register-tiled products of packed panels -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A micro-kernel multiplies a few rows of A by a few 16-wide panels of packed B
// and keeps every accumulator in a register:
//
//   tile[i][v*16 + j] = sum over the reduction of A(i, k) * B(v, k, j)
//
// B is packed as [panel][k][16] (zero-padded), one layout for every CPU variant.
// The reduction is three nested runs, so that one kernel serves matrix products
// (1 x 1 x K) and convolutions over NHWC inputs, which need no im2col: `outer`
// kernel rows, `middle` kernel columns, `inner` contiguous elements.
#ifndef INGOT_LIB_CODEGEN_CPU_MICROKERNEL_H
#define INGOT_LIB_CODEGEN_CPU_MICROKERNEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace ingot::cpu {

/// Columns of one packed panel of B, in f32 elements.
constexpr int64_t kPanel = 16;

/// What a target's register file allows.
struct MicrokernelShape {
  int64_t maxRows; // rows of a full tile
  /// Most panels a tile of `rows` rows may span (a power of two).
  int64_t maxPanels(int64_t rows) const;
  int64_t vectorBits;

  /// The shape for registers of `vectorBits` bits (128, 256 or 512).
  static MicrokernelShape get(int64_t vectorBits);
};

/// Operands of a call; i64 but the pointers. Strides count elements.
struct MicrokernelCall {
  mlir::Value rows, panels;       // index
  mlir::Value a, b, tile;         // !llvm.ptr
  mlir::Value rowStride;          // A's elements between two rows
  mlir::Value outer, outerStride; // runs and A's elements between them
  mlir::Value middle, middleStride;
  mlir::Value inner;       // contiguous elements of a run
  mlir::Value panelStride; // B's elements between two panels
};

/// Calls the f32 micro-kernel that fits `rows` and `panels` at run time. The
/// tile is row-major with `panels` * 16 columns. The kernels are added to the
/// module once.
void callMicrokernel(mlir::OpBuilder &b, mlir::Location loc, mlir::ModuleOp module, const MicrokernelShape &shape,
                     const MicrokernelCall &call);

/// for the panels [from, to) of tiles of `rows` rows, as many at once as such a
/// tile may span: body(first panel, panels).
void forPanels(mlir::OpBuilder &b, mlir::Location loc, const MicrokernelShape &shape, mlir::Value rows,
               mlir::Value from, mlir::Value to, llvm::function_ref<void(mlir::Value, mlir::Value)> body);

} // namespace ingot::cpu

#endif
