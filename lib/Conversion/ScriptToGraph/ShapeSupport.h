//===- ShapeSupport.h - what operators of sizes share -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_SHAPESUPPORT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_SHAPESUPPORT_H

#include "GraphBuilder.h"

namespace ingot::eval {

/// The sizes of a reference tensor, of which no value is read.
inline Sizes sizesOf(GraphBuilder &b, const AV &tensor) {
  Sizes out;
  for (Int s : tensor.getTensor()->node->sizes)
    out.push_back(b.resolve(s));
  return out;
}
inline int64_t rankOf(const AV &tensor) { return tensor.getTensor()->node->sizes.size(); }

/// The sizes of a reshape, with -1 inferred and element counts checked.
Sizes inferReshape(GraphBuilder &b, llvm::ArrayRef<Int> from, llvm::ArrayRef<Int> to);

/// Python's slice of a dimension: start in [0, size], and how many elements.
struct SliceRange {
  Int start, size;
};
SliceRange sliceRange(GraphBuilder &b, Int size, Int start, Int end, int64_t step);

} // namespace ingot::eval

#endif
