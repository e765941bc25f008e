//===- Tensor.cpp - sizes and strides of tensors ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Tensor.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;

Int eval::numElements(ArrayRef<Int> sizes, MLIRContext *context) {
  Int n = getAffineConstantExpr(1, context);
  for (Int s : sizes)
    n = mul(n, s);
  return n;
}

SmallVector<Int> eval::contiguousStrides(ArrayRef<Int> sizes, MLIRContext *context) {
  SmallVector<Int> strides(sizes.size());
  Int stride = getAffineConstantExpr(1, context);
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = stride;
    // torch takes max(size, 1) here; a symbolic size stands for itself.
    if (!isKnown(sizes[i], 0))
      stride = mul(stride, sizes[i]);
  }
  return strides;
}

SmallVector<Int> eval::denseStrides(ArrayRef<int64_t> order, ArrayRef<Int> sizes) {
  SmallVector<Int> stored, out(sizes.size());
  for (int64_t d : order)
    stored.push_back(sizes[d]);
  if (!sizes.empty())
    for (auto [d, stride] : llvm::zip(order, contiguousStrides(stored, sizes[0].getContext())))
      out[d] = stride;
  return out;
}

llvm::SmallSetVector<unsigned, 2> eval::layoutSources(const ViewNode &node) {
  llvm::SmallSetVector<unsigned, 2> leaves;
  if (node.sizes.size() < 2)
    return leaves;
  leaves = node.storage->liesAs;
  if (node.storage->origin == Storage::Origin::Input)
    leaves.insert(node.storage->inputLeaf);
  return leaves;
}

bool eval::isContiguous(ArrayRef<Int> sizes, ArrayRef<Int> strides) {
  if (sizes.empty())
    return true;
  Int expected = getAffineConstantExpr(1, sizes[0].getContext());
  for (Int s : sizes)
    if (isKnown(s, 0))
      return true;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (isKnown(sizes[i], 1))
      continue;
    if (!equal(strides[i], expected))
      return false;
    expected = mul(expected, sizes[i]);
  }
  return true;
}

std::optional<SmallVector<Int>> eval::reshapeStrides(ArrayRef<Int> sizes, ArrayRef<Int> strides,
                                                     ArrayRef<Int> newSizes) {
  if (sizes.empty()) {
    SmallVector<Int> ones;
    for (Int s : newSizes)
      ones.push_back(getAffineConstantExpr(1, s.getContext()));
    return ones;
  }
  MLIRContext *context = sizes[0].getContext();
  if (isContiguous(sizes, strides))
    return contiguousStrides(newSizes, context);
  Int one = getAffineConstantExpr(1, context);
  SmallVector<Int> out(newSizes.size(), one);
  int64_t view = int64_t(newSizes.size()) - 1;
  Int base = strides.back(), chunk = one, viewed = one;
  for (int64_t d = int64_t(sizes.size()) - 1; d >= 0; --d) {
    chunk = mul(chunk, sizes[d]);
    bool last = d == 0;
    if (!last && (isKnown(sizes[d - 1], 1) || equal(strides[d - 1], mul(chunk, base))))
      continue;
    while (view >= 0 && (!equal(viewed, chunk) || isKnown(newSizes[view], 1))) {
      out[view] = mul(viewed, base);
      viewed = mul(viewed, newSizes[view]);
      --view;
    }
    if (!equal(viewed, chunk))
      return std::nullopt;
    if (!last) {
      base = strides[d - 1];
      chunk = viewed = one;
    }
  }
  if (view != -1)
    return std::nullopt;
  return out;
}
