//===- Simplify.cpp - fewer dimensions of size 1 ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kept dimensions of reductions come back as views only where somebody wants
// them: statistics ([B, S, 1] of a normalisation) are computed as [B, S], and
// the reshape meets the expand that reads it.
#include "GraphRewrite.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::transforms;

namespace {

template <typename Op>
struct DropKeptDims : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (!op.getKeepdim() || !knownSizes(op.getResult()))
      return failure();
    SmallVector<AffineExpr> out = graph::getSizes(typeOf(op.getResult())), sizes;
    for (auto [i, expr] : llvm::enumerate(out))
      if (!llvm::is_contained(op.getDims(), int64_t(i)))
        sizes.push_back(expr);
    auto type = graph::getTensorType(sizes, typeOf(op.getResult()).getElementType());
    Value result = Op::create(b, op.getLoc(), type, op.getInput(), op.getDims(), false);
    b.replaceOp(op, reshapeTo(b, op.getLoc(), result, out));
    return success();
  }
};

/// The dimensions of `to` that are not in `from`, when a reshape only adds 1s.
std::optional<SmallVector<bool>> addedOnes(ArrayRef<AffineExpr> from, ArrayRef<AffineExpr> to) {
  SmallVector<bool> added;
  size_t i = 0;
  for (AffineExpr size : to) {
    bool matches = i < from.size() && from[i] == size;
    if (!matches && !isOne(size))
      return std::nullopt;
    added.push_back(!matches);
    i += matches;
  }
  if (i != from.size() || from.size() == to.size())
    return std::nullopt;
  return added;
}

struct SinkUnitReshape : RewritePattern {
  SinkUnitReshape(MLIRContext *c) : RewritePattern(MatchAnyOpTypeTag(), 1, c) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (!isElementwise(op) || !knownSizes(op->getResult(0)))
      return failure();
    SmallVector<AffineExpr> out = graph::getSizes(typeOf(op->getResult(0)));
    std::optional<SmallVector<bool>> added;
    SmallVector<AffineExpr> sizes;
    for (Value operand : op->getOperands()) {
      auto reshape = operand.getDefiningOp<graph::ReshapeOp>();
      if (!reshape || !knownSizes(reshape.getInput()))
        continue;
      sizes = graph::getSizes(typeOf(reshape.getInput()));
      added = addedOnes(sizes, out);
      if (added)
        break;
    }
    if (!added)
      return failure();
    // All operands first: nothing is made when one cannot follow.
    for (Value operand : op->getOperands()) {
      auto known = knownSizes(operand);
      Operation *def = operand.getDefiningOp();
      auto reshape = dyn_cast_or_null<graph::ReshapeOp>(def);
      bool same = reshape && graph::getSizes(typeOf(reshape.getInput())) == sizes;
      bool broadcast = isa_and_nonnull<graph::FullOp, graph::ExpandOp>(def);
      if (auto constant = dyn_cast_or_null<graph::ConstantOp>(def)) {
        auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
        broadcast = dense && dense.isSplat();
      }
      if (!known || !(same || broadcast))
        return failure();
    }
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      auto reshape = operand.getDefiningOp<graph::ReshapeOp>();
      Value reduced = reshape ? Value(reshape.getInput())
                              : dropFromBroadcast(b, op->getLoc(), operand, *added);
      if (!reduced)
        return failure();
      operands.push_back(reduced);
    }
    Value result = cloneElementwise(b, op, operands, sizes);
    b.replaceOp(op, reshapeTo(b, op->getLoc(), result, out));
    return success();
  }
};

} // namespace

void transforms::addSimplifyPatterns(RewritePatternSet &patterns) {
  MLIRContext *c = patterns.getContext();
  patterns.add<DropKeptDims<graph::SumOp>, DropKeptDims<graph::ProdOp>, DropKeptDims<graph::AmaxOp>,
               DropKeptDims<graph::AminOp>, DropKeptDims<graph::AnyOp>, DropKeptDims<graph::AllOp>,
               SinkUnitReshape>(c);
}
