//===- GraphRewrite.cpp - small makers of graph ops -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphRewrite.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

std::optional<SmallVector<AffineExpr>> transforms::knownSizes(Value v) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  if (!type)
    return std::nullopt;
  SmallVector<AffineExpr> sizes = graph::getSizes(type);
  if (llvm::is_contained(sizes, AffineExpr()))
    return std::nullopt;
  return sizes;
}

bool transforms::isOne(AffineExpr size) {
  auto constant = dyn_cast_or_null<AffineConstantExpr>(size);
  return constant && constant.getValue() == 1;
}

Value transforms::reshapeTo(OpBuilder &b, Location loc, Value v, ArrayRef<AffineExpr> sizes) {
  RankedTensorType type = graph::getTensorType(sizes, typeOf(v).getElementType());
  if (type == v.getType())
    return v;
  return b.createOrFold<graph::ReshapeOp>(loc, type, v);
}

Value transforms::permute(OpBuilder &b, Location loc, Value v, ArrayRef<int64_t> permutation) {
  SmallVector<AffineExpr> sizes = graph::getSizes(typeOf(v));
  auto type = graph::getTensorType(permuted<AffineExpr>(sizes, permutation), typeOf(v).getElementType());
  return b.createOrFold<graph::PermuteOp>(loc, type, v, permutation);
}

Value transforms::expandTo(OpBuilder &b, Location loc, Value v, ArrayRef<AffineExpr> sizes) {
  RankedTensorType type = graph::getTensorType(sizes, typeOf(v).getElementType());
  if (type == v.getType())
    return v;
  return graph::ExpandOp::create(b, loc, type, v);
}

SmallVector<int64_t> transforms::inverse(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result(permutation.size());
  for (auto [i, dim] : llvm::enumerate(permutation))
    result[dim] = i;
  return result;
}

bool transforms::isElementwise(Operation *op) {
  return op->hasTrait<OpTrait::Elementwise>() && isa<graph::GraphDialect>(op->getDialect()) && op->getNumResults() == 1;
}

Value transforms::cloneElementwise(OpBuilder &b, Operation *op, ArrayRef<Value> operands, ArrayRef<AffineExpr> sizes) {
  auto type = graph::getTensorType(sizes, typeOf(op->getResult(0)).getElementType());
  OperationState state(op->getLoc(), op->getName(), operands, type, op->getAttrs());
  return b.create(state)->getResult(0);
}

/// A broadcast source seen at the rank of its result: 1s in front.
static Value atRank(OpBuilder &b, Location loc, Value v, size_t rank) {
  SmallVector<AffineExpr> sizes = graph::getSizes(typeOf(v)), full;
  full.append(rank - sizes.size(), b.getAffineConstantExpr(1));
  llvm::append_range(full, sizes);
  return reshapeTo(b, loc, v, full);
}

/// The same constant under other static sizes, or null.
static Value resizeSplat(OpBuilder &b, Location loc, graph::ConstantOp op, ArrayRef<AffineExpr> sizes) {
  auto dense = dyn_cast<DenseElementsAttr>(op.getValue());
  auto type = graph::getTensorType(sizes, typeOf(op.getResult()).getElementType());
  if (!dense || !dense.isSplat() || !type.hasStaticShape())
    return {};
  return graph::ConstantOp::create(b, loc, type, dense.resizeSplat(type));
}

/// A constant or full tensor of one value, with other sizes; null for all else.
static Value resizeUniform(OpBuilder &b, Location loc, Operation *def, ArrayRef<AffineExpr> sizes) {
  if (auto constant = dyn_cast<graph::ConstantOp>(def))
    return resizeSplat(b, loc, constant, sizes);
  if (auto full = dyn_cast<graph::FullOp>(def))
    return graph::FullOp::create(b, loc, graph::getTensorType(sizes, typeOf(full.getResult()).getElementType()),
                                 full.getValue());
  return {};
}

Value transforms::permuteBroadcast(OpBuilder &b, Location loc, Value v, ArrayRef<int64_t> permutation) {
  auto known = knownSizes(v);
  Operation *def = v.getDefiningOp();
  if (!known || !def)
    return {};
  SmallVector<AffineExpr> sizes = permuted<AffineExpr>(*known, permutation);
  if (Value splat = resizeUniform(b, loc, def, sizes))
    return splat;
  if (auto expand = dyn_cast<graph::ExpandOp>(def)) {
    if (!knownSizes(expand.getInput()))
      return {};
    // Only sources of one interesting dimension stay contiguous.
    int64_t large = llvm::count_if(*knownSizes(expand.getInput()), [](AffineExpr e) { return !isOne(e); });
    if (large > 1)
      return {};
    Value source = atRank(b, loc, expand.getInput(), permutation.size());
    SmallVector<AffineExpr> sourceSizes = graph::getSizes(typeOf(source));
    source = reshapeTo(b, loc, source, permuted<AffineExpr>(sourceSizes, permutation));
    return expandTo(b, loc, source, sizes);
  }
  return {};
}

Value transforms::dropFromBroadcast(OpBuilder &b, Location loc, Value v, ArrayRef<bool> dropped) {
  auto known = knownSizes(v);
  Operation *def = v.getDefiningOp();
  if (!known || !def)
    return {};
  auto drop = [&](ArrayRef<AffineExpr> all) {
    SmallVector<AffineExpr> result;
    for (auto [expr, gone] : llvm::zip(all, dropped))
      if (!gone)
        result.push_back(expr);
    return result;
  };
  SmallVector<AffineExpr> sizes = drop(*known);
  if (Value splat = resizeUniform(b, loc, def, sizes))
    return splat;
  if (auto expand = dyn_cast<graph::ExpandOp>(def)) {
    if (!knownSizes(expand.getInput()))
      return {};
    Value source = atRank(b, loc, expand.getInput(), known->size());
    source = reshapeTo(b, loc, source, drop(graph::getSizes(typeOf(source))));
    return expandTo(b, loc, source, sizes);
  }
  return {};
}
