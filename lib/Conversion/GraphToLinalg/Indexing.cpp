//===- Indexing.cpp - reading by index tensors ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds are checked on the host before (a reduction over the index tensor), so
// that kernels read without conditions.
#include "Indexing.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::lowering;

/// Whether every element is an index below `size` by construction.
static bool knownInside(Lowering &l, Value graphIndex, OpFoldResult size) {
  auto bound = getConstantIntValue(size);
  if (TypedAttr splat = l.resolve(graphIndex, /*throughPermute=*/true).splat) {
    const APInt &value = cast<IntegerAttr>(splat).getValue();
    return bound && value.sge(0) && value.slt(*bound);
  }
  while (Operation *def = graphIndex.getDefiningOp()) {
    if (isa<graph::ExpandOp, graph::ReshapeOp, graph::PermuteOp, graph::SliceOp>(def)) {
      graphIndex = def->getOperand(0);
      continue;
    }
    if (auto iota = dyn_cast<graph::IotaOp>(def)) {
      auto type = l.graphType(iota.getResult());
      int64_t count = type.getRank() ? type.getDimSize(iota.getDim()) : 1;
      return bound && !ShapedType::isDynamic(count) && count <= *bound;
    }
    if (auto constant = dyn_cast<graph::ConstantOp>(def)) {
      auto dense = dyn_cast<DenseIntElementsAttr>(constant.getValue());
      if (!dense || !bound)
        return false;
      return llvm::all_of(dense.getValues<APInt>(), [&](const APInt &v) { return v.sge(0) && v.slt(*bound); });
    }
    return false;
  }
  return false;
}

void lowering::checkIndices(Lowering &l, Value graphIndex, OpFoldResult size, StringRef exception, StringRef message,
                            bool wrapped) {
  if (knownInside(l, graphIndex, size))
    return;
  ImplicitLocOpBuilder &b = l.b;
  Operand operand = l.resolveTensor(graphIndex, /*throughPermute=*/true);
  unsigned rank = cast<RankedTensorType>(operand.tensor.getType()).getRank();
  Type i64 = b.getI64Type();
  Scalar host(b);
  // Of no elements: the smallest is the largest number and the largest is -1.
  Value smallest =
      linalg::FillOp::create(b, ValueRange{host.highest(i64, false)}, ValueRange{l.empty({}, i64)}).getResult(0);
  Value largest =
      linalg::FillOp::create(b, ValueRange{host.constantInt(i64, -1)}, ValueRange{l.empty({}, i64)}).getResult(0);
  AffineMap scalar = AffineMap::get(rank, 0, b.getContext());
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
  auto generic =
      l.generic(operand.tensor, {smallest, largest}, {l.identity(rank), scalar, scalar}, iterators,
                [&](ImplicitLocOpBuilder &b, ValueRange args) {
                  Scalar s(b);
                  return SmallVector<Value>{s.minimum(args[1], args[0], false), s.maximum(args[2], args[0], false)};
                });
  Value low = tensor::ExtractOp::create(b, generic.getResult(0), ValueRange{});
  Value high = tensor::ExtractOp::create(b, generic.getResult(1), ValueRange{});
  low = host.toIndex(low);
  high = host.toIndex(high);
  Value bound = l.toValue(size);
  Value lowGood = host.compare(arith::CmpIPredicate::sge, low, l.index(0));
  Value highGood = host.compare(arith::CmpIPredicate::slt, high, bound);
  Value shown = wrapped ? host.sub(low, bound) : low;
  Value offender = host.select(highGood, shown, high);
  l.check(host.andi(lowGood, highGood), exception, message, {offender, bound});
}

