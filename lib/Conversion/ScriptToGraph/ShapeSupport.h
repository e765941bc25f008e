//===- ShapeSupport.h - what operators of sizes share -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_SHAPESUPPORT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_SHAPESUPPORT_H

#include "GraphBuilder.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace ingot::eval {

/// The sizes of a reference tensor, of which no value is read.
inline Sizes sizesOf(GraphBuilder &b, const AV &tensor) {
  Sizes out;
  for (Int s : tensor.getTensor()->node->sizes)
    out.push_back(b.resolve(s));
  return out;
}
inline int64_t rankOf(const AV &tensor) { return tensor.getTensor()->node->sizes.size(); }

/// torch's error for a dimension of a tensor that has none; whether it was raised.
inline bool raisedWithoutDims(GraphBuilder &b, int64_t rank, int64_t dim) {
  if (rank == 0)
    b.raise("IndexError", "Dimension specified as " + llvm::Twine(dim) + " but tensor has no dimensions");
  return rank == 0;
}

/// torch's memory formats: 0 row-major, 2 and 3 with the channels last.
enum { Preserved = 1 };
/// How many dimensions the tensors have whose channels a format moves; 0: it moves none.
inline int64_t formatRank(int64_t format) { return format == 2 ? 4 : format == 3 ? 5 : 0; }
/// Whether a tensor is provably contiguous in a memory format.
inline bool isInFormat(const ViewNode &node, int64_t format) {
  if (!node.strides || (formatRank(format) && formatRank(format) != int64_t(node.sizes.size())))
    return false;
  Sizes sizes = node.sizes, strides = *node.strides;
  if (formatRank(format)) {
    std::rotate(sizes.begin() + 1, sizes.begin() + 2, sizes.end());
    std::rotate(strides.begin() + 1, strides.begin() + 2, strides.end());
  }
  return isContiguous(sizes, strides);
}

/// A number as torch's messages have it.
inline std::string numberText(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

/// "[1, 0, -1]"
inline std::string listText(llvm::ArrayRef<int64_t> values) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::interleaveComma(values, out << "[");
  out << "]";
  return text;
}

/// A view of the same sizes: another object on the same storage.
inline AV aliasOf(GraphBuilder &b, const AV &t) {
  auto object = std::make_shared<TensorObject>();
  object->node = t.getTensor()->node;
  object->requiresGrad = t.getTensor()->requiresGrad;
  return AV::tensor(std::move(object));
}

/// The sizes of a reshape, with -1 inferred and element counts checked.
Sizes inferReshape(GraphBuilder &b, llvm::ArrayRef<Int> from, llvm::ArrayRef<Int> to);

/// Python's slice of a dimension: start in [0, size], and how many elements.
struct SliceRange {
  Int start, size;
};
SliceRange sliceRange(GraphBuilder &b, Int size, Int start, Int end, int64_t step);

} // namespace ingot::eval

#endif
