//===- Convolution.h - building convolutions --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_CONVOLUTION_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_CONVOLUTION_H

#include "GraphBuilder.h"

namespace ingot::eval {

struct Geometry {
  Dims stride, padding, dilation, outputPadding;
  int64_t groups = 1;
  bool transposed = false;
};

/// input [N, C, spatial...] or [C, spatial...], weight as torch lays it out; bias may be null. Raises torch's errors.
Value convolve(GraphBuilder &b, Value input, Value weight, Value bias, Geometry geometry);

} // namespace ingot::eval

#endif