static LogicalResult lowerIndexSelect(graph::IndexSelectOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  int64_t dim = op.getDim();
  checkIndices(l, op.getIndex(), l.size(op.getInput(), dim), "IndexError", "index out of range in self", false);
  unsigned indexRank = l.graphType(op.getIndex()).getRank(), rank = sizes->size();
  Value input = l.get(op.getInput());
  unsigned inputRank = l.graphType(op.getInput()).getRank();
  Operand index = l.resolveTensor(op.getIndex(), true);
  SmallVector<AffineExpr> exprs;
  for (unsigned i = 0; i < indexRank; ++i)
    exprs.push_back(l.b.getAffineDimExpr(dim + i));
  AffineMap map = index.map.compose(AffineMap::get(rank, 0, exprs, l.b.getContext()));
  l.set(op.getResult(),
        l.parallel(*sizes, plainType(l.resultType(op)).getElementType(), index.tensor, map,
                   [&](ImplicitLocOpBuilder &b, ValueRange args) {
                     Scalar s(b);
                     SmallVector<Value> at;
                     for (int64_t i = 0; i < int64_t(inputRank); ++i)
                       at.push_back(i == dim ? s.toIndex(args[0])
                                             : Value(linalg::IndexOp::create(b, i < dim ? i : i + indexRank - 1)));
                     return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
                   }));
  return success();
}

static std::string boundsMessage(int64_t dim) {
  return "index {0} is out of bounds for dimension " + std::to_string(dim) + " with size {1}";
}

static LogicalResult lowerGather(graph::GatherOp op, Lowering &l) {
  SmallVector<OpFoldResult> sizes = l.sizes(op.getIndex());
  int64_t dim = op.getDim();
  Value input = l.get(op.getInput());
  unsigned rank = sizes.size(), inputRank = l.graphType(op.getInput()).getRank();
  OpFoldResult bound = inputRank ? l.size(op.getInput(), dim) : OpFoldResult(l.b.getIndexAttr(1));
  checkIndices(l, op.getIndex(), bound, "RuntimeError", boundsMessage(dim), false);
  Operand index = l.resolveTensor(op.getIndex(), true);
  l.set(op.getResult(), l.parallel(sizes, plainType(l.resultType(op)).getElementType(), index.tensor, index.map,
                                   [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                     SmallVector<Value> at;
                                     for (int64_t i = 0; i < int64_t(inputRank); ++i)
                                       at.push_back(i == dim || i >= int64_t(rank)
                                                        ? Scalar(b).toIndex(args[0])
                                                        : Value(linalg::IndexOp::create(b, i)));
                                     return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
                                   }));
  return success();
}

static LogicalResult lowerIndex(graph::IndexOp op, Lowering &l) {
  auto sizes = l.resultSizes(op);
  if (failed(sizes))
    return failure();
  ArrayRef<int64_t> dims = op.getDims();
  unsigned rank = sizes->size(), inputRank = l.graphType(op.getInput()).getRank();
  unsigned indexRank = l.graphType(op.getIndices()[0]).getRank();
  int64_t position = op.getPosition();
  Value input = l.get(op.getInput());
  SmallVector<Value> tensors;
  SmallVector<AffineMap> maps;
  SmallVector<AffineExpr> exprs;
  for (unsigned i = 0; i < indexRank; ++i)
    exprs.push_back(l.b.getAffineDimExpr(position + i));
  AffineMap into = AffineMap::get(rank, 0, exprs, l.b.getContext());
  for (auto [index, dim] : llvm::zip(op.getIndices(), dims)) {
    checkIndices(l, index, l.size(op.getInput(), dim), "IndexError", boundsMessage(dim), true);
    Operand operand = l.resolveTensor(index, true);
    tensors.push_back(operand.tensor);
    maps.push_back(operand.map.compose(into));
  }
  l.set(op.getResult(), l.parallel(*sizes, plainType(l.resultType(op)).getElementType(), tensors, maps,
                                   [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                     Scalar s(b);
                                     SmallVector<Value> at;
                                     int64_t plain = 0; // among the dimensions that stay
                                     for (unsigned i = 0; i < inputRank; ++i) {
                                       const auto *it = llvm::find(dims, int64_t(i));
                                       if (it != dims.end()) {
                                         at.push_back(s.toIndex(args[it - dims.begin()]));
                                         continue;
                                       }
                                       int64_t loop = plain < position ? plain : plain + indexRank;
                                       ++plain;
                                       at.push_back(linalg::IndexOp::create(b, loop));
                                     }
                                     return SmallVector<Value>{tensor::ExtractOp::create(b, input, at)};
                                   }));
  return success();
}

void lowering::addIndexingRules(RuleTable &table) {
  table.add<graph::IndexSelectOp>(lowerIndexSelect);
  table.add<graph::GatherOp>(lowerGather);
  table.add<graph::IndexOp>(lowerIndex);
}
