//===- RuntimeWindows.h - windows known at run time only --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and pooling have kernels for strides, paddings and dilations that are known while compiling. Where the
// program chooses them, the elements of each window are picked by their places: the windows become dimensions.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEWINDOWS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_RUNTIMEWINDOWS_H

#include "Operators.h"

namespace ingot::eval {

struct OpenWindow {
  Sizes kernel, stride, padding, dilation;
};

/// Whether the program knows all numbers of these arguments while compiling.
bool areKnown(OpCall &c, llvm::ArrayRef<llvm::StringRef> names);
/// The numbers of an argument, one for each of `count` dimensions.
Sizes openInts(OpCall &c, llvm::StringRef name, int64_t count);
/// The places of windows: [N, C, in0, in1, ...] to [N, C, kernel0, count0, kernel1, count1, ...].
Value slidingWindows(GraphBuilder &b, Value v, const OpenWindow &w, llvm::ArrayRef<Int> counts);

/// aten::conv1d, conv2d and conv3d.
Result convAtRunTime(OpCall &c);
/// aten::max_pool and avg_pool of 1 to 3 dimensions: `input` is [N, C, ...], `sizes` the result's.
Value maxPoolAtRunTime(OpCall &c, Value input, const OpenWindow &w, llvm::ArrayRef<Int> sizes);
Value avgPoolAtRunTime(OpCall &c, Value input, const OpenWindow &w, llvm::ArrayRef<Int> sizes);

} // namespace ingot::eval

#endif
