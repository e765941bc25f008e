//===- GradientSupport.h - what operators of backward graphs share -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operators that autograd puts into joint graphs. Their formulas are those
// of tools/autograd/derivatives.yaml and of ATen's kernels, which compute f16
// and bf16 in f32.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_GRADIENTSUPPORT_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_GRADIENTSUPPORT_H

#include "IndexingSupport.h"
#include "Native.h"
#include "Operators.h"

#include <functional>

namespace ingot::eval {

/// A tensor argument in the dtype that gradients are computed in.
inline Value wide(OpCall &c, llvm::StringRef name) {
  Value v = c.value(name);
  return c.b.cast(v, computeDType(c.b.dtype(v)));
}

/// The results that `output_mask` asks for, each computed only then; None for the others.
inline Result maskedResults(OpCall &c, llvm::ArrayRef<std::function<Value()>> results) {
  const AV &mask = c.arg("output_mask");
  std::vector<AV> out;
  if (!mask.isNone() && mask.elements().size() != results.size()) {
    c.b.raise("RuntimeError", "output_mask has " + llvm::Twine(mask.elements().size()) + " elements, not " +
                                  llvm::Twine(results.size()));
    return {};
  }
  if (!mask.isNone() && llvm::any_of(mask.elements(), [](const AV &m) { return !m.knownBool(); }))
    return c.unsupported("an output_mask that is known at run time only");
  for (auto [i, result] : llvm::enumerate(results)) {
    bool wanted = mask.isNone() || *mask.elements()[i].knownBool();
    out.push_back(wanted ? c.b.fresh(result()) : AV::none());
  }
  return Result::several(std::move(out));
}

/// Zeros of `size` elements along `dim` and of `source`'s sizes elsewhere, with `source` added at `places` of it.
inline Value addedAt(GraphBuilder &b, Value source, int64_t dim, Value places, Int size) {
  Sizes sizes = b.sizes(source), line(sizes.size(), b.size(1));
  line[dim] = b.size(places, 0);
  sizes[dim] = size;
  Value index = b.expand(b.reshape(places, line), b.sizes(source));
  return scatterOf(b, b.full(sizes, 0.0, b.dtype(source)), index, source, dim, "sum");
}

/// All dimensions of a value but these.
inline Dims otherDims(int64_t rank, llvm::ArrayRef<int64_t> kept) {
  Dims dims;
  for (int64_t d = 0; d < rank; ++d)
    if (!llvm::is_contained(kept, d))
      dims.push_back(d);
  return dims;
}

} // namespace ingot::eval

#endif
