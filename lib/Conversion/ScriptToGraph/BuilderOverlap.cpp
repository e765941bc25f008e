//===- BuilderOverlap.cpp - writes to what shows elements twice -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expanded tensors and some of as_strided and unfold show elements of their
// storage more than once. Most of PyTorch's operators refuse to write what has
// a stride of 0; those that do not, and parts of such a view that show each
// element once, are written by their strides.
#include "GraphBuilder.h"
#include "IndexingSupport.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::eval;
using Kind = ViewStep::Kind;
using Predicate = arith::CmpIPredicate;

AV GraphBuilder::showsOnce(ArrayRef<Int> sizes, ArrayRef<Int> strides) {
  if (isContiguous(sizes, strides))
    return AV::boolean(true);
  // Sufficient: what smaller strides reach is less than one step.
  AV out = AV::boolean(true), empty = AV::boolean(false);
  for (size_t i = 0; i < sizes.size(); ++i) {
    Int reach = size(0);
    for (size_t j = 0; j < sizes.size(); ++j) {
      if (j == i || isKnown(sizes[j], 1))
        continue;
      AV smaller = compareInt(j > i ? Predicate::sle : Predicate::slt, strides[j], strides[i]);
      reach = eval::add(reach, selectInt(smaller, eval::mul(eval::sub(sizes[j], size(1)), strides[j]), size(0)));
    }
    AV fine = orBool(compareInt(Predicate::sle, sizes[i], size(1)), compareInt(Predicate::slt, reach, strides[i]));
    out = andBool(out, fine);
    empty = orBool(empty, compareInt(Predicate::eq, sizes[i], size(0)));
  }
  return orBool(out, empty);
}

/// Whether elements differ in any bit.
static Value differs(GraphBuilder &b, Value lhs, Value rhs) {
  int64_t dtype = b.dtype(lhs);
  if (b.isComplex(dtype)) {
    auto part = [&](auto tag, Value v) { return b.predicate<decltype(tag)>(v, b.realOf(dtype)); };
    Value real = differs(b, part(graph::RealOp(), lhs), part(graph::RealOp(), rhs));
    return b.binary<graph::BitwiseOrOp>(real, differs(b, part(graph::ImagOp(), lhs), part(graph::ImagOp(), rhs)));
  }
  if (b.isFloating(dtype)) {
    int64_t bits = int64_t(dtypeSize(dtype) == 8 ? DType::Int64 : dtypeSize(dtype) == 4 ? DType::Int32 : DType::Int16);
    lhs = b.predicate<graph::BitcastOp>(lhs, bits);
    rhs = b.predicate<graph::BitcastOp>(rhs, bits);
  }
  return b.compare<graph::NeOp>(lhs, rhs);
}

Value GraphBuilder::replaceStrided(Value flat, ViewNode &node, Value value) {
  // Places of elements that stay are one behind the last.
  constexpr int64_t kInt64 = int64_t(DType::Int64);
  Int count = numel(flat);
  Value place = full(node.sizes, AV::integer(node.storageOffset), kInt64);
  for (auto [d, stride] : llvm::enumerate(*node.strides))
    place = add(place, mul(iota(node.sizes, d, kInt64), scalar(AV::integer(stride), kInt64)));
  Value changed = differs(*this, value, read(node));
  place = where(changed, place, expand(scalar(AV::integer(count), kInt64), node.sizes));
  Value longer = concat({flat, full({size(1)}, 0.0, dtype(flat))}, 0);
  Value out = scatterOf(*this, longer, flatten(place), flatten(value), 0, "none");
  return slice(out, 0, size(0), count);
}

void GraphBuilder::writeStrided(ViewNode &target, Value value) {
  ViewNode *root = &target;
  bool plain = target.strides.has_value();
  for (; root->parent; root = root->parent.get())
    plain &=
        llvm::is_contained({Kind::Reshape, Kind::Permute, Kind::Slice, Kind::Expand, Kind::AsStrided}, root->step.kind);
  if (!plain || !root->strides || !isContiguous(root->sizes, *root->strides))
    return unsupported("it writes a tensor that may show elements twice, of strides that are not known");
  AV empty = AV::boolean(false), repeated = AV::boolean(false);
  for (auto [extent, stride] : llvm::zip(target.sizes, *target.strides)) {
    empty = orBool(empty, compareInt(Predicate::eq, extent, size(0)));
    repeated = orBool(repeated,
                      andBool(compareInt(Predicate::sgt, extent, size(1)), compareInt(Predicate::eq, stride, size(0))));
  }
  if (repeats == Repeats::Raise)
    check(orBool(empty, notBool(repeated)), "RuntimeError",
          "unsupported operation: more than one element of the written-to tensor refers to a single memory "
          "location. Please clone() the tensor before performing the operation.");
  if (failed())
    return;
  AV once = showsOnce(target.sizes, *target.strides);
  bool ordered = repeats == Repeats::Raise || repeats == Repeats::Order;
  if (ordered && once.knownBool() == false)
    return unsupported("it writes a tensor that shows elements twice, so that their order decides");
  if (ordered && !once.knownBool())
    check(once, "RuntimeError",
          "writes to a tensor that shows elements twice, so that their order decides, are not compiled");
  Value flat = flatten(read(*root));
  if (repeats == Repeats::Replace && once.knownBool() != true) {
    flat = replaceStrided(flat, target, value);
  } else {
    Values strides;
    for (Int s : *target.strides)
      strides.push_back(toIndex(s));
    flat = graph::AsStridedScatterOp::create(b, loc, flat.getType(), flat, value, strides,
                                             toIndex(eval::sub(target.storageOffset, root->storageOffset)));
  }
  Storage &storage = *root->storage;
  storage.base = root->cached = reshape(flat, root->sizes);
  rewritten(storage);
  root->cachedVersion = storage.version;
}
