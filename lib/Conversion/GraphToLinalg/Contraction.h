//===- Contraction.h - sums of products -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_LIB_CONVERSION_GRAPHTOLINALG_CONTRACTION_H
#define INGOT_LIB_CONVERSION_GRAPHTOLINALG_CONTRACTION_H

#include "Scalar.h"

namespace ingot::lowering {

/// The generic that sums products of two inputs into zeros of `sizes`, tagged
/// when the elements are floats. f16 and bf16 accumulate in f32 and are rounded
/// by an elementwise generic after it.
Value contract(Lowering &l, ValueRange inputs, ArrayRef<OpFoldResult> sizes, ArrayRef<AffineMap> maps,
               ArrayRef<utils::IteratorType> iterators, StringRef tag, Attribute tagValue);

/// Shapes of a convolution or pooling: channels and spatial dimensions.
struct ImageLayout {
  ImageLayout(unsigned rank, bool channelsLast) : spatial(rank - 2), channelsLast(channelsLast) {}
  unsigned channel() const { return channelsLast ? spatial + 1 : 1; }
  unsigned space(unsigned i) const { return i + (channelsLast ? 1 : 2); }
  unsigned spatial;
  bool channelsLast;
};

/// tensor.pad by constants; amounts may be negative only in `high` when dynamic
/// (then they count as 0).
Value padSpatial(Lowering &l, Value tensor, ArrayRef<OpFoldResult> low, ArrayRef<OpFoldResult> high, Value padding);

} // namespace ingot::lowering

#endif
