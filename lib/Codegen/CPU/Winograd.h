//===- Winograd.h - 3x3 convolutions by fewer products ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// F(2x2, 3x3) of A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
// Networks" (2015): four outputs of a 3x3 window take 16 multiplications a channel,
// not 36. A 4x4 tile of the input and the 3x3 filter are transformed, multiplied
// element by element (over many tiles and channels: 16 matrix products), and the
// sums are transformed to 2x2 outputs.
#ifndef INGOT_LIB_CODEGEN_CPU_WINOGRAD_H
#define INGOT_LIB_CODEGEN_CPU_WINOGRAD_H

#include "Microkernel.h"
#include "ingot/Codegen/Common/KernelEmitter.h"

namespace ingot::cpu {

/// Whether a convolution of stride and dilation 1 and one group gains by it:
/// `weight` is a constant [F, C, 3, 3], `input` [N, H, W, C] with neighbouring
/// channels.
bool gainsByWinograd(const codegen::Buffer &input, const codegen::Buffer &weight,
                     llvm::ArrayRef<mlir::AffineExpr> resultSizes);

/// Emits the kernel; the input is padded already.
mlir::LogicalResult emitWinograd(const codegen::Buffer &input, const codegen::Buffer &weight,
                                 llvm::ArrayRef<mlir::AffineExpr> resultSizes, const codegen::Dispatch &dispatch,
                                 codegen::KernelContext &context, const MicrokernelShape &shape);

} // namespace ingot::cpu

#endif
